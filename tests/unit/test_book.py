"""What activities mean: slots, states, events."""

import pytest

from custom_components.plex_activities.client import Library
from custom_components.plex_activities.runs import RunState

from .conftest import SCAN, Desk

MOVIES = {"librarySectionID": "1"}
CREDITS = "media.generate.credits"


def row(uuid: str, kind: str = CREDITS, **said: object) -> dict[str, object]:
    """Return a row of a snapshot."""
    return {"uuid": uuid, "type": kind, **said}


def test_every_library_has_a_slot_before_anything_runs(desk: Desk) -> None:
    """A dashboard is made on a quiet afternoon, not during a scan."""
    assert [slot.suffix for slot in desk.added] == [f"{SCAN}_1", f"{SCAN}_2"]
    assert desk.shown() == {}


def test_a_scan_waits_for_its_library(desk: Desk) -> None:
    """Its first message names none; a start without its library helps nobody."""
    desk.say("started", "a", title="Scanning")
    assert desk.told == []
    assert desk.shown() == {}
    assert desk.book.busy_count == 1

    desk.say("updated", "a", title="Scanning Movies", Context=MOVIES)
    assert desk.told == [("started", "a")]
    assert desk.shown() == {f"{SCAN}_1": "running"}
    assert desk.announced[0].run.attributes()["library"] == "Movies"


def test_a_scan_that_never_names_its_library_takes_the_slot_without_one(
    desk: Desk,
) -> None:
    """Older servers never do."""
    desk.say("started", "a", title="Scanning")
    desk.say("updated", "a", title="Scanning")
    assert desk.shown() == {f"{SCAN}_none": "running"}
    desk.say("updated", "a", title="Scanning Movies", Context=MOVIES)
    assert desk.shown() == {f"{SCAN}_none": "running"}


def test_a_poll_places_a_scan_that_it_has_known_for_a_while(desk: Desk) -> None:
    """While polling there is no `updated`."""
    scan = row("a", SCAN, title="Scanning")
    desk.see([scan])
    desk.seconds += 4.9
    desk.see([scan])
    assert desk.told == []
    desk.seconds += 0.1
    desk.see([scan])
    assert desk.told == [("started", "a")]
    assert not desk.announced[0].observed


def test_a_scan_that_ends_while_it_waits_has_started_and_ended(desk: Desk) -> None:
    """Scans of small libraries are that short."""
    desk.say("started", "a", title="Scanning")
    desk.say("ended", "a", title="Scanning Music", progress=100)
    assert desk.told == [("started", "a"), ("finished", "a")]
    assert desk.shown() == {f"{SCAN}_2": "finished"}


@pytest.mark.parametrize(
    ("said", "state"),
    [
        pytest.param({"progress": 100}, "finished", id="at-100"),
        pytest.param({"progress": -1}, "finished", id="indeterminate"),
        pytest.param({}, "finished", id="not-said"),
        pytest.param({"progress": 40}, "cancelled", id="below-100"),
    ],
)
def test_how_it_ended_follows_from_its_progress(
    desk: Desk, said: dict[str, object], state: str
) -> None:
    """The server does not say whether something was cancelled."""
    desk.say("started", "a", CREDITS)
    desk.say("ended", "a", CREDITS, **said)
    assert desk.told[-1] == (state, "a")
    assert desk.shown() == {CREDITS: state}


@pytest.mark.parametrize(
    ("seconds", "state"), [pytest.param(60, "cancelled"), pytest.param(61, "finished")]
)
def test_an_end_soon_after_our_cancel_is_its_result(
    desk: Desk, seconds: float, state: str
) -> None:
    """Whatever progress it ends with: Plex shows no other sign."""
    desk.say("started", "a", CREDITS)
    desk.book.cancel_accepted(desk.book.running["a"])
    desk.seconds += seconds
    desk.say("ended", "a", CREDITS, progress=100)
    assert desk.shown() == {CREDITS: state}


def test_what_vanished_while_the_server_was_down_was_interrupted(desk: Desk) -> None:
    desk.say("started", "a", CREDITS)
    desk.tracker.server_restarted()
    desk.see([])
    assert desk.told == [("started", "a"), ("interrupted", "a")]


def test_what_vanished_without_a_reason_has_finished_unobserved(desk: Desk) -> None:
    """Its `ended` was lost. Nothing else is invented."""
    desk.say("started", "a", CREDITS, progress=40)
    desk.see([])
    assert desk.told == [("started", "a"), ("finished", "a")]
    assert not desk.announced[-1].observed


def test_what_ran_when_we_first_looked_is_not_announced_as_started() -> None:
    """Else every restart of Home Assistant would set automations going."""
    desk = Desk()
    desk.open_book()
    desk.tracker = type(desk.tracker)()
    desk.see([row("a")])
    assert desk.told == []
    desk.say("ended", "a", CREDITS, progress=100)
    assert desk.told == [("finished", "a")]


def test_several_of_a_kind_have_ordinals_and_the_rest_wait(desk: Desk) -> None:
    """Six credit detections at a time are a lot; five is more than there are slots."""
    for uuid in "abcde":
        desk.say("started", uuid, CREDITS)
    assert len(desk.shown()) == 4
    assert [kind for kind, _ in desk.told] == ["started"] * 5
    desk.say("ended", "b", CREDITS, progress=100)
    assert desk.book.running["e"].slot == desk.announced[1].run.slot
    assert desk.shown()[f"{CREDITS}_2"] == "running"


