"""Asking for the scan of a library: of which one, and of what."""

from dataclasses import replace

from homeassistant.core import Context
from homeassistant.exceptions import Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from .actions import start_scan
from .server import Server, until
from .starting import MOVIES, SHOWS, STARTED, scan, scans


async def test_the_sensor_of_a_librarys_scans_stands_for_the_library(
    server: Server,
) -> None:
    """Dashboards and automations know sensors, not the server's ids."""
    await server.set_up()
    assert await scan(server, entity_id=server.entity_id(SHOWS)) == STARTED
    (request,) = scans(server)
    assert request.path == "/library/sections/2/refresh"
    assert request.query == {}
    await until(lambda: server.coordinator.book.running)


async def test_the_sensor_of_a_second_scan_stands_for_it_too(server: Server) -> None:
    """That there was one at all was chance; both are about the same library."""
    await server.set_up()
    await start_scan(server, "2")
    await start_scan(server, "2")
    assert await scan(server, entity_id=[server.entity_id(f"{SHOWS}_2")]) == STARTED
    assert [request.path for request in scans(server)] == [
        "/library/sections/2/refresh"
    ]


@pytest.mark.parametrize("library", ["TV Shows", "2", 2], ids=repr)
async def test_a_library_is_known_by_its_title_and_by_its_id(
    server: Server, library: object
) -> None:
    await server.set_up()
    entry_id = server.entry.entry_id
    answer = await scan(server, config_entry_id=entry_id, library=library)
    assert answer == STARTED
    assert [request.path for request in scans(server)] == [
        "/library/sections/2/refresh"
    ]


async def test_an_id_comes_before_a_title_that_looks_like_one(server: Server) -> None:
    """Or the library with that id could not be named at all."""
    server.plex.world.add_library("2")
    await server.set_up()
    await scan(server, config_entry_id=server.entry.entry_id, library="2")
    assert [request.path for request in scans(server)] == [
        "/library/sections/2/refresh"
    ]


@pytest.mark.parametrize(
    "folder",
    ["/media/Movies", "/media/Movies/", "/media/Movies/Heat & Co + 1 (1995)/ü%2F"],
)
async def test_a_folder_of_the_library_is_scanned_alone(
    server: Server, folder: str
) -> None:
    """After one download, a scan of everything would be a waste."""
    await server.set_up()
    await scan(server, path=folder)
    assert scans(server)[0].query == {"path": folder}


async def test_all_of_it_can_be_looked_at_again(server: Server) -> None:
    await server.set_up()
    await scan(server, force=True)
    assert scans(server)[0].query == {"force": "1"}


async def test_the_server_decides_where_its_folders_are_not_known(
    server: Server,
) -> None:
    """Not every token is told of them."""
    world = server.plex.world
    world._libraries["1"] = replace(world.library("1"), locations=())
    await server.set_up()
    assert await scan(server, path="/anywhere") == STARTED
    assert scans(server)[0].query == {"path": "/anywhere"}


@pytest.mark.parametrize("by_sensor", [True, False])
async def test_who_may_control_a_librarys_sensor_may_have_it_scanned(
    server: Server, hass_read_only_user: MockUser, by_sensor: bool
) -> None:
    """The same rule as for cancelling."""
    await server.set_up()
    entity_id = server.entity_id(MOVIES)
    named = (
        {"entity_id": entity_id}
        if by_sensor
        else {"config_entry_id": server.entry.entry_id, "library": "Movies"}
    )
    context = Context(user_id=hass_read_only_user.id)
    with pytest.raises(Unauthorized):
        await scan(server, **named, context=context)
    assert scans(server) == []
    control = {"entities": {"entity_ids": {entity_id: {"control": True}}}}
    hass_read_only_user.mock_policy(control)
    assert await scan(server, **named, context=context) == STARTED
