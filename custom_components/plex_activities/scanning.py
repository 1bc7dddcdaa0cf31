"""Starting the scan of a library, and following it to its end.

Plex answers that it will scan, but not as which activity. So ours is the first scan of
that library that is seen after we asked. Two things make this less simple than it
sounds. A scan's first message names no library, so which one it scans is known a second
late, or, for a scan of that length, never. And a scan that ran already is not ours:
Plex may put ours behind it or drop it, and does not say. If then none shows in time,
all that can be said is that none did.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from .book import RunBook
from .client import Library, PlexError
from .const import DOMAIN
from .coordinator import PlexActivitiesCoordinator
from .errors import async_action_error, unloaded_error, user_error
from .runs import Run
from .waiting import async_ask_until, async_wait_until


class ScanOutcome(StrEnum):
    """What became of a scan that was asked for."""

    STARTED = "started"  # It was asked for; nobody waited.
    FINISHED = "finished"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    TIMEOUT = "timeout"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class ScanResult:
    """The answer to somebody who asked for a scan."""

    outcome: ScanOutcome
    activity_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanRequest:
    """A scan that can be asked for: of a library, or of a folder of it."""

    coordinator: PlexActivitiesCoordinator
    library: Library
    path: str | None = None
    force: bool = False

    async def async_send(self) -> None:
        """Ask the server to scan.

        Raises:
            ServiceValidationError: The folder is none of the library's.
            HomeAssistantError: The server could not be asked, or does not permit it.

        """
        if self.path is not None and not self.library.may_contain(self.path):
            raise user_error(
                "path_outside_library",
                path=self.path,
                library=self.library.title,
                folders=", ".join(self.library.locations),
            )
        coordinator = self.coordinator
        try:
            await coordinator.client.start_library_scan(
                self.library.id, self.path, force=self.force
            )
        except PlexError as err:
            raise async_action_error(
                coordinator.hass, coordinator.config_entry, err
            ) from err

    async def async_send_and_follow(self, seconds: float) -> ScanResult:
        """Ask the server to scan, and wait for the end, at most that long.

        Raises:
            HomeAssistantError: The same as above, or the server was unloaded meanwhile.

        """
        coordinator = self.coordinator
        following = coordinator.config_entry.async_create_background_task(
            coordinator.hass,
            self._async_follow(seconds),
            name=f"{DOMAIN} scan {coordinator.name}",
        )
        try:
            await asyncio.wait({following})
        finally:
            following.cancel()
        if following.cancelled():
            raise unloaded_error(coordinator.name)
        return following.result()

    async def _async_follow(self, seconds: float) -> ScanResult:
        coordinator = self.coordinator
        if coordinator.listener.transport is None:
            # What has begun since the last poll would look as if it began from now on.
            await coordinator.async_refresh()
        with _seen_from_now_on(coordinator.book) as seen:
            await self.async_send()
            deadline = coordinator.hass.loop.time() + seconds
            await async_ask_until(
                lambda: self._first_of(seen) is not None,
                coordinator,
                min(seconds, coordinator.timing.scan_shows),
            )
        if (run := self._first_of(seen, last_chance=True)) is None:
            return ScanResult(ScanOutcome.NOT_SEEN)
        left = deadline - coordinator.hass.loop.time()
        if await async_wait_until(lambda: not run.is_active, coordinator, left):
            return ScanResult(ScanOutcome(run.state.value), run.activity.uuid)
        return ScanResult(ScanOutcome.TIMEOUT, run.activity.uuid)

    def _first_of(
        self, seen: dict[str, Run], *, last_chance: bool = False
    ) -> Run | None:
        """Return the first scan of our library, if that can be told already."""
        for run in seen.values():
            if run.library is not None and run.library.id == self.library.id:
                return run
            if not run.is_placed and not last_chance:
                # It may still turn out to be of our library, and began earlier.
                return None
        return None


@contextmanager
def _seen_from_now_on(book: RunBook) -> Iterator[dict[str, Run]]:
    """Collect the scans that begin, of whatever library, in their order."""
    before = frozenset(book.running)
    seen: dict[str, Run] = {}

    def look() -> None:
        for uuid, run in book.running.items():
            if uuid not in before and run.activity.is_library_scan:
                seen.setdefault(uuid, run)

    disconnect = book.membership_changed.connect(look)
    try:
        yield seen
    finally:
        disconnect()
