"""Cancelling takes patience, and what happens meanwhile must not matter."""

import asyncio
from contextlib import suppress

from homeassistant.const import STATE_UNAVAILABLE
from pytest_homeassistant_custom_component.common import async_capture_events

from custom_components.plex_activities.const import TIMING
from tests.simulator import Cancelling

from .actions import cancel, start
from .server import Server, until

DOWNLOAD = "activity_media.download"


async def test_what_stops_after_a_while_is_waited_for(server: Server) -> None:
    await server.set_up()
    server.plex.world.cancelling = Cancelling.LATER
    download = await start(server)
    trying = asyncio.create_task(cancel(server, activity_id=download.uuid))
    await server.plex.requests.wait_for("DELETE", "/activities/")
    before = len(server.plex.requests.to("GET", "/activities"))
    await server.plex.requests.wait_for("GET", "/activities", count=before + 3)
    server.plex.world.finish_stopping(download)
    assert (await trying)[0]["outcome"] == "cancelled"


async def test_an_end_that_overtakes_the_answer_to_our_cancel_was_our_doing(
    server: Server,
) -> None:
    """The end and the answer come over two connections, in any order."""
    await server.set_up()
    server.plex.world.cancelling = Cancelling.ENDS_AT_100
    download = await start(server)
    with server.plex.faults.snapshot_in_flight(
        path="/activities/", method="DELETE"
    ) as held:
        trying = asyncio.create_task(cancel(server, activity_id=download.uuid))
        await held.arrived()
        await until(lambda: not server.coordinator.book.running)
        held.release()
        assert (await trying)[0]["outcome"] == "cancelled"
    assert server.state(DOWNLOAD).state == "cancelled"
    await server.until_event("cancelled", download.uuid)


async def test_a_server_that_falls_silent_does_not_outlast_the_timeout(
    server: Server,
) -> None:
    """A script that waits for us has a patience of its own."""
    await server.set_up()
    server.plex.world.cancelling = Cancelling.IGNORED
    download = await start(server)
    with server.plex.faults.snapshot_in_flight():
        async with asyncio.timeout(TIMING.request / 2):
            (answer,) = await cancel(server, activity_id=download.uuid, timeout=0.1)
    assert answer["outcome"] == "still_running"


async def test_a_script_that_is_stopped_meanwhile_takes_nothing_along(
    server: Server,
) -> None:
    """A poll that is broken off counts as failed, and all would become unavailable."""
    await server.set_up()
    server.plex.world.cancelling = Cancelling.IGNORED
    download = await start(server)
    changes = async_capture_events(server.hass, "state_changed")
    with server.plex.faults.snapshot_in_flight() as held:
        trying = asyncio.create_task(cancel(server, activity_id=download.uuid))
        await held.arrived()
        trying.cancel()
        with suppress(asyncio.CancelledError):
            await trying
        server.plex.world.end(download)
        await server.until_state(DOWNLOAD, "cancelled")
    new_states = [change.data["new_state"].state for change in changes]
    assert STATE_UNAVAILABLE not in new_states
