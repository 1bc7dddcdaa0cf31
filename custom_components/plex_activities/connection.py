"""Makes the clients that talk to Plex, with Home Assistant's own means."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypedDict

from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.loader import async_get_loaded_integration
from homeassistant.util.json import json_loads

from .client import PlexAccount, PlexClient, PlexTv
from .const import CONF_CLIENT_IDENTIFIER, DOMAIN, TIMING, Timing

# Where accounts are. Tests put their own in its place.
PLEX_TV: Final = PlexTv()


class _Settings(TypedDict):
    version: str
    platform: str
    device_name: str
    json_loads: Callable[[str | bytes], object]
    request_timeout: float


def plex_client(
    hass: HomeAssistant, data: Mapping[str, Any], timing: Timing | None = None
) -> PlexClient:
    """Return a client for the server that a config entry's data describe.

    Raises:
        PlexInvalidUrlError: The address cannot be that of a server.
        PlexAuthError: The token cannot be one.

    """
    timing = timing or TIMING
    return PlexClient(
        async_get_clientsession(hass, verify_ssl=data[CONF_VERIFY_SSL]),
        data[CONF_URL],
        data[CONF_TOKEN],
        client_identifier=data[CONF_CLIENT_IDENTIFIER],
        silence=timing.silence,
        **_settings(hass, timing),
    )


def plex_account(hass: HomeAssistant, client_identifier: str) -> PlexAccount:
    """Return a client for an account at plex.tv."""
    return PlexAccount(
        async_get_clientsession(hass),
        client_identifier=client_identifier,
        plex_tv=PLEX_TV,
        **_settings(hass, TIMING),
    )


def _settings(hass: HomeAssistant, timing: Timing) -> _Settings:
    """Return who we are, and how we talk."""
    return {
        "version": str(async_get_loaded_integration(hass, DOMAIN).version),
        "platform": "Home Assistant",
        "device_name": hass.config.location_name,
        "json_loads": json_loads,
        "request_timeout": timing.request,
    }
