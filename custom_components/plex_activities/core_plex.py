"""The servers that Home Assistant's own `plex` integration knows, to be taken over."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant

# How that integration calls what it keeps. Importing its names would import it all.
CORE_DOMAIN = "plex"
_NAME = "server"
_MACHINE_IDENTIFIER = "server_id"
_SERVER = "server_config"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreServer:
    """A server of the core integration, and what is copied from there."""

    machine_identifier: str
    name: str
    data: Mapping[str, Any]


def core_plex_servers(hass: HomeAssistant) -> dict[str, CoreServer]:
    """Return the servers by the entries that hold them; incomplete ones are left out.

    That integration leaves out what is not needed: `verify_ssl` for plain HTTP, and the
    token for a server without an account.
    """
    servers: dict[str, CoreServer] = {}
    for entry in hass.config_entries.async_entries(CORE_DOMAIN, include_ignore=False):
        machine_identifier = entry.data.get(_MACHINE_IDENTIFIER)
        config = entry.data.get(_SERVER) or {}
        if machine_identifier is None or CONF_URL not in config:
            continue
        servers[entry.entry_id] = CoreServer(
            machine_identifier=machine_identifier,
            name=entry.data.get(_NAME) or entry.title,
            data={
                CONF_URL: config[CONF_URL],
                CONF_TOKEN: config.get(CONF_TOKEN, ""),
                CONF_VERIFY_SSL: config.get(CONF_VERIFY_SSL, True),
            },
        )
    return servers
