"""Plex Activities: what a Plex Media Server works on, live in Home Assistant."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .card import async_setup_card
from .connection import plex_client
from .const import DOMAIN, TIMING
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .issues import Issue, withdraw_issue
from .services import async_setup_services
from .storage import memory_store
from .websocket_api import async_setup_websocket_api

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
)


async def async_setup(hass: HomeAssistant, _: ConfigType) -> bool:
    """Set up what does not belong to one server."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    await async_setup_card(hass)
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: PlexActivitiesConfigEntry
) -> bool:
    """Set up one server."""
    client = plex_client(hass, entry.data, TIMING)
    coordinator = PlexActivitiesCoordinator(hass, entry, client, TIMING)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    coordinator.async_start()
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: PlexActivitiesConfigEntry
) -> bool:
    """Let go of one server, and remember what was running."""
    coordinator = entry.runtime_data
    await coordinator.async_stop_listening()
    await coordinator.async_close()
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(
    hass: HomeAssistant, entry: PlexActivitiesConfigEntry
) -> None:
    """Forget one server."""
    for issue in Issue:
        withdraw_issue(hass, entry, issue)
    await memory_store(hass, entry.entry_id).async_remove()
