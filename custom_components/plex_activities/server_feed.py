"""What one server has to tell to one subscriber, as far as that one may read it."""

from collections.abc import Callable, Iterable
from heapq import nlargest
from typing import Any

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .cancellation import can_be_tried
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import slot_entity_id
from .runs import Run
from .server_status import ServerStatus, server_status
from .slots import Slot

# Of the last results. A card that showed more would be a logbook.
MAX_RECENT = 20


class ServerFeed:
    """Notes what changes on a server until it is taken."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: PlexActivitiesConfigEntry,
        user: User,
        touch: Callable[[], None],
    ) -> None:
        """Prepare to follow a server; `touch` is called when there is something."""
        self._hass = hass
        self._entry = entry
        self._user = user
        self._touch = touch
        self._coordinator: PlexActivitiesCoordinator | None = None
        self._disconnects: list[Callable[[], None]] = []
        self._told: set[str] = set()
        self._head: dict[str, Any] = {}
        self._changed: dict[str, Run] = {}
        self._is_complete_due = True
        self._is_recent_due = False

    @property
    def is_connected(self) -> bool:
        """Return whether there is a loaded server to follow."""
        return self._coordinator is not None

    @callback
    def follow(self) -> None:
        """Follow the server that is behind the config entry now, if there is one."""
        entry = self._entry
        is_loaded = entry.state is ConfigEntryState.LOADED
        coordinator = entry.runtime_data if is_loaded else None
        if coordinator is self._coordinator:
            return
        self.disconnect()
        self._is_complete_due = True
        self._coordinator = coordinator
        if coordinator is not None:
            book = coordinator.book
            self._disconnects = [
                book.run_changed.connect(self._handle_run),
                book.slot_removed.connect(self._handle_slot_removed),
                # What is said of the server as a whole is compared whenever it is due.
                coordinator.listener.transport_changed.connect(self._touch),
                coordinator.async_add_listener(self._touch),
            ]

    @callback
    def disconnect(self) -> None:
        """Hear nothing more."""
        self._coordinator = None
        for disconnect in self._disconnects:
            disconnect()
        self._disconnects = []

    @callback
    def tell_again(self) -> None:
        """Tell of every activity again: what shows them has another name."""
        if self._coordinator is not None:
            self._changed.update(self._coordinator.book.running)
            self._is_recent_due = True
            self._touch()

    @callback
    def _handle_run(self, run: Run) -> None:
        self._changed[run.activity.uuid] = run
        self._is_recent_due |= not run.is_active
        self._touch()

    @callback
    def _handle_slot_removed(self, _: Slot) -> None:
        self._is_recent_due = True
        self._touch()

    # What is said

    def take(self) -> dict[str, Any] | None:
        """Return what is to be told now, if there is anything."""
        before, self._head = self._head, self._describe_server()
        is_permitted = self._head["status"] is not ServerStatus.NOT_PERMITTED
        coordinator = self._coordinator if is_permitted else None
        said: dict[str, Any] = {}
        if self._is_complete_due:
            self._told.clear()
            said = {"complete": True, **self._head, "activities": [], "recent": []}
            if coordinator is not None:
                self._changed = dict(coordinator.book.running)
                self._is_recent_due = True
        elif self._head != before:
            said = {**self._head}
        if coordinator is not None:
            said.update(self._changes(coordinator))
        self._changed = {}
        self._is_complete_due = self._is_recent_due = False
        return {"config_entry_id": self._entry.entry_id, **said} if said else None

    def _describe_server(self) -> dict[str, Any]:
        """Return how the server is; to who may see nothing of it, not even its name."""
        if not self._may_read_any():
            return {
                "name": None,
                "status": ServerStatus.NOT_PERMITTED,
                "available": False,
                "transport": None,
            }
        status = server_status(self._hass, self._entry)
        return {
            "name": self._entry.title,
            "status": status,
            "available": status is ServerStatus.ONLINE,
            "transport": self._coordinator and self._coordinator.news_arrive_by,
        }

    def _changes(self, coordinator: PlexActivitiesCoordinator) -> dict[str, Any]:
        """Return what of the activities changed since the last time."""
        said: dict[str, Any] = {}
        active = (run for run in self._changed.values() if run.is_active)
        if activities := self._described(coordinator, active):
            said["activities"] = activities
            self._told.update(activity["activity_id"] for activity in activities)
        ended = {uuid for uuid, run in self._changed.items() if not run.is_active}
        if gone := sorted(ended & self._told):
            said["gone"] = gone
            self._told.difference_update(gone)
        if self._is_recent_due:
            said["recent"] = self._recent(coordinator)
        return said

    def _recent(self, coordinator: PlexActivitiesCoordinator) -> list[dict[str, Any]]:
        shown = coordinator.book.shown.values()
        ended = [run for run in shown if run is not None and not run.is_active]
        # Newest first. All of them are few: a sensor keeps one.
        described = self._described(coordinator, ended)
        return nlargest(MAX_RECENT, described, key=lambda run: run["ended_at"])

    def _described(
        self, coordinator: PlexActivitiesCoordinator, runs: Iterable[Run]
    ) -> list[dict[str, Any]]:
        """Return those of the runs that the user may read."""
        return [
            {
                **run.attributes(),
                "entity_id": entity_id,
                "state": run.state,
                "quiet": run.is_quiet,
                "can_cancel": run.is_active and can_be_tried(run),
            }
            for run in runs
            if self._may_read(entity_id := self._entity_id(coordinator, run))
        ]

    # Who may read it

    def _entity_id(
        self, coordinator: PlexActivitiesCoordinator, run: Run
    ) -> str | None:
        return run.slot and slot_entity_id(self._hass, coordinator, run.slot)

    def _may_read(self, entity_id: str | None) -> bool:
        """Return whether the user may read a sensor, or what no sensor shows.

        Asked each time, because what a user may do can change meanwhile.
        """
        permissions = self._user.permissions
        if permissions.access_all_entities(POLICY_READ):
            return True
        return entity_id is not None and permissions.check_entity(
            entity_id, POLICY_READ
        )

    def _may_read_any(self) -> bool:
        registered = er.async_entries_for_config_entry(
            er.async_get(self._hass), self._entry.entry_id
        )
        return self._may_read(None) or any(
            self._may_read(entity.entity_id) for entity in registered
        )
