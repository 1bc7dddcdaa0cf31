"""A line about the servers for Home Assistant's system information."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import PlexActivitiesConfigEntry


@callback
def async_register(_: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Say where the information comes from."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    entries: list[PlexActivitiesConfigEntry] = hass.config_entries.async_loaded_entries(
        DOMAIN
    )
    coordinators = [entry.runtime_data for entry in entries]
    return {
        "servers": len(hass.config_entries.async_entries(DOMAIN)),
        "reachable": sum(one.last_update_success for one in coordinators),
        "live_updates": sum(one.listener.transport is not None for one in coordinators),
        "running": sum(len(one.book.running) for one in coordinators),
    }
