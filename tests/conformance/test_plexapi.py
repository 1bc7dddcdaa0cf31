"""PlexAPI: reads XML only, and listens on a WebSocket of its own in a thread."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from plexapi.exceptions import BadRequest, NotFound, Unauthorized
from plexapi.server import PlexServer
import pytest
import requests

from tests.simulator import SimulatedPlex


async def connect(plex: SimulatedPlex, token: str) -> PlexServer:
    """Connect as PlexAPI does, whose calls all block."""
    return await asyncio.to_thread(PlexServer, plex.url, token, requests.Session())


@pytest.fixture
async def server(plex: SimulatedPlex) -> AsyncIterator[PlexServer]:
    server = await connect(plex, plex.token)
    yield server
    server._session.close()


async def test_it_connects(plex: SimulatedPlex, server: PlexServer) -> None:
    identity = plex.world.identity
    assert server.friendlyName == identity.friendly_name
    assert server.machineIdentifier == identity.machine_identifier
    assert server.version == identity.version
    assert server.myPlexUsername == identity.my_plex_username
    assert server.eventStream is True
    assert (await asyncio.to_thread(server.identity)).claimed is True


async def test_a_wrong_token_is_unauthorized(plex: SimulatedPlex) -> None:
    with requests.Session() as session, pytest.raises(Unauthorized):
        await asyncio.to_thread(PlexServer, plex.url, "wrong", session)


async def test_it_lists_activities(plex: SimulatedPlex, server: PlexServer) -> None:
    assert await asyncio.to_thread(lambda: server.activities) == []
    plex.world.start_butler()
    scan = plex.world.scan("2")
    plex.world.progress_scan(scan, subtitle="Firefly S01 E05", progress=7)
    butler, scanning = await asyncio.to_thread(lambda: server.activities)
    assert (butler.type, butler.progress, butler.cancellable) == ("butler", 100, False)
    assert scanning.uuid == scan.uuid
    assert scanning.type == "library.update.section"
    assert scanning.title == "Scanning TV Shows"
    assert scanning.subtitle == "Firefly S01 E05"
    assert scanning.progress == 7


async def test_it_lists_libraries(server: PlexServer) -> None:
    library = await asyncio.to_thread(lambda: server.library)
    sections = await asyncio.to_thread(library.sections)
    assert [(one.key, one.title, one.type) for one in sections] == [
        (1, "Movies", "movie"),
        (2, "TV Shows", "show"),
        (3, "Music", "artist"),
    ]
    assert sections[0].locations == ["/media/Movies"]
    assert sections[0].refreshing is False


async def test_a_guest_lists_libraries_too(plex: SimulatedPlex) -> None:
    """Only the owner may see the library's root, and PlexAPI knows a way around."""
    plex.world.add_account("guest", token="guest")
    server = await connect(plex, "guest")
    library = await asyncio.to_thread(lambda: server.library)
    assert len(await asyncio.to_thread(library.sections)) == 3
    with pytest.raises(BadRequest, match="403"):
        await asyncio.to_thread(server.systemAccounts)
    server._session.close()


async def test_it_lists_accounts(plex: SimulatedPlex, server: PlexServer) -> None:
    guest = plex.world.add_account("guest", token="guest")
    accounts = await asyncio.to_thread(server.systemAccounts)
    assert [(one.id, one.name) for one in accounts] == [
        (1, "owner"),
        (guest.id, "guest"),
    ]


async def test_it_lists_butler_tasks(plex: SimulatedPlex, server: PlexServer) -> None:
    tasks = await asyncio.to_thread(server.butlerTasks)
    assert [task.name for task in tasks] == [
        task.name for task in plex.world.butler_tasks
    ]
    assert tasks[1].title == "Backup Database"


async def test_it_runs_butler_tasks(plex: SimulatedPlex, server: PlexServer) -> None:
    await asyncio.to_thread(server.runButlerTask, "OptimizeDatabase")
    assert plex.world.running_tasks == {"OptimizeDatabase"}


async def test_it_scans_and_stops_scanning(
    plex: SimulatedPlex, server: PlexServer
) -> None:
    section = await asyncio.to_thread(lambda: server.library.section("Music"))
    await asyncio.to_thread(section.update)
    assert plex.world.is_refreshing("3")
    await asyncio.to_thread(section.reload)
    assert section.refreshing is True
    await asyncio.to_thread(section.cancelUpdate)
    assert not plex.world.is_refreshing("3")
    await asyncio.to_thread(section.update, "/media/Music/Zatōichi & Söhne")
    assert plex.requests[-1].query == {"path": "/media/Music/Zatōichi & Söhne"}


async def test_it_scans_everything(plex: SimulatedPlex, server: PlexServer) -> None:
    library = await asyncio.to_thread(lambda: server.library)
    await asyncio.to_thread(library.update)
    assert len(plex.world.activities) == 3
    await asyncio.to_thread(library.cancelUpdate)
    assert not any(plex.world.activities)


async def test_a_scan_of_nothing_is_not_found(
    plex: SimulatedPlex, server: PlexServer
) -> None:
    section = await asyncio.to_thread(lambda: server.library.section("Music"))
    plex.world.remove_library("3")
    with pytest.raises(NotFound):
        await asyncio.to_thread(section.update)


async def test_it_hears_alerts(plex: SimulatedPlex, server: PlexServer) -> None:
    """It reads `NotificationContainer`, and gets everything but the log."""
    loop = asyncio.get_running_loop()
    alerts: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    listener = server.startAlertListener(  # type: ignore[no-untyped-call]
        lambda alert: loop.call_soon_threadsafe(alerts.put_nowait, alert)
    )
    await plex.subscribers(1)
    scan = plex.world.scan("1")
    plex.world.end(scan)
    heard = [await alerts.get() for _ in range(4)]
    assert [alert["type"] for alert in heard] == [
        "activity",
        "status",
        "activity",
        "status",
    ]
    assert heard[2]["ActivityNotification"][0]["event"] == "ended"
    assert heard[2]["ActivityNotification"][0]["uuid"] == scan.uuid
    assert heard[3]["StatusNotification"][0]["title"] == "Library scan complete"
    await asyncio.to_thread(listener.stop)
    await plex.subscribers(0)
    await asyncio.to_thread(listener.join)
