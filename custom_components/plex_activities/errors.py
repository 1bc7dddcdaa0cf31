"""The only place where an error of the client becomes one of Home Assistant's.

The texts are in the translations, under the keys that stand here.
"""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers.update_coordinator import UpdateFailed

from .client import (
    PlexAuthError,
    PlexCertificateError,
    PlexConnectionError,
    PlexError,
    PlexForbiddenError,
    PlexInvalidUrlError,
    PlexNotFoundError,
    PlexRejectedError,
    PlexStartingUpError,
    PlexTimeoutError,
)
from .const import DOMAIN

# From the particular to the general: the first that fits is taken.
_FORM_KEYS: tuple[tuple[type[PlexError], str], ...] = (
    (PlexInvalidUrlError, "invalid_url"),
    (PlexCertificateError, "certificate"),
    (PlexTimeoutError, "timeout"),
    (PlexStartingUpError, "cannot_connect"),
    (PlexConnectionError, "cannot_connect"),
    (PlexAuthError, "invalid_auth"),
    (PlexForbiddenError, "invalid_auth"),
    (PlexError, "not_plex"),
)
_EXCEPTION_KEYS: tuple[tuple[type[PlexError], str], ...] = (
    (PlexCertificateError, "certificate"),
    (PlexTimeoutError, "timeout"),
    (PlexStartingUpError, "starting_up"),
    (PlexConnectionError, "cannot_connect"),
    (PlexAuthError, "invalid_auth"),
    (PlexForbiddenError, "not_permitted"),
    (PlexNotFoundError, "not_found"),
    (PlexRejectedError, "rejected"),
    (PlexError, "not_plex"),
)


def _key(err: PlexError, keys: tuple[tuple[type[PlexError], str], ...]) -> str:
    return next(key for kind, key in keys if isinstance(err, kind))


def form_error(err: PlexError) -> str:
    """Return the key of the error that a form of the config flow shows."""
    return _key(err, _FORM_KEYS)


def update_error(err: PlexError, server: str) -> UpdateFailed | ConfigEntryAuthFailed:
    """Return what ends a poll. A refused token starts re-authentication."""
    kind = ConfigEntryAuthFailed if isinstance(err, PlexAuthError) else UpdateFailed
    return kind(
        translation_domain=DOMAIN,
        translation_key=_key(err, _EXCEPTION_KEYS),
        translation_placeholders={"server": server, "reason": str(err)},
    )


@callback
def async_action_error(
    hass: HomeAssistant, entry: ConfigEntry[Any], err: PlexError
) -> HomeAssistantError:
    """Return what ends an action because of the server.

    A refused token starts re-authentication, as it does when a poll ends with it.
    """
    if isinstance(err, PlexAuthError):
        entry.async_start_reauth(hass)
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=_key(err, _EXCEPTION_KEYS),
        translation_placeholders={"server": entry.title, "reason": str(err)},
    )


def unloaded_error(server: str) -> HomeAssistantError:
    """Return what ends an action whose server is unloaded while the action waits."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="unloaded",
        translation_placeholders={"server": server},
    )


def user_error(key: str, **placeholders: str) -> ServiceValidationError:
    """Return what ends an action because of what was asked for."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
