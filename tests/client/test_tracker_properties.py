"""What runs and what changed, whatever the order in which things happen.

A small model of a server, and of the messages and answers that are on their way, with
all that can become of them. The tracker hears what arrives; the model knows the truth.
"""

from collections import defaultdict
from collections.abc import Iterable
from copy import replace
from dataclasses import dataclass
from typing import override

from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from custom_components.plex_activities.client import (
    Activity,
    ActivityEvent,
    ActivityTracker,
    Change,
    ChangeKind,
    Notification,
    Outcome,
)

ANY = st.integers(0, 99)  # Which of those that there are, counted round and round.
PROGRESS = st.sampled_from([None, 0, 50, 100])
ARRIVAL = st.sampled_from(["at once", "at once", "at once", "late", "twice", "never"])
BEGINNINGS = {ChangeKind.FOUND, ChangeKind.STARTED}


@dataclass
class Poll:
    """A snapshot that was asked for at one moment, and made at another after that."""

    as_of: int
    asked: int
    listed: tuple[Activity, ...]


class Interleavings(RuleBasedStateMachine):
    """Everything that can happen."""

    def __init__(self) -> None:
        super().__init__()
        self.server: dict[str, Activity] = {}
        self.late: list[Notification] = []
        self.polls: list[Poll] = []
        self.tracker = ActivityTracker()
        self.is_connected = True
        self.has_baseline = False
        self.seen_down = False
        self.count = 0
        self.moment = 0
        self.heard: dict[str, int] = {}
        self.newest_answer = 0
        self.told: dict[str, list[Change]] = defaultdict(list)
        self.ends: dict[str, float | None] = {}
        self.may_be_interrupted: set[str] = set()
        self.must_be_interrupted: set[str] = set()

    # The server.

    @rule(arrives=ARRIVAL)
    def start(self, arrives: str) -> None:
        self.count += 1
        activity = Activity(uuid=f"{self.count}", type="butler")
        self.server[activity.uuid] = activity
        self.say(ActivityEvent.STARTED, activity, arrives)

    @precondition(lambda self: self.server)
    @rule(which=ANY, progress=PROGRESS, renamed=st.booleans(), arrives=ARRIVAL)
    def update(
        self, which: int, progress: float | None, renamed: bool, arrives: str
    ) -> None:
        self.count += renamed
        activity = replace(
            pick(list(self.server.values()), which),
            progress=progress,
            title=f"{self.count}",
        )
        self.server[activity.uuid] = activity
        self.say(ActivityEvent.UPDATED, activity, arrives)

    @precondition(lambda self: self.server)
    @rule(which=ANY, progress=PROGRESS, arrives=ARRIVAL)
    def end(self, which: int, progress: float | None, arrives: str) -> None:
        activity = pick(list(self.server.values()), which)
        self.ends[activity.uuid] = progress
        del self.server[activity.uuid]
        self.say(ActivityEvent.ENDED, replace(activity, progress=progress), arrives)

    # What is on its way.

    @precondition(lambda self: self.late)
    @rule(which=ANY)
    def arrive_late(self, which: int) -> None:
        notification = pick(self.late, which)
        self.late.remove(notification)
        self.apply(notification)

    @rule()
    def ask(self) -> None:
        self.polls.append(self.new_poll())

    @precondition(lambda self: self.polls)
    @rule(which=ANY)
    def make_the_answer_later(self, which: int) -> None:
        pick(self.polls, which).listed = tuple(self.server.values())

    @precondition(lambda self: self.polls)
    @rule(which=ANY)
    def answer(self, which: int) -> None:
        poll = pick(self.polls, which)
        self.polls.remove(poll)
        self.reconcile(poll)

    @rule()
    def look(self) -> None:
        """Ask and be answered at once: then what is known must be what is true."""
        self.reconcile(self.new_poll())
        assert self.tracker.running == self.server

    # What breaks.

    @precondition(lambda self: self.told)
    @rule(is_ours=st.booleans())
    def restart(self, is_ours: bool) -> None:
        """Restart one side; neither remembers what was on its way."""
        self.late.clear()
        self.polls.clear()
        (self.restart_ourselves if is_ours else self.restart_the_server)()

    @rule()
    def lose_the_stream_or_get_it_back(self) -> None:
        self.is_connected = not self.is_connected
        self.late.clear()

    def restart_the_server(self) -> None:
        """Kill all that runs without a word."""
        self.must_be_interrupted |= self.tracker.running.keys() & self.server.keys()
        self.server.clear()
        self.note_restart()

    def restart_ourselves(self) -> None:
        """Go on with what was written down, as the coordinator does."""
        old, self.tracker = self.tracker, ActivityTracker()
        self.tracker.restore(old.running.values(), old.ended)
        self.has_baseline = False
        if self.seen_down:
            self.note_restart()

    def note_restart(self) -> None:
        self.seen_down = True
        self.may_be_interrupted |= self.tracker.running.keys()
        self.tracker.server_restarted()

    # What must be true at any time.

    @invariant()
    def what_was_told_is_what_is_known(self) -> None:
        last = {uuid: changes[-1] for uuid, changes in self.told.items()}
        assert self.tracker.running == {
            uuid: change.activity
            for uuid, change in last.items()
            if change.kind is not ChangeKind.ENDED
        }

    @invariant()
    def every_life_is_told_once(self) -> None:
        for changes in self.told.values():
            first, *middle = (change.kind for change in changes)
            assert first in BEGINNINGS
            assert set(middle[:-1]) <= {ChangeKind.UPDATED}
            assert set(middle) <= {ChangeKind.UPDATED, ChangeKind.ENDED}

    @invariant()
    def memory_is_bounded_by_what_runs_and_what_is_remembered(self) -> None:
        tracker = self.tracker
        assert tracker._heard.keys() == tracker.running.keys()
        assert tracker.running.keys().isdisjoint(tracker.ended)

    @override
    def teardown(self) -> None:
        """Let everything arrive that is still on its way, and look once more."""
        for notification in self.late:
            self.apply(notification)
        self.look()
        for uuid, changes in self.told.items():
            has_ended = changes[-1].kind is ChangeKind.ENDED
            assert has_ended == (uuid not in self.server)

    # How it is written down.

    def say(self, event: ActivityEvent, activity: Activity, arrives: str) -> None:
        notification = Notification(event, activity)
        if self.is_connected and arrives in {"at once", "twice"}:
            self.apply(notification)
        if self.is_connected and arrives in {"late", "twice"}:
            self.late.append(notification)

    def apply(self, notification: Notification) -> None:
        """Let a message arrive: it is believed, unless it must come too late."""
        uuid = notification.activity.uuid
        self.moment += 1
        self.heard[uuid] = self.moment
        expected = dict(self.tracker.running)
        if notification.event is ActivityEvent.ENDED:
            expected.pop(uuid, None)
        elif uuid not in self.tracker.ended:
            is_news = notification.event is not ActivityEvent.STARTED
            if is_news or uuid not in expected:
                expected[uuid] = notification.activity
        self.hear(self.tracker.apply(notification))
        assert self.tracker.running == expected

    def new_poll(self) -> Poll:
        self.moment += 1
        return Poll(self.tracker.mark(), self.moment, tuple(self.server.values()))

    def reconcile(self, poll: Poll) -> None:
        expected = self.after(poll)
        changes = self.tracker.reconcile(poll.listed, as_of=poll.as_of)
        assert self.tracker.running == expected
        allowed = ChangeKind.STARTED if self.has_baseline else ChangeKind.FOUND
        assert {change.kind for change in changes} & BEGINNINGS <= {allowed}
        assert not any(change.observed for change in changes)
        self.newest_answer = max(self.newest_answer, poll.asked)
        self.has_baseline = True
        self.seen_down = False
        self.hear(changes)

    def after(self, poll: Poll) -> dict[str, Activity]:
        """Return what must be known to run after an answer.

        It is believed about all that was not heard of since it was asked for, unless
        another was believed that was asked for later; and never about what has ended.
        """
        before = self.tracker.running
        if poll.asked < self.newest_answer:
            return dict(before)
        newer = {uuid for uuid, heard in self.heard.items() if heard > poll.asked}
        ended = {*self.tracker.ended}
        return {
            **{uuid: before[uuid] for uuid in newer & before.keys()},
            **{one.uuid: one for one in poll.listed if one.uuid not in newer | ended},
        }

    def hear(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self.told[change.activity.uuid].append(change)
            if change.kind is ChangeKind.ENDED:
                self.check_end(change)

    def check_end(self, change: Change) -> None:
        uuid = change.activity.uuid
        assert uuid not in self.server
        if change.outcome is Outcome.INTERRUPTED:
            assert uuid in self.may_be_interrupted
        if uuid in self.must_be_interrupted:
            assert change.outcome is Outcome.INTERRUPTED
        if change.observed:
            progress, last = self.ends[uuid], self.told[uuid][-2].activity.progress
            at_end = last if progress is None else progress
            is_early = at_end is not None and at_end < 100
            assert change.activity.progress == at_end
            assert (change.outcome is Outcome.CANCELLED) == is_early


def pick[T](those: list[T], which: int) -> T:
    return those[which % len(those)]


TestInterleavings = Interleavings.TestCase
TestInterleavings.settings = settings(max_examples=300, stateful_step_count=40)
