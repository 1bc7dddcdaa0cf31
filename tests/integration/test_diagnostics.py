"""The file that people attach to bug reports: useful, and nothing private in it."""

from http import HTTPStatus
import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.simulator import SimulatedPlex

from .actions import start, start_scan
from .server import Server, until

PRIVATE: dict[str, Any] = {
    "title": "Secret title",
    "subtitle": "Secret subtitle",
    "context": {"key": "/secret/key", "librarySectionID": "2"},
    "response": {"message": "Secret response"},
}


@pytest.fixture
async def _diagnostics(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "diagnostics", {})
    await hass.async_block_till_done()


async def download(server: Server, hass_client: ClientSessionGenerator) -> str:
    """Return the file as the browser gets it."""
    client = await hass_client()
    address = f"/api/diagnostics/config_entry/{server.entry.entry_id}"
    response = await client.get(address)
    assert response.status == HTTPStatus.OK
    return await response.text()


async def data(server: Server, hass_client: ClientSessionGenerator) -> dict[str, Any]:
    """Return the part of the file that is ours."""
    ours: dict[str, Any] = json.loads(await download(server, hass_client))["data"]
    return ours


@pytest.mark.usefixtures("_diagnostics")
@pytest.mark.parametrize("server", [{"settle_seconds": 5}], indirect=True)
async def test_it_tells_what_helps(
    server: Server, hass_client: ClientSessionGenerator
) -> None:
    await server.set_up()
    await until(lambda: server.coordinator.client.counters.streams)
    activity = await start(server, **PRIVATE)
    described = {
        "activity_id": activity.uuid,
        "type": "media.download",
        "progress": 40,
        "cancellable": True,
        "has_title": True,
        "has_subtitle": True,
        "library_id": "2",
        "context": ["key", "librarySectionID"],
        "response": ["message"],
    }
    started_at = server.coordinator.book.running[activity.uuid].started_at
    assert await data(server, hass_client) == {
        "entry": {
            "state": "loaded",
            "reason": None,
            "secure": False,
            "verify_ssl": True,
        },
        "options": {"quiet_types": None, "settle_seconds": 5, "stalled_minutes": None},
        "server": {
            "version": "1.43.3.10828-4a1bb6b12",
            "platform": "Linux",
            "libraries": {"movie": 1, "show": 1, "artist": 1},
        },
        "connection": {
            "reachable": True,
            "last_error": None,
            "news_arrive_by": "websocket",
        },
        "counters": {
            "streams": 1,
            "frames": 1,
            "notifications": 1,
            "not_understood": 0,
            "rows_not_understood": 0,
        },
        "running": [
            {
                **described,
                "state": "running",
                "slot": "media.download",
                "started_at": started_at.isoformat(),
            }
        ],
        "slots": [
            {"slot": "library.update.section_1", "state": None},
            {"slot": "library.update.section_2", "state": None},
            {"slot": "library.update.section_3", "state": None},
            {"slot": "media.download", "state": "running"},
        ],
        "recent_notifications": [{"event": "started", **described}],
    }


@pytest.mark.usefixtures("_diagnostics")
async def test_it_holds_nothing_private(
    plex: SimulatedPlex, server: Server, hass_client: ClientSessionGenerator
) -> None:
    """It ends up in public, and whoever puts it there has not read it."""
    plex.world.rename_library("1", "Secret library")
    await server.set_up()
    await start(server, **PRIVATE)
    scan = await start_scan(server, "1")
    plex.world.end(await start(server, "secret.end", **PRIVATE))
    await server.until_event("started", scan.uuid)
    with plex.faults.forbidden(path="/activities"):
        await server.coordinator.async_refresh()
        failed = await download(server, hass_client)
    async with plex.unreachable():
        await until(lambda: not server.coordinator.last_update_success)
        unreachable = await download(server, hass_client)
    await server.until_state("live", "on", "binary_sensor")
    identity = plex.world.identity
    file = failed + unreachable
    assert plex.token not in file
    assert "127.0.0.1" not in file
    assert str(plex.port) not in file
    assert "Secret" not in file
    assert "/secret/key" not in file
    assert identity.friendly_name not in file
    assert identity.machine_identifier not in file
    assert identity.my_plex_username not in file
    assert server.entry.data["client_identifier"] not in file


@pytest.mark.usefixtures("_diagnostics")
async def test_it_tells_why_a_server_cannot_be_reached(
    server: Server, hass_client: ClientSessionGenerator
) -> None:
    await server.set_up()
    async with server.plex.unreachable():
        await server.until_state("running", "unavailable")
        told = await data(server, hass_client)
    await server.until_state("live", "on", "binary_sensor")
    assert told["connection"] == {
        "reachable": False,
        "last_error": "PlexConnectionRefusedError",
        "news_arrive_by": None,
    }
    assert told["entry"]["state"] == "loaded"


@pytest.mark.usefixtures("_diagnostics")
async def test_a_server_that_cannot_be_set_up_has_diagnostics_too(
    hass: HomeAssistant, server: Server, hass_client: ClientSessionGenerator
) -> None:
    """Nobody needs them more."""
    async with server.plex.unreachable():
        assert not await hass.config_entries.async_setup(server.entry.entry_id)
        await hass.async_block_till_done()
    assert await data(server, hass_client) == {
        "entry": {
            "state": "setup_retry",
            "reason": "cannot_connect",
            "secure": False,
            "verify_ssl": True,
        },
        "options": {
            "quiet_types": None,
            "settle_seconds": None,
            "stalled_minutes": None,
        },
    }
