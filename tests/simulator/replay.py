"""Says once more what a server was recorded to say, when and where it said it.

A snapshot is what `GET /activities` answers from its time on, and a frame goes to those
who listen on its transport. What became of a connection happens again as well: streams
end, and what failed fails. The simulator's own world stands behind it, unused: who may
ask, who the server is and what its libraries are is its business as ever.

Recorded pings are not sent. They belong to the time of the clock on the wall, and the
simulator sends its own: a client would take a slow replay for a dead server.
"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from . import answers
from .answer_faults import EVENTSOURCE_PATH, WEBSOCKET_PATH
from .frames import Frame, Transport
from .models import Identity, Payload
from .pages import Handler
from .recordings import (
    ACTIVITIES,
    ENDED,
    FAILED,
    HTTP,
    IDENTITY,
    OPENED,
    SAID,
    UNREADABLE,
    Recording,
)
from .rest import answer
from .shapes import to_json

if TYPE_CHECKING:
    from .server import SimulatedPlex

# How often somebody is looked for who listens. The wait has no end.
_LOOK_EVERY = 0.05


class Replay:
    """A recording, to be played once."""

    def __init__(self, rows: Iterable[Recording]) -> None:
        """Prepare: until it is played, the server is as it was at the beginning."""
        self._rows = sorted(rows, key=lambda row: row.at)
        self._snapshot: Payload | None = None
        self._failing: dict[str, int | None] = {}
        """Which transports fail, and with which status if there was an answer."""
        seen: set[str] = set()
        for row in self._rows:
            if row.path != IDENTITY and row.transport not in seen:
                seen.add(row.transport)
                self._turn_to(row)

    @contextmanager
    def on(self, plex: SimulatedPlex) -> Iterator[None]:
        """Let a simulator answer from the recording."""
        for row in self._rows:
            if row.path == IDENTITY and row.kind == SAID:
                plex.world.identity = _identity(row, plex.world.identity)
        with plex.faults.answer(self._respond):
            yield

    async def tell(self, plex: SimulatedPlex) -> None:
        """Play to whoever listens first, and stay as at the end: a scenario."""
        with self.on(plex):
            while not len(plex.streams):  # noqa: ASYNC110 (nobody tells of it for ever)
                await asyncio.sleep(_LOOK_EVERY)
            await self.play(plex)
            await asyncio.Event().wait()

    async def play(self, plex: SimulatedPlex) -> None:
        """Play from beginning to end, at the speed of the simulator's clock."""
        now = asyncio.get_running_loop().time
        began = now()
        for row in self._rows:
            # Each from the beginning, so that delays do not add up.
            await asyncio.sleep(began + row.at / plex.clock.speed - now())
            self._turn_to(row)
            self._tell(plex, row)

    def _turn_to(self, row: Recording) -> None:
        """Change what is answered from here on."""
        if row.kind == FAILED:
            self._failing[row.transport] = row.status
        elif row.kind in {OPENED, SAID}:
            self._failing.pop(row.transport, None)
        if row.kind == SAID and row.transport == HTTP and row.path == ACTIVITIES:
            self._snapshot = row.payload

    def _tell(self, plex: SimulatedPlex, row: Recording) -> None:
        """Tell those who listen on the transport of a row."""
        data = _frame(row)
        for stream in plex.streams:
            if stream.transport != row.transport:
                continue
            if row.kind == ENDED:
                plex.streams.drop_one(stream, politely=True)
            elif data is not None:
                stream.send(Frame(data))

    async def _respond(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Answer as recorded, but only those who would have been answered."""
        if (transport := _transport(request)) in self._failing:
            status = self._failing[transport]
            if status is None:
                return await answers.reset(request, handler)
            # Not Plex's page: proxies answer with statuses that have none.
            return web.Response(status=status, content_type="text/html")
        right = await handler(request)
        is_snapshot = (request.method, request.path) == ("GET", ACTIVITIES)
        if is_snapshot and right.status == HTTPStatus.OK and self._snapshot is not None:
            return answer(request, self._snapshot)
        return right


def _transport(request: web.Request) -> str | None:
    """Return on which of the recorded transports a request is."""
    if request.path.startswith(WEBSOCKET_PATH):
        return Transport.WEBSOCKET
    if request.path.startswith(EVENTSOURCE_PATH):
        return Transport.EVENTSOURCE
    return HTTP if request.path == ACTIVITIES else None


def _frame(row: Recording) -> bytes | None:
    """Return the bytes of a row on its stream, if it has any."""
    if row.kind == UNREADABLE:
        text = b"?" * (row.size or 0)
        return b"data: %s\n\n" % text if _is_eventsource(row) else text
    if row.kind != SAID or row.transport == HTTP:
        return None
    if not _is_eventsource(row):
        return to_json(row.payload)
    if row.payload["event"] == "ping":
        return None
    data = to_json(row.payload["data"])
    return b"event: %s\ndata: %s\n\n" % (row.payload["event"].encode(), data)


def _is_eventsource(row: Recording) -> bool:
    return row.transport == Transport.EVENTSOURCE


def _identity(row: Recording, identity: Identity) -> Identity:
    """Return the identity that was recorded."""
    match row.payload:
        case {"MediaContainer": {"machineIdentifier": own, "version": version}}:
            return replace(identity, machine_identifier=own, version=version)
    return identity
