"""An account at plex.tv: signing in with a code, and the servers it may use.

The token of an account is for plex.tv only; each server comes with a token of its own.
The code is the short one, which a person enters at plex.tv/link in any browser, on any
device: nothing has to reach us from outside.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
import json
import re
from typing import Self

import aiohttp

from .address import normalise_url
from .exceptions import PlexInvalidUrlError, PlexResponseError
from .fields import flag, identifier, text
from .rest import Rest, token_header, who_we_are

# What Plex gives a short code, for when it does not say so; and the most we believe.
DEFAULT_LIFETIME = 900.0
MAX_LIFETIME = 3600.0

# A server has one or two addresses for each network that it is in.
_MAX_CONNECTIONS = 32
_MAX_TOKEN = 4096
_PLAIN = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlexTv:
    """Where plex.tv is; the tests and the demo have one of their own."""

    pins: str = "https://plex.tv"
    resources: str = "https://clients.plex.tv"
    link: str = "https://plex.tv/link"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCode:
    """A code that somebody enters at plex.tv/link, and for how many seconds it lasts.

    `url` leads to that page with the code filled in. `id` is for asking whether it has
    been entered, which is answered with a token.
    """

    id: str = field(repr=False)
    code: str
    url: str
    lifetime: float

    @classmethod
    def from_payload(cls, payload: object, page: str) -> Self | None:
        """Return the code, or None if the answer has none that can be shown."""
        if not isinstance(payload, dict):
            return None
        own, code = identifier(payload.get("id")), identifier(payload.get("code"))
        if not (own and code and _PLAIN.fullmatch(own) and _PLAIN.fullmatch(code)):
            return None
        return cls(
            id=own,
            code=code,
            url=f"{page}/?pin={code}",
            lifetime=_lifetime(payload.get("expiresIn")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountServer:
    """A server that an account may use.

    `addresses` are groups of equally good ones, the best group first. `owner` names
    whose server it is, if it is somebody else's.
    """

    machine_identifier: str
    name: str
    token: str = field(repr=False)
    owner: str = ""
    addresses: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return the server, or None if it is none, or none that can be used."""
        if not isinstance(payload, dict):
            return None
        machine_identifier = identifier(payload.get("clientIdentifier"))
        token = _token(payload.get("accessToken"))
        provides = text(payload.get("provides")).split(",")
        owner = "" if flag(payload.get("owned")) else text(payload.get("sourceTitle"))
        if machine_identifier is None or token is None or "server" not in provides:
            return None
        return cls(
            machine_identifier=machine_identifier,
            name=text(payload.get("name")) or machine_identifier,
            token=token,
            owner=owner,
            addresses=_addresses(payload),
        )


class PlexAccount:
    """Somebody's account at plex.tv, before and after they have signed in."""

    def __init__(  # noqa: PLR0913 - settings, each by its name
        self,
        session: aiohttp.ClientSession,
        *,
        client_identifier: str,
        plex_tv: PlexTv = PlexTv(),
        product: str = "Plex Activities",
        version: str = "",
        platform: str = "",
        device_name: str = "",
        json_loads: Callable[[str | bytes], object] = json.loads,
        request_timeout: float = 10.0,
    ) -> None:
        """Prepare to talk to plex.tv; nothing is sent yet.

        `client_identifier` is who we are, the same for ever: the person finds it among
        the devices that may use the account. For the rest see `PlexClient`.
        """
        self._plex_tv = plex_tv
        self._rest = Rest(
            session,
            headers=who_we_are(
                client_identifier=client_identifier,
                product=product,
                version=version,
                platform=platform,
                device_name=device_name,
            ),
            json_loads=json_loads,
            request_timeout=request_timeout,
        )

    async def new_link_code(self) -> LinkCode:
        """Return a code for somebody to enter at plex.tv/link.

        Raises:
            PlexError: There is none to be had now.

        """
        # With `strong=true` the code would be a long one, which that page refuses.
        reply = await self._rest.request("POST", f"{self._plex_tv.pins}/api/v2/pins")
        link = LinkCode.from_payload(reply.payload, self._plex_tv.link)
        if link is None:
            raise PlexResponseError("The answer is not that of plex.tv")
        return link

    async def claimed_token(self, link: LinkCode) -> str | None:
        """Return the token of whoever has entered the code; None if nobody has.

        Raises:
            PlexNotFoundError: The code has expired.
            PlexError: It cannot be known now.

        """
        url = f"{self._plex_tv.pins}/api/v2/pins/{link.id}"
        payload = (await self._rest.request("GET", url)).payload
        if not isinstance(payload, dict):
            raise PlexResponseError("The answer is not that of plex.tv")
        return _token(payload.get("authToken"))

    async def servers(self, token: str) -> tuple[AccountServer, ...]:
        """Return the servers that may be used with a token.

        That is all servers of an account. The token of a server is accepted as well.

        Raises:
            PlexAuthError: The token is not accepted.
            PlexError: It cannot be known now.

        """
        query = "includeHttps=1&includeRelay=1&includeIPv6=1"
        url = f"{self._plex_tv.resources}/api/v2/resources?{query}"
        payload = (await self._rest.request("GET", url, token_header(token))).payload
        if not isinstance(payload, list):
            raise PlexResponseError("The answer is not that of plex.tv")
        servers = (AccountServer.from_payload(row) for row in payload)
        return tuple(server for server in servers if server is not None)


def _lifetime(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return DEFAULT_LIFETIME
    return value if 0 < value <= MAX_LIFETIME else DEFAULT_LIFETIME


def _token(value: object) -> str | None:
    """Return a token that can be sent, or None. Longer ones than Plex's may come."""
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TOKEN:
        return None
    return value if value.isascii() and value.isprintable() else None


def _addresses(server: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    """Return the addresses of a server, those that are better before others.

    On one's own network is better than from outside, and through Plex's relay, which is
    slow, is the last resort. Encrypted is better than not.
    """
    connections = server.get("connections")
    if not isinstance(connections, list):
        return ()
    https_only = flag(server.get("httpsRequired"))
    groups: defaultdict[tuple[int, bool], list[str]] = defaultdict(list)
    seen: set[str] = set()
    for connection in islice(connections, _MAX_CONNECTIONS):
        for written in _urls_of(connection):
            try:
                url = normalise_url(written)
            except PlexInvalidUrlError:
                continue
            is_plain = url.startswith("http:")
            if url not in seen and not (is_plain and https_only):
                seen.add(url)
                groups[_distance(connection), is_plain].append(url)
    return tuple(tuple(groups[key]) for key in sorted(groups))


def _urls_of(connection: object) -> Iterator[str]:
    """Yield what a connection says; on the local network a server speaks HTTP as well.

    Nowhere else: there the token would be for everybody on the way to read.
    """
    if not isinstance(connection, dict):
        return
    yield text(connection.get("uri"))
    if _distance(connection) == 0:
        host = text(connection.get("address"))
        bracketed = f"[{host}]" if ":" in host else host
        yield f"http://{bracketed}:{text(connection.get('port'))}"


def _distance(connection: Mapping[str, object]) -> int:
    if flag(connection.get("relay")):
        return 2
    return 0 if flag(connection.get("local")) else 1