def test_an_overflowing_activity_that_ends_is_still_announced(desk: Desk) -> None:
    for uuid in "abcde":
        desk.say("started", uuid, CREDITS)
    desk.say("ended", "e", CREDITS, progress=100)
    assert desk.told[-1] == ("finished", "e")
    desk.say("ended", "a", CREDITS, progress=100)
    assert desk.shown()[CREDITS] == "finished"


def test_quiet_types_are_shown_but_say_nothing(desk: Desk) -> None:
    """The butler's row stands there on an idle server, for ever."""
    desk.say("started", "a", "butler", progress=100)
    desk.seconds += 10_000
    desk.book.find_stalled(60)
    assert desk.shown() == {"butler": "running"}
    assert desk.book.busy_count == 0
    assert desk.book.quiet_for is None
    desk.say("ended", "a", "butler", progress=100)
    assert desk.told == []
    assert desk.book.quiet_for is None


def test_no_progress_for_long_is_a_stall_and_any_progress_ends_it(desk: Desk) -> None:
    """It is told once; going on again is no event."""
    desk.say("started", "a", CREDITS, progress=10)
    desk.seconds += 59
    desk.book.find_stalled(60)
    assert desk.shown() == {CREDITS: "running"}
    desk.seconds += 1
    desk.book.find_stalled(0)
    assert desk.shown() == {CREDITS: "running"}
    desk.book.find_stalled(60)
    desk.book.find_stalled(60)
    assert desk.shown() == {CREDITS: "stalled"}
    assert desk.told == [("started", "a"), ("stalled", "a")]
    assert desk.announced[-1].duration == 60

    desk.say("updated", "a", CREDITS, progress=10, title="Same progress")
    assert desk.shown() == {CREDITS: "stalled"}
    desk.say("updated", "a", CREDITS, progress=11)
    assert desk.shown() == {CREDITS: "running"}
    assert len(desk.told) == 2


def test_what_was_quiet_at_its_start_stays_so_whatever_it_calls_itself(
    desk: Desk,
) -> None:
    """Else it would be counted when it goes, and not when it came."""
    desk.say("started", "a", "butler")
    desk.say("updated", "a", CREDITS)
    desk.say("ended", "a", CREDITS, progress=100)
    assert desk.book.busy_count == 0
    assert desk.told == []


def test_a_clock_that_is_set_makes_nothing_longer(desk: Desk) -> None:
    """Summer time and time servers are no reason for a scan of a day."""
    desk.say("started", "a", CREDITS)
    desk.seconds += 60
    desk.wall_clock_ahead = 86_400
    desk.say("ended", "a", CREDITS, progress=100)
    assert desk.announced[-1].duration == 60


def test_what_an_earlier_book_saw_begin_has_run_since_then(desk: Desk) -> None:
    desk.say("started", "a", CREDITS)
    old = desk.book
    desk.seconds += 60
    desk.open_book()
    desk.book.restore(old.shown, old.running.values())
    desk.seconds += 60
    desk.say("ended", "a", CREDITS, progress=100)
    assert desk.announced[-1].duration == 120


def test_busy_ends_with_the_last_activity_that_is_not_quiet(desk: Desk) -> None:
    desk.say("started", "a", CREDITS)
    assert desk.book.quiet_for == 0
    desk.say("ended", "a", CREDITS, progress=100)
    desk.seconds += 12
    assert desk.book.quiet_for == 12


def test_a_library_that_goes_takes_its_slots_along(desk: Desk) -> None:
    """What still runs there is counted, and gets its slot back with the library."""
    removed: list[str] = []
    desk.book.slot_removed.connect(lambda slot: removed.append(slot.suffix))
    desk.say("started", "a", Context=MOVIES)
    movies = Library(id="1", title="Movies")
    desk.book.remove_library(movies)
    assert removed == [f"{SCAN}_1"]
    assert desk.book.busy_count == 1
    assert desk.book.add_library(movies)
    assert not desk.book.add_library(movies)
    assert desk.shown() == {f"{SCAN}_1": "running"}
    desk.say("ended", "a", Context=MOVIES, progress=100)
    assert desk.shown() == {f"{SCAN}_1": "finished"}


def test_a_new_book_goes_on_where_the_old_one_stopped(desk: Desk) -> None:
    """Home Assistant restarts more often than scans end."""
    desk.say("started", "waiting", title="Scanning")
    for uuid in "abcde":
        desk.say("started", uuid, CREDITS)
    old = desk.book
    desk.announced.clear()
    desk.open_book()
    desk.book.restore(old.shown, old.running.values())

    assert desk.book.busy_count == 6
    assert desk.book.running["e"].slot is None
    desk.say("ended", "c", CREDITS, progress=100)
    assert desk.book.running["e"].slot is not None
    desk.say("updated", "waiting", Context=MOVIES)
    assert desk.told == [("finished", "c"), ("started", "waiting")]
    assert desk.book.running["a"].state is RunState.RUNNING
