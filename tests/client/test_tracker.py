"""What runs and what changed: the named rules, one by one."""

from collections.abc import Callable, Iterable, Iterator
from copy import replace
from typing import NoReturn, override

import pytest

from custom_components.plex_activities.client import (
    Activity,
    ActivityEvent,
    ActivityTracker,
    Change,
    ChangeKind,
    Notification,
    Outcome,
)

SCAN = Activity(
    uuid="scan", type="library.update.section", title="Scanning", progress=0
)
LATER = replace(SCAN, title="Scanning Movies", progress=40)
OTHER = Activity(uuid="other", type="media.generate.credits")


def started(activity: Activity) -> Notification:
    return Notification(ActivityEvent.STARTED, activity)


def updated(activity: Activity) -> Notification:
    return Notification(ActivityEvent.UPDATED, activity)


def ended(activity: Activity, progress: float | None = 100) -> Notification:
    return Notification(ActivityEvent.ENDED, replace(activity, progress=progress))


def said(changes: Iterable[Change]) -> list[tuple[ChangeKind, str, bool]]:
    return [(one.kind, one.activity.uuid, one.observed) for one in changes]


def poll(tracker: ActivityTracker, *snapshot: Activity) -> list[Change]:
    """Ask and be answered, with nothing in between."""
    return tracker.reconcile(snapshot, as_of=tracker.mark())


@pytest.fixture
def tracker() -> ActivityTracker:
    """Return a tracker that has seen an idle server."""
    tracker = ActivityTracker()
    poll(tracker)
    return tracker


# Notifications.


def test_a_life_is_told_from_beginning_to_end(tracker: ActivityTracker) -> None:
    assert said(tracker.apply(started(SCAN))) == [(ChangeKind.STARTED, "scan", True)]
    assert tracker.apply(updated(LATER)) == (Change(ChangeKind.UPDATED, LATER),)
    assert tracker.running == {"scan": LATER}
    end = replace(LATER, progress=100)
    assert tracker.apply(ended(LATER)) == (
        Change(ChangeKind.ENDED, end, outcome=Outcome.FINISHED),
    )
    assert tracker.running == {}
    assert tracker.ended == ("scan",)


def test_an_update_of_something_unknown_is_its_start(tracker: ActivityTracker) -> None:
    """Its `started` was lost, but it runs."""
    assert said(tracker.apply(updated(SCAN))) == [(ChangeKind.STARTED, "scan", True)]


def test_an_end_of_something_unknown_is_its_start_too(tracker: ActivityTracker) -> None:
    """Who waits for a start must not be left out because it was lost."""
    assert said(tracker.apply(ended(SCAN))) == [
        (ChangeKind.STARTED, "scan", False),
        (ChangeKind.ENDED, "scan", True),
    ]


def test_a_second_start_tells_nothing(tracker: ActivityTracker) -> None:
    """It would take back the title and the library that an update has told since."""
    tracker.apply(updated(LATER))
    assert tracker.apply(started(SCAN)) == ()
    assert tracker.running == {"scan": LATER}


def test_an_update_that_repeats_itself_is_told(tracker: ActivityTracker) -> None:
    """That there is nothing to add can be an answer."""
    tracker.apply(started(SCAN))
    assert said(tracker.apply(updated(SCAN))) == [(ChangeKind.UPDATED, "scan", True)]


@pytest.mark.parametrize("late", [started(SCAN), updated(LATER), ended(SCAN)])
def test_what_has_ended_never_comes_back(
    tracker: ActivityTracker, late: Notification
) -> None:
    """Late messages are common; an automation that fires twice is a fault."""
    tracker.apply(ended(SCAN))
    assert tracker.apply(late) == ()
    assert poll(tracker, SCAN) == []
    assert tracker.running == {}


@pytest.mark.parametrize(
    ("last", "at_end", "outcome", "progress"),
    [
        pytest.param(40, 100, Outcome.FINISHED, 100, id="at its end"),
        pytest.param(40, 99.9, Outcome.CANCELLED, 99.9, id="before its end"),
        pytest.param(40, 0, Outcome.CANCELLED, 0, id="before it began"),
        pytest.param(None, None, Outcome.FINISHED, None, id="never known"),
        pytest.param(100, None, Outcome.FINISHED, 100, id="known, and at its end"),
        pytest.param(40, None, Outcome.CANCELLED, 40, id="known, and before its end"),
    ],
)
def test_how_it_ended_shows_in_its_progress(
    tracker: ActivityTracker,
    last: float | None,
    at_end: float | None,
    outcome: Outcome,
    progress: float | None,
) -> None:
    """Plex says nothing else about it. Where it is silent, the last known stands."""
    tracker.apply(updated(replace(SCAN, progress=last)))
    [change] = tracker.apply(ended(SCAN, at_end))
    assert (change.outcome, change.activity.progress) == (outcome, progress)


