"""The options of a server: what to be quiet about, and how patient to be."""

from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.const import UnitOfTime
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from .const import (
    CONF_QUIET_TYPES,
    CONF_SETTLE_SECONDS,
    CONF_STALLED_MINUTES,
    DEFAULT_QUIET_TYPES,
    DEFAULT_SETTLE_SECONDS,
    DEFAULT_STALLED_MINUTES,
)
from .coordinator import PlexActivitiesConfigEntry
from .entity import KindNames

# The types that Plex is known to use. They have names in the translations.
KNOWN_TYPES = (
    "butler",
    "library.refresh.items",
    "library.update.item.metadata",
    "library.update.section",
    "media.download",
    "media.generate.bif",
    "media.generate.chapter.thumbs",
    "media.generate.credits",
    "media.generate.intros",
    "media.generate.loudness",
    "media.generate.voice.activity",
    "provider.epg.load",
    "provider.subscriptions.process",
)
# Longer than this nobody waits: a server that works for a day is not settled.
MAX_SETTLE_SECONDS = 60 * 60
MAX_STALLED_MINUTES = 24 * 60


class PlexActivitiesOptionsFlow(OptionsFlowWithReload):
    """Changes the options; the server is then loaded again."""

    config_entry: PlexActivitiesConfigEntry

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the options and keep them."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        options = self.config_entry.options
        quiet_types = options.get(CONF_QUIET_TYPES, DEFAULT_QUIET_TYPES)
        names = await KindNames.async_load(self.hass)
        types = {*KNOWN_TYPES, *quiet_types, *_seen_types(self.config_entry)}
        choices = [
            SelectOptionDict(value=kind, label=names.of_type(kind))
            for kind in sorted(types)
        ]
        schema = vol.Schema(
            {
                vol.Required(CONF_QUIET_TYPES, default=list(quiet_types)): (
                    SelectSelector(
                        SelectSelectorConfig(
                            options=choices,
                            multiple=True,
                            mode=SelectSelectorMode.DROPDOWN,
                            sort=True,
                        )
                    )
                ),
                vol.Required(
                    CONF_SETTLE_SECONDS,
                    default=options.get(CONF_SETTLE_SECONDS, DEFAULT_SETTLE_SECONDS),
                ): _whole_number(MAX_SETTLE_SECONDS, UnitOfTime.SECONDS),
                vol.Required(
                    CONF_STALLED_MINUTES,
                    default=options.get(CONF_STALLED_MINUTES, DEFAULT_STALLED_MINUTES),
                ): _whole_number(MAX_STALLED_MINUTES, UnitOfTime.MINUTES),
            }
        )
        return self.async_show_form(step_id="init", data_schema=schema)


def _seen_types(entry: PlexActivitiesConfigEntry) -> set[str]:
    """Return the types that the server has shown us, if it is loaded."""
    if entry.state is not ConfigEntryState.LOADED:
        return set()
    book = entry.runtime_data.book
    shown = (run for run in book.shown.values() if run is not None)
    return {run.activity.type for run in (*shown, *book.running.values())}


def _whole_number(maximum: int, unit: str) -> object:
    """Return a field for a number from 0 on; the browser sends fractions too."""
    selector = NumberSelector(
        NumberSelectorConfig(
            min=0,
            max=maximum,
            step=1,
            unit_of_measurement=unit,
            mode=NumberSelectorMode.BOX,
        )
    )
    return vol.All(selector, vol.Coerce(int))
