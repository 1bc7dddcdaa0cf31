"""What happens on a server on one day, and what is to be announced of it."""

from dataclasses import dataclass
from random import Random

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import Activity, Notification

from .actions import cancel
from .ledger import Ledger
from .server import Server, until

LIBRARIES = ("1", "2", "3")
CREDITS = "media.generate.credits"
LOUD = (CREDITS, "media.generate.loudness", "provider.epg.load")
QUIET = ("library.refresh.items", "provider.subscriptions.process")
# With the one of each kind, one more than there are sensors for.
CROWD = (CREDITS,) * 4


@dataclass(slots=True, kw_only=True)
class Counts:
    """How much happened."""

    scans: int = 0
    messages: int = 0
    drops: int = 0
    restarts: int = 0
    reloads: int = 0
    cancels: int = 0


class Deeds:
    """Lets something happen, and waits until all of it has been announced."""

    def __init__(self, server: Server, *, seed: int = 1) -> None:
        """Prepare to do things on a server that is set up."""
        self.counts = Counts()
        self.ledger = Ledger(server)
        self._server = server
        self._plex = server.plex
        self._world = server.plex.world
        self._random = Random(seed)
        self._world.subscribe(self._count_message)

    async def work(self) -> None:
        """Scan one library or several, and do something else at the same time."""
        libraries = self._random.sample(LIBRARIES, self._random.randint(1, 3))
        scans = [self._scan(library) for library in libraries]
        kinds = self._random.sample(LOUD + QUIET, self._random.randint(0, 2))
        others = [self._start(kind) for kind in kinds]
        messages = self._random.choice((0, 0, 1, 5, 12))
        for number in range(messages):
            for scan in scans:
                self._world.progress_scan(
                    scan, subtitle=f"Item {number}", progress=number * 100 // messages
                )
            for other in others:
                self._world.update(other, subtitle=f"Item {number}", progress=-1)
        for one in (*scans, *others):
            self._end(one, early=self._random.random() < 0.1)
        await self.ledger.settled()

    async def crowd(self) -> Activity:
        """Let one of each kind run, and of one more than there are sensors.

        Return one that is the only one of its kind.
        """
        activities = [self._start(kind) for kind in (*QUIET, *CROWD, *LOUD)]
        for activity in activities:
            self._end(activity)
        await self.ledger.settled()
        return activities[-1]

    async def drop(self) -> None:
        """Break the stream; of two that run one ends unheard."""
        unheard, heard = self._start(CREDITS), self._scan("1")
        self._world.progress_scan(heard, progress=10)
        await self.ledger.settled()
        opened = self._plex.streams.opened
        self._plex.streams.drop()
        self._end(unheard)
        await self._plex.opened(opened + 1)
        await self._live()
        self._end(heard)
        await self.ledger.settled()
        self.counts.drops += 1

    async def cancel(self) -> None:
        """Have a scan cancelled, as people do."""
        scan = self._scan("2")
        self._world.progress_scan(scan, progress=10)
        await self.ledger.settled()
        self.ledger.expect(scan, "cancelled")
        (answer,) = await cancel(self._server, activity_id=scan.uuid)
        assert answer["outcome"] == "cancelled"
        await self.ledger.settled()
        self.counts.cancels += 1

    async def ask_for_scan(self) -> None:
        """Have a library scanned, as automations do."""
        sensor = self._server.entity_id("activity_library.update.section_1")
        await self._server.hass.services.async_call(
            DOMAIN, "scan_library", {"entity_id": sensor}, blocking=True
        )
        (scan,) = self._world.activities
        self.counts.scans += 1
        self.ledger.expect(scan, "started")
        self._end(scan)
        await self.ledger.settled()

    async def restart(self) -> None:
        """Restart the server while it works, every other time with an update."""
        number = self.counts.restarts = self.counts.restarts + 1
        for activity in (self._start(CREDITS), self._scan("3")):
            self._world.update(activity, progress=30)
            self.ledger.expect(activity, "interrupted")
        await self.ledger.settled(but=2)
        version = f"1.43.{number}" if number % 2 else None
        async with self._plex.restarting(version=version):
            await self._server.until_state("running", "unavailable")
        await self._live()
        await self.ledger.settled()

    async def reload(self) -> None:
        """Reload the entry while the server works on."""
        activity = self._start(CREDITS)
        await self.ledger.settled()
        entry_id = self._server.entry.entry_id
        assert await self._server.hass.config_entries.async_reload(entry_id)
        await self._live()
        self._end(activity)
        await self.ledger.settled()
        self.counts.reloads += 1

    async def _live(self) -> None:
        coordinator = self._server.coordinator
        await until(lambda: coordinator.listener.transport is not None)

    def _scan(self, library: str) -> Activity:
        self.counts.scans += 1
        scan = self._world.scan(library)
        self.ledger.expect(scan, "started")
        return scan

    def _start(self, kind: str) -> Activity:
        activity = self._world.start(kind, title="Working", progress=-1)
        self._expect(activity, "started")
        return activity

    def _end(self, activity: Activity, *, early: bool = False) -> None:
        self._expect(activity, "cancelled" if early else "finished")
        self._world.end(activity, progress=40 if early else 100)

    def _expect(self, activity: Activity, event: str) -> None:
        if activity.type not in QUIET:
            self.ledger.expect(activity, event)

    def _count_message(self, _: Notification) -> None:
        self.counts.messages += 1
