"""Keeps one live stream up: opens it, falls back, backs off.

WebSocket first; where something on the way refuses the upgrade, EventSource at once.
When neither comes up, the owner polls until the next attempt succeeds. A stream counts
as up only once its owner has taken a snapshot behind it: what is said meanwhile waits
in the socket, so nothing falls between the two. What is said is not looked at here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import logging
import random
from time import monotonic
from typing import NoReturn

from .client import (
    Notification,
    PlexClient,
    PlexConnectionError,
    PlexError,
    PlexStreamRefusedError,
    PlexTimeoutError,
    Transport,
)
from .const import Timing
from .fanout import Fanout

_LOGGER = logging.getLogger(__name__)


class NotificationListener:
    """Runs until it is cancelled; no error of the server ends it."""

    def __init__(
        self,
        client: PlexClient,
        timing: Timing,
        *,
        name: str,
        take_snapshot: Callable[[], Awaitable[bool]],
        on_notification: Callable[[Notification], None],
    ) -> None:
        """Prepare to listen.

        Args:
            client: Opens the streams.
            timing: The bounds of the waits between attempts.
            name: What people call the server.
            take_snapshot: Called behind a stream that has just been opened, before
                anything is read from it, and after one that broke or could not be
                opened; returns whether the server answered.
            on_notification: Called for everything the server says.

        """
        self._client = client
        self._timing = timing
        self._name = name
        self._take_snapshot = take_snapshot
        self._on_notification = on_notification
        self._wake = asyncio.Event()
        self._order = [Transport.WEBSOCKET, Transport.EVENTSOURCE]
        self._failures = 0
        # Those in a row at which the server itself was there.
        self._losses = 0
        self._is_missed = False
        self.is_open = False
        self.transport: Transport | None = None
        self.transport_changed: Fanout[()] = Fanout()

    def retry_now(self) -> None:
        """Do not wait any longer for the next attempt."""
        self._wake.set()

    async def run(self) -> NoReturn:
        """Keep a stream up."""
        while True:
            self._wake.clear()
            try:
                await self._listen_by_any_transport()
            except PlexError as err:
                self._failures += 1
                _LOGGER.debug("No live updates (%d): %s", self._failures, err)
                await self._handle_down(err)
            await self._back_off()

    async def _listen_by_any_transport(self) -> None:
        preferred, other = self._order
        try:
            await self._listen(preferred)
        except PlexStreamRefusedError as err:
            _LOGGER.debug("No %s, trying %s: %s", preferred, other, err)
            await self._listen(other)

    async def _listen(self, transport: Transport) -> None:
        async with self._client.notifications(transport) as stream:
            await self._handle_open(transport)
            up_since = monotonic()
            # A server that accepts and drops at once is not a working stream.
            lasting = asyncio.get_running_loop().call_later(
                self._timing.retry_reset, self._handle_lasting, transport
            )
            try:
                async for notification in stream:
                    self._hand_over(notification)
            except PlexTimeoutError:
                # Silent from the beginning: where nobody answers pings, an idle server
                # looks dead. The other transport has signs of life of its own.
                if monotonic() - up_since < 2 * self._timing.silence:
                    self._order.reverse()
                raise
            finally:
                lasting.cancel()

    async def _handle_open(self, transport: Transport) -> None:
        self.is_open = True
        if not await self._take_snapshot():
            raise PlexConnectionError("There is a stream, but no snapshot")
        self._set_transport(transport)

    def _handle_lasting(self, transport: Transport) -> None:
        """Begin anew with the patience, now that a stream has been up for a while."""
        self._failures = self._losses = 0
        if self._is_missed:
            self._is_missed = False
            _LOGGER.info("Live updates from %s are back (%s)", self._name, transport)

    async def _handle_down(self, err: PlexError) -> None:
        self.is_open = False
        self._set_transport(None)
        # Not left to the poll's clock: a lost stream is how a lost server shows first.
        is_reachable = await self._take_snapshot()
        # That a server cannot be reached is logged where it is polled; and a stream
        # that comes back at the first attempt, or right after its server, is not worth
        # a line.
        self._losses = self._losses + 1 if is_reachable else 0
        if self._losses > 1 and not self._is_missed:
            self._is_missed = True
            _LOGGER.warning(
                "No live updates from %s (%s); polling every %d seconds instead",
                self._name,
                err,
                self._timing.poll_without_stream.total_seconds(),
            )

    def _set_transport(self, transport: Transport | None) -> None:
        if transport is not self.transport:
            self.transport = transport
            self.transport_changed.tell()

    def _hand_over(self, notification: Notification) -> None:
        try:
            self._on_notification(notification)
        except Exception:
            # A mistake of ours with one notification must not cost all that follow: the
            # next snapshot puts right what this one would have told.
            _LOGGER.exception("Could not handle a notification")

    async def _back_off(self) -> None:
        """Wait before the next attempt, longer after each, and never all in step."""
        longest = min(
            self._timing.retry_maximum,
            self._timing.retry_minimum * 2 ** min(self._failures - 1, 10),
        )
        with suppress(TimeoutError):
            async with asyncio.timeout(longest * random.uniform(0.5, 1)):  # noqa: S311 (jitter, not a secret)
                await self._wake.wait()
