"""Serves the dashboard card, and has every page of Home Assistant load it."""

from hashlib import sha256
from pathlib import Path

from homeassistant.components.frontend import add_extra_js_url
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

FOLDER = Path(__file__).parent / "frontend"
MODULE = "plex-activities-card.js"

CARD_VERSION: HassKey[str] = HassKey(f"{DOMAIN}_card_version")


async def async_setup_card(hass: HomeAssistant) -> None:
    """Serve the card, and name it to the pages that are loaded from now on.

    What it consists of is in the path, not in a query: modules load each other by
    relative paths, which take the path along but not the query. So a browser never
    mixes two versions, and may keep each for as long as it likes.
    """
    hass.data[CARD_VERSION] = version = await hass.async_add_executor_job(_version)
    url = f"/{DOMAIN}/card/{version}"
    await hass.http.async_register_static_paths(
        [StaticPathConfig(url, str(FOLDER), cache_headers=True)]
    )
    # There is none where Home Assistant runs without its own pages.
    if "frontend" in hass.config.components:
        add_extra_js_url(hass, f"{url}/{MODULE}")


def _version() -> str:
    """Return what changes whenever one of the files does."""
    digest = sha256()
    for file in sorted(file for file in FOLDER.rglob("*") if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(FOLDER)}:{len(content)}:".encode())
        digest.update(content)
    return digest.hexdigest()[:12]
