"""What only a person can mend, told in Home Assistant's repairs.

Not a `repairs` platform, which is for issues that a click can fix: these take a choice
at the server, or another token. Each is told once for a server, and withdrawn by itself
when it is no longer so.
"""

from enum import StrEnum
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .client import PlexClient, PlexError, PlexForbiddenError
from .const import DOMAIN

_LOGGER = logging.getLogger(__name__)


class Issue(StrEnum):
    """The issues that a server can have."""

    CERTIFICATE = "certificate"
    NOT_OWNER = "not_owner"


_LEARN_MORE = {
    Issue.CERTIFICATE: (
        "https://support.plex.tv/articles/206225077-how-to-use-secure-server-connections/"
    ),
    Issue.NOT_OWNER: (
        "https://support.plex.tv/articles/204059436-finding-an-authentication-token-x-plex-token/"
    ),
}


def report_issue(hass: HomeAssistant, entry: ConfigEntry, issue: Issue) -> None:
    """Tell of an issue; who has ignored it is not told again."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue),
        is_fixable=False,
        learn_more_url=_LEARN_MORE[issue],
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"server": entry.title},
    )


def withdraw_issue(hass: HomeAssistant, entry: ConfigEntry, issue: Issue) -> None:
    """Take an issue back, if it was told."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, issue))


async def async_check_owner(
    hass: HomeAssistant, entry: ConfigEntry, client: PlexClient
) -> None:
    """Tell plainly if the token cannot see or cancel what the owner can.

    Nothing says whose token it is, but what is for the owner only answers no other.
    """
    try:
        await client.butler_tasks()
    except PlexForbiddenError:
        report_issue(hass, entry, Issue.NOT_OWNER)
    except PlexError as err:
        _LOGGER.debug("Whose token it is could not be found out: %s", err)
    else:
        withdraw_issue(hass, entry, Issue.NOT_OWNER)


def _issue_id(entry: ConfigEntry, issue: Issue) -> str:
    return f"{issue}_{entry.entry_id}"
