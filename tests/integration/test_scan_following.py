"""Waiting for the end of a scan that was asked for: which one it is, and how it ends.

Plex does not say which activity a scan becomes, and a scan does not say at first which
library it is of.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace

from aiohttp import web
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.plex_activities.const import Timing
from tests.simulator import Activity

from .actions import start_scan
from .conftest import QUICK
from .server import Server, until
from .starting import scan, scans, until_live, waiting_for_scan

NOT_SEEN = {"activity_id": None, "outcome": "not_seen"}

impatient = pytest.mark.parametrize(
    "timing", [replace(QUICK, scan_shows=0.2)], ids=["impatient"]
)


@pytest.fixture
def timing() -> Timing:
    """Leave it to the stream, unless a test is about its absence."""
    return replace(QUICK, poll_after_action=60)


def begin(server: Server, library: str = "1") -> Activity:
    """Start a scan that says at once which library it is of."""
    activity = server.plex.world.scan(library)
    return server.plex.world.progress_scan(activity, progress=40)


async def test_a_scan_is_waited_for_until_it_has_finished(server: Server) -> None:
    """What everybody wants to run something after."""
    await server.set_up()
    waiting = asyncio.create_task(scan(server, wait=True))
    await server.plex.requests.wait_for("GET", "/library/sections/1/refresh")
    await until(lambda: server.plex.world.activities)
    (activity,) = server.plex.world.activities
    server.plex.world.progress_scan(activity, progress=40)
    await server.until_state("activity_library.update.section_1", "running")
    assert not waiting.done()
    server.plex.world.end(activity)
    assert await waiting == {"activity_id": activity.uuid, "outcome": "finished"}


async def test_a_scan_that_stops_early_was_cancelled(server: Server) -> None:
    await server.set_up()
    async with waiting_for_scan(server) as waiting:
        activity = begin(server)
        server.plex.world.stop_work("library", "1")
    assert waiting.result() == {"activity_id": activity.uuid, "outcome": "cancelled"}


async def test_a_scan_that_a_restart_ends_was_interrupted(server: Server) -> None:
    """Whoever waits has to know that the library was not scanned to the end."""
    await server.set_up()
    async with waiting_for_scan(server) as waiting:
        activity = begin(server)
        await until(lambda: server.coordinator.book.running)
        async with server.plex.restarting():
            await until(lambda: not server.coordinator.last_update_success)
    assert waiting.result() == {"activity_id": activity.uuid, "outcome": "interrupted"}
    await until_live(server)


async def test_a_scan_that_outlasts_the_patience_is_named(server: Server) -> None:
    """So that it can be cancelled, or waited for in another way."""
    await server.set_up()

    async def begun(request: web.Request, handler: object) -> web.Response:
        begin(server)
        await until(lambda: server.coordinator.book.running)
        return web.Response()

    with server.plex.faults.answer(begun, path="/library/sections/1/refresh"):
        answer = await scan(server, wait=True, timeout=0.05)
    (activity,) = server.plex.world.activities
    assert answer == {"activity_id": activity.uuid, "outcome": "timeout"}


@impatient
async def test_a_scan_that_does_not_show_was_not_seen(server: Server) -> None:
    """Some servers accept a scan and never begin it."""
    await server.set_up()
    async with waiting_for_scan(server) as waiting:
        pass
    assert waiting.result() == NOT_SEEN


async def test_patience_can_be_shorter_than_a_scan_needs_to_show(
    server: Server,
) -> None:
    await server.set_up()
    async with waiting_for_scan(server, timeout=0.01) as waiting:
        pass
    assert waiting.result() == NOT_SEEN


async def test_the_scan_of_another_library_is_not_ours(server: Server) -> None:
    """It began first, and nobody could tell at first which library it was of."""
    await server.set_up()
    world = server.plex.world
    async with waiting_for_scan(server) as waiting:
        other, ours = world.scan("2"), world.scan("1")
        world.progress_scan(other, progress=10)
        world.end(other)
        world.progress_scan(ours, progress=20)
        world.end(ours)
    assert waiting.result() == {"activity_id": ours.uuid, "outcome": "finished"}


async def test_of_two_scans_of_the_library_ours_is_the_first(server: Server) -> None:
    """Even if the second one is quicker to say what it scans, and to end."""
    await server.set_up()
    world = server.plex.world
    async with waiting_for_scan(server) as waiting:
        first, second = world.scan("1"), world.scan("1")
        world.progress_scan(second, progress=20)
        world.end(second)
        await until(lambda: second.uuid not in server.coordinator.book.running)
        world.progress_scan(first, progress=20)
        world.stop_work("library", "1")
    assert waiting.result() == {"activity_id": first.uuid, "outcome": "cancelled"}


@impatient
async def test_a_scan_that_never_says_its_library_does_not_hide_the_next(
    server: Server,
) -> None:
    """The first that can be told to be ours is the best that can be said by then."""
    await server.set_up()
    world = server.plex.world
    async with waiting_for_scan(server) as waiting:
        world.scan("2")
        ours = begin(server)
        world.end(ours)
    assert waiting.result() == {"activity_id": ours.uuid, "outcome": "finished"}


@impatient
async def test_a_scan_that_ran_already_is_not_ours(server: Server) -> None:
    """It may be past what has changed since. What Plex does with ours it never says."""
    await server.set_up()
    running = await start_scan(server, "1")
    async with waiting_for_scan(server) as waiting:
        server.plex.world.progress_scan(running, progress=60)
        server.plex.world.end(running)
    assert waiting.result() == NOT_SEEN


async def test_a_scan_put_behind_one_that_runs_is_ours(server: Server) -> None:
    await server.set_up()
    running = await start_scan(server, "1")
    async with waiting_for_scan(server) as waiting:
        server.plex.world.end(running)
        ours = begin(server)
        server.plex.world.end(ours)
    assert waiting.result() == {"activity_id": ours.uuid, "outcome": "finished"}


async def test_other_work_is_no_scan(server: Server) -> None:
    await server.set_up()
    async with waiting_for_scan(server) as waiting:
        server.plex.world.start(
            "library.update.item.metadata", context={"librarySectionID": "1"}
        )
        ours = begin(server)
        server.plex.world.end(ours)
    assert waiting.result()["activity_id"] == ours.uuid


@pytest.mark.parametrize(
    "server", [{"quiet_types": ["library.update.section"]}], indirect=True
)
async def test_scans_that_are_kept_quiet_about_can_be_waited_for(
    server: Server,
) -> None:
    """The option is about events and being busy, not about being asked."""
    await server.set_up()
    async with waiting_for_scan(server) as waiting:
        ours = begin(server)
        server.plex.world.end(ours)
    assert waiting.result() == {"activity_id": ours.uuid, "outcome": "finished"}


@pytest.mark.parametrize("timing", [QUICK], ids=["quick"])
async def test_a_scan_whose_messages_are_lost_is_found_all_the_same(
    server: Server,
) -> None:
    """The server is asked as well, and not only told by."""
    await server.set_up()
    with server.plex.faults.notifications_lost():
        async with waiting_for_scan(server) as waiting:
            ours = begin(server)
            await until(lambda: server.coordinator.book.running)
            server.plex.world.end(ours)
            await server.coordinator.async_refresh()
    assert waiting.result() == {"activity_id": ours.uuid, "outcome": "finished"}


@pytest.mark.parametrize("timing", [QUICK], ids=["quick"])
async def test_without_a_stream_an_earlier_scan_is_not_mistaken_for_ours(
    server: Server,
) -> None:
    """It has run since after the last poll, and would be seen first after we asked."""
    faults = server.plex.faults
    with faults.upgrade_refused(), faults.eventsource_refused():
        await server.set_up(live=False)
        earlier = begin(server)
        async with waiting_for_scan(server) as waiting:
            ours = begin(server)
            await until(lambda: ours.uuid in server.coordinator.book.running)
            server.plex.world.end(earlier)
            server.plex.world.end(ours)
            await server.coordinator.async_refresh()
        assert waiting.result() == {"activity_id": ours.uuid, "outcome": "finished"}
        await server.unload()


@pytest.mark.parametrize("timing", [QUICK], ids=["quick"])
async def test_a_server_that_falls_silent_does_not_outlast_the_patience(
    server: Server,
) -> None:
    await server.set_up()
    with server.plex.faults.snapshot_in_flight() as held:
        async with waiting_for_scan(server, timeout=0.2) as waiting:
            await held.arrived()
        assert waiting.result() == NOT_SEEN


@pytest.mark.parametrize("timing", [QUICK], ids=["quick"])
async def test_a_script_that_is_stopped_meanwhile_leaves_the_server_available(
    server: Server,
) -> None:
    """A poll that is broken off counts as failed."""
    await server.set_up()
    changes = async_capture_events(server.hass, "state_changed")
    with server.plex.faults.snapshot_in_flight() as held:
        async with waiting_for_scan(server) as waiting:
            await held.arrived()
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
        activity = begin(server)
        server.plex.world.end(activity)
        await server.until_state("activity_library.update.section_1", "finished")
    new_states = [change.data["new_state"].state for change in changes]
    assert STATE_UNAVAILABLE not in new_states


async def test_nobody_waits_for_a_server_that_was_unloaded(server: Server) -> None:
    """Its scan goes on, but we hear no more of it: that is no end of any kind."""
    await server.set_up()
    async with waiting_for_scan(server) as waiting:
        begin(server)
        await until(lambda: server.coordinator.book.running)
        await server.unload()
    with pytest.raises(HomeAssistantError) as caught:
        waiting.result()
    assert caught.value.translation_key == "unloaded"
    assert "Simulated Plex" in str(caught.value)


async def test_what_the_server_refuses_is_not_waited_for(server: Server) -> None:
    await server.set_up()
    server.plex.world.remove_library("1")
    with pytest.raises(HomeAssistantError) as caught:
        await scan(server, wait=True)
    assert caught.value.translation_key == "not_found"
    assert len(scans(server)) == 1
