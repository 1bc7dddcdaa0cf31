"""Setting up a server, and all that can be changed about it afterwards.

There are three ways to get at a server: signing in (see `link_flow`), taking over that
of the core integration, and entering address and token. Each is open to a new server,
to one that was discovered, and to one whose token is refused.
"""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import voluptuous as vol

from .client import PlexError
from .const import DOMAIN
from .core_plex import CoreServer
from .discovery import async_look_at, async_new_address
from .entity import clean_name
from .errors import form_error
from .link_flow import CONF_SERVER, LinkFlow
from .options_flow import PlexActivitiesOptionsFlow

HELP_URL = "https://support.plex.tv/articles/204059436-finding-an-authentication-token-x-plex-token/"


class PlexActivitiesConfigFlow(LinkFlow, domain=DOMAIN):
    """Asks where a server is, and tries it before anything is kept."""

    VERSION = 1

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow that changes the options."""
        return PlexActivitiesOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin."""
        return self.show_ways("user")

    async def async_step_manual(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address and the token."""
        known: dict[str, Any] = {}
        if self.entry is not None:
            known = {**self.entry.data, CONF_TOKEN: ""}
        elif self.discovery is not None:
            known = {
                CONF_URL: self.discovery.url,
                CONF_VERIFY_SSL: self.discovery.verify_ssl,
            }
        return await self._async_ask("manual", user_input, known)

    async def async_step_core_plex(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take over the address and the token of the core integration, once."""
        servers = self.core_servers
        errors: dict[str, str] = {}
        if user_input is not None and user_input[CONF_SERVER] in servers:
            try:
                return await self.async_keep(
                    {
                        **servers[user_input[CONF_SERVER]].data,
                        **await self.async_present_address(),
                    }
                )
            except PlexError as err:
                errors["base"] = form_error(err)
        if not servers:
            return self.show_ways("user")
        return self.async_show_form(
            step_id="core_plex",
            data_schema=self.add_suggested_values_to_schema(
                _core_schema(servers), user_input
            ),
            errors=errors,
        )

    @override
    async def async_step_zeroconf(
        self, discovery_info: ZeroconfServiceInfo
    ) -> ConfigFlowResult:
        """Look at what has been discovered."""
        discovery = await async_look_at(
            self.hass, discovery_info, self.client_identifier
        )
        if discovery is None:
            return self.async_abort(reason="cannot_connect")
        entry = await self.async_set_unique_id(discovery.identity.machine_identifier)
        updates = None
        if entry is not None and CONF_URL in entry.data:
            updates = await async_new_address(self.hass, entry, discovery_info)
        self._abort_if_unique_id_configured(updates=updates)
        self.discovery = discovery
        self.context["title_placeholders"] = {"name": self.server_name}
        return await self.async_step_zeroconf_confirm()

    async def async_step_zeroconf_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether the discovered server is to be set up."""
        if user_input is not None:
            return self.show_ways("user")
        return self.async_show_form(
            step_id="zeroconf_confirm",
            description_placeholders={"name": self.server_name},
        )

    async def async_step_reauth(self, _: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin again with a server whose token is refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose how to get a new token for the same server."""
        return self.show_ways("reauth_confirm")

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another address of the same server, or another token."""
        return await self._async_ask(
            "reconfigure", user_input, self._get_reconfigure_entry().data
        )

    async def _async_ask(
        self, step_id: str, user_input: dict[str, Any] | None, known: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for an address and a token. A token that is known can be left out."""
        errors: dict[str, str] = {}
        if user_input is not None:
            token = user_input.get(CONF_TOKEN) or known.get(CONF_TOKEN, "")
            try:
                return await self.async_keep({**user_input, CONF_TOKEN: token})
            except PlexError as err:
                errors["base"] = form_error(err)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                _address_schema(known), _without_token(user_input)
            ),
            errors=errors,
            description_placeholders={"help_url": HELP_URL},
        )


def _address_schema(known: Mapping[str, Any]) -> vol.Schema:
    """Return the form for an address and a token. What is known is filled in."""
    url = vol.Required(CONF_URL, default=known.get(CONF_URL, vol.UNDEFINED))
    token = vol.Optional if known.get(CONF_TOKEN) else vol.Required
    verify_ssl = vol.Required(CONF_VERIFY_SSL, default=known.get(CONF_VERIFY_SSL, True))
    return vol.Schema(
        {
            url: TextSelector(TextSelectorConfig(type=TextSelectorType.URL)),
            token(CONF_TOKEN): TextSelector(
                TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
            ),
            verify_ssl: bool,
        }
    )


def _core_schema(servers: Mapping[str, CoreServer]) -> vol.Schema:
    options = [
        SelectOptionDict(value=entry_id, label=clean_name(server.name))
        for entry_id, server in servers.items()
    ]
    return vol.Schema(
        {
            vol.Required(CONF_SERVER, default=options[0]["value"]): SelectSelector(
                SelectSelectorConfig(options=options)
            )
        }
    )


def _without_token(user_input: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what a form may show again: a token does not go back to the browser."""
    if user_input is None:
        return None
    return {key: value for key, value in user_input.items() if key != CONF_TOKEN}
