"""How a server is as a whole, in the one word that a dashboard card shows."""

from enum import StrEnum

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed

from .coordinator import PlexActivitiesConfigEntry


class ServerStatus(StrEnum):
    """How a server is, as a whole."""

    LOADING = "loading"
    ONLINE = "online"
    OFFLINE = "offline"
    SIGNED_OUT = "signed_out"
    NOT_LOADED = "not_loaded"
    NOT_PERMITTED = "not_permitted"


def server_status(
    hass: HomeAssistant, entry: PlexActivitiesConfigEntry
) -> ServerStatus:
    """Return how the server of a config entry is, for those who may know."""
    if entry.state is not ConfigEntryState.LOADED:
        return _status_of_unloaded(hass, entry)
    coordinator = entry.runtime_data
    if coordinator.last_update_success:
        return ServerStatus.ONLINE
    if isinstance(coordinator.last_exception, ConfigEntryAuthFailed):
        return ServerStatus.SIGNED_OUT
    return ServerStatus.OFFLINE


def _status_of_unloaded(
    hass: HomeAssistant, entry: PlexActivitiesConfigEntry
) -> ServerStatus:
    match entry.state:
        case ConfigEntryState.SETUP_RETRY:
            return ServerStatus.OFFLINE
        case ConfigEntryState.SETUP_IN_PROGRESS | ConfigEntryState.UNLOAD_IN_PROGRESS:
            return ServerStatus.LOADING
        case ConfigEntryState.NOT_LOADED if hass.state is not CoreState.running:
            return ServerStatus.LOADING
    if any(entry.async_get_active_flows(hass, {SOURCE_REAUTH})):
        return ServerStatus.SIGNED_OUT
    return ServerStatus.NOT_LOADED
