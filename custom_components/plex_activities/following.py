"""Follows a server whose address at plex.direct has changed.

Such a name holds the server's IP address and the id of its certificate, and both can
change: with the next lease, or when the server is claimed anew. The account knows.
"""

import logging
from time import monotonic
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .client import PlexConnectionError, PlexError
from .const import DOMAIN
from .probing import async_find_server_again

_LOGGER = logging.getLogger(__name__)

# The names that go out of date by themselves. Others were chosen by somebody.
CHANGING_NAMES = ".plex.direct"
# A server that is merely switched off is no reason to ask plex.tv again and again.
ASK_EVERY = 600.0
_ASKED: HassKey[dict[str, float]] = HassKey(f"{DOMAIN}_asked_plex_tv")


def follow_server(hass: HomeAssistant, entry: ConfigEntry, err: PlexError) -> None:
    """Ask plex.tv for the server's address, if the one in use could be outdated.

    In the background: that the server cannot be reached must not be told late. The task
    is not the entry's, whose tasks end each time that its set-up fails.
    """
    if not isinstance(err, PlexConnectionError) or not _can_change(
        entry.data[CONF_URL]
    ):
        return
    asked = hass.data.setdefault(_ASKED, {})
    if monotonic() - asked.get(entry.entry_id, -ASK_EVERY) < ASK_EVERY:
        return
    asked[entry.entry_id] = monotonic()
    hass.async_create_background_task(
        _async_follow(hass, entry), f"{DOMAIN} follow {entry.title}"
    )


def _can_change(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(CHANGING_NAMES)


async def _async_follow(hass: HomeAssistant, entry: ConfigEntry) -> None:
    try:
        url = await async_find_server_again(hass, entry.data, str(entry.unique_id))
    except PlexError as err:
        _LOGGER.debug("%s was not found again: %s", entry.title, err)
        return
    if url is None or url == entry.data[CONF_URL]:
        return
    if hass.config_entries.async_get_entry(entry.entry_id) is not entry:
        return
    _LOGGER.info("%s has a new address at plex.direct", entry.title)
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_URL: url})
    hass.config_entries.async_schedule_reload(entry.entry_id)
