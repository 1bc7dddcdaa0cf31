"""What can go wrong while somebody waits for a scan, and must not matter."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events

from .conftest import QUICK
from .server import Server, until
from .starting import NOT_SEEN, begin, scan, scans, waiting_for_scan


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


@pytest.mark.parametrize("timing", [replace(QUICK, request=600)], ids=["patient"])
async def test_a_server_that_falls_silent_does_not_outlast_the_patience(
    server: Server,
) -> None:
    """A script that waits for us has a patience of its own."""
    await server.set_up()
    with server.plex.faults.snapshot_in_flight() as held:
        async with waiting_for_scan(server, timeout=0.2) as waiting:
            await held.arrived()
        assert waiting.result() == NOT_SEEN


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
