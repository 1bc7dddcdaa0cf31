"""What an automation is about: which activities, on which servers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

CONF_ACTIVITY_TYPE = "activity_type"
CONF_LIBRARY = "library"

# A list that is empty, or not there, leaves nothing out.
TEXTS = vol.All(cv.ensure_list, [cv.string])
WHICH_ACTIVITIES: dict[vol.Marker, Any] = {
    vol.Optional(CONF_ACTIVITY_TYPE): TEXTS,
    vol.Optional(CONF_LIBRARY): TEXTS,
}


def automation_schema(options: dict[vol.Marker, Any]) -> vol.Schema:
    """Return the schema of a trigger or condition; without a target: all servers."""
    return vol.Schema(
        {
            vol.Optional(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Optional(CONF_OPTIONS, default=dict): options,
        }
    )


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """The activities that an automation asks for, by type and by library."""

    types: frozenset[str]
    libraries: frozenset[str]

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Self:
        """Return the filter that the options of a trigger or condition describe."""
        return cls(
            types=frozenset(map(_spelled, options.get(CONF_ACTIVITY_TYPE, ()))),
            libraries=frozenset(map(str.casefold, options.get(CONF_LIBRARY, ()))),
        )

    def accepts(self, activity: Mapping[str, Any]) -> bool:
        """Return whether an activity, given by its attributes, is asked for."""
        if self.types and _spelled(activity["activity_type"]) not in self.types:
            return False
        if not self.libraries:
            return True
        named = (activity["library"], activity["library_id"])
        return any(name and name.casefold() in self.libraries for name in named)


def _spelled(activity_type: str) -> str:
    """Return a type in one spelling: the editor writes "_" where Plex writes "."."""
    return activity_type.replace(".", "_")


@dataclass(frozen=True, slots=True)
class ServerFilter:
    """The servers that a target names, each by any of its entities.

    The target is looked up each time: entities are renamed and devices change areas,
    and servers are set up later than the automations that wait for them.
    """

    hass: HomeAssistant
    target: ConfigType | None

    def accepts(self, entry_id: str | None) -> bool:
        """Return whether a server, given by its config entry, is meant."""
        selection = TargetSelection(self.target or {})
        if not selection.has_any_target:
            return True
        found = async_extract_referenced_entity_ids(self.hass, selection)
        registry = er.async_get(self.hass)
        return any(
            (registered := registry.async_get(entity_id))
            and registered.config_entry_id == entry_id
            for entity_id in found.referenced | found.indirectly_referenced
        )
