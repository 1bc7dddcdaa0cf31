"""The coordinator connects one server to Home Assistant. It decides nothing itself.

* `client.PlexClient` asks, and opens streams; `listener` keeps one of them up.
* `client.ActivityTracker` decides what runs and what changed.
* `book.RunBook` decides what that means here, and tells the entities that show it.

A poll (`_async_update_data`) is the truth; the stream only brings it early.
Notifications go past the base class on purpose: `async_set_updated_data` would restart
the poll's clock with each of them, and a busy server would never be polled again.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
import logging
from time import monotonic
from typing import Any, NoReturn, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import CoreState, Event, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .book import RunBook
from .client import (
    Activity,
    ActivityTracker,
    Library,
    Notification,
    PlexCertificateError,
    PlexClient,
    PlexConnectionRefusedError,
    PlexError,
    PlexStartingUpError,
    Server,
)
from .const import (
    CONF_QUIET_TYPES,
    CONF_SETTLE_SECONDS,
    CONF_STALLED_MINUTES,
    DEFAULT_QUIET_TYPES,
    DEFAULT_SETTLE_SECONDS,
    DEFAULT_STALLED_MINUTES,
    DOMAIN,
    Timing,
)
from .errors import update_error
from .event_gate import EventGate
from .following import follow_server
from .issues import Issue, async_check_owner, report_issue, withdraw_issue
from .libraries import LibraryChanges, LibraryList
from .library_watch import LibraryWatch
from .listener import NotificationListener
from .memory import Memory, dump_memory, load_memory
from .slots import NO_LIBRARY, Slot
from .storage import memory_store

_LOGGER = logging.getLogger(__name__)

# Written soon, but once for many activities that start and end together.
SAVE_DELAY = 5
POLLING = "polling"

type PlexActivitiesConfigEntry = ConfigEntry[PlexActivitiesCoordinator]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlexData:
    """What a poll finds that is not an activity."""

    server: Server
    libraries: tuple[Library, ...]


class PlexActivitiesCoordinator(DataUpdateCoordinator[PlexData]):
    """Keeps one Plex Media Server's activities."""

    config_entry: PlexActivitiesConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PlexActivitiesConfigEntry,
        client: PlexClient,
        timing: Timing,
    ) -> None:
        """Prepare everything; nothing is asked or opened yet."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=timing.poll_without_stream,
            # Entities follow the book; a poll tells them about availability only.
            always_update=False,
        )
        options = entry.options
        self.client = client
        self.timing = timing
        self.settle_seconds: int = options.get(
            CONF_SETTLE_SECONDS, DEFAULT_SETTLE_SECONDS
        )
        self.stalled_minutes: int = options.get(
            CONF_STALLED_MINUTES, DEFAULT_STALLED_MINUTES
        )
        self.libraries = LibraryList()
        self.tracker = ActivityTracker()
        self.book = RunBook(
            libraries=self.libraries,
            quiet_types=options.get(CONF_QUIET_TYPES, DEFAULT_QUIET_TYPES),
            utcnow=dt_util.utcnow,
            monotonic=monotonic,
        )
        self.library_watch = LibraryWatch(
            client, self.libraries, interval=timing.libraries
        )
        self.events = EventGate()
        self._store = memory_store(hass, entry.entry_id)
        self.listener = NotificationListener(
            client,
            timing,
            name=self.name,
            take_snapshot=self._async_take_snapshot_now,
            on_notification=self._handle_notification,
        )
        self._listening: asyncio.Task[NoReturn] | None = None
        # Until the memory has been read there is nothing worth keeping.
        self._is_closed = True
        self._server: Server
        self._server_version = ""
        self._server_is_checked = False
        self._server_seen_down = False
        self.book.announced.connect(self.events.announce)
        self.book.membership_changed.connect(self._save_soon)
        self.book.slot_added.connect(self._handle_slot_added)
        self.library_watch.changed.connect(self._handle_library_changes)

    # Life

    @override
    async def _async_setup(self) -> None:
        """Go on where the last coordinator of this entry stopped."""
        memory = load_memory(await self._store.async_load())
        self._server_version = memory.version
        for library in self.libraries.update(memory.libraries).added:
            self.book.add_library(library)
        self.book.restore(memory.shown, memory.running)
        self.tracker.restore((run.activity for run in memory.running), memory.ended)
        self._is_closed = False
        if memory.server_seen_down:
            self._note_restart()

    @callback
    def async_start(self) -> None:
        """Listen from now on; to be called when the entities are there to hear it."""
        self._listening = self.config_entry.async_create_background_task(
            self.hass, self.listener.run(), name=f"{DOMAIN} listener {self.name}"
        )
        self.config_entry.async_create_background_task(
            self.hass,
            async_check_owner(self.hass, self.config_entry, self.client),
            name=f"{DOMAIN} owner {self.name}",
        )
        # The first listener must not be an entity: without any the base class stops
        # polling, and entities can be disabled.
        self.config_entry.async_on_unload(
            self.async_add_listener(self._handle_refreshed)
        )
        self.config_entry.async_on_unload(
            async_at_started(self.hass, self._handle_refreshed)
        )
        # Entries are not unloaded then, and Home Assistant closes its sessions. Before
        # 2026.10 the base class would go on to poll with them.
        self.config_entry.async_on_unload(
            self.hass.bus.async_listen(
                EVENT_HOMEASSISTANT_STOP, self._async_handle_stop
            )
        )

    async def _async_handle_stop(self, _: Event) -> None:
        """Poll no more. What is known is written when Home Assistant writes all."""
        await super().async_shutdown()

    async def async_stop_listening(self) -> None:
        """Hear nothing more, so that nothing happens while the entities are removed."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    async def async_close(self) -> None:
        """Keep what is known for the next coordinator, and change nothing more."""
        if not self._is_closed:
            self._is_closed = True
            await self._store.async_save(self._memory())

    @override
    async def async_shutdown(self) -> None:
        """End, also where set-up has failed and will be tried again with another."""
        await super().async_shutdown()
        await self.async_close()

    @callback
    def _handle_refreshed(self, _: HomeAssistant | None = None) -> None:
        """Let events out once the entities have heard that the server is there."""
        if self.last_update_success and self.hass.state is CoreState.running:
            self.events.open()
        else:
            self.events.close()

    def _memory(self) -> dict[str, Any]:
        return dump_memory(
            Memory(
                version=self._server_version,
                server_seen_down=self._server_seen_down,
                libraries=tuple(self.libraries.known.values()),
                shown=self.book.shown,
                running=tuple(self.book.running.values()),
                ended=tuple(self.tracker.ended),
            )
        )

    @callback
    def _save_soon(self) -> None:
        # A poll that was under way when this was closed must not overwrite what the
        # next coordinator has written since.
        if not self._is_closed:
            self._store.async_delay_save(self._memory, SAVE_DELAY)

    # The poll

    @override
    async def _async_update_data(self) -> PlexData:
        """Ask the server for everything that is due, and reconcile."""
        self.update_interval = self.timing.poll_without_stream
        try:
            is_just_checked = not self._server_is_checked
            if is_just_checked:
                await self._async_check_server()
            # A first snapshot needs the libraries, to tell what its scans are about.
            # Later activities come first: a busy database answers late for libraries.
            if self.data is None:
                await self.library_watch.async_update()
            await self._async_take_snapshot(is_just_checked=is_just_checked)
            await self.library_watch.async_update()
        except PlexError as err:
            self._note_failure(err)
            raise update_error(err, self.name) from err
        if self.listener.is_open:
            self.update_interval = self.timing.poll_with_stream
        if not self.last_update_success:
            self.listener.retry_now()
        return PlexData(
            server=self._server, libraries=tuple(self.libraries.known.values())
        )

    async def _async_check_server(self) -> None:
        """Ask whether it is still the same server, and whether it was restarted."""
        server = await self.client.server()
        if server.identity.machine_identifier != self.config_entry.unique_id:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key="wrong_server",
                translation_placeholders={"server": self.name},
            )
        withdraw_issue(self.hass, self.config_entry, Issue.CERTIFICATE)
        version = server.identity.version
        if self._server_version and version != self._server_version:
            self._note_restart()
        self._server_version = version
        self._server = server
        self._server_is_checked = True

    async def _async_take_snapshot(self, *, is_just_checked: bool) -> None:
        as_of = self.tracker.mark()
        listed = await self.client.activities()
        if not is_just_checked and self._is_any_missing(listed):
            # Between two polls a server can be updated. Only its version tells then
            # that what is gone did not finish.
            await self._async_check_server()
            as_of = self.tracker.mark()
            listed = await self.client.activities()
        if self.listener.transport is not None and self._is_any_missing(listed):
            # Its `ended` is probably on its way, and knows more than its absence does.
            # Waiting is safe: what is heard meanwhile is newer than `as_of`.
            await asyncio.sleep(self.timing.wait_for_ended)
        if self._is_closed:
            return
        for change in self.tracker.reconcile(listed, as_of=as_of):
            self.book.apply(change)
        self._note_seen_down(is_down=False)
        self.book.place_the_patient()
        self.book.find_stalled(self.stalled_minutes * 60)

    def _is_any_missing(self, listed: Iterable[Activity]) -> bool:
        return not self.tracker.running.keys() <= {activity.uuid for activity in listed}

    @property
    def news_arrive_by(self) -> str | None:
        """Return the way in which changes become known, None while none does."""
        if self.listener.transport is not None:
            return self.listener.transport.value
        return POLLING if self.last_update_success else None

    @callback
    def _handle_library_changes(self, changes: LibraryChanges) -> None:
        has_wrong_name = bool(changes.renamed)
        for library in changes.added:
            has_wrong_name |= not self.book.add_library(library)
        for library in changes.gone:
            self.book.remove_library(library)
        if has_wrong_name and self.data is not None:
            # Entities take their names when they are added.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    @callback
    def _handle_slot_added(self, slot: Slot) -> None:
        self._save_soon()
        section = slot.kind.section
        if section not in (None, NO_LIBRARY) and section not in self.libraries.known:
            self.library_watch.ask_again()

    # Trouble

    @callback
    def _note_failure(self, err: PlexError) -> None:
        self._server_is_checked = False
        follow_server(self.hass, self.config_entry, err)
        if isinstance(err, PlexCertificateError):
            report_issue(self.hass, self.config_entry, Issue.CERTIFICATE)
        if isinstance(err, PlexConnectionRefusedError | PlexStartingUpError):
            self._note_restart()

    def _note_restart(self) -> None:
        """Note that the server was not there: what is gone next was interrupted."""
        self._note_seen_down(is_down=True)
        self.tracker.server_restarted()

    def _note_seen_down(self, *, is_down: bool) -> None:
        """Note whether the server is down; that too must outlive Home Assistant."""
        if is_down is not self._server_seen_down:
            self._server_seen_down = is_down
            self._save_soon()

    # The stream

    @callback
    def _handle_notification(self, notification: Notification) -> None:
        for change in self.tracker.apply(notification):
            self.book.apply(change)

    async def _async_take_snapshot_now(self) -> bool:
        """Poll without waiting for the clock; return whether the server answered."""
        self._server_is_checked = False
        await self.async_refresh()
        return self.last_update_success
