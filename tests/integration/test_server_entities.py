"""Busy and settled, and libraries that come and go."""

from dataclasses import replace

import pytest

from custom_components.plex_activities.const import Timing
from tests.simulator import SimulatedPlex

from .conftest import QUICK
from .server import Server, until

CREDITS = "media.generate.credits"


@pytest.fixture
def timing() -> Timing:
    """Ask for the libraries with every poll."""
    return replace(QUICK, libraries=0)


@pytest.mark.parametrize("server", [{"settle_seconds": 3600}], indirect=True)
async def test_a_server_is_busy_until_it_has_settled(server: Server) -> None:
    """Work often follows work; who shuts a server down wants to know that none does."""
    await server.set_up()
    assert server.state("busy", "binary_sensor").state == "off"
    activity = server.plex.world.start(CREDITS)
    await server.until_state("busy", "on", "binary_sensor")
    server.plex.world.end(activity)
    await server.until_state("running", "0")
    assert server.state("busy", "binary_sensor").state == "on"


@pytest.mark.parametrize("server", [{"settle_seconds": 0}], indirect=True)
async def test_with_nothing_to_wait_for_it_settles_at_once(server: Server) -> None:
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    await server.until_state("busy", "on", "binary_sensor")
    server.plex.world.end(activity)
    await server.until_state("busy", "off", "binary_sensor")


@pytest.mark.parametrize("server", [{"settle_seconds": 0.05}], indirect=True)
async def test_it_settles_by_itself(server: Server) -> None:
    """Nothing has to happen for nothing to happen."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    await server.until_state("busy", "on", "binary_sensor")
    server.plex.world.end(activity)
    await server.until_state("running", "0")
    await server.until_state("busy", "off", "binary_sensor")


async def test_quiet_types_do_not_count(server: Server) -> None:
    """The butler never ends."""
    await server.set_up()
    server.plex.world.start_butler()
    await server.until_state("activity_butler", "running")
    assert server.state("busy", "binary_sensor").state == "off"
    assert server.state("running").state == "0"
    (listed,) = server.state("running").attributes["activities"]
    assert listed["activity_type"] == "butler"
    assert listed["quiet"] is True
    assert server.events == []


async def test_a_new_library_gets_its_sensor(server: Server) -> None:
    await server.set_up()
    library = server.plex.world.add_library("Anime", kind="show")
    await server.coordinator.async_refresh()
    state = server.state(f"activity_library.update.section_{library.key}")
    assert state.state == "idle"
    assert "Anime" in state.name


async def test_a_library_that_is_gone_takes_its_sensors_along(server: Server) -> None:
    """But not for one short answer."""
    await server.set_up()
    movies = "activity_library.update.section_1"
    server.plex.world.remove_library("1")
    await server.coordinator.async_refresh()
    await server.coordinator.async_refresh()
    assert server.has(movies)
    await server.coordinator.async_refresh()
    assert not server.has(movies)
    assert not server.has("progress_library.update.section_1")


async def test_a_library_scan_that_comes_before_its_library_is_named_after_it(
    plex: SimulatedPlex, server: Server
) -> None:
    """The list of libraries is a minute old; the scan is not."""
    await server.set_up()
    library = plex.world.add_library("Anime", kind="show")
    scan = plex.world.scan(library)
    plex.world.progress_scan(scan)
    sensor = f"activity_library.update.section_{library.key}"
    await server.until_state(sensor, "running")
    await server.coordinator.async_refresh()
    await until(lambda: server.has(sensor) and "Anime" in server.state(sensor).name)
    await server.until_state("live", "on", "binary_sensor")
    plex.world.end(scan)
    await server.until_state(sensor, "finished")


@pytest.mark.parametrize("server", [{"stalled_minutes": 0.0001}], indirect=True)
async def test_what_makes_no_progress_is_stalled(server: Server) -> None:
    """A stuck scan blocks all the others."""
    await server.set_up()
    activity = server.plex.world.start("media.download", progress=10)
    await server.until_event("started", activity.uuid)
    await server.poll_until_state("activity_media.download", "stalled")
    await server.until_event("stalled", activity.uuid)
    server.plex.world.update(activity, progress=11)
    await server.until_state("activity_media.download", "running")


async def test_libraries_that_cannot_be_listed_are_no_outage(server: Server) -> None:
    """A server with a busy database answers late for them, just while it scans."""
    await server.set_up()
    with server.plex.faults.status(500, path="/library/sections"):
        await server.coordinator.async_refresh()
    assert server.coordinator.last_update_success
    assert server.has("activity_library.update.section_1")
