"""The steps of signing in with Plex: a code, an account, one of its servers.

The user enters the code in any browser. Meanwhile a task asks plex.tv, again and again,
whether that has happened; its result decides which step comes next.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
import logging
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)
import voluptuous as vol

from .client import (
    AccountServer,
    LinkCode,
    PlexAccount,
    PlexAuthError,
    PlexConnectionError,
    PlexError,
    PlexNotFoundError,
)
from .connection import plex_account
from .const import DOMAIN
from .entity import clean_name
from .errors import form_error
from .probing import async_find_address
from .server_flow import ServerFlow

_LOGGER = logging.getLogger(__name__)

# Plex's own clients ask every second, and are told to ask less often when it is busy.
POLL_INTERVAL = 2.0
# When plex.tv fails, for how many times in a row to try again, and after how long.
ATTEMPTS = 4
RETRY_DELAY = 5.0

CONF_SERVER = "server"

type _Servers = tuple[AccountServer, ...]


@dataclass(frozen=True, slots=True)
class _SignIn:
    """A code that is shown, and what comes of it."""

    code: LinkCode
    servers: asyncio.Task[_Servers | None]


class LinkFlow(ServerFlow):
    """A flow that can find its server in an account at plex.tv."""

    def __init__(self) -> None:
        """Begin without a code."""
        super().__init__()
        self._sign_in: _SignIn | None = None
        self._servers: dict[str, AccountServer] = {}

    async def async_step_link(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show a code, and wait until it is entered."""
        if self._sign_in is None:
            account = plex_account(self.hass, self.client_identifier)
            try:
                code = await account.new_link_code()
            except PlexError as err:
                return self._show_failure(_failure(err))
            # Not a tracked task: nothing in Home Assistant is to wait for a person.
            servers = self.hass.async_create_background_task(
                _async_wait_for_servers(account, code), f"{DOMAIN} sign-in"
            )
            self._sign_in = _SignIn(code, servers)
        code, servers = self._sign_in.code, self._sign_in.servers
        if servers.done():
            return self.async_show_progress_done(next_step_id=self._next_step(servers))
        return self.async_show_progress(
            step_id="link",
            progress_action="wait_for_link",
            description_placeholders={"code": code.code, "url": code.url},
            progress_task=servers,
        )

    def _next_step(self, answer: asyncio.Task[_Servers | None]) -> str:
        """Return where the answer of plex.tv leads to."""
        try:
            servers = answer.result()
        except PlexError as err:
            return _failure(err)
        if servers is None:
            return "link_expired"
        if not servers:
            return "link_no_servers"
        self._servers = {
            server.machine_identifier: server
            for server in servers
            if self.is_wanted(server.machine_identifier)
        }
        if self._servers:
            return "link_server"
        return "link_all_known" if self.wanted is None else "link_not_there"

    async def async_step_link_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the user choose a server, if there is a choice, and try it."""
        errors: dict[str, str] = {}
        if user_input is None and len(self._servers) == 1:
            user_input = {CONF_SERVER: next(iter(self._servers))}
        if user_input is not None:
            try:
                return await self._async_keep(self._servers[user_input[CONF_SERVER]])
            except PlexError as err:
                _LOGGER.debug("The server cannot be used: %s", err)
                errors["base"] = form_error(err)
        return self.async_show_form(
            step_id="link_server",
            data_schema=self.add_suggested_values_to_schema(
                _server_schema(self._servers), user_input
            ),
            errors=errors,
        )

    async def _async_keep(self, server: AccountServer) -> ConfigFlowResult:
        address = await self.async_present_address() or {
            CONF_URL: await async_find_address(
                self.hass, server, self.client_identifier
            ),
            CONF_VERIFY_SSL: True,
        }
        return await self.async_keep({**address, CONF_TOKEN: server.token})

    async def async_step_link_all_known(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End, since every server of the account is set up."""
        return self.async_abort(reason="already_configured")

    async def async_step_link_expired(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that nobody has entered the code in time."""
        return self._show_failure("link_expired")

    async def async_step_link_no_servers(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the account has no server."""
        return self._show_failure("link_no_servers")

    async def async_step_link_not_there(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the account has servers, but not the one that this is about."""
        return self._show_failure("link_not_there")

    async def async_step_link_offline(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that plex.tv could not be reached."""
        return self._show_failure("link_offline")

    async def async_step_link_refused(
        self, _: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that plex.tv would not."""
        return self._show_failure("link_refused")

    def _show_failure(self, step_id: str) -> ConfigFlowResult:
        """Offer every way again; signing in starts over with a new code."""
        self._sign_in = None
        return self.show_ways(step_id)


def _server_schema(servers: dict[str, AccountServer]) -> vol.Schema:
    options = [
        SelectOptionDict(value=machine_identifier, label=_label(server))
        for machine_identifier, server in servers.items()
    ]
    return vol.Schema(
        {
            vol.Required(CONF_SERVER, default=options[0]["value"]): SelectSelector(
                SelectSelectorConfig(options=options)
            )
        }
    )


def _label(server: AccountServer) -> str:
    """Return the name of a server, and whose it is if it is shared."""
    name = clean_name(server.name)
    return f"{name} ({clean_name(server.owner)})" if server.owner else name


def _failure(err: PlexError) -> str:
    _LOGGER.debug("Signing in with Plex failed: %s", err)
    is_offline = isinstance(err, PlexConnectionError)
    return "link_offline" if is_offline else "link_refused"


async def _async_wait_for_servers(
    account: PlexAccount, code: LinkCode
) -> _Servers | None:
    """Return the servers of whoever enters the code; None if nobody does in time."""
    try:
        async with asyncio.timeout(code.lifetime):
            token = await _async_wait_for_token(account, code)
    except TimeoutError, PlexNotFoundError:
        return None
    return await _async_insist(lambda: account.servers(token))


async def _async_wait_for_token(account: PlexAccount, code: LinkCode) -> str:
    while True:
        token = await _async_insist(lambda: account.claimed_token(code))
        if token is not None:
            return token
        await asyncio.sleep(POLL_INTERVAL)


async def _async_insist[T](ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Ask again when plex.tv fails, so that no code is lost that is entered already."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await ask()
        except PlexAuthError, PlexNotFoundError:
            raise
        except PlexError as err:
            _LOGGER.debug("plex.tv will be asked again: %s", err)
        await asyncio.sleep(RETRY_DELAY)
    return await ask()
