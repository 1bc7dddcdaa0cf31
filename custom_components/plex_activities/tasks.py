"""Running the maintenance that a server otherwise does when it is its time."""

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from .client import PlexError, Reply
from .coordinator import PlexActivitiesCoordinator
from .errors import async_action_error, user_error

# What can be run but is none of the butler's tasks.
PROCESS_SUBSCRIPTIONS = "process_subscriptions"
REFRESH_GUIDE = "refresh_guide"


class TaskOutcome(StrEnum):
    """What became of a task that was asked for."""

    STARTED = "started"
    ALREADY_RUNNING = "already_running"


@dataclass(frozen=True, slots=True)
class TaskResult:
    """The answer to somebody who asked for a task."""

    outcome: TaskOutcome
    activity_id: str | None = None


async def async_run_task(
    coordinator: PlexActivitiesCoordinator, task: str, *, dvr_id: str | None = None
) -> TaskResult:
    """Ask the server to run a task.

    Raises:
        ServiceValidationError: There is no such task, or no such DVR.
        HomeAssistantError: The server could not be asked, or does not permit it.

    """
    if dvr_id is not None and task != REFRESH_GUIDE:
        raise user_error("dvr_without_guide", task=task)
    try:
        if task == PROCESS_SUBSCRIPTIONS:
            replies = [await coordinator.client.process_subscriptions()]
        elif task == REFRESH_GUIDE:
            replies = await _async_refresh_guides(coordinator, dvr_id)
        else:
            replies = [await _async_run_butler_task(coordinator, task)]
    except PlexError as err:
        raise async_action_error(
            coordinator.hass, coordinator.config_entry, err
        ) from err
    return _result(replies)


async def _async_refresh_guides(
    coordinator: PlexActivitiesCoordinator, dvr_id: str | None
) -> list[Reply]:
    """Reload the guide of one DVR, or of all."""
    known = [dvr.id for dvr in await coordinator.client.dvrs()]
    if not known:
        raise user_error("no_dvr", server=coordinator.name)
    if dvr_id is not None and dvr_id not in known:
        raise user_error(
            "unknown_dvr",
            server=coordinator.name,
            dvr_id=dvr_id,
            dvrs=", ".join(known),
        )
    chosen = known if dvr_id is None else [dvr_id]
    return [await coordinator.client.reload_guide(one) for one in chosen]


async def _async_run_butler_task(
    coordinator: PlexActivitiesCoordinator, task: str
) -> Reply:
    """Run a task by the server's name for it, or by the one that our form has."""
    known = [task.name for task in await coordinator.client.butler_tasks()]
    by_form_name = {form_name(name): name for name in known}
    name = task if task in known else by_form_name.get(task)
    if name is None:
        raise user_error(
            "unknown_task",
            server=coordinator.name,
            task=task,
            tasks=", ".join([*known, PROCESS_SUBSCRIPTIONS, REFRESH_GUIDE]),
        )
    return await coordinator.client.run_butler_task(name)


def form_name(name: str) -> str:
    """Return a server's name for a task in the form that translations can name.

    `BackupDatabase` becomes `backup_database`, as Home Assistant writes such words.
    """
    return "".join(
        f"_{letter.lower()}" if letter.isupper() else letter for letter in name
    ).removeprefix("_")


def _result(replies: list[Reply]) -> TaskResult:
    """Return the answer; of several guides, the first that has an activity names it."""
    ids = [reply.activity_id for reply in replies if reply.activity_id]
    is_running = all(reply.status == HTTPStatus.ACCEPTED for reply in replies)
    return TaskResult(
        TaskOutcome.ALREADY_RUNNING if is_running else TaskOutcome.STARTED,
        ids[0] if ids else None,
    )