# Snapshots.


def test_what_runs_at_the_first_look_is_found_and_not_started() -> None:
    """Nobody wants to hear of a start that was hours ago, after every restart."""
    tracker = ActivityTracker()
    assert said(poll(tracker, SCAN, OTHER)) == [
        (ChangeKind.FOUND, "scan", False),
        (ChangeKind.FOUND, "other", False),
    ]


def test_what_shows_up_later_has_started(tracker: ActivityTracker) -> None:
    """Without a stream this is the only way to learn of it."""
    assert said(poll(tracker, SCAN)) == [(ChangeKind.STARTED, "scan", False)]


def test_a_snapshot_tells_only_what_is_new(tracker: ActivityTracker) -> None:
    tracker.apply(started(SCAN))
    assert poll(tracker, SCAN) == []
    assert said(poll(tracker, LATER)) == [(ChangeKind.UPDATED, "scan", False)]
    assert tracker.running == {"scan": LATER}


def test_what_is_missing_has_ended(tracker: ActivityTracker) -> None:
    """Its `ended` was lost. How it ended nobody knows, so nothing is invented."""
    tracker.apply(updated(LATER))
    assert poll(tracker) == [
        Change(ChangeKind.ENDED, LATER, observed=False, outcome=Outcome.FINISHED)
    ]
    assert tracker.running == {}


def test_ends_are_told_before_starts(tracker: ActivityTracker) -> None:
    """One makes room for the other where there is room for few."""
    tracker.apply(started(SCAN))
    assert said(poll(tracker, OTHER)) == [
        (ChangeKind.ENDED, "scan", False),
        (ChangeKind.STARTED, "other", False),
    ]


def test_a_row_that_is_listed_twice_counts_once(tracker: ActivityTracker) -> None:
    assert len(poll(tracker, SCAN, SCAN)) == 1


# The three races.


def test_a_snapshot_does_not_end_what_was_heard_of_since(
    tracker: ActivityTracker,
) -> None:
    """It was on its way when the activity started."""
    as_of = tracker.mark()
    tracker.apply(started(SCAN))
    assert tracker.reconcile([], as_of=as_of) == []
    assert tracker.running == {"scan": SCAN}


def test_a_snapshot_does_not_turn_back_what_was_heard_since(
    tracker: ActivityTracker,
) -> None:
    tracker.apply(started(SCAN))
    as_of = tracker.mark()
    tracker.apply(updated(LATER))
    assert tracker.reconcile([SCAN], as_of=as_of) == []
    assert tracker.running == {"scan": LATER}


def test_a_snapshot_does_not_bring_back_what_has_ended_since(
    tracker: ActivityTracker,
) -> None:
    tracker.apply(started(SCAN))
    as_of = tracker.mark()
    tracker.apply(ended(SCAN))
    assert tracker.reconcile([SCAN], as_of=as_of) == []
    assert tracker.running == {}


def test_a_queued_update_does_not_bring_back_what_a_snapshot_has_ended(
    tracker: ActivityTracker,
) -> None:
    tracker.apply(started(SCAN))
    poll(tracker)
    assert tracker.apply(updated(LATER)) == ()
    assert tracker.running == {}


def test_the_snapshot_that_was_asked_for_last_wins(tracker: ActivityTracker) -> None:
    """Answers overtake each other, on two connections as on one server."""
    older = tracker.mark()
    newer = tracker.mark()
    tracker.reconcile([LATER], as_of=newer)
    assert tracker.reconcile([SCAN, OTHER], as_of=older) == []
    assert tracker.reconcile([], as_of=older) == []
    assert tracker.running == {"scan": LATER}


