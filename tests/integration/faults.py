"""A story in which something goes wrong, and the four things that are true after any.

1. Every activity was told exactly once: one start, one end, in that order.
2. The sensors show what became of it, and what runs is what the server runs.
3. Nobody had to help: a story waits, and asks for nothing.
4. The log has one line for the beginning of an outage, and one for its end.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
import logging
from typing import Any

from custom_components.plex_activities.coordinator import POLLING
from tests.simulator import Activity, SimulatedPlex

from .outages import OutageLog
from .server import Server, until

ENDS = ("finished", "cancelled", "interrupted")


class Way(StrEnum):
    """How news arrive, where nothing goes wrong."""

    WEBSOCKET = "websocket"
    EVENTSOURCE = "eventsource"
    POLLING = "polling"


@contextmanager
def only_by(way: Way, plex: SimulatedPlex) -> Iterator[None]:
    """Leave a client no better way than this."""
    with ExitStack() as closed:
        if way is not Way.WEBSOCKET:
            closed.enter_context(plex.faults.upgrade_refused())
        if way is Way.POLLING:
            closed.enter_context(plex.faults.eventsource_refused())
        yield


class Story:
    """What the server does, and what became known of it."""

    def __init__(
        self, server: Server, way: Way, records: list[logging.LogRecord]
    ) -> None:
        """Begin with an idle server, of which nothing is known yet."""
        self.server = server
        self.way = way
        self.is_believed = True
        """Whether what the server says of its activities is true."""
        self.records = records
        self.log = OutageLog(server, records, has_streams=way is not Way.POLLING)
        self._outcomes: dict[str, str] = {}
        self._found: set[str] = set()
        self._before: Activity
        self._scan: Activity
        self._during: Activity

    @property
    def plex(self) -> SimulatedPlex:
        """Return the server."""
        return self.server.plex

    # What happens.

    async def open(self) -> None:
        """Wait until all is well."""
        await self.until_live()
        await until(lambda: self.log.has_said_all)

    async def reopen(self) -> None:
        """Have the integration live another life, after it was unloaded.

        What has begun meanwhile is found, and not announced as started.
        """
        self._found.add(self._during.uuid)
        self.log.lives += 1
        await self.server.set_up(live=False)

    async def begin(self, kind: str, **details: Any) -> Activity:
        """Start an activity, and wait until that has been announced."""
        activity = self.plex.world.start(kind, **details)
        await self.server.until_event("started", activity.uuid)
        return activity

    def end(
        self, activity: Activity, progress: float = 100, *, outcome: str = "finished"
    ) -> None:
        """End an activity; `outcome` is what has to be told of it."""
        self.plex.world.end(activity, progress=progress)
        self.expect(activity, outcome)

    def expect(self, activity: Activity, outcome: str) -> None:
        """Note what has to be told of an activity that has ended, or is gone."""
        self._outcomes[activity.uuid] = outcome

    async def until_live(self) -> None:
        """Wait until the server answers and news arrive in the way they should."""
        await until(self._is_live)

    def _is_live(self) -> bool:
        if not hasattr(self.server.entry, "runtime_data"):
            return False
        coordinator = self.server.coordinator
        is_polling = coordinator.news_arrive_by == POLLING
        return (
            coordinator.last_update_success
            and coordinator.news_arrive_by is not None
            and is_polling is (self.way is Way.POLLING)
        )

    async def until_heard(self, kind: str, **details: Any) -> Activity:
        """Start activities until the start of one is heard, and return that one.

        A stream can be dead and not know it yet. Without one there is nothing to hear.
        """
        while True:
            await self.until_live()
            activity = await self.begin(kind, **details)
            (started,) = self.server.events_of(activity.uuid, "started")
            if started["observed"] or self.way is Way.POLLING:
                return activity
            self.plex.world.end(activity)
            await until(lambda: self._ends_of(activity.uuid))  # noqa: B023

    # The usual story: something runs before, something begins meanwhile and after.

    async def prepare(self) -> None:
        """Have something run that is known."""
        self.plex.world.start_butler()
        self._before = await self.until_heard("media.generate.credits", progress=-1)
        self._scan = self.plex.world.scan("1")
        self.plex.world.progress_scan(self._scan, progress=10)
        await self.server.until_event("started", self._scan.uuid)

    def go_on(self, outcome: str = "finished") -> Activity:
        """Let work begin, go on and end, while something goes wrong.

        Return what has ended.
        """
        world = self.plex.world
        self._during = world.start("media.download", progress=10)
        world.progress_scan(self._scan, progress=50)
        world.end(world.start("media.optimize"))
        self.end(self._before, -1, outcome=outcome)
        return self._before

    def forget(self) -> None:
        """Note that what ran is gone without an end, because the server restarted."""
        for activity in (self._before, self._scan):
            self.expect(activity, "interrupted")

    def again(self) -> None:
        """Start anew, after `forget`, what is to be followed to its end."""
        self.plex.world.start_butler()
        self._scan = self.plex.world.scan("1")
        self.plex.world.progress_scan(self._scan, progress=20)
        self._during = self.plex.world.start("media.download")

    def scan_on(self, progress: float) -> None:
        """Let the scan say something, as it does for every file."""
        self.plex.world.progress_scan(self._scan, progress=progress)

    async def finish(self) -> None:
        """Let everything come to its end, and see that all is well."""
        after = await self.until_heard("provider.epg.load", progress=40)
        self.end(self._scan)
        self.end(self._during)
        # Whoever polls does not see where it ended.
        is_seen = self.way is not Way.POLLING
        self.end(after, 40, outcome="cancelled" if is_seen else "finished")
        await self.conclude()

    # What is true in the end.

    async def conclude(self) -> None:
        """Wait until all that was expected was told, and see that all is well."""
        await until(lambda: all(map(self._ends_of, self._outcomes)))
        await until(self._is_true)
        await self.until_live()
        await until(lambda: self.log.has_said_all)
        await self.server.hass.async_block_till_done()
        self._assert_told_once()
        self._assert_shown()
        self.log.assert_quiet()

    def _ends_of(self, uuid: str) -> list[dict[str, Any]]:
        return self.server.events_of(uuid, *ENDS)

    def _is_true(self) -> bool:
        """Return whether what is shown to run is what the server runs."""
        shown = self.server.state("running").attributes.get("activities", ())
        uuids = {activity["activity_id"] for activity in shown}
        real = {activity.uuid for activity in self.plex.world.activities}
        if self.is_believed:
            return uuids == real
        # What it once said to be over is over.
        return uuids == real - set(self.server.coordinator.tracker.ended)

    def _assert_told_once(self) -> None:
        told: dict[str, list[str]] = {}
        for event in self.server.events:
            told.setdefault(event["activity_id"], []).append(event["event_type"])
        for uuid, outcome in self._outcomes.items():
            kinds = told.pop(uuid)
            expected = [outcome] if uuid in self._found else ["started", outcome]
            assert kinds == expected, f"{kinds} instead of {expected}"
        # Nobody has to know of what lived and died while nobody could be told.
        for kinds in told.values():
            assert kinds[0] == "started", kinds
            assert len(kinds) == 2, kinds
            assert kinds[1] in ENDS, kinds

    def _assert_shown(self) -> None:
        """Assert that each sensor shows the end of what it was last about."""
        last = {event["entity_id"]: event for event in self.server.events}
        for entity_id, event in last.items():
            state = self.server.hass.states.get(entity_id)
            assert state is not None
            assert state.state == event["event_type"]
            assert state.attributes["activity_id"] == event["activity_id"]
        busy = self.server.coordinator.book
        real = [run for run in busy.running.values() if not run.is_quiet]
        assert self.server.state("running").state == str(len(real))
