"""Watches everything that leaves the integration for a secret that must not.

A token has two places where it belongs: the headers of requests, and the file of Home
Assistant that keeps config entries.
"""

from collections.abc import Mapping
from contextlib import suppress
import json
import logging
import traceback
from typing import override

from homeassistant.const import MATCH_ALL
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from custom_components.plex_activities.diagnostics import (
    async_get_config_entry_diagnostics,
)
from tests.simulator import SimulatedPlex

from .server import Server

OUR_FILES = "plex_activities."


class Leaks(logging.Handler):
    """Reads along, and notes where the secret was."""

    def __init__(
        self, hass: HomeAssistant, secret: str, storage: Mapping[str, object]
    ) -> None:
        """Begin with the events; to be added to a logger as well."""
        super().__init__(logging.DEBUG)
        self.found: list[str] = []
        self.records: list[logging.LogRecord] = []
        self.read: dict[str, int] = {}
        self._secret = secret
        self._storage = storage
        hass.bus.async_listen(MATCH_ALL, self._handle_event)

    def look(self, place: str, *things: object) -> None:
        """Note it if the secret is in how something is written out."""
        self.read[place] = self.read.get(place, 0) + 1
        for text in map(str, things):
            if self._secret in text:
                self.found.append(f"{place}: {text}")

    @override
    def emit(self, record: logging.LogRecord) -> None:
        """Read a line of the log, what it was made of, and what hangs on it."""
        self.records.append(record)
        self.look("log", self.format(record), record.msg, repr(record.args))

    @callback
    def _handle_event(self, event: Event) -> None:
        self.look("event", repr(event), repr(event.data))

    def look_at_error(self, err: BaseException | None) -> None:
        """Read an error as a log would show it."""
        if err is not None:
            self.look("error", *traceback.format_exception(err), repr(err))

    def look_at_requests(self, plex: SimulatedPlex) -> None:
        """Read the addresses that were asked for."""
        for request in plex.requests:
            self.look("request", request.path, request.query)

    def look_at_home_assistant(self, server: Server) -> None:
        """Read the states and the registries."""
        hass, entry_id = server.hass, server.entry.entry_id
        for state in hass.states.async_all():
            self.look("state", state.as_dict())
        registry = er.async_get(hass)
        for registered in er.async_entries_for_config_entry(registry, entry_id):
            self.look("registry", registered)
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry_id):
            self.look("registry", device)
        for issue in ir.async_get(hass).issues.values():
            self.look("registry", issue)

    def look_at_storage(self) -> None:
        """Read what would be on disk."""
        for name, content in self._storage.items():
            if name.startswith(OUR_FILES):
                self.look("storage", json.dumps(content))

    async def look_everywhere(self, server: Server) -> None:
        """Read all that there is to be read in the end, diagnostics included."""
        hass, entry = server.hass, server.entry
        self.look_at_requests(server.plex)
        self.look_at_home_assistant(server)
        self.look_at_storage()
        self.look("entry", entry.reason, entry.error_reason_translation_placeholders)
        diagnostics = await async_get_config_entry_diagnostics(hass, entry)
        self.look("diagnostics", json.dumps(diagnostics))
        with suppress(AttributeError):  # An entry that is not set up has none.
            self.look_at_error(server.coordinator.last_exception)