def test_snapshots_that_overlap_may_also_come_in_order(
    tracker: ActivityTracker,
) -> None:
    """The older one must not make what it lists newer than the newer one."""
    tracker.apply(started(SCAN))
    older = tracker.mark()
    newer = tracker.mark()
    tracker.reconcile([SCAN, OTHER], as_of=older)
    assert said(tracker.reconcile([LATER], as_of=newer)) == [
        (ChangeKind.ENDED, "other", False),
        (ChangeKind.UPDATED, "scan", False),
    ]


# Restarts of the server.


def test_what_a_restart_has_ended_was_interrupted(tracker: ActivityTracker) -> None:
    tracker.apply(updated(LATER))
    tracker.server_restarted()
    assert tracker.running == {"scan": LATER}
    assert poll(tracker, OTHER)[0] == Change(
        ChangeKind.ENDED, LATER, observed=False, outcome=Outcome.INTERRUPTED
    )


def by_notification(tracker: ActivityTracker) -> None:
    tracker.apply(updated(OTHER))


def by_snapshot(tracker: ActivityTracker) -> None:
    poll(tracker, OTHER)


@pytest.mark.parametrize("hear", [by_notification, by_snapshot])
def test_what_was_heard_of_since_a_restart_was_not_interrupted(
    tracker: ActivityTracker, hear: Callable[[ActivityTracker], None]
) -> None:
    """It belongs to the new life of the server."""
    tracker.apply(started(OTHER))
    tracker.server_restarted()
    hear(tracker)
    [change] = poll(tracker)
    assert change.outcome is Outcome.FINISHED


def test_an_answer_from_before_a_restart_is_no_sign_of_life_after_it(
    tracker: ActivityTracker,
) -> None:
    """It was on its way when the server went down."""
    tracker.apply(started(SCAN))
    as_of = tracker.mark()
    tracker.server_restarted()
    tracker.reconcile([SCAN], as_of=as_of)
    [change] = poll(tracker)
    assert change.outcome is Outcome.INTERRUPTED


# Restarts of our own.


def test_what_was_running_before_is_neither_found_nor_started_again() -> None:
    tracker = ActivityTracker()
    tracker.restore([SCAN], [])
    assert said(poll(tracker, LATER)) == [(ChangeKind.UPDATED, "scan", False)]


def test_what_ended_while_nobody_listened_is_told() -> None:
    """An automation may be waiting for just that."""
    tracker = ActivityTracker()
    tracker.restore([SCAN], [])
    assert said(poll(tracker, OTHER)) == [
        (ChangeKind.ENDED, "scan", False),
        (ChangeKind.FOUND, "other", False),
    ]


def test_what_the_server_interrupted_while_nobody_listened_is_told_as_such() -> None:
    tracker = ActivityTracker()
    tracker.restore([SCAN], [])
    tracker.server_restarted()
    [change] = poll(tracker)
    assert change.outcome is Outcome.INTERRUPTED


def test_what_had_ended_before_stays_so() -> None:
    tracker = ActivityTracker()
    tracker.restore([], ["scan"])
    assert tracker.apply(updated(SCAN)) == ()
    assert tracker.ended == ("scan",)


# Bounds.


def test_the_oldest_end_is_forgotten_first() -> None:
    """Memory must not grow for as long as Home Assistant runs."""
    tracker = ActivityTracker(remember_ended=2)
    tracker.restore([], ["first"])
    for uuid in ("second", "third"):
        tracker.apply(ended(replace(SCAN, uuid=uuid)))
    assert tracker.ended == ("second", "third")
    assert tracker._heard == {}


def test_what_runs_cannot_be_changed_from_outside(tracker: ActivityTracker) -> None:
    with pytest.raises(TypeError):
        tracker.running["scan"] = SCAN  # type: ignore[index]


class NeverWalked(dict[str, Activity]):
    """A dictionary in which things can be looked up, and no more."""

    @override
    def __iter__(self) -> Iterator[str]:
        self.refuse()

    def refuse(self) -> NoReturn:
        """Say what is wrong."""
        pytest.fail("Somebody walks through all that runs")

    items = keys = values = copy = refuse


def test_a_notification_costs_the_same_however_much_runs(
    tracker: ActivityTracker,
) -> None:
    """A scan sends thousands, and each looks up no more than its own."""
    tracker._running = NeverWalked({str(one): SCAN for one in range(1000)})
    kinds = [
        *tracker.apply(started(SCAN)),
        *tracker.apply(updated(LATER)),
        *tracker.apply(ended(LATER)),
        *tracker.apply(ended(OTHER)),
    ]
    assert len(kinds) == 5
