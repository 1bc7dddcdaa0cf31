"""One connection on which a server says, of its own accord, what its activities do.

A `NotificationStream` is an iterator and nothing more: it gives notifications, and ends
with an error. Whether to open another, when, and by which transport, is decided
elsewhere. There are no tasks here, so there is nothing to stop but the iteration.
"""

from abc import abstractmethod
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import override

import aiohttp

from .exceptions import PlexConnectionError, PlexError, PlexTimeoutError
from .models import Notification, parse_frame
from .sse import ServerSentEvent, ServerSentEventDecoder

# Notifications are some hundred bytes, on a busy server some thousand.
MAX_MESSAGE = 1024 * 1024


class Transport(StrEnum):
    """A way for the server to reach us."""

    WEBSOCKET = "websocket"
    EVENTSOURCE = "eventsource"


@dataclass(slots=True)
class Counters:
    """What a client has seen on all its connections so far, for diagnostics."""

    streams: int = 0
    frames: int = 0
    notifications: int = 0
    not_understood: int = 0
    rows_not_understood: int = 0
    recent: deque[Notification] = field(default_factory=partial(deque, maxlen=25))


class NotificationStream(AsyncIterator[Notification]):
    """The notifications of one connection.

    The end of the connection is an error like any other, because a server never ends it
    by itself while it is well: the iteration does not stop, it raises a `PlexError`.
    """

    transport: Transport

    def __init__(
        self, json_loads: Callable[[str | bytes], object], counters: Counters
    ) -> None:
        self._json_loads = json_loads
        self._counters = counters
        counters.streams += 1
        self._unread: deque[Notification] = deque()

    @override
    async def __anext__(self) -> Notification:
        """Wait for the next notification.

        Raises:
            PlexTimeoutError: The server has been silent for too long.
            PlexConnectionError: The connection ended or broke.

        """
        unread = self._unread
        try:
            while not unread:
                self._understand(await self._next_frame())
        except (aiohttp.ClientError, OSError) as err:
            raise _broken(err) from None
        return unread.popleft()

    @abstractmethod
    async def _next_frame(self) -> str | bytes:
        """Return the JSON text of the next message, whatever it is about."""

    def _understand(self, frame: str | bytes) -> None:
        """Take in the notifications of a message."""
        counters = self._counters
        counters.frames += 1
        try:
            parts = parse_frame(self._json_loads(frame))
        except ValueError, RecursionError:
            counters.not_understood += 1
            return
        for notification in parts:
            if notification is None:
                counters.not_understood += 1
            else:
                counters.notifications += 1
                counters.recent.append(notification)
                self._unread.append(notification)


class WebSocketStream(NotificationStream):
    """A WebSocket. aiohttp answers the server's pings, and sends ours."""

    transport = Transport.WEBSOCKET

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse[bool],
        json_loads: Callable[[str | bytes], object],
        counters: Counters,
    ) -> None:
        super().__init__(json_loads, counters)
        self._socket = socket

    @override
    async def _next_frame(self) -> str | bytes:
        message = await self._socket.receive()
        kind = message.type
        if kind is aiohttp.WSMsgType.TEXT or kind is aiohttp.WSMsgType.BINARY:
            data: bytes = message.data
            return data
        failed = kind is aiohttp.WSMsgType.ERROR
        raise _broken(message.data if failed else self._socket.exception())


class EventSourceStream(NotificationStream):
    """A response without end. The server sends an event every ten seconds at least."""

    transport = Transport.EVENTSOURCE

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        json_loads: Callable[[str | bytes], object],
        counters: Counters,
    ) -> None:
        super().__init__(json_loads, counters)
        self._content = response.content
        self._decoder = ServerSentEventDecoder(max_event=MAX_MESSAGE)
        self._events: list[ServerSentEvent] = []

    @override
    async def _next_frame(self) -> str | bytes:
        while not self._events:
            if not (chunk := await self._content.readany()):
                raise _broken(None)
            self._events = self._decoder.feed(chunk)
            self._events.reverse()
        return self._events.pop().data


def _broken(err: BaseException | None) -> PlexError:
    """Return what it means that an open connection gives no more."""
    match err:
        case None:
            return PlexConnectionError("The live stream ended")
        case TimeoutError():
            return PlexTimeoutError("The live stream fell silent")
        case aiohttp.WebSocketError(code=aiohttp.WSCloseCode.MESSAGE_TOO_BIG):
            return PlexConnectionError(
                "The live stream sent a message that is too large"
            )
    return PlexConnectionError("The live stream broke")
