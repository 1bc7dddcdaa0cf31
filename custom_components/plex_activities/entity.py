"""What all entities of a server share: the device, ids, and the names of kinds."""

from collections.abc import Mapping
from enum import StrEnum
import re

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.translation import async_get_translations
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import PlexActivitiesCoordinator
from .slots import NO_LIBRARY, Slot

# Names reach every page, notification and voice assistant: no markup, no line breaks.
_NOT_IN_A_NAME = re.compile(
    r"[<>\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_MAX_NAME = 100


class PlexActivitiesEntity(CoordinatorEntity[PlexActivitiesCoordinator]):
    """An entity of one server."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: PlexActivitiesCoordinator, key: str) -> None:
        """Belong to the server's device; `key` is unique among its entities."""
        super().__init__(coordinator)
        server = coordinator.data.server
        machine_identifier = server.identity.machine_identifier
        self._attr_unique_id = f"{machine_identifier}_{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, machine_identifier)},
            entry_type=DeviceEntryType.SERVICE,
            name=clean_name(server.name),
            manufacturer="Plex",
            model="Plex Media Server",
            sw_version=server.identity.version,
            configuration_url=f"{coordinator.client.url}/web",
        )


class KindNames:
    """Names activity sensors by what they are about, in Home Assistant's language."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the translated names of the types that are known."""
        self._names = names

    @classmethod
    async def async_load(cls, hass: HomeAssistant) -> KindNames:
        """Read the names from the translations: they are those of the selector."""
        prefix = f"component.{DOMAIN}.selector.activity_type.options."
        translations = await async_get_translations(
            hass, hass.config.language, "selector", [DOMAIN]
        )
        return cls(
            {
                key.removeprefix(prefix): name
                for key, name in translations.items()
                if key.startswith(prefix)
            }
        )

    def of_type(self, activity_type: str) -> str:
        """Return the name of a type; an unknown one is made readable."""
        if name := self._names.get(activity_type.replace(".", "_").lower()):
            return name
        words = re.sub(r"[._\-]+", " ", activity_type).strip()
        return clean_name(words[:1].upper() + words[1:]) or activity_type

    def of_slot(self, slot: Slot, libraries: Mapping[str, str]) -> str:
        """Return the name of a slot, given the titles of the libraries by id."""
        parts = [self.of_type(slot.kind.type)]
        if (section := slot.kind.section) is not None and section != NO_LIBRARY:
            parts.append(clean_name(libraries.get(section, "")) or section)
        if slot.ordinal > 1:
            parts.append(str(slot.ordinal))
        return " ".join(parts)


def clean_name(text: str) -> str:
    """Return what a server calls something, fit to be a name."""
    return " ".join(_NOT_IN_A_NAME.sub("", text).split())[:_MAX_NAME]


class SlotKey(StrEnum):
    """What begins the unique ids of the sensors of a slot."""

    ACTIVITY = "activity"
    PROGRESS = "progress"

    def of(self, slot: Slot) -> str:
        """Return what identifies the sensor of a slot among the server's entities."""
        return f"{self}_{slot.suffix}"


def slot_entity_id(
    hass: HomeAssistant,
    coordinator: PlexActivitiesCoordinator,
    slot: Slot,
    key: SlotKey = SlotKey.ACTIVITY,
) -> str | None:
    """Return the entity id of a sensor of a slot, if there is one."""
    unique_id = f"{coordinator.config_entry.unique_id}_{key.of(slot)}"
    return er.async_get(hass).async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
