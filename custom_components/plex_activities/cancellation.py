"""Cancelling an activity, and finding out whether it stopped.

Plex marks almost nothing as cancellable, but has calls of its own that stop some kinds
of work. And it answers 200 before anything has stopped, sometimes without anything ever
stopping; so it is the end of the activity that counts, never the answer.
"""

from dataclasses import dataclass
from enum import StrEnum

from .client import (
    BUTLER,
    ButlerTask,
    PlexError,
    PlexNotFoundError,
    PlexRejectedError,
)
from .coordinator import PlexActivitiesCoordinator
from .errors import async_action_error, user_error
from .runs import Run, RunState
from .waiting import async_ask_until, async_poll

# The progress of the butler's row on an idle server.
DONE = 100


class Method(StrEnum):
    """The call that stops the work."""

    ACTIVITY = "activity"
    LIBRARY_SCAN = "library_scan"
    BUTLER_TASK = "butler_task"


class CancelOutcome(StrEnum):
    """What became of the activity."""

    CANCELLED = "cancelled"
    STILL_RUNNING = "still_running"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """A cancel that can be tried: which run of which server, by which call."""

    coordinator: PlexActivitiesCoordinator
    run: Run
    method: Method
    name: str

    async def async_send(self) -> bool:
        """Ask the server to stop the work; return False if there was none any more.

        Raises:
            ServiceValidationError: The server says that this cannot be cancelled.
            HomeAssistantError: The server could not be asked, or does not permit it.

        """
        # Noted before it is true: the end comes over another connection than the answer
        # and can overtake it.
        self._note_accepted()
        try:
            await self._async_call()
        except PlexError as err:
            self._withdraw()
            if not isinstance(err, PlexNotFoundError):
                raise self._error(err) from err
            await async_poll(self.coordinator, self.coordinator.timing.request)
            return False
        self._note_accepted()
        return True

    async def async_outcome(self, accepted: bool, timeout: float) -> CancelOutcome:  # noqa: ASYNC109, FBT001
        """Return what became of it, after at most `timeout` seconds."""
        if accepted and not timeout:
            # Whether its end has come through by now is chance.
            return CancelOutcome.STILL_RUNNING
        if accepted:
            await async_ask_until(
                lambda: not self.run.is_active, self.coordinator, timeout
            )
        if self.run.is_active:
            return CancelOutcome.STILL_RUNNING
        if accepted and self.run.state is RunState.CANCELLED:
            return CancelOutcome.CANCELLED
        return CancelOutcome.FINISHED

    async def _async_call(self) -> None:
        client = self.coordinator.client
        if self.method is Method.ACTIVITY:
            await client.cancel_activity(self.name)
        elif self.method is Method.LIBRARY_SCAN:
            await client.stop_library_scan(self.name)
        else:
            await client.stop_butler_task(self.name)

    def _note_accepted(self) -> None:
        for run in self._stopped():
            self.coordinator.book.cancel_accepted(run)

    def _withdraw(self) -> None:
        for run in self._stopped():
            self.coordinator.book.cancel_refused(run)

    def _stopped(self) -> list[Run]:
        """Return the runs that the call stops."""
        if self.method is not Method.LIBRARY_SCAN:
            return [self.run]
        running = self.coordinator.book.running.values()
        return [run for run in running if run.kind == self.run.kind]

    def _error(self, err: PlexError) -> Exception:
        if isinstance(err, PlexRejectedError):
            return _not_cancellable(self.run)
        return _failed(self.coordinator, err)


def can_be_tried(run: Run) -> bool:
    """Return whether a run may be cancellable, as far as can be told without asking."""
    activity = run.activity
    if activity.cancellable or _is_stoppable_scan(run):
        return True
    is_named = bool(activity.type.partition(".")[2] or activity.title)
    return is_named and _is_butler_work(run)


async def async_plan(coordinator: PlexActivitiesCoordinator, run: Run) -> Cancellation:
    """Return how a run can be cancelled.

    Raises:
        ServiceValidationError: It cannot.
        HomeAssistantError: The server had to be asked, and could not be.

    """
    activity = run.activity
    if activity.cancellable:
        method, name = Method.ACTIVITY, activity.uuid
    elif _is_stoppable_scan(run) and run.library is not None:
        method, name = Method.LIBRARY_SCAN, run.library.id
    elif task := await _async_butler_task(coordinator, run):
        method, name = Method.BUTLER_TASK, task.name
    else:
        raise _not_cancellable(run)
    return Cancellation(coordinator=coordinator, run=run, method=method, name=name)


async def _async_butler_task(
    coordinator: PlexActivitiesCoordinator, run: Run
) -> ButlerTask | None:
    """Return the maintenance task that a run is, if there is no doubt which."""
    if not _is_butler_work(run):
        return None
    activity = run.activity
    task_name = activity.type.partition(".")[2]
    try:
        tasks = await coordinator.client.butler_tasks()
    except PlexError as err:
        raise _failed(coordinator, err) from err
    said = {_comparable(task_name), _comparable(activity.title)} - {""}
    named = [
        task
        for task in tasks
        if said & {_comparable(task.name), _comparable(task.title)}
    ]
    return named[0] if len(named) == 1 else None


def _is_stoppable_scan(run: Run) -> bool:
    """Return whether it is a scan, of a library that can be told to stop."""
    return run.activity.is_library_scan and run.library is not None


def _is_butler_work(run: Run) -> bool:
    """Return whether the butler works.

    The row that stands on an idle server at 100 is no work, whatever it is called.
    """
    family = run.activity.type.partition(".")[0]
    return family == BUTLER and run.activity.progress != DONE


def _comparable(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _not_cancellable(run: Run) -> Exception:
    return user_error(
        "not_cancellable", activity=run.activity.title or run.activity.type
    )


def _failed(coordinator: PlexActivitiesCoordinator, err: PlexError) -> Exception:
    return async_action_error(coordinator.hass, coordinator.config_entry, err)
