"""The world by itself: no socket, no clock."""

import pytest

from . import Cancelling, Notification, PlexWorld
from .models import NotCancellableError, UnknownActivityError


@pytest.fixture
def world() -> PlexWorld:
    return PlexWorld(token="secret")


@pytest.fixture
def told(world: PlexWorld) -> list[Notification]:
    """What the world says."""
    notifications: list[Notification] = []
    world.subscribe(notifications.append)
    return notifications


def last(told: list[Notification]) -> tuple[str, float | None]:
    """Return the event and the progress of the last notification."""
    return told[-1].body["event"], told[-1].body["Activity"].get("progress")


def test_two_worlds_are_the_same() -> None:
    """Nothing is random, so that a failing test fails again."""
    first, second = (PlexWorld(token="secret") for _ in range(2))
    assert first.libraries == second.libraries
    assert [first.start_butler() for _ in range(3)] == [
        second.start_butler() for _ in range(3)
    ]
    other = PlexWorld(token="secret", seed=1)
    assert other.start_butler().uuid != first.activities[0].uuid


def test_a_new_world_is_idle(world: PlexWorld) -> None:
    assert world.activities == ()
    assert [library.title for library in world.libraries] == [
        "Movies",
        "TV Shows",
        "Music",
    ]


def test_who_unsubscribes_is_told_no_more(world: PlexWorld) -> None:
    told: list[Notification] = []
    unsubscribe = world.subscribe(told.append)
    world.start_butler()
    unsubscribe()
    world.start_butler()
    assert len(told) == 1


@pytest.mark.parametrize(
    ("kind", "cancellable"),
    [
        ("library.update.section", False),
        ("media.generate.credits", False),
        ("provider.subscriptions.process", True),
    ],
)
def test_what_is_cancellable_is_as_it_was_seen_on_plex(
    world: PlexWorld, kind: str, cancellable: bool
) -> None:
    assert world.start(kind).cancellable is cancellable
    assert world.start(kind, cancellable=not cancellable).cancellable is not cancellable


def test_an_activity_can_be_named_by_any_of_its_states(world: PlexWorld) -> None:
    started = world.start("media.download", title="Old")
    changed = world.update(started, title="New", progress=3)
    assert world.activity(started) == world.activity(started.uuid) == changed
    world.end(started)
    with pytest.raises(UnknownActivityError):
        world.update(changed, progress=4)


def test_an_end_may_say_no_progress(world: PlexWorld, told: list[Notification]) -> None:
    world.end(world.start("media.download"), progress=None)
    assert last(told) == ("ended", None)


@pytest.mark.parametrize(
    ("cancelling", "running", "said"),
    [
        (Cancelling.ENDS, False, ("ended", 40)),
        (Cancelling.ENDS_AT_100, False, ("ended", 100)),
        (Cancelling.VANISHES, False, ("updated", 40)),
        (Cancelling.IGNORED, True, ("updated", 40)),
        (Cancelling.LATER, True, ("updated", 40)),
    ],
)
def test_what_follows_a_cancel_can_be_set(
    world: PlexWorld,
    told: list[Notification],
    cancelling: Cancelling,
    running: bool,
    said: tuple[str, float],
) -> None:
    world.cancelling = cancelling
    activity = world.update(world.process_subscriptions(), progress=40)
    world.cancel(activity)
    assert world.is_running(activity) is running
    assert last(told) == said


@pytest.mark.parametrize("progress", [-1, 0, 99, 100, None])
def test_a_cancelled_activity_never_ends_at_100(
    world: PlexWorld, told: list[Notification], progress: float | None
) -> None:
    world.cancel(world.start("media.download", progress=progress, cancellable=True))
    assert last(told) == ("ended", 99 if progress == 100 else progress)


def test_what_is_to_stop_later_stops_when_told(
    world: PlexWorld, told: list[Notification]
) -> None:
    world.cancelling = Cancelling.LATER
    first, second = world.process_subscriptions(), world.process_subscriptions()
    world.cancel(first)
    world.cancel(second)
    world.update(first, progress=70)
    world.finish_stopping(first)
    assert last(told) == ("ended", 70)
    assert world.activities == (second,)
    world.finish_stopping()
    assert not world.is_running(second)


def test_what_ends_by_itself_is_not_stopped_again(world: PlexWorld) -> None:
    world.cancelling = Cancelling.LATER
    activity = world.process_subscriptions()
    world.cancel(activity)
    world.end(activity)
    world.finish_stopping(activity)
    world.finish_stopping()
    assert world.activities == ()


def test_what_says_it_is_not_cancellable_is_not(world: PlexWorld) -> None:
    scan = world.scan("1")
    with pytest.raises(NotCancellableError):
        world.cancel(scan)
    assert world.is_running(scan)


def test_stopping_work_that_is_not_done_stops_nothing(world: PlexWorld) -> None:
    scan = world.scan("1")
    assert not world.stop_work("library", "2")
    assert world.stop_work("library", "1")
    assert not world.is_running(scan)


def test_scans_of_one_library_can_coexist(world: PlexWorld) -> None:
    first, second = world.scan("1"), world.scan("1")
    assert first.uuid != second.uuid
    world.end(first)
    assert world.is_refreshing("1")
    world.end(second)
    assert not world.is_refreshing("1")


def test_a_restart_takes_everything_away_without_a_word(
    world: PlexWorld, told: list[Notification]
) -> None:
    scanned = world.library("1").scanned_at
    world.scan("1")
    world.run_task("BackupDatabase")
    count = len(told)
    world.restart(version="1.44.0")
    assert world.activities == ()
    assert world.running_tasks == set()
    assert len(told) == count
    assert world.identity.version == "1.44.0"
    assert world.library("1").scanned_at == scanned


def test_keys_of_libraries_are_never_used_twice(world: PlexWorld) -> None:
    world.remove_library("3")
    assert world.add_library("Photos", kind="photo").key == "4"
    assert [library.key for library in world.libraries] == ["1", "2", "4"]


def test_a_scan_follows_the_name_of_its_library(world: PlexWorld) -> None:
    scan = world.scan("1")
    world.rename_library("1", "Films")
    assert world.progress_scan(scan).title == "Scanning Films"


def test_the_server_can_be_renamed(world: PlexWorld) -> None:
    world.rename("Cellar")
    assert world.identity.friendly_name == "Cellar"
    assert world.token not in repr(world.accounts)
