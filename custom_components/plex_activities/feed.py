"""What a dashboard card is told: what the servers run, and from then on what changes.

A `Feed` is one subscription, with a `ServerFeed` for each server in it. Those only note
what changed. Once a second at most, the feed asks each for what it has to say by then:
a scan brings a message for every file, and a browser must not get each of them.

The first message is complete, and so is what is said of a server that was set up anew.
A card that always puts together what it hears has the present state, whatever happens
to the config entry behind it.
"""

from asyncio import TimerHandle
from collections.abc import Callable, Iterator
from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .server_feed import ServerFeed

# Seconds. More often than this nobody can read.
INTERVAL = 1.0


class Feed:
    """Tells one subscriber of one server or of all, until it is stopped."""

    def __init__(
        self,
        hass: HomeAssistant,
        user: User,
        config_entry_id: str | None,
        send: Callable[[dict[str, Any]], None],
    ) -> None:
        """Prepare to tell; `send` is called with every message."""
        self._hass = hass
        self._user = user
        self._config_entry_id = config_entry_id
        self._send = send
        self._servers: dict[str, ServerFeed] = {}
        self._removed: list[str] = []
        self._timer: TimerHandle | None = None
        self._sent_at = 0.0
        self._disconnects: list[Callable[[], None]] = []

    @callback
    def start(self, **first: Any) -> None:
        """Tell everything, with what belongs to the first message only."""
        self._disconnects += (
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._handle_entry
            ),
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._handle_registry
            ),
        )
        for entry in self._hass.config_entries.async_entries(DOMAIN):
            self._handle_entry(ConfigEntryChange.ADDED, entry)
        self._flush(**first)

    @callback
    def stop(self) -> None:
        """Tell nothing more."""
        for disconnect in self._disconnects:
            disconnect()
        for server in self._servers.values():
            server.disconnect()
        self._cancel_timer()

    @callback
    def _handle_entry(self, change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        """Follow a server that is added, set up, unloaded, renamed or removed."""
        if entry.domain != DOMAIN or self._config_entry_id not in {
            None,
            entry.entry_id,
        }:
            return
        if change is ConfigEntryChange.REMOVED:
            if server := self._servers.pop(entry.entry_id, None):
                server.disconnect()
                self._removed.append(entry.entry_id)
                self._touch()
            return
        server = self._servers.get(entry.entry_id)
        if server is None:
            server = ServerFeed(self._hass, entry, self._user, self._touch)
            self._servers[entry.entry_id] = server
        server.follow()
        # Most entries that are unloaded are being reloaded, and back within a moment.
        self._touch(patiently=not server.is_connected)

    @callback
    def _handle_registry(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Tell the new name of a sensor, or that an activity has got one by now."""
        registered = er.async_get(self._hass).async_get(event.data["entity_id"])
        if registered and (
            server := self._servers.get(registered.config_entry_id or "")
        ):
            server.tell_again()

    @callback
    def _touch(self, *, patiently: bool = False) -> None:
        """Have what changed told soon, together with all that changes until then."""
        if self._timer is None:
            now = self._hass.loop.time()
            when = now if not patiently else now + INTERVAL
            self._timer = self._hass.loop.call_at(
                max(when, self._sent_at + INTERVAL), self._flush
            )

    @callback
    def _flush(self, **first: Any) -> None:
        self._cancel_timer()
        servers = list(self._said())
        removed, self._removed = self._removed, []
        if not (first or servers or removed):
            return
        self._sent_at = self._hass.loop.time()
        # The browser's clock may be wrong, and counts from when something started.
        message = {**first, "now": dt_util.utcnow().isoformat(), "servers": servers}
        if removed:
            message["removed"] = removed
        self._send(message)

    def _said(self) -> Iterator[dict[str, Any]]:
        for server in self._servers.values():
            if said := server.take():
                yield said

    @callback
    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
