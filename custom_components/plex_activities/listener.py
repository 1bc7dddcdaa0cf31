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
    PlexError,
    PlexStreamRefusedError,
    Transport,
)
from .const import Timing

_LOGGER = logging.getLogger(__name__)


class NotificationListener:
    """Runs until it is cancelled; no error of the server ends it."""

    def __init__(
        self,
        client: PlexClient,
        timing: Timing,
        *,
        on_up: Callable[[Transport], Awaitable[None]],
        on_notification: Callable[[Notification], None],
        on_down: Callable[[PlexError, int], Awaitable[None]],
    ) -> None:
        """Prepare to listen.

        Args:
            client: Opens the streams.
            timing: The bounds of the waits between attempts.
            on_up: Called when a stream is open, before anything is read from it; a
                PlexError that it raises counts as a failed attempt.
            on_notification: Called for everything the server says.
            on_down: Called when a stream broke or could not be opened, with the reason
                and how many attempts have failed in a row.

        """
        self._client = client
        self._timing = timing
        self._on_up = on_up
        self._on_notification = on_notification
        self._on_down = on_down
        self._wake = asyncio.Event()
        self._failures = 0

    def retry_now(self) -> None:
        """Do not wait any longer for the next attempt."""
        self._wake.set()

    async def run(self) -> NoReturn:
        """Keep a stream up."""
        while True:
            try:
                await self._listen_by_any_transport()
            except PlexError as err:
                self._failures += 1
                _LOGGER.debug("No live updates (%d): %s", self._failures, err)
                await self._on_down(err, self._failures)
            await self._back_off()

    async def _listen_by_any_transport(self) -> None:
        try:
            await self._listen(Transport.WEBSOCKET)
        except PlexStreamRefusedError as err:
            _LOGGER.debug("No WebSocket, trying EventSource: %s", err)
            await self._listen(Transport.EVENTSOURCE)

    async def _listen(self, transport: Transport) -> None:
        async with self._client.notifications(transport) as stream:
            await self._on_up(transport)
            up_since = monotonic()
            try:
                async for notification in stream:
                    self._hand_over(notification)
            finally:
                # A server that accepts and drops at once is not a working stream.
                if monotonic() - up_since >= self._timing.retry_reset:
                    self._failures = 0

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
        self._wake.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(longest * random.uniform(0.5, 1)):  # noqa: S311 (jitter, not a secret)
                await self._wake.wait()
