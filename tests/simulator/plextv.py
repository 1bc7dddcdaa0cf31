"""A simulated plex.tv, as far as one needs it to sign in and to find servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Self

from aiohttp import web

from .answer_faults import AnswerFaults
from .models import Payload
from .pages import Handler
from .payloads import resource_payload
from .requests import Requests
from .server import SimulatedPlex
from .shapes import to_json, to_xml
from .site import Site

CLIENT_HEADER = "X-Plex-Client-Identifier"
DEFAULT_ACCOUNT_TOKEN = "simulated-account-token"
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(slots=True, kw_only=True)
class Pin:
    """A code that somebody has to enter to link a client."""

    id: int
    code: str
    client_identifier: str
    lifetime: float
    token: str | None = None


class SimulatedPlexTv:
    """plex.tv on a real socket: `async with SimulatedPlexTv() as plex_tv`."""

    def __init__(self, *, token: str = DEFAULT_ACCOUNT_TOKEN) -> None:
        """Prepare an account with that token and no servers."""
        self.token = token
        self.lifetime: float = 900
        """Seconds that plex.tv promises for a new code; `expire` is what ends it."""
        self.faults = AnswerFaults()
        self.requests = Requests()
        self.pins: list[Pin] = []
        self.resources: list[Payload] = []
        self._pin_ids = count(564964751)
        self._site = Site(host="127.0.0.1", port=0, ssl_context=None)

    @property
    def url(self) -> str:
        """What stands for https://plex.tv and https://clients.plex.tv."""
        return self._site.url

    async def __aenter__(self) -> Self:
        """Start to listen."""
        app = web.Application(middlewares=[self._note_request, self.faults.interfere])
        app.router.add_post("/api/v2/pins", self._new_pin)
        app.router.add_get("/api/v2/pins/{id}", self._pin)
        app.router.add_get("/api/v2/user", self._user)
        app.router.add_get("/api/v2/resources", self._resources)
        await self._site.open(app)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Stop for good."""
        await self._site.close()

    @asynccontextmanager
    async def unreachable(self) -> AsyncIterator[None]:
        """Refuse connections for a while."""
        await self._site.stop_listening()
        try:
            yield
        finally:
            await self._site.start_listening()

    # What the user does.

    def link(self, code: str) -> None:
        """Enter a code, as the user does on plex.tv/link: the client is signed in."""
        self._of_code(code).token = self.token

    def expire(self, code: str) -> None:
        """Let a code run out."""
        self.pins.remove(self._of_code(code))

    def add_server(
        self, plex: SimulatedPlex, *, owned: bool = True, token: str | None = None
    ) -> Payload:
        """Add a server to the account, and return the row about it, to be changed."""
        row = resource_payload(
            plex.world.identity,
            token=token or plex.token,
            owned=owned,
            host=plex.host,
            port=plex.port,
            uri=plex.url,
        )
        self.resources.append(row)
        return row

    def _of_code(self, code: str) -> Pin:
        """Return the pin with that code."""
        return next(pin for pin in self.pins if pin.code == code)

    # What the client asks.

    @web.middleware
    async def _note_request(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Remember every request, and insist on knowing who asks."""
        self.requests.note(request)
        if CLIENT_HEADER not in request.headers:
            return _error(400, 1000, "X-Plex-Client-Identifier is missing")
        return await handler(request)

    async def _new_pin(self, request: web.Request) -> web.StreamResponse:
        pin_id = next(self._pin_ids)
        strong = request.query.get("strong", "").lower() in {"1", "true"}
        pin = Pin(
            id=pin_id,
            code=_code(pin_id, length=25 if strong else 4),
            client_identifier=request.headers[CLIENT_HEADER],
            lifetime=self.lifetime,
        )
        self.pins.append(pin)
        row = _pin_payload(pin)
        return _answer(request, row, {"pin": row}, status=201)

    async def _pin(self, request: web.Request) -> web.StreamResponse:
        for pin in self.pins:
            # A code is nobody's business but that of the client that asked for it.
            if str(pin.id) == request.match_info["id"] and (
                pin.client_identifier == request.headers[CLIENT_HEADER]
            ):
                row = _pin_payload(pin)
                return _answer(request, row, {"pin": row})
        return _error(404, 1020, "Code not found or expired")

    async def _user(self, request: web.Request) -> web.StreamResponse:
        if not self._is_signed_in(request):
            return _error(401, 1001, "User could not be authenticated")
        row = {"id": 10_000_001, "username": "owner", "email": "owner@example.com"}
        return _answer(request, row, {"user": row})

    async def _resources(self, request: web.Request) -> web.StreamResponse:
        # What an account may use can be asked with the token of each of its servers.
        tokens = (row["accessToken"] for row in self.resources if "accessToken" in row)
        if not self._is_signed_in(request, *tokens):
            return _error(401, 1001, "User could not be authenticated")
        xml = [
            {**row, "connections": {"connection": row["connections"]}}
            for row in self.resources
        ]
        return _answer(request, self.resources, {"resources": {"resource": xml}})

    def _is_signed_in(self, request: web.Request, *tokens: str) -> bool:
        """Return whether a request comes with the account's token, or one of others."""
        return request.headers.get("X-Plex-Token") in {self.token, *tokens}


def _answer(
    request: web.Request,
    row: Payload | list[Payload],
    xml: Payload,
    *,
    status: int = 200,
) -> web.Response:
    """Answer with XML, or with JSON, which has no root element here."""
    if "application/json" in request.headers.get("Accept", ""):
        return web.Response(
            status=status, body=to_json(row), content_type="application/json"
        )
    return web.Response(
        status=status, body=to_xml(xml), content_type="application/xml", charset="utf-8"
    )


def _error(status: int, code: int, message: str) -> web.Response:
    """Answer as plex.tv does when something is wrong."""
    error = {"code": code, "message": message, "status": status}
    return web.Response(
        status=status,
        body=to_json({"errors": [error]}),
        content_type="application/json",
    )


def _pin_payload(pin: Pin) -> Payload:
    """Return what plex.tv says about a code; it holds a token once it is linked."""
    return {
        "id": pin.id,
        "code": pin.code,
        "product": "",
        "trusted": False,
        "clientIdentifier": pin.client_identifier,
        "expiresIn": pin.lifetime,
        "authToken": pin.token,
        "newRegistration": None,
    }


def _code(number: int, *, length: int) -> str:
    """Return a code that is different for every number."""
    code = ""
    for _ in range(length):
        number, position = divmod(number, len(_ALPHABET))
        code += _ALPHABET[position]
    return code
