"""Sensors: for each kind of activity, for its progress, and for how many run."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import UnitOfRatio
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_track_time_interval

from .client import LIBRARY_SCAN
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import KindNames, PlexActivitiesEntity, SlotKey, slot_entity_id
from .runs import NO_ATTRIBUTES, News, Run, RunState
from .slots import Slot
from .throttle import WriteThrottle

# Nothing here asks the server.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlexActivitiesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of all slots, now and whenever one appears."""
    coordinator = entry.runtime_data
    names = await KindNames.async_load(hass)

    @callback
    def add(slot: Slot) -> None:
        libraries = coordinator.libraries.known
        label = names.of_slot(
            slot, {library.id: library.title for library in libraries.values()}
        )
        async_add_entities(
            [
                ActivitySensor(coordinator, slot, label),
                ProgressSensor(coordinator, slot, label),
            ]
        )

    @callback
    def remove(slot: Slot) -> None:
        registry = er.async_get(hass)
        for key in SlotKey:
            if entity_id := slot_entity_id(hass, coordinator, slot, key):
                registry.async_remove(entity_id)

    async_add_entities([RunningSensor(coordinator)])
    for slot in coordinator.book.shown:
        add(slot)
    entry.async_on_unload(coordinator.book.slot_added.connect(add))
    entry.async_on_unload(coordinator.book.slot_removed.connect(remove))


class SlotSensor(PlexActivitiesEntity, SensorEntity):
    """A sensor that shows one side of the present or last run of a slot."""

    def __init__(
        self,
        coordinator: PlexActivitiesCoordinator,
        key: SlotKey,
        slot: Slot,
        label: str,
    ) -> None:
        """Show a slot, which people know by its label."""
        super().__init__(coordinator, key.of(slot))
        self._attr_translation_key = key.value
        self._attr_translation_placeholders = {"activity": label}
        self._slot = slot
        self._run = coordinator.book.shown.get(slot)

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the slot from now on."""
        await super().async_added_to_hass()
        self._run = self.coordinator.book.shown.get(self._slot)
        self._throttle = WriteThrottle(self.hass, self.async_write_ha_state)
        self.async_on_remove(self._throttle.cancel)
        self.async_on_remove(
            self.coordinator.book.slot_changed[self._slot].connect(self._handle_change)
        )

    @callback
    @abstractmethod
    def _handle_change(self, run: Run, news: News) -> None:
        """Write what changed, as soon as it is worth a row in the database."""


class ActivitySensor(SlotSensor):
    """What a kind of activity does, with everything the server says of it."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_options = [state.value for state in RunState]  # noqa: RUF012 (as HA types it)
    _unrecorded_attributes = frozenset(NO_ATTRIBUTES) - {
        "activity_type",
        "library",
        "library_id",
    }

    def __init__(
        self, coordinator: PlexActivitiesCoordinator, slot: Slot, label: str
    ) -> None:
        """Show a slot, which people know by its label."""
        super().__init__(coordinator, SlotKey.ACTIVITY, slot, label)

    @property
    @override
    def native_value(self) -> str:
        """Return the state of the run."""
        return RunState.IDLE if (run := self._run) is None else run.state

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return what the server says, and what follows from it."""
        return NO_ATTRIBUTES if (run := self._run) is None else run.attributes()

    @callback
    @override
    def _handle_change(self, run: Run, news: News) -> None:
        self._run = run
        timing = self.coordinator.timing
        if news is News.DETAIL:
            self._throttle.write_within(timing.write_subtitle)
        elif news is News.PROGRESS:
            self._throttle.write_within(timing.write_progress)
        else:
            self._throttle.write_now()


class ProgressSensor(SlotSensor):
    """The progress of a kind of activity as a number, for gauges."""

    _attr_native_unit_of_measurement = UnitOfRatio.PERCENTAGE
    _attr_suggested_display_precision = 0

    def __init__(
        self, coordinator: PlexActivitiesCoordinator, slot: Slot, label: str
    ) -> None:
        """Show a slot, which people know by its label."""
        super().__init__(coordinator, SlotKey.PROGRESS, slot, label)
        # Few of the other activities know how far they are.
        self._attr_entity_registry_enabled_default = slot.kind.type == LIBRARY_SCAN

    @property
    @override
    def native_value(self) -> float | None:
        """Return the progress while there is one."""
        run = self._run
        return run.activity.progress if run is not None and run.is_active else None

    @callback
    @override
    def _handle_change(self, run: Run, news: News) -> None:
        self._run = run
        # Work can change between a known and an unknown progress with every message;
        # only its start and its end do not wait.
        if news is News.STATE:
            self._throttle.write_now()
        elif news is News.PROGRESS:
            self._throttle.write_within(self.coordinator.timing.write_progress)


class RunningSensor(PlexActivitiesEntity, SensorEntity):
    """How many activities run, with a list of all of them for templates."""

    _attr_state_class = SensorStateClass.MEASUREMENT
    _attr_translation_key = "running"
    _unrecorded_attributes = frozenset({"activities"})

    def __init__(self, coordinator: PlexActivitiesCoordinator) -> None:
        """Count what the server runs."""
        super().__init__(coordinator, "running")

    @property
    @override
    def native_value(self) -> int:
        """Return how many activities run, quiet types left out."""
        return self.coordinator.book.busy_count

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Return everything that runs."""
        book = self.coordinator.book
        return {
            "activities": [
                {**run.attributes(), "quiet": run.is_quiet}
                for run in book.running.values()
            ]
        }

    @override
    async def async_added_to_hass(self) -> None:
        """Write when something starts or ends, and now and then meanwhile."""
        await super().async_added_to_hass()
        book = self.coordinator.book
        self._throttle = WriteThrottle(self.hass, self.async_write_ha_state)
        self.async_on_remove(self._throttle.cancel)
        self.async_on_remove(book.membership_changed.connect(self._handle_membership))
        self.async_on_remove(
            async_track_time_interval(
                self.hass,
                self._handle_interval,
                self.coordinator.timing.write_list,
                cancel_on_shutdown=True,
            )
        )

    @callback
    def _handle_membership(self) -> None:
        # Many can start at once, and what is written lists all of them.
        self._throttle.write_within(self.coordinator.timing.write_count)

    @callback
    def _handle_interval(self, _: datetime) -> None:
        """Bring the list up to date: what runs has made progress."""
        if self.coordinator.book.running:
            self._throttle.write_now()
