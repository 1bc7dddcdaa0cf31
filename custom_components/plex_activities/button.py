"""Buttons: one for each library, which starts a scan of it."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .client import LIBRARY_SCAN, Library
from .const import DOMAIN
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import PlexActivitiesEntity, clean_name
from .libraries import LibraryChanges
from .scanning import ScanRequest
from .slots import Kind

# Whoever presses all buttons of a server at once means one scan after the other.
PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant,
    entry: PlexActivitiesConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button for every library, and follow which there are."""
    coordinator = entry.runtime_data

    @callback
    def follow(changes: LibraryChanges) -> None:
        async_add_entities(
            ScanButton(coordinator, library) for library in changes.added
        )
        registry = er.async_get(hass)
        for library in changes.gone:
            unique_id = f"{entry.unique_id}_{_key(library)}"
            if entity_id := registry.async_get_entity_id(
                Platform.BUTTON, DOMAIN, unique_id
            ):
                registry.async_remove(entity_id)

    follow(LibraryChanges(added=tuple(coordinator.libraries.known.values())))
    entry.async_on_unload(coordinator.library_watch.changed.connect(follow))


class ScanButton(PlexActivitiesEntity, ButtonEntity):
    """Starts a scan of a library."""

    _attr_translation_key = "scan"

    def __init__(
        self, coordinator: PlexActivitiesCoordinator, library: Library
    ) -> None:
        """Be the button of a library."""
        super().__init__(coordinator, _key(library))
        name = clean_name(library.title) or library.id
        self._attr_translation_placeholders = {"library": name}
        self._library = library

    @override
    async def async_press(self) -> None:
        """Ask the server to scan the library."""
        request = ScanRequest(coordinator=self.coordinator, library=self._library)
        await request.async_send()


def _key(library: Library) -> str:
    """Return what identifies the button, with the same section as the scan's sensor."""
    return f"scan_{Kind.of(LIBRARY_SCAN, library.id).section}"
