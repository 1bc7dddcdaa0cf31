"""The live views of the world: who listens, and what each of them is sent."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from .access import ACCOUNT
from .facts import Facts
from .frames import Frame, Transport
from .models import Account, Notification
from .shapes import EVENTSOURCE_PING
from .stream_faults import StreamFaults

LEFT_OUT_BY_DEFAULT = "-log"


@dataclass(frozen=True, slots=True)
class Filters:
    """The `filters` of a request: `a,b` only those, `-a,b` all but those."""

    names: frozenset[str]
    excluding: bool

    @classmethod
    def parse(cls, text: str | None) -> Filters:
        """Read the parameter; an empty one filters nothing."""
        text = LEFT_OUT_BY_DEFAULT if text is None else text
        names = frozenset(name.strip(" -") for name in text.split(",")) - {""}
        return cls(names, excluding=text.startswith("-") or not names)

    def want(self, kind: str) -> bool:
        """Return whether a type of notification gets through."""
        return (kind in self.names) != self.excluding


class Drop:
    """A polite end, to be sent after everything else."""


DROP = Drop()


class Stream:
    """One connected listener."""

    def __init__(self, transport: Transport, request: web.Request) -> None:
        """Serve that request."""
        self.transport = transport
        self.account: Account = request[ACCOUNT]
        self.filters = Filters.parse(request.query.get("filters"))
        self.silent = False
        """Half open: it takes everything, and never says anything again."""
        self._request = request
        self._outgoing: asyncio.Queue[Frame | Drop] = asyncio.Queue()

    def send(self, outgoing: Frame | Drop) -> None:
        """Send a frame after those that are waiting."""
        self._outgoing.put_nowait(outgoing)

    async def next(self) -> Frame | Drop:
        """Wait for what is to be sent next; forever, if the stream is silent."""
        while True:
            outgoing = await self._outgoing.get()
            if not self.silent:
                return outgoing

    async def write_fragments(self, data: bytes) -> None:
        """Send a WebSocket message, fragment after fragment, and never the last."""
        head = b"\x01"
        while (transport := self._request.transport) and not transport.is_closing():
            if transport.get_write_buffer_size() <= len(data):
                # The length of what is no longer than this has eight bytes.
                transport.write(head + b"\x7f" + len(data).to_bytes(8) + data)
                head = b"\x00"
            await asyncio.sleep(0)

    def abort(self) -> None:
        """Cut the connection."""
        if (transport := self._request.transport) is not None:
            transport.abort()


class Streams:
    """All connected listeners."""

    def __init__(self, faults: StreamFaults, *, ping_interval: float) -> None:
        """Start without any."""
        self.opened = 0
        """How many streams there have ever been."""
        self.shared_users_hear_all = False
        """Whether Plex tells users of the activities of others is not known."""
        self._faults = faults
        self._ping_interval = ping_interval
        self._streams: list[Stream] = []
        self._facts = Facts()
        faults.streams = self

    def __iter__(self) -> Iterator[Stream]:
        """Iterate over those who are connected now."""
        return iter(tuple(self._streams))

    def __len__(self) -> int:
        """Return how many are connected now."""
        return len(self._streams)

    async def wait_for(self, count: int, *, at_least: bool = False) -> None:
        """Wait until that many are connected."""
        await self._facts.wait_for(
            lambda: len(self) >= count if at_least else len(self) == count,
            f"{count} streams",
        )

    async def wait_for_opened(self, count: int) -> None:
        """Wait until that many have ever been opened."""
        await self._facts.wait_for(lambda: self.opened >= count, f"stream {count}")

    def publish(self, notification: Notification) -> None:
        """Send a notification to everybody who wants it, through the faults."""
        for one in self._faults.passed(notification):
            for stream in self:
                if self._concerns(stream, one):
                    stream.send(self._faults.frame(one, stream.transport))

    def _concerns(self, stream: Stream, notification: Notification) -> bool:
        """Return whether a stream asks for a notification, and may have it."""
        if not (self._faults.unfiltered or stream.filters.want(notification.type)):
            return False
        return (
            self.shared_users_hear_all
            or stream.account.is_owner
            or notification.user_id in {None, stream.account.id}
        )

    def drop(self, *, politely: bool = False) -> None:
        """End every stream; at once it no longer counts as connected."""
        for stream in self:
            self.drop_one(stream, politely=politely)

    def drop_one(self, stream: Stream, *, politely: bool) -> None:
        """End a stream, with a goodbye or by cutting the connection."""
        self._remove(stream)
        if politely:
            stream.send(DROP)
        else:
            stream.abort()

    @contextmanager
    def _connected(self, stream: Stream) -> Iterator[None]:
        """Count a stream as connected."""
        stream.silent = self._faults.half_open
        self._streams.append(stream)
        self.opened += 1
        self._facts.changed()
        try:
            yield
        finally:
            self._remove(stream)

    def _remove(self, stream: Stream) -> None:
        """No longer count a stream, if it still is."""
        with suppress(ValueError):
            self._streams.remove(stream)
        self._facts.changed()

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """Serve a WebSocket."""
        socket = web.WebSocketResponse(autoping=False, autoclose=False, compress=False)
        if not socket.can_prepare(request):
            raise web.HTTPBadRequest
        stream = Stream(Transport.WEBSOCKET, request)
        with self._connected(stream):
            await socket.prepare(request)
            self._faults.opened(stream)
            writer = asyncio.create_task(_write_frames(socket, stream))
            try:
                await _read_frames(socket, stream)
            finally:
                writer.cancel()
        return socket

    async def eventsource(self, request: web.Request) -> web.StreamResponse:
        """Serve an EventSource."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        stream = Stream(Transport.EVENTSOURCE, request)
        with self._connected(stream):
            await response.prepare(request)
            self._faults.opened(stream)
            pings = asyncio.create_task(self._ping(stream))
            try:
                await _write_chunks(response, stream, self._faults)
            finally:
                pings.cancel()
        return response

    async def _ping(self, stream: Stream) -> None:
        """Tell an EventSource every few seconds that it is still there."""
        while True:
            await asyncio.sleep(self._ping_interval)
            stream.send(Frame(EVENTSOURCE_PING))


async def _read_frames(socket: web.WebSocketResponse, stream: Stream) -> None:
    """Answer pings until the client is gone; what else it says is ignored."""
    while True:
        message = await socket.receive()
        match message.type:
            case WSMsgType.PING if not stream.silent:
                await socket.pong(message.data)
            case WSMsgType.CLOSE if not stream.silent:
                await socket.close()
                return
            case WSMsgType.CLOSED | WSMsgType.CLOSING | WSMsgType.ERROR:
                return


async def _write_frames(socket: web.WebSocketResponse, stream: Stream) -> None:
    """Send what there is to send."""
    with suppress(ConnectionError):
        while True:
            match await stream.next():
                case Frame(data, _, is_endless=True):
                    await stream.write_fragments(data)
                case Frame(data, opcode):
                    await socket.send_frame(data, opcode)
                case Drop():
                    await socket.close(code=WSCloseCode.GOING_AWAY)
                    return


async def _write_chunks(
    response: web.StreamResponse, stream: Stream, faults: StreamFaults
) -> None:
    """Send what there is to send, until the stream is dropped."""
    while isinstance(outgoing := await stream.next(), Frame):
        for chunk in faults.chunks(outgoing.data):
            await response.write(chunk)
        while outgoing.is_endless:
            await response.write(outgoing.data)
