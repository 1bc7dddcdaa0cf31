"""Cancelling an activity, and finding out whether it stopped.

Plex marks almost nothing as cancellable, but has calls of its own that stop some kinds
of work. And it answers 200 before anything has stopped, sometimes without anything ever
stopping; so it is the end of the activity that counts, never the answer.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from .client import (
    BUTLER,
    ButlerTask,
    PlexAuthError,
    PlexError,
    PlexNotFoundError,
    PlexRejectedError,
)
from .coordinator import PlexActivitiesCoordinator
from .errors import action_error, user_error
from .runs import Run, RunState

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
        try:
            await self._async_call()
        except PlexNotFoundError:
            await self.coordinator.async_refresh()
            return False
        except PlexRejectedError:
            raise _not_cancellable(self.run) from None
        except PlexError as err:
            raise _failed(self.coordinator, err) from err
        self._note_accepted()
        return True

    async def async_outcome(self, accepted: bool, timeout: float) -> CancelOutcome:  # noqa: ASYNC109, FBT001
        """Return what became of it, after at most `timeout` seconds."""
        if accepted:
            await _async_wait_for_end(self.coordinator, self.run, timeout)
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
        book = self.coordinator.book
        if self.method is not Method.LIBRARY_SCAN:
            book.cancel_accepted(self.run)
            return
        # This call stops every scan of the library.
        for run in book.running.values():
            if run.kind == self.run.kind:
                book.cancel_accepted(run)


async def async_plan(coordinator: PlexActivitiesCoordinator, run: Run) -> Cancellation:
    """Return how a run can be cancelled.

    Raises:
        ServiceValidationError: It cannot.
        HomeAssistantError: The server had to be asked, and could not be.

    """
    activity = run.activity
    if activity.cancellable:
        method, name = Method.ACTIVITY, activity.uuid
    elif activity.is_library_scan and run.library is not None:
        method, name = Method.LIBRARY_SCAN, run.library.id
    elif task := await _async_butler_task(coordinator, run):
        method, name = Method.BUTLER_TASK, task.name
    else:
        raise _not_cancellable(run)
    return Cancellation(coordinator=coordinator, run=run, method=method, name=name)


async def _async_butler_task(
    coordinator: PlexActivitiesCoordinator, run: Run
) -> ButlerTask | None:
    """Return the maintenance task that a run is, if there is no doubt which.

    The row that stands on an idle server at 100 is no work, whatever it is called.
    """
    activity = run.activity
    family, _, task_name = activity.type.partition(".")
    if family != BUTLER or activity.progress == DONE:
        return None
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


def _comparable(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _not_cancellable(run: Run) -> Exception:
    return user_error(
        "not_cancellable", activity=run.activity.title or run.activity.type
    )


def _failed(coordinator: PlexActivitiesCoordinator, err: PlexError) -> Exception:
    if isinstance(err, PlexAuthError):
        coordinator.config_entry.async_start_reauth(coordinator.hass)
    return action_error(err, coordinator.name)


async def _async_wait_for_end(
    coordinator: PlexActivitiesCoordinator,
    run: Run,
    timeout: float,  # noqa: ASYNC109 (a person's patience: to reach it is no error)
) -> None:
    """Wait until a run is over, but not for longer than `timeout` seconds.

    The server is asked now and then as well, because its `ended` can be lost.
    """
    over = asyncio.Event()

    def check() -> None:
        if not run.is_active:
            over.set()

    loop = coordinator.hass.loop
    deadline = loop.time() + timeout
    disconnect = coordinator.book.membership_changed.connect(check)
    try:
        while run.is_active and (left := deadline - loop.time()) > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(
                    min(left, coordinator.timing.poll_after_cancel)
                ):
                    await over.wait()
            if run.is_active:
                await coordinator.async_refresh()
    finally:
        disconnect()
