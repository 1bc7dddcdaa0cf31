"""The buttons: one for each library, and each scans its own."""

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.plex_activities.libraries import MISSES_UNTIL_GONE

from .server import Server, until
from .starting import scans, until_live


async def press(server: Server, key: str) -> None:
    """Press a button."""
    await server.hass.services.async_call(
        "button",
        "press",
        {"entity_id": server.entity_id(key, "button")},
        blocking=True,
    )


async def list_libraries(server: Server, *, times: int = 1) -> None:
    """Ask the server for its libraries, without waiting for the time to."""
    for _ in range(times):
        server.coordinator.library_watch.ask_again()
        await server.coordinator.async_refresh()
    await server.hass.async_block_till_done()


@pytest.mark.parametrize(
    ("section", "name"), [("1", "Movies"), ("2", "TV Shows"), ("3", "Music")]
)
async def test_every_library_has_a_button_that_scans_it(
    server: Server, section: str, name: str
) -> None:
    """Nobody has to know or to guess how the server calls it."""
    await server.set_up()
    state = server.state(f"scan_{section}", "button")
    assert state.entity_id.endswith(f"_scan_{name.lower().replace(' ', '_')}")
    assert state.name == f"Simulated Plex Scan {name}"
    assert state.state == STATE_UNKNOWN
    await press(server, f"scan_{section}")
    (request,) = scans(server)
    assert request.path == f"/library/sections/{section}/refresh"
    assert request.query == {}
    await until(lambda: server.coordinator.book.running)


async def test_a_new_library_has_one_as_soon_as_it_is_seen(server: Server) -> None:
    await server.set_up()
    server.plex.world.add_library("Photos <b>", kind="photo")
    await list_libraries(server)
    assert server.state("scan_4", "button").name == "Simulated Plex Scan Photos b"
    await press(server, "scan_4")
    assert scans(server)[0].path == "/library/sections/4/refresh"


async def test_the_button_goes_with_its_library(server: Server) -> None:
    """What it is for is gone, and a dead button on a dashboard helps nobody."""
    await server.set_up()
    entity_id = server.entity_id("scan_2", "button")
    server.plex.world.remove_library("2")
    await list_libraries(server, times=MISSES_UNTIL_GONE)
    assert not server.has("scan_2", "button")
    assert server.hass.states.get(entity_id) is None
    assert server.has("scan_1", "button")


async def test_a_button_that_somebody_has_removed_is_not_missed(server: Server) -> None:
    await server.set_up()
    registry = er.async_get(server.hass)
    registry.async_remove(server.entity_id("scan_2", "button"))
    server.plex.world.remove_library("2")
    await list_libraries(server, times=MISSES_UNTIL_GONE)
    assert not server.has("scan_2", "button")


async def test_a_renamed_library_is_called_by_its_new_name(server: Server) -> None:
    await server.set_up()
    server.plex.world.rename_library("1", "Films")
    await list_libraries(server)
    await until(lambda: server.state("scan_1", "button").name.endswith("Scan Films"))
    await server.hass.async_block_till_done()
    await until_live(server)


async def test_buttons_are_unavailable_with_their_server(server: Server) -> None:
    await server.set_up()
    async with server.plex.unreachable():
        await server.until_state("scan_1", STATE_UNAVAILABLE, "button")
    await server.until_state("scan_1", STATE_UNKNOWN, "button")
    await until_live(server)


async def test_a_press_that_the_server_refuses_is_an_error(server: Server) -> None:
    """A button that does nothing and says nothing is pressed again, and again."""
    await server.set_up()
    with server.plex.faults.forbidden(), pytest.raises(HomeAssistantError) as caught:
        await press(server, "scan_1")
    assert caught.value.translation_key == "not_permitted"
