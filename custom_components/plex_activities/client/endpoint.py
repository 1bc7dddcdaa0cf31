"""Where live streams are opened, and how."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    closing,
    contextmanager,
    suppress,
)
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from .exceptions import PlexConnectionError, PlexStreamRefusedError
from .stream import (
    MAX_MESSAGE,
    Counters,
    EventSourceStream,
    NotificationStream,
    Transport,
    WebSocketStream,
)
from .wire import network_error, refusal

# Other subjects would be most of the traffic. Not all servers may know the filter.
_QUERY = "?filters=activity"
_EVENT_STREAM = "text/event-stream"
# How long to wait for the other side's goodbye when we leave.
_CLOSE_TIMEOUT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The live side of a server. `silence` is how many seconds of it mean death."""

    session: aiohttp.ClientSession
    url: str
    headers: Mapping[str, str]
    json_loads: Callable[[str | bytes], object]
    counters: Counters
    open_timeout: float
    silence: float

    def open(
        self, transport: Transport
    ) -> AbstractAsyncContextManager[NotificationStream]:
        """Return a context that opens one stream, and closes it."""
        if transport is Transport.WEBSOCKET:
            return self._open_websocket()
        return self._open_eventsource()

    @asynccontextmanager
    async def _open_websocket(self) -> AsyncIterator[NotificationStream]:
        if (connector := self.session.connector) is None:
            raise PlexConnectionError("The session is closed")
        # ws_connect() follows redirects, and would hand the token to whoever they name.
        # Only a session can forbid it; this one shares all but that with the given one.
        async with aiohttp.ClientSession(
            connector=connector,
            connector_owner=False,
            cookie_jar=self.session.cookie_jar,
            headers=self.session.headers,
            trust_env=self.session.trust_env,
            middlewares=(_refuse_all_but_upgrade,),
        ) as session:
            with _opening():
                socket = await self._upgrade(session)
            try:
                async with socket:
                    yield WebSocketStream(socket, self.json_loads, self.counters)
            finally:
                _stop_heartbeat(socket)

    async def _upgrade(
        self, session: aiohttp.ClientSession
    ) -> aiohttp.ClientWebSocketResponse[bool]:
        async with asyncio.timeout(self.open_timeout):
            return await session.ws_connect(
                f"{self.url}/:/websockets/notifications{_QUERY}",
                headers=self.headers,
                timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_TIMEOUT),
                # After this long without a byte aiohttp sends a ping, and half as long
                # after that it gives up: together, the silence that is allowed.
                heartbeat=self.silence * 2 / 3,
                max_msg_size=MAX_MESSAGE,
                # Bad UTF-8 then costs the frame it is in, and not the connection.
                decode_text=False,
            )

    @asynccontextmanager
    async def _open_eventsource(self) -> AsyncIterator[NotificationStream]:
        with _opening():
            response = await self._listen()
        with closing(response):
            yield EventSourceStream(response, self.json_loads, self.counters)

    async def _listen(self) -> aiohttp.ClientResponse:
        # Compressed events would wait on the way until enough of them came together.
        wanted = {"Accept": _EVENT_STREAM, "Accept-Encoding": "identity"}
        async with asyncio.timeout(self.open_timeout):
            response = await self.session.get(
                f"{self.url}/:/eventsource/notifications{_QUERY}",
                headers={**self.headers, **wanted},
                timeout=aiohttp.ClientTimeout(total=None, sock_read=self.silence),
                allow_redirects=False,
            )
            if response.status != HTTPStatus.OK:
                with closing(response):
                    raise await refusal(response)
        if response.content_type != _EVENT_STREAM:
            response.close()
            raise PlexStreamRefusedError("The answer is no event stream")
        return response


def _stop_heartbeat(socket: aiohttp.ClientWebSocketResponse[bool]) -> None:
    """Stop the heartbeat of a closed socket.

    The other side's goodbye sets it going again, and aiohttp has no public way to stop
    it. Where it has the private one no longer, the timer merely outlives the socket.
    """
    with suppress(AttributeError):
        socket._cancel_heartbeat()  # noqa: SLF001


@contextmanager
def _opening() -> Iterator[None]:
    """Put what happens while a stream is opened into our own errors."""
    try:
        yield
    except aiohttp.WSServerHandshakeError:
        raise PlexStreamRefusedError("The answer is no WebSocket") from None
    except (aiohttp.ClientError, OSError) as err:
        raise network_error(err) from None


async def _refuse_all_but_upgrade(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    response = await handler(request)
    if response.status != HTTPStatus.SWITCHING_PROTOCOLS:
        with closing(response):
            raise await refusal(response)
    return response
