"""Setting up a server, and giving it a new token when the old one is refused."""

from collections.abc import Mapping
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.helpers.selector import (
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .client import PlexError, Server, normalise_url
from .connection import plex_client
from .const import CONF_CLIENT_IDENTIFIER, DOMAIN
from .entity import clean_name
from .errors import form_error

TOKEN_SELECTOR = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)
MANUAL_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL)
        ),
        vol.Required(CONF_TOKEN): TOKEN_SELECTOR,
        vol.Required(CONF_VERIFY_SSL, default=True): bool,
    }
)
REAUTH_SCHEMA = vol.Schema({vol.Required(CONF_TOKEN): TOKEN_SELECTOR})

HELP_URL = "https://support.plex.tv/articles/204059436-finding-an-authentication-token-x-plex-token/"


class PlexActivitiesConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks where a server is, and tries it before anything is kept."""

    VERSION = 1

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin."""
        return await self.async_step_manual(user_input)

    async def async_step_manual(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address and the token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**user_input, CONF_CLIENT_IDENTIFIER: str(uuid4())}
            try:
                data[CONF_URL] = normalise_url(data[CONF_URL])
                server = await self._async_try(data)
            except PlexError as err:
                errors["base"] = form_error(err)
            else:
                return await self._async_create(server, data)
        return self.async_show_form(
            step_id="manual",
            data_schema=self.add_suggested_values_to_schema(
                MANUAL_SCHEMA, _without_token(user_input)
            ),
            errors=errors,
            description_placeholders={"help_url": HELP_URL},
        )

    async def async_step_reauth(self, _: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin again with a server whose token is refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a new token for the same server."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                server = await self._async_try({**entry.data, **user_input})
            except PlexError as err:
                errors["base"] = form_error(err)
            else:
                await self.async_set_unique_id(server.identity.machine_identifier)
                self._abort_if_unique_id_mismatch()
                return self.async_update_reload_and_abort(
                    entry, data_updates=user_input
                )
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=REAUTH_SCHEMA,
            errors=errors,
            description_placeholders={"help_url": HELP_URL},
        )

    async def _async_try(self, data: Mapping[str, Any]) -> Server:
        """Return the server that the data lead to.

        Asked without the token first, so that what is no Plex server never sees it.
        """
        client = plex_client(self.hass, data)
        await client.identity()
        return await client.server()

    async def _async_create(
        self, server: Server, data: dict[str, Any]
    ) -> ConfigFlowResult:
        await self.async_set_unique_id(server.identity.machine_identifier)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=clean_name(server.name), data=data)


def _without_token(user_input: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a form may show again: a token does not go back to the browser."""
    if user_input is None:
        return None
    return {key: value for key, value in user_input.items() if key != CONF_TOKEN}
