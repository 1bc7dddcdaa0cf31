"""Binary sensors: whether the server is busy, and whether live updates arrive."""

from asyncio import TimerHandle
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import PlexActivitiesEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlexActivitiesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the server's binary sensors."""
    coordinator = entry.runtime_data
    async_add_entities([BusySensor(coordinator), LiveUpdatesSensor(coordinator)])


class BusySensor(PlexActivitiesEntity, BinarySensorEntity):
    """On while anything but quiet types runs; off means that the server has settled."""

    _attr_device_class = BinarySensorDeviceClass.RUNNING
    _attr_translation_key = "busy"

    def __init__(self, coordinator: PlexActivitiesCoordinator) -> None:
        """Watch what the server runs."""
        super().__init__(coordinator, "busy")
        self._timer: TimerHandle | None = None

    @property
    def _settles_in(self) -> float:
        """Return the seconds until the server has settled; 0 or less if it has."""
        quiet_for = self.coordinator.book.quiet_for
        return 0.0 if quiet_for is None else self.coordinator.settle_seconds - quiet_for

    @property
    @override
    def is_on(self) -> bool:
        """Return whether something runs, or did a moment ago."""
        return bool(self.coordinator.book.busy_count) or self._settles_in > 0

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what starts and ends."""
        await super().async_added_to_hass()
        self.async_on_remove(self._cancel_timer)
        self.async_on_remove(
            self.coordinator.book.membership_changed.connect(self._handle_membership)
        )
        self._watch_settling()

    @callback
    def _handle_membership(self) -> None:
        self._watch_settling()
        self.async_write_ha_state()

    @callback
    def _watch_settling(self) -> None:
        """Look again when the server will have settled, unless something starts."""
        self._cancel_timer()
        if not self.coordinator.book.busy_count and (seconds := self._settles_in) > 0:
            self._timer = self.hass.loop.call_later(seconds, self._handle_membership)

    @callback
    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class LiveUpdatesSensor(PlexActivitiesEntity, BinarySensorEntity):
    """Whether the server tells of changes by itself, and over which transport."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_translation_key = "live"

    def __init__(self, coordinator: PlexActivitiesCoordinator) -> None:
        """Watch the stream."""
        super().__init__(coordinator, "live")

    @property
    @override
    def available(self) -> bool:
        """Return True: that the server cannot be reached is what this one tells."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Return whether a stream is up."""
        return self.coordinator.listener.transport is not None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None]:
        """Return how the server's news arrive."""
        return {"transport": self.coordinator.news_arrive_by}

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the stream."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.listener.transport_changed.connect(
                self.async_write_ha_state
            )
        )
