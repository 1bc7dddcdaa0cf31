"""Whatever happens in whatever order: one start, one end, and one sensor each."""

from collections import Counter

from hypothesis import settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from custom_components.plex_activities.slots import MAX_ORDINAL, Kind

from .conftest import SCAN, Desk

UUIDS = st.sampled_from([f"u{number}" for number in range(12)])
KINDS = st.sampled_from([SCAN, "media.generate.credits", "butler"])
CONTEXTS = st.sampled_from([{}, {"librarySectionID": "1"}, {"librarySectionID": "9"}])
ENDS = {"finished", "cancelled", "interrupted"}
PROGRESS = st.sampled_from([-1, 0, 50, 100])


class BookMachine(RuleBasedStateMachine):
    """A server that says anything, in any order, about a few activities."""

    @initialize()
    def begin(self) -> None:
        """Open a book that has had its baseline."""
        self.desk = Desk()
        self.kinds: dict[str, str] = {}

    @rule(
        event=st.sampled_from(["started", "updated", "updated", "ended"]),
        uuid=UUIDS,
        kind=KINDS,
        context=CONTEXTS,
        progress=PROGRESS,
    )
    def hear(
        self, event: str, uuid: str, kind: str, context: dict[str, str], progress: int
    ) -> None:
        """A notification comes, of an activity that keeps its type."""
        kind = self.kinds.setdefault(uuid, kind)
        self.desk.say(event, uuid, kind, Context=context, progress=progress)

    @rule(missing=st.sets(UUIDS), seconds=st.sampled_from([0, 6, 60]))
    def poll(self, missing: set[str], seconds: int) -> None:
        """A snapshot comes that shows what runs, except for what has vanished."""
        self.desk.seconds += seconds
        self.desk.see(
            [
                {"uuid": uuid, "type": activity.type, "Context": activity.context}
                for uuid, activity in self.desk.tracker.running.items()
                if uuid not in missing
            ]
        )

    @rule()
    def restart_server(self) -> None:
        """The server is seen to be down."""
        self.desk.tracker.server_restarted()

    @rule(seconds=st.integers(0, 200))
    def time_passes(self, seconds: int) -> None:
        """Something may stall."""
        self.desk.seconds += seconds
        self.desk.book.find_stalled(100)

    @rule()
    def restart_home_assistant(self) -> None:
        """A new book goes on where the old one stopped."""
        old = self.desk.book
        self.desk.open_book()
        self.desk.book.restore(old.shown, old.running.values())

    @precondition(lambda self: self.desk.book.running)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Our cancel of something is accepted."""
        runs = list(self.desk.book.running.values())
        self.desk.book.cancel_accepted(data.draw(st.sampled_from(runs)))

    @invariant()
    def the_book_runs_what_the_server_runs(self) -> None:
        """The tracker decides; the book may not have an opinion of its own."""
        assert self.desk.book.running.keys() == self.desk.tracker.running.keys()

    @invariant()
    def busy_is_what_is_not_quiet(self) -> None:
        """A count that drifts would keep a server busy for ever."""
        book = self.desk.book
        loud = [run for run in book.running.values() if run.activity.type != "butler"]
        assert book.busy_count == len(loud)

    @invariant()
    def no_two_sensors_show_one_activity(self) -> None:
        """And none shows an activity that believes to be elsewhere."""
        shown = [
            (slot, run)
            for slot, run in self.desk.book.shown.items()
            if run is not None and run.is_active
        ]
        assert all(run.slot == slot for slot, run in shown)
        uuids = [run.activity.uuid for _, run in shown]
        assert len(uuids) == len(set(uuids))

    @invariant()
    def who_has_no_sensor_waits_for_good_reason(self) -> None:
        """Its kind has no free ordinal, or it is a scan whose library is not known."""
        book = self.desk.book
        taken = Counter(run.slot.kind for run in book.running.values() if run.slot)
        without: list[Kind] = [
            run.kind
            for run in book.running.values()
            if run.is_placed and run.slot is None
        ]
        assert all(taken[kind] == MAX_ORDINAL for kind in without)
        unplaced = [run for run in book.running.values() if not run.is_placed]
        assert all(run.activity.is_library_scan for run in unplaced)

    @invariant()
    def everything_starts_once_and_ends_once(self) -> None:
        """Automations count on it."""
        stories: dict[str, list[str]] = {}
        for kind, uuid in self.desk.told:
            stories.setdefault(uuid, []).append(kind)
        for uuid, story in stories.items():
            is_over = uuid not in self.desk.book.running
            assert story[0] == "started"
            assert (story[-1] in ENDS) == is_over
            assert sum(kind in ENDS for kind in story) == is_over
            assert story.count("started") == 1


BookMachine.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, derandomize=True
)
TestBook = BookMachine.TestCase
