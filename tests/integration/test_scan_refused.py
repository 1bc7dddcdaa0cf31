"""What is not scanned, and why: refused before the server is asked, or by it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Context
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    UnknownUser,
)
import pytest
import voluptuous as vol

from tests.simulator import Faults

from .actions import start
from .server import Server
from .starting import MOVIES, STARTED, refused, scan, scans


async def test_a_title_that_two_libraries_share_names_neither(server: Server) -> None:
    """To scan the wrong one can take hours; so we ask, and say what to answer."""
    twin = server.plex.world.add_library("Movies")
    await server.set_up()
    named = {"config_entry_id": server.entry.entry_id}
    error = await refused(
        server, ServiceValidationError, "scan_library", **named, library="Movies"
    )
    assert error.translation_key == "several_libraries"
    assert "Movies (1), Movies (4)" in str(error)
    assert await scan(server, **named, library=twin.key) == STARTED


@pytest.mark.parametrize(
    "folder",
    [
        "/media/Movies 2",
        "/media/Movies/../Music",
        "/media",
        "Heat (1995)",
        "D:\\Movies",
    ],
)
async def test_a_folder_elsewhere_is_refused(server: Server, folder: str) -> None:
    """Plex accepts it, scans nothing, and leaves everybody wondering."""
    await server.set_up()
    error = await refused(
        server,
        ServiceValidationError,
        "scan_library",
        entity_id=server.entity_id(MOVIES),
        path=folder,
    )
    assert error.translation_key == "path_outside_library"
    assert str(error).endswith("folders on the server are: /media/Movies")
    assert scans(server) == []


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("entity_id", "library"),
        ("entity_id", "config_entry_id"),
        ("config_entry_id",),
        ("library",),
    ],
    ids=" ".join,
)
async def test_a_library_is_named_in_one_way(
    server: Server, names: tuple[str, ...]
) -> None:
    """Two ways could mean two libraries."""
    await server.set_up()
    possible = {
        "entity_id": server.entity_id(MOVIES),
        "config_entry_id": server.entry.entry_id,
        "library": "Movies",
    }
    named = {name: possible[name] for name in names}
    error = await refused(server, ServiceValidationError, "scan_library", **named)
    assert error.translation_key == "one_kind_of_library"


async def test_a_library_that_does_not_exist_is_told_from_those_that_do(
    server: Server,
) -> None:
    """What was misspelt is seen at once."""
    await server.set_up()
    error = await refused(
        server,
        ServiceValidationError,
        "scan_library",
        config_entry_id=server.entry.entry_id,
        library="Films",
    )
    assert error.translation_key == "unknown_library"
    assert "Movies (1), TV Shows (2), Music (3)" in str(error)


async def test_a_server_that_does_not_exist_has_no_libraries(server: Server) -> None:
    await server.set_up()
    with pytest.raises(ServiceValidationError):
        await scan(server, config_entry_id="unknown", library="Movies")


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("progress_library.update.section_1", "not_an_activity_sensor"),
        ("running", "not_an_activity_sensor"),
        ("activity_media.download", "not_a_library_sensor"),
    ],
)
async def test_another_sensor_stands_for_no_library(
    server: Server, key: str, reason: str
) -> None:
    await server.set_up()
    await start(server)
    entity_id = server.entity_id(key)
    error = await refused(
        server, ServiceValidationError, "scan_library", entity_id=entity_id
    )
    assert error.translation_key == reason


async def test_a_sensor_of_an_unloaded_server_stands_for_no_library(
    server: Server,
) -> None:
    await server.set_up()
    entity_id = server.entity_id(MOVIES)
    await server.unload()
    error = await refused(
        server, ServiceValidationError, "scan_library", entity_id=entity_id
    )
    assert error.translation_key == "server_not_loaded"


@pytest.mark.parametrize(
    "data",
    [
        {"entity_id": ["sensor.one", "sensor.two"]},
        {"entity_id": []},
        {"path": ""},
        {"timeout": -1},
        {"timeout": 86401},
        {"wait": "perhaps"},
        {"unheard_of": 1},
    ],
    ids=repr,
)
async def test_what_makes_no_sense_is_not_asked_for(
    server: Server, data: dict[str, Any]
) -> None:
    """An empty path would scan everything; two sensors have no common answer."""
    await server.set_up()
    with pytest.raises(vol.Invalid):
        await scan(server, **data)
    assert scans(server) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Faults.forbidden, "not_permitted"),
        (Faults.starting_up, "starting_up"),
        (Faults.reset, "cannot_connect"),
        (lambda faults: faults.status(400), "rejected"),
        (lambda faults: faults.status(404), "not_found"),
        (Faults.redirect, "not_plex"),
    ],
    ids=["forbidden", "starting_up", "reset", "rejected", "not_found", "redirect"],
)
async def test_the_server_says_why_not(
    server: Server, fault: Callable[[Faults], AbstractContextManager[Any]], reason: str
) -> None:
    """An automation that believes it had scanned is worse than one that stops."""
    await server.set_up()
    with fault(server.plex.faults):
        error = await refused(
            server,
            HomeAssistantError,
            "scan_library",
            entity_id=server.entity_id(MOVIES),
        )
    assert error.translation_key == reason
    assert "Simulated Plex" in str(error)


@pytest.mark.parametrize("wait", [False, True])
async def test_a_refused_token_asks_for_a_new_one(server: Server, wait: bool) -> None:
    """The poll would find out as well, but up to a minute later."""
    await server.set_up()
    with server.plex.faults.unauthorized(path="/library/sections/1/refresh"):
        error = await refused(
            server,
            HomeAssistantError,
            "scan_library",
            entity_id=server.entity_id(MOVIES),
            wait=wait,
        )
    assert error.translation_key == "invalid_auth"
    await server.hass.async_block_till_done()
    assert list(server.entry.async_get_active_flows(server.hass, {SOURCE_REAUTH}))


async def test_nobody_in_particular_may_nothing(server: Server) -> None:
    await server.set_up()
    with pytest.raises(UnknownUser):
        await scan(server, context=Context(user_id="nobody"))
