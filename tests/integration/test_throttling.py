"""How often the sensors write: each write is a row in the recorder's database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, State
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.plex_activities.const import TIMING, Timing
from tests.simulator import Activity

from .actions import start, start_scan
from .conftest import QUICK
from .server import Server, until

# A hundred times as long as in real life: no machine is so slow that it passes by
# itself, and nothing but the sensors wakes up when a test says that it has.
SLOWLY = replace(
    QUICK,
    poll_with_stream=timedelta(days=10),
    silence=timedelta(days=10).total_seconds(),
    write_progress=TIMING.write_progress * 100,
    write_subtitle=TIMING.write_subtitle * 100,
    write_list=TIMING.write_list * 100,
)
MOVIES = "activity_library.update.section_1"
GAUGE = "progress_library.update.section_1"


@pytest.fixture
def timing() -> Timing:
    """Let no interval pass unless a test says so."""
    return SLOWLY


class Writes:
    """What one entity has written since a test began to look."""

    def __init__(self, server: Server, key: str) -> None:
        """Begin to look."""
        self._entity_id = server.entity_id(key)
        self._events: list[Event[EventStateChangedData]] = async_capture_events(
            server.hass, "state_changed"
        )

    def __iter__(self) -> Iterator[State]:
        """Iterate over the states, the oldest first."""
        for event in self._events:
            state = event.data["new_state"]
            if state is not None and state.entity_id == self._entity_id:
                yield state

    @property
    def states(self) -> list[str]:
        """Return the states without their attributes."""
        return [state.state for state in self]

    def of(self, attribute: str) -> list[Any]:
        """Return what an attribute was each time."""
        return [state.attributes[attribute] for state in self]


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Let that much time pass."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done()


async def progress(
    server: Server, scan: Activity, *steps: float | None, subtitle: str = ""
) -> None:
    """Let a scan go on, and wait until the last of it is known."""
    for step in steps:
        server.plex.world.update(scan, progress=step, subtitle=subtitle)
    run = server.coordinator.book.running[scan.uuid]
    last = server.plex.world.activity(scan)
    await until(
        lambda: (
            (run.activity.progress, run.activity.subtitle)
            == (last.progress, last.subtitle)
        )
    )


def test_the_real_intervals_are_as_long_as_promised() -> None:
    assert TIMING.write_progress >= 1
    assert TIMING.write_subtitle >= 10


async def test_a_scan_of_fifteen_hundred_messages_is_two_writes(
    server: Server,
) -> None:
    """If it takes no time. A start and an end never wait."""
    await server.set_up()
    sensor, gauge = Writes(server, MOVIES), Writes(server, GAUGE)
    scan = await start_scan(server, "1")
    for message in range(1500):
        server.plex.world.progress_scan(
            scan, subtitle=f"Film {message}", progress=message * 100 // 1500
        )
    server.plex.world.end(scan)
    await server.until_state(MOVIES, "finished")
    assert sensor.states == ["running", "finished"]
    assert sensor.of("subtitle") == ["", "Film 1499"]
    assert gauge.states == ["40", "unknown"]
    await pass_time(server.hass, SLOWLY.write_subtitle)
    assert len(list(sensor)) == 2
    assert len(list(gauge)) == 2


async def test_progress_is_written_once_in_an_interval_and_then_the_latest(
    server: Server,
) -> None:
    await server.set_up()
    scan = await start_scan(server, "1")
    sensor, gauge = Writes(server, MOVIES), Writes(server, GAUGE)
    await progress(server, scan, 41, 42, 43, subtitle="A")
    await progress(server, scan, 44, subtitle="B")
    assert sensor.states == gauge.states == []
    await pass_time(server.hass, SLOWLY.write_progress)
    assert gauge.states == ["44"]
    assert sensor.of("progress") == [44]
    assert sensor.of("subtitle") == ["B"]
    await progress(server, scan, 45)
    assert gauge.states == ["44"]
    await pass_time(server.hass, SLOWLY.write_progress)
    assert gauge.states == ["44", "45"]
    assert sensor.of("progress") == [44, 45]


async def test_what_nobody_reads_off_is_not_written(server: Server) -> None:
    """Some work reports its progress to many places."""
    await server.set_up()
    scan = await start_scan(server, "1")
    gauge = Writes(server, GAUGE)
    await progress(server, scan, 40.1, 40.2, 40.4)
    await pass_time(server.hass, SLOWLY.write_subtitle)
    assert gauge.states == []
    await progress(server, scan, 40.6)
    await pass_time(server.hass, SLOWLY.write_progress)
    assert gauge.states == ["40.6"]


async def test_the_subtitle_alone_is_written_more_seldom(server: Server) -> None:
    """It is the name of a file, and there are thousands."""
    await server.set_up()
    scan = await start_scan(server, "1")
    sensor = Writes(server, MOVIES)
    await progress(server, scan, 40, subtitle="A")
    await progress(server, scan, 40, subtitle="B")
    await pass_time(server.hass, SLOWLY.write_progress)
    assert sensor.of("subtitle") == []
    await pass_time(server.hass, SLOWLY.write_subtitle)
    assert sensor.of("subtitle") == ["B"]


async def test_progress_takes_a_subtitle_along_that_would_have_waited(
    server: Server,
) -> None:
    await server.set_up()
    scan = await start_scan(server, "1")
    sensor = Writes(server, MOVIES)
    await progress(server, scan, 40, subtitle="A")
    await progress(server, scan, 41, subtitle="A")
    await progress(server, scan, 41, subtitle="B")
    await pass_time(server.hass, SLOWLY.write_progress)
    assert sensor.of("subtitle") == ["B"]
    await pass_time(server.hass, SLOWLY.write_subtitle)
    assert sensor.of("subtitle") == ["B"]


async def test_progress_that_comes_and_goes_is_no_start_and_no_end(
    server: Server,
) -> None:
    """Some work knows its progress only now and then."""
    await server.set_up()
    scan = await start_scan(server, "1")
    gauge = Writes(server, GAUGE)
    await progress(server, scan, -1, 50, None, 60)
    assert gauge.states == []
    await pass_time(server.hass, SLOWLY.write_progress)
    assert gauge.states == ["60"]


async def test_a_sensor_that_has_just_appeared_waits_like_the_others(
    server: Server,
) -> None:
    await server.set_up()
    download = await start(server)
    sensor = Writes(server, "activity_media.download")
    await progress(server, download, 41, 42, 43)
    assert sensor.states == []
    await pass_time(server.hass, SLOWLY.write_progress)
    assert sensor.of("progress") == [43]


async def test_the_list_of_what_runs_follows_now_and_then(server: Server) -> None:
    await server.set_up()
    scan = await start_scan(server, "1")
    listed = Writes(server, "running")
    await progress(server, scan, 50)
    assert listed.states == []
    await pass_time(server.hass, SLOWLY.write_list.total_seconds())
    ((one,),) = listed.of("activities")
    assert one["progress"] == 50
    server.plex.world.end(scan)
    await server.until_state("running", "0")
    await pass_time(server.hass, SLOWLY.write_list.total_seconds())
    assert listed.states == ["1", "0"]


async def test_a_poll_that_finds_nothing_new_writes_nothing(server: Server) -> None:
    await server.set_up()
    await start_scan(server, "1")
    changes = async_capture_events(server.hass, "state_changed")
    await server.coordinator.async_refresh()
    await server.coordinator.async_refresh()
    assert changes == []


@pytest.mark.parametrize("timing", [replace(SLOWLY, write_count=100.0)])
async def test_many_that_start_at_once_are_counted_together(server: Server) -> None:
    """Each would write a list that is longer by one."""
    await server.set_up()
    counted = Writes(server, "running")
    for _ in range(20):
        server.plex.world.start("media.download")
    await until(lambda: len(server.coordinator.book.running) == 20)
    assert counted.states == []
    await pass_time(server.hass, 100.0)
    assert counted.states == ["20"]
