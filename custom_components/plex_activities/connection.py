"""Makes the client that talks to a server, with Home Assistant's own means."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.loader import async_get_loaded_integration
from homeassistant.util.json import json_loads

from .client import PlexClient
from .const import CONF_CLIENT_IDENTIFIER, DOMAIN, TIMING, Timing


def plex_client(
    hass: HomeAssistant, data: Mapping[str, Any], timing: Timing = TIMING
) -> PlexClient:
    """Return a client for the server that a config entry's data describe.

    Raises:
        PlexInvalidUrlError: The address cannot be that of a server.
        PlexAuthError: The token cannot be one.

    """
    return PlexClient(
        async_get_clientsession(hass, verify_ssl=data[CONF_VERIFY_SSL]),
        data[CONF_URL],
        data[CONF_TOKEN],
        client_identifier=data[CONF_CLIENT_IDENTIFIER],
        version=str(async_get_loaded_integration(hass, DOMAIN).version),
        platform="Home Assistant",
        device_name=hass.config.location_name,
        json_loads=json_loads,
        request_timeout=timing.request,
        silence=timing.silence,
    )
