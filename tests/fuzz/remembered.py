"""What was written down before a restart, and what a disk, or a person, made of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
import json
from random import Random
from typing import Any, override

from custom_components.plex_activities.book import RunBook
from custom_components.plex_activities.client import Activity, ActivityTracker, Library
from custom_components.plex_activities.libraries import LibraryList
from custom_components.plex_activities.memory import Memory, dump_memory, load_memory
from custom_components.plex_activities.runs import RunEvent

from .fuzzing import MakeParser, Parser
from .mutation import Mutator
from .parsers import ANSWERS, rows_of
from .verdict import UnsoundError, check_activity, check_sound

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Desk:
    """A tracker and a book that go on with a memory, as a coordinator lets them."""

    def __init__(self, memory: Memory) -> None:
        """Go on."""
        self.libraries = LibraryList()
        self.tracker = ActivityTracker()
        self.told: list[RunEvent] = []
        self.book = RunBook(
            libraries=self.libraries,
            quiet_types=("butler",),
            utcnow=lambda: NOW,
            monotonic=lambda: 0.0,
        )
        self.book.announced.connect(self.told.append)
        for library in self.libraries.update(memory.libraries).added:
            self.book.add_library(library)
        # Runs are changed by the book, and the memory is to be compared later.
        running = [replace(run) for run in memory.running]
        self.book.restore(memory.shown, running)
        self.tracker.restore((run.activity for run in running), memory.ended)

    def see(self, *rows: object) -> None:
        """Let a list show rows."""
        listed = filter(None, map(Activity.from_payload, rows))
        for change in self.tracker.reconcile(listed, as_of=self.tracker.mark()):
            self.book.apply(change)

    @property
    def memory(self) -> Memory:
        """Return what is to be kept."""
        return Memory(
            version="1.43.3",
            server_seen_down=True,
            libraries=tuple(self.libraries.known.values()),
            shown=self.book.shown,
            running=tuple(self.book.running.values()),
            ended=self.tracker.ended,
        )


def written_down() -> dict[str, Any]:
    """Return the memory of a server on which some work is over and some goes on."""
    desk = Desk(Memory(libraries=(Library(id="3", title="Movies", type="movie"),)))
    rows = [row for answer in ANSWERS for row in rows_of(answer, "Activity")]
    scan = {"uuid": "scan", "type": "library.update.section", "title": "Scanning"}
    desk.see(*rows, {**scan, "Context": {"librarySectionID": "3"}, "progress": 7})
    desk.see(*rows[1:], {**scan, "uuid": "unplaced"})
    return dump_memory(desk.memory)


class MemoryParser(Parser[object]):
    """What is on the disk, read, gone on with, and written down again."""

    def __init__(self, random: Random) -> None:
        """Mutate a memory."""
        self._mutator = Mutator(random, [written_down()])

    @override
    def mutant(self) -> object:
        return self._mutator.payload()

    @override
    def take(self, mutant: object) -> bool:
        memory = load_memory(mutant)
        for run in (*memory.running, *filter(None, memory.shown.values())):
            check_activity(run.activity)
        written = dump_memory(memory)
        check_sound(written, len(json.dumps(mutant)))
        if dump_memory(load_memory(json.loads(json.dumps(written)))) != written:
            raise UnsoundError("a memory that changes when it is written down")
        self._go_on(memory)
        return memory != Memory()

    def _go_on(self, memory: Memory) -> None:
        """Find nothing running any more, which must end all that is remembered."""
        desk = Desk(memory)
        desk.see()
        book = desk.book
        shown = [run for run in book.shown.values() if run is not None]
        if book.running or book.busy_count or any(run.is_active for run in shown):
            raise UnsoundError("something that never ends")
        check_sound([event.duration for event in desk.told], 0)


MEMORY_PARSERS: Mapping[str, MakeParser] = {"memory": MemoryParser}
