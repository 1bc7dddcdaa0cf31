"""The only place where an error of the client becomes one of Home Assistant's.

The texts are in the translations, under the keys that stand here.
"""

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


def action_error(err: PlexError, server: str) -> HomeAssistantError:
    """Return what ends an action because of the server."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=_key(err, _EXCEPTION_KEYS),
        translation_placeholders={"server": server, "reason": str(err)},
    )


def user_error(key: str, **placeholders: str) -> ServiceValidationError:
    """Return what ends an action because of what was asked for."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
