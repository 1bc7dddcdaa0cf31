"""Entities that go, with their library or because somebody does not want them."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.plex_activities.const import Timing

from .conftest import QUICK
from .server import Server

SCAN = "library.update.section_1"


@pytest.fixture
def timing() -> Timing:
    """Ask for the libraries with every poll."""
    return replace(QUICK, libraries=0)


async def lose_library(server: Server) -> None:
    """Remove a library from the server, and poll until that is believed."""
    server.plex.world.remove_library("1")
    for _ in range(3):
        await server.coordinator.async_refresh()


async def test_a_library_that_is_gone_leaves_nothing_behind(
    hass: HomeAssistant, server: Server
) -> None:
    await server.set_up()
    await lose_library(server)
    left = er.async_entries_for_config_entry(er.async_get(hass), server.entry.entry_id)
    assert not [entry for entry in left if entry.unique_id.endswith("_1")]


async def test_what_somebody_removed_before_is_not_missed(
    hass: HomeAssistant, server: Server
) -> None:
    """The library's other entities go all the same."""
    await server.set_up()
    registry = er.async_get(hass)
    registry.async_remove(server.entity_id(f"activity_{SCAN}"))
    registry.async_remove(server.entity_id("scan_1", "button"))
    await hass.async_block_till_done()
    await lose_library(server)
    assert not server.has(f"progress_{SCAN}")
