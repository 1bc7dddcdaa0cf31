"""The event entity: what starts and ends, for automations."""

from typing import override

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import PlexActivitiesEntity, slot_entity_id
from .runs import RunEvent, RunEventType

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlexActivitiesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the server's event entity."""
    async_add_entities([ActivityEventEntity(entry.runtime_data)])


class ActivityEventEntity(PlexActivitiesEntity, EventEntity):
    """Tells exactly once that an activity started, and exactly once that it ended."""

    _attr_event_types = [event.value for event in RunEventType]  # noqa: RUF012
    _attr_translation_key = "activity"

    def __init__(self, coordinator: PlexActivitiesCoordinator) -> None:
        """Announce what the server's run book announces."""
        super().__init__(coordinator, "event")

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of events from now on."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.events.passed.connect(self._handle_event))

    @callback
    def _handle_event(self, event: RunEvent) -> None:
        attributes = event.run.attributes()
        del attributes["response"]
        slot = event.run.slot
        entity_id = slot and slot_entity_id(self.hass, self.coordinator, slot)
        self._trigger_event(
            event.type,
            {
                **attributes,
                "duration": round(event.duration, 1),
                "observed": event.observed,
                "entity_id": entity_id,
            },
        )
        self.async_write_ha_state()
