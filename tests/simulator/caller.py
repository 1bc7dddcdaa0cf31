"""Somebody who asks a simulator things and listens to it: plain aiohttp."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
import json
from typing import Any, Self

import aiohttp

from .models import Payload
from .server import SimulatedPlex

BRIEF = aiohttp.ClientWSTimeout(ws_close=0.1)
"""A dead server does not return a goodbye."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read to its end."""

    status: int
    content_type: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Payload:
        payload: Payload = json.loads(self.body)
        return payload


class Caller:
    """Asks a simulator, and listens to it."""

    def __init__(self, plex: SimulatedPlex, session: aiohttp.ClientSession) -> None:
        self.plex = plex
        self.session = session
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start without any stream."""
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Close every stream."""
        await self._open.aclose()

    async def __call__(self, method: str, path: str, **headers: str) -> Reply:
        async with self.session.request(
            method, self.plex.url + path, headers=headers, allow_redirects=False
        ) as response:
            return Reply(
                response.status,
                response.content_type,
                dict(response.headers),
                await response.read(),
            )

    async def websocket(self, query: str = "", **options: Any) -> WebSocket:
        """Open a WebSocket."""
        url = f"{self.plex.url}/:/websockets/notifications{query}"
        socket = await self.session.ws_connect(url, timeout=BRIEF, **options)
        self._open.push_async_callback(socket.close)
        return WebSocket(socket)

    async def eventsource(self, query: str = "") -> EventSource:
        """Open an EventSource."""
        url = f"{self.plex.url}/:/eventsource/notifications{query}"
        response = await self.session.get(url)
        self._open.callback(response.close)
        return EventSource(response)


@dataclass(frozen=True, slots=True)
class WebSocket:
    """One end of a WebSocket."""

    socket: aiohttp.ClientWebSocketResponse

    async def next(self) -> Payload:
        """Return the content of the next message."""
        payload: Payload = json.loads((await self.socket.receive()).data)
        return payload


@dataclass(frozen=True, slots=True)
class EventSource:
    """One end of an EventSource."""

    response: aiohttp.ClientResponse

    async def next(self) -> tuple[str, Payload]:
        """Return the name and the content of the next event."""
        frame = await self.response.content.readuntil(b"\n\n")
        event, data = frame.decode().removesuffix("\n\n").split("\n")
        return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))
