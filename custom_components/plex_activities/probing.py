"""Finds out where a server answers. Nothing here shows anybody a token.

What a server's identity is may be asked without one; so a token goes only to where the
right server has answered before.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant

from .client import AccountServer, Identity, PlexConnectionError, PlexError
from .connection import plex_account, plex_client
from .const import CONF_CLIENT_IDENTIFIER


async def async_identify(hass: HomeAssistant, data: Mapping[str, Any]) -> Identity:
    """Return who answers at the address that a config entry's data have.

    Raises:
        PlexError: No Plex Media Server does.

    """
    return await plex_client(hass, {**data, CONF_TOKEN: ""}).identity()


async def async_is_there(
    hass: HomeAssistant, data: Mapping[str, Any], machine_identifier: str
) -> bool:
    """Return whether a certain server answers at the address that the data have."""
    try:
        identity = await async_identify(hass, data)
    except PlexError:
        return False
    return identity.machine_identifier == machine_identifier


async def async_find_address(
    hass: HomeAssistant, server: AccountServer, client_identifier: str
) -> str:
    """Return the best address at which a server of an account answers.

    All are asked at once, since the worst of them take longest to fail; a worse one is
    taken only when no better one can answer any more.

    Raises:
        PlexConnectionError: It answers nowhere.

    """

    async def asked(url: str) -> str | None:
        data = {
            CONF_URL: url,
            CONF_VERIFY_SSL: True,
            CONF_CLIENT_IDENTIFIER: client_identifier,
        }
        is_there = await async_is_there(hass, data, server.machine_identifier)
        return url if is_there else None

    groups = [
        [asyncio.create_task(asked(url)) for url in group] for group in server.addresses
    ]
    try:
        for group in groups:
            for answer in asyncio.as_completed(group):
                if (url := await answer) is not None:
                    return url
    finally:
        questions = tuple(chain(*groups))
        for question in questions:
            question.cancel()
        await asyncio.gather(*questions, return_exceptions=True)
    raise PlexConnectionError("The server answers at none of its addresses")


async def async_find_server_again(
    hass: HomeAssistant, data: Mapping[str, Any], machine_identifier: str
) -> str | None:
    """Return where plex.tv knows a server that no longer answers where it was.

    Of a config entry's data this takes the token, for plex.tv accepts that of a server
    as well, and who we are.

    Raises:
        PlexError: It does not answer there either, or plex.tv cannot be asked.

    """
    client_identifier = data[CONF_CLIENT_IDENTIFIER]
    account = plex_account(hass, client_identifier)
    known = await account.servers(data[CONF_TOKEN])
    found = [one for one in known if one.machine_identifier == machine_identifier]
    if data[CONF_URL].startswith("https:"):
        found = [_over_https(server) for server in found]
    for server in found:
        return await async_find_address(hass, server, client_identifier)
    return None


def _over_https(server: AccountServer) -> AccountServer:
    """Return a server with its secure addresses only.

    Nobody is there to agree that a token, which was safe on its way so far, is sent in
    the clear from now on.
    """
    secure = (
        tuple(url for url in group if url.startswith("https:"))
        for group in server.addresses
    )
    return replace(server, addresses=tuple(filter(None, secure)))
