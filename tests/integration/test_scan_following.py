"""Waiting for the end of a scan that was asked for: which one it is, and how it ends.

Plex does not say which activity a scan becomes, and a scan does not say at first which
library it is of.
"""

import asyncio
from dataclasses import replace

from aiohttp import web
import pytest

from custom_components.plex_activities.const import Timing

from .actions import start_scan, until_known
from .conftest import QUICK
from .server import Server, until
from .starting import NOT_SEEN, begin, scan, until_live, waiting_for_scan

# The server is never asked for what runs: all that is known is what a stream tells.
TOLD = replace(QUICK, poll_after_action=60)

impatient = pytest.mark.parametrize(
    "timing", [replace(TOLD, scan_shows=0.4)], ids=["impatient"]
)


@pytest.fixture
def timing() -> Timing:
    return TOLD


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
        await until_known(server, first, second)
        world.end(second)
        await until(lambda: second.uuid not in server.coordinator.book.running)
        await server.hass.async_block_till_done()
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
