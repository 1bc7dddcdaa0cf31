"""The condition that activities run, ready for the automation editor."""

from typing import Unpack, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import (
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .coordinator import PlexActivitiesConfigEntry
from .selection import (
    WHICH_ACTIVITIES,
    ActivityFilter,
    ServerFilter,
    automation_schema,
)

_SCHEMA = automation_schema(WHICH_ACTIVITIES)


class IsRunningCondition(Condition):
    """True while one of the activities runs; quiet types only where they are named.

    A server that cannot be reached runs nothing, as far as anybody can tell: its
    sensors are unavailable too.
    """

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check what does not belong to every condition."""
        validated: ConfigType = _SCHEMA(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Ask for the activities of the options on the servers of the target."""
        super().__init__(hass, config)
        self._activities = ActivityFilter.from_options(config.options or {})
        self._servers = ServerFilter(hass, config.target)

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Return whether one of them runs now."""
        return any(
            self._is_running_on(entry)
            for entry in self._hass.config_entries.async_loaded_entries(DOMAIN)
            if self._servers.accepts(entry.entry_id)
        )

    def _is_running_on(self, entry: PlexActivitiesConfigEntry) -> bool:
        coordinator = entry.runtime_data
        book = coordinator.book
        return coordinator.last_update_success and any(
            self._activities.accepts(run.attributes())
            for run in book.running.values()
            if self._activities.types or not run.is_quiet
        )


CONDITIONS: dict[str, type[Condition]] = {"is_running": IsRunningCondition}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions, by what follows `plex_activities.` in their names."""
    return CONDITIONS
