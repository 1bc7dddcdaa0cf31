"""A run book with clocks that stand still until they are moved."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.plex_activities.book import RunBook
from custom_components.plex_activities.client import (
    Activity,
    ActivityEvent,
    ActivityTracker,
    Library,
    Notification,
)
from custom_components.plex_activities.libraries import LibraryList
from custom_components.plex_activities.runs import RunEvent
from custom_components.plex_activities.slots import Slot

SCAN = "library.update.section"
LIBRARIES = (Library(id="1", title="Movies"), Library(id="2", title="Music"))


@dataclass
class Desk:
    """A book, the tracker before it, and what came out of it."""

    book: RunBook = field(init=False)
    tracker: ActivityTracker = field(default_factory=ActivityTracker)
    libraries: LibraryList = field(default_factory=LibraryList)
    seconds: float = 1000.0
    wall_clock_ahead: float = 0.0
    announced: list[RunEvent] = field(default_factory=list)
    added: list[Slot] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the book of a server with two libraries, on which nothing runs."""
        self.open_book()
        for library in self.libraries.update(LIBRARIES).added:
            self.book.add_library(library)
        self.see([])

    def open_book(self) -> None:
        """Begin a new book."""
        self.book = RunBook(
            libraries=self.libraries,
            quiet_types=("butler",),
            utcnow=lambda: datetime(2026, 1, 1, tzinfo=UTC) + self.elapsed,
            monotonic=lambda: self.seconds,
        )
        self.book.announced.connect(self.announced.append)
        self.book.slot_added.connect(self.added.append)

    @property
    def elapsed(self) -> timedelta:
        """Return how far the clock on the wall was moved."""
        return timedelta(seconds=self.seconds + self.wall_clock_ahead)

    def say(self, event: str, uuid: str, kind: str = SCAN, **said: object) -> None:
        """Let the server say something."""
        row = {"uuid": uuid, "type": kind, **said}
        activity = Activity.from_payload(row)
        assert activity is not None
        notification = Notification(ActivityEvent(event), activity)
        for change in self.tracker.apply(notification):
            self.book.apply(change)

    def see(self, rows: list[dict[str, object]]) -> None:
        """Let a snapshot show rows."""
        activities = [Activity.from_payload(row) for row in rows]
        as_of = self.tracker.mark()
        for change in self.tracker.reconcile(filter(None, activities), as_of=as_of):
            self.book.apply(change)
        self.book.place_the_patient()

    @property
    def told(self) -> list[tuple[str, str]]:
        """Return what was announced: type and UUID."""
        return [(event.type.value, event.run.activity.uuid) for event in self.announced]

    def shown(self) -> dict[str, str]:
        """Return the state of every slot that has shown something."""
        return {
            slot.suffix: run.state.value
            for slot, run in self.book.shown.items()
            if run is not None
        }


@pytest.fixture
def desk() -> Desk:
    """Return a desk with an empty book."""
    return Desk()
