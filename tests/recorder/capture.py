"""Asks and listens as the integration does, and keeps every word.

It is a client of its own, because the integration's gives meanings and this one wants
texts. What it sends is the same: the headers, the filter, and no redirect is followed,
since it would take the token along.
"""

import asyncio
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp

from custom_components.plex_activities.client import (
    Identity,
    PlexError,
    PlexResponseError,
    normalise_url,
)
from custom_components.plex_activities.client.rest import (
    MAX_BODY,
    token_header,
    who_we_are,
)
from custom_components.plex_activities.client.sse import ServerSentEventDecoder
from custom_components.plex_activities.client.stream import MAX_MESSAGE
from custom_components.plex_activities.client.wire import (
    SUCCESS,
    answer_error,
    network_error,
    read_body,
)
from tests.simulator import Transport
from tests.simulator.recordings import ACTIVITIES, HTTP, IDENTITY

from .anonymiser import decoded
from .tape import Tape

WEBSOCKET = "/:/websockets/notifications?filters=activity"
EVENTSOURCE = "/:/eventsource/notifications?filters=activity"

EVENT_STREAM = "text/event-stream"
CLIENT_IDENTIFIER = "plex-activities-recorder"
ANSWER_WITHIN = aiohttp.ClientTimeout(total=10)
OPEN_WITHIN = 10.0
# Some proxies cut what is quiet for long.
PING_EVERY = 30.0
CLOSE_WITHIN = aiohttp.ClientWSTimeout(ws_close=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be recorded, and for how long."""

    url: str
    token: str
    verify_ssl: bool = True
    seconds: float
    ask_every: float = 5.0
    """Seconds from one look at the list of activities to the next."""
    retry_after: float = 5.0
    """Seconds until what was refused or has ended is tried again."""


async def capture(wanted: Wanted, tape: Tape) -> None:
    """Fill the tape until the time is over; cancelled earlier, it has what there was.

    Raises:
        PlexError: There is no such server, or it does not let us in.

    """
    headers = {
        **who_we_are(
            client_identifier=CLIENT_IDENTIFIER,
            product="Plex Activities recorder",
            version="",
            platform="",
            device_name="",
        ),
        **token_header(wanted.token),
    }
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=wanted.verify_ssl),
        middlewares=(_follow_nobody,),
    ) as session:
        recorder = Recorder(session, normalise_url(wanted.url), headers, tape)
        await recorder.check()
        with suppress(TimeoutError):
            async with asyncio.timeout(wanted.seconds), asyncio.TaskGroup() as group:
                group.create_task(recorder.keep_asking(wanted.ask_every))
                for transport in Transport:
                    group.create_task(
                        recorder.keep_listening(transport, wanted.retry_after)
                    )


class Recorder:
    """Somebody who hears everything and understands nothing."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        headers: Mapping[str, str],
        tape: Tape,
    ) -> None:
        """Record that server."""
        self._session = session
        self._url = url
        self._headers = headers
        self._tape = tape

    async def check(self) -> None:
        """Ask both questions once, and raise what stands in the way of an answer."""
        if not _is_identity(await self._answer(IDENTITY)):
            raise PlexResponseError("This is not a Plex Media Server")
        await self._answer(ACTIVITIES)

    async def keep_asking(self, pause: float) -> None:
        """Ask for the list of activities, over and over."""
        while True:
            await asyncio.sleep(pause)
            with suppress(PlexError):
                await self._answer(ACTIVITIES)

    async def keep_listening(self, transport: Transport, pause: float) -> None:
        """Listen on a stream, and open it again whenever it ends."""
        listen = {
            Transport.WEBSOCKET: self._listen_to_websocket,
            Transport.EVENTSOURCE: self._listen_to_eventsource,
        }[transport]
        while True:
            try:
                await listen()
            except aiohttp.ClientResponseError as err:
                self._tape.failed(transport, status=err.status)
            except (aiohttp.ClientError, OSError) as err:
                self._tape.failed(transport, note=str(network_error(err)))
            except PlexError as err:
                self._tape.failed(transport, note=str(err))
            await asyncio.sleep(pause)

    async def _answer(self, path: str) -> bytes:
        """Return an answer, which is on the tape then, as is what went wrong."""
        try:
            async with self._session.get(
                f"{self._url}{path}",
                headers=self._headers,
                timeout=ANSWER_WITHIN,
                allow_redirects=False,
            ) as response:
                if response.status not in SUCCESS:
                    self._tape.failed(HTTP, path=path, status=response.status)
                    raise await answer_error(response)
                body = await read_body(response, MAX_BODY)
        except (aiohttp.ClientError, OSError) as err:
            error = network_error(err)
            self._tape.failed(HTTP, path=path, note=str(error))
            raise error from None
        self._tape.answered(path, body)
        return body

    async def _listen_to_websocket(self) -> None:
        """Keep what a WebSocket says, until it ends."""
        async with asyncio.timeout(OPEN_WITHIN):
            socket = await self._session.ws_connect(
                f"{self._url}{WEBSOCKET}",
                headers=self._headers,
                timeout=CLOSE_WITHIN,
                heartbeat=PING_EVERY,
                max_msg_size=MAX_MESSAGE,
                decode_text=False,
            )
        async with socket:
            self._tape.opened(Transport.WEBSOCKET)
            while (message := await socket.receive()).type in _DATA:
                self._tape.said(Transport.WEBSOCKET, message.data)
            note = f"It ended with code {socket.close_code}"
            self._tape.ended(Transport.WEBSOCKET, note)

    async def _listen_to_eventsource(self) -> None:
        """Keep what an EventSource says, until it ends."""
        wanted = {"Accept": EVENT_STREAM, "Accept-Encoding": "identity"}
        async with asyncio.timeout(OPEN_WITHIN):
            response = await self._session.get(
                f"{self._url}{EVENTSOURCE}",
                headers={**self._headers, **wanted},
                timeout=aiohttp.ClientTimeout(total=None),
                allow_redirects=False,
            )
        with closing(response):
            if response.status != HTTPStatus.OK:
                raise _refused(response)
            if response.content_type != EVENT_STREAM:
                raise PlexResponseError("The answer is no event stream")
            self._tape.opened(Transport.EVENTSOURCE)
            note = await self._keep_events(response)
            self._tape.ended(Transport.EVENTSOURCE, note)

    async def _keep_events(self, response: aiohttp.ClientResponse) -> str:
        """Keep events until there are no more, and return why."""
        decoder = ServerSentEventDecoder(max_event=MAX_MESSAGE)
        try:
            while chunk := await response.content.readany():
                for one in decoder.feed(chunk):
                    raw = one.data.encode()
                    self._tape.said(Transport.EVENTSOURCE, raw, event=one.event)
        except aiohttp.ClientError, OSError, PlexError:
            return "It broke"
        return "It ended"


def _is_identity(answer: bytes) -> bool:
    """Return whether an answer is one that only a Plex Media Server gives."""
    try:
        payload = decoded(answer)
    except ValueError, RecursionError:
        return False
    container = payload.get("MediaContainer") if isinstance(payload, dict) else None
    return Identity.from_payload(container) is not None


async def _follow_nobody(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Let no WebSocket be redirected: that cannot be asked for any other way."""
    response = await handler(request)
    if aiohttp.hdrs.UPGRADE in request.headers and response.status in _REDIRECTION:
        response.close()
        raise _refused(response)
    return response


def _refused(response: aiohttp.ClientResponse) -> aiohttp.ClientResponseError:
    return aiohttp.ClientResponseError(
        response.request_info, response.history, status=response.status
    )


_DATA = {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}
_REDIRECTION = range(300, 400)
