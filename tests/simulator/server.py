"""The simulated Plex Media Server: a world, its views, and its life as a process."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from ssl import SSLContext
from typing import Any, Self

from aiohttp import WSMsgType, web

from .access import token_required
from .clock import Clock
from .faults import Faults
from .frames import Frame
from .models import Activity, Notification
from .pages import Handler, errors_as_pages
from .requests import Requests
from .rest import RestView
from .site import Site
from .streams import Streams
from .world import PlexWorld

DEFAULT_TOKEN = "simulated-token"
"""Nothing else is called like this: where it is found, it has leaked."""

type Autopilot = Callable[[SimulatedPlex, Activity], Coroutine[Any, Any, None]]
"""Lives the life of an activity that was started by a request."""


class SimulatedPlex:
    """A Plex Media Server on a real socket: `async with SimulatedPlex() as plex`."""

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
        ping_interval: float = 10.0,
        autopilot: Autopilot | None = None,
        ssl_context: SSLContext | None = None,
        seed: int = 0,
    ) -> None:
        """Prepare a server that does not listen yet.

        `speed` is that of the clock; `ping_interval` are real seconds between the
        pings of an EventSource. What is started by a request runs until the world
        is told otherwise, unless an `autopilot` takes care of it.
        """
        self.clock = Clock(speed)
        self.world = PlexWorld(token=token, seed=seed)
        self.faults = Faults()
        self.requests = Requests()
        self.streams = Streams(self.faults, ping_interval=ping_interval)
        self.rest = RestView(self.world, on_started=self._take_care)
        self.cancel_delay: float | None = None
        """Simulated seconds until `Cancelling.LATER` stops something."""
        self._autopilot = autopilot
        self._site = Site(host=host, port=port, ssl_context=ssl_context)
        self._tasks: list[asyncio.Task[None]] = []

        self.world.subscribe(self.streams.publish)
        self.world.on_stopping = self._stop_later

    @property
    def url(self) -> str:
        """Where the server listens."""
        return self._site.url

    @property
    def host(self) -> str:
        """The address of the machine."""
        return self._site.host

    @property
    def port(self) -> int:
        """The port, once the server has listened for the first time."""
        return self._site.port

    @property
    def token(self) -> str:
        """The owner's token."""
        return self.world.token

    # Its life.

    async def __aenter__(self) -> Self:
        """Start to listen."""
        app = web.Application(
            middlewares=[
                self._note_request,
                errors_as_pages,
                self.faults.interfere,
                token_required(self.world),
            ]
        )
        app.add_routes(self.rest.routes())
        app.router.add_get("/:/websockets/notifications", self.streams.websocket)
        app.router.add_get("/:/eventsource/notifications", self.streams.eventsource)
        await self._site.open(app)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Stop for good."""
        for task in self._tasks:
            task.cancel()
        results = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.stop_listening()
        await self._site.close()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def start_listening(self) -> None:
        """Listen, again on the same port."""
        await self._site.start_listening()

    async def stop_listening(self) -> None:
        """Refuse new connections and cut those that are open. The world goes on."""
        self.streams.drop()
        await self._site.stop_listening()

    def cut_connections(self) -> None:
        """Cut all connections, those of the streams and those that are kept alive."""
        self.streams.drop()
        self._site.cut_connections()

    @asynccontextmanager
    async def unreachable(self) -> AsyncIterator[None]:
        """Refuse connections for a while."""
        await self.stop_listening()
        try:
            yield
        finally:
            await self.start_listening()

    @asynccontextmanager
    async def restarting(self, *, version: str | None = None) -> AsyncIterator[None]:
        """Restart: what runs is forgotten, and connections are refused meanwhile."""
        async with self.unreachable():
            self.world.restart(version=version)
            yield

    async def restart(
        self,
        *,
        version: str | None = None,
        refused_for: float = 0,
        starting_up_for: float = 0,
    ) -> None:
        """Restart, refuse connections, then answer 503; in simulated seconds."""
        with ExitStack() as start:
            async with self.restarting(version=version):
                if refused_for:
                    await self.clock.sleep(refused_for)
                # Before it listens, or the first request would slip through.
                if starting_up_for:
                    start.enter_context(self.faults.starting_up())
            if starting_up_for:
                await self.clock.sleep(starting_up_for)

    # What it is asked.

    @web.middleware
    async def _note_request(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Remember every request."""
        self.requests.note(request)
        return await handler(request)

    def _take_care(self, activity: Activity) -> None:
        """Let the autopilot live the life of what a request has started."""
        if self._autopilot is not None:
            self.run(self._autopilot(self, activity))

    def _stop_later(self, activity: Activity) -> None:
        """Stop something when the delay is over, if it ever is."""
        if self.cancel_delay is not None:
            self.run(self._stop_after(self.cancel_delay, activity))

    async def _stop_after(self, delay: float, activity: Activity) -> None:
        await self.clock.sleep(delay)
        self.world.finish_stopping(activity)

    def run(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something for as long as the server lives; what it raises is raised."""
        task = asyncio.create_task(coroutine)
        self._tasks.append(task)
        return task

    # Who listens.

    async def subscribers(self, count: int, *, at_least: bool = False) -> None:
        """Wait until exactly, or at least, that many streams are connected."""
        await self.streams.wait_for(count, at_least=at_least)

    async def opened(self, count: int) -> None:
        """Wait until that many streams have been opened since the beginning."""
        await self.streams.wait_for_opened(count)

    def replay(self, notification: Notification) -> None:
        """Send a notification, wrapped as each stream wraps it; no world needed."""
        self.streams.publish(notification)

    def send_raw(
        self, data: bytes | str, *, opcode: WSMsgType = WSMsgType.TEXT
    ) -> None:
        """Send bytes as they are: a frame on WebSockets, a chunk on EventSources."""
        raw = data.encode() if isinstance(data, str) else data
        for stream in self.streams:
            stream.send(Frame(raw, opcode))
