"""What all ways of setting up a server share, and how each of them ends.

A flow is about one server: about that of an entry that is to be repaired or changed,
about one that was discovered, or about any that is not set up yet.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import callback

from .client import normalise_url
from .connection import plex_client
from .const import CONF_CLIENT_IDENTIFIER
from .core_plex import CoreServer, core_plex_servers
from .discovery import Discovery
from .entity import clean_name
from .probing import async_is_there


class ServerFlow(ConfigFlow):
    """A flow that ends with a server that has answered."""

    def __init__(self) -> None:
        """Begin without knowing anything."""
        self.discovery: Discovery | None = None
        self._new_identifier = str(uuid4())

    @property
    def entry(self) -> ConfigEntry | None:
        """Return the entry that the flow is about; None if it is to make one."""
        if self.source == SOURCE_REAUTH:
            return self._get_reauth_entry()
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_entry()
        return None

    @property
    def client_identifier(self) -> str:
        """Return who we are to Plex: always the same, so that it sees one device."""
        entries = [self.entry] if self.entry else self._async_current_entries()
        known = (entry.data.get(CONF_CLIENT_IDENTIFIER) for entry in entries)
        return next(filter(None, known), self._new_identifier)

    @property
    def wanted(self) -> str | None:
        """Return which server the flow is about; None if any that is not set up."""
        if self.entry is not None:
            return self.entry.unique_id
        if self.discovery is not None:
            return self.discovery.identity.machine_identifier
        return None

    @callback
    def is_wanted(self, machine_identifier: str) -> bool:
        """Return whether the flow is, or can be, about this server."""
        if self.wanted is not None:
            return machine_identifier == self.wanted
        return machine_identifier not in self._async_current_ids(include_ignore=False)

    @property
    def core_servers(self) -> dict[str, CoreServer]:
        """Return the servers of the core integration that can be taken over."""
        return {
            entry_id: server
            for entry_id, server in core_plex_servers(self.hass).items()
            if self.is_wanted(server.machine_identifier)
        }

    @callback
    def show_ways(self, step_id: str) -> ConfigFlowResult:
        """Let the user choose how to get at a server; `step_id` says why."""
        core_plex = ["core_plex"] if self.core_servers else []
        return self.async_show_menu(
            step_id=step_id,
            menu_options=["link", *core_plex, "manual"],
            description_placeholders={"name": self.server_name},
        )

    @property
    def server_name(self) -> str:
        """Return the name of the server that the flow is about, if it has one."""
        if self.entry is not None:
            return self.entry.title
        return "" if self.discovery is None else clean_name(self.discovery.name)

    async def async_present_address(self) -> dict[str, Any]:
        """Return the address of the entry, if its server still answers there.

        A token is no reason to change an address that works; somebody chose it.
        """
        entry = self.entry
        if entry is None or not await async_is_there(
            self.hass, entry.data, str(entry.unique_id)
        ):
            return {}
        return {key: entry.data[key] for key in (CONF_URL, CONF_VERIFY_SSL)}

    async def async_keep(self, given: Mapping[str, Any]) -> ConfigFlowResult:
        """Try a server and keep it: in the entry that this is about, or in a new one.

        Asked without the token first, so that what is no Plex server, or not the right
        one, never sees it.

        Raises:
            PlexError: It does not answer as it should.

        """
        data = {
            CONF_URL: normalise_url(given[CONF_URL]),
            CONF_TOKEN: given[CONF_TOKEN].strip(),
            CONF_VERIFY_SSL: given[CONF_VERIFY_SSL],
            CONF_CLIENT_IDENTIFIER: self.client_identifier,
        }
        client = plex_client(self.hass, data)
        identity = await client.identity()
        # Whoever enters a server by hand need not care that it was discovered, too.
        await self.async_set_unique_id(
            identity.machine_identifier, raise_on_progress=False
        )
        if self.entry is None:
            self._abort_if_unique_id_configured()
        self._abort_if_unique_id_mismatch()
        server = await client.server()
        if self.entry is not None:
            return self.async_update_reload_and_abort(self.entry, data_updates=data)
        title = clean_name(server.name) or server.identity.machine_identifier
        return self.async_create_entry(title=title, data=data)
