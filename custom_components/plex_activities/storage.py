"""Where the memory of a server is kept: one file for each config entry."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store

from .const import DOMAIN

STORAGE_VERSION = 1


def memory_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file that keeps the memory of a config entry."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", private=True)
