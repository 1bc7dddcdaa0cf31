"""Faults of the streams: what is told, and how, while one of them lasts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from .frames import (
    BAD_FRAMES,
    EVENTSOURCE_STYLES,
    ODD_FRAMES,
    Frame,
    Spoil,
    Transport,
    endless,
    frame,
)
from .models import Notification

if TYPE_CHECKING:
    from .streams import Stream, Streams

type Pass = Callable[[Notification], Iterable[Notification]]
"""Turns a notification into those that are sent in its place."""


class StreamFaults:
    """The faults of the streams; each one lasts as long as its `with`."""

    def __init__(self) -> None:
        """Start without a fault."""
        self.streams: Streams
        self.half_open = False
        self.unfiltered = False
        self._dropping: list[bool] = []
        self._passes: list[Pass] = []
        self._spoils: list[Spoil] = []
        self._styles: list[Callable[[bytes], bytes]] = []
        self._chunk_size: int | None = None

    # The faults.

    @contextmanager
    def stream_dropped(self, *, politely: bool = False) -> Iterator[None]:
        """Drop every stream, and any new one as soon as it is up."""
        self.streams.drop(politely=politely)
        with _during(self._dropping, politely):
            yield

    @contextmanager
    def stream_half_open(self) -> Iterator[None]:
        """Leave the sockets up but dead: nothing is sent, no ping is answered.

        A stream that was caught by this stays dead; one that is opened when it is
        over works again.
        """
        for stream in self.streams:
            stream.silent = True
        self.half_open = True
        try:
            yield
        finally:
            self.half_open = False

    @contextmanager
    def filters_ignored(self) -> Iterator[None]:
        """Send all types of notification, whatever the streams asked for."""
        self.unfiltered = True
        try:
            yield
        finally:
            self.unfiltered = False

    @contextmanager
    def notifications_lost(self, *events: str) -> Iterator[None]:
        """Never send notifications of these events of activities, or any at all."""

        def lose(notification: Notification) -> Iterable[Notification]:
            lost = not events or notification.body.get("event") in events
            return () if lost else (notification,)

        with _during(self._passes, lose):
            yield

    @contextmanager
    def notifications_duplicated(self) -> Iterator[None]:
        """Send everything twice."""
        with _during(self._passes, lambda notification: (notification, notification)):
            yield

    @contextmanager
    def notifications_reordered(self) -> Iterator[None]:
        """Swap each notification with the next one; an odd last one comes late."""
        held: list[Notification] = []

        def swap(notification: Notification) -> Iterable[Notification]:
            if not held:
                held.append(notification)
                return ()
            return (notification, held.pop())

        with _during(self._passes, swap):
            yield
        for notification in held:
            self.streams.publish(notification)

    @contextmanager
    def notifications_delayed(self) -> Iterator[None]:
        """Send nothing yet, and everything in one burst when it is over."""
        held: list[Notification] = []

        def hold(notification: Notification) -> Iterable[Notification]:
            held.append(notification)
            return ()

        with _during(self._passes, hold):
            yield
        for notification in held:
            self.streams.publish(notification)

    def bad_frames(self, kind: str) -> AbstractContextManager[None]:
        """Send one of BAD_FRAMES in the place of each notification."""
        return self.frames_spoilt(BAD_FRAMES[kind])

    def odd_frames(self, kind: str) -> AbstractContextManager[None]:
        """Send one of ODD_FRAMES in the place of each notification."""
        return self.frames_spoilt(ODD_FRAMES[kind])

    def frames_without_end(self) -> AbstractContextManager[None]:
        """Begin with each notification a frame that has no end."""
        return self.frames_spoilt(endless)

    @contextmanager
    def frames_spoilt(self, spoil: Spoil) -> Iterator[None]:
        """Send whatever the function makes of each notification."""
        with _during(self._spoils, spoil):
            yield

    @contextmanager
    def eventsource_style(self, style: str) -> Iterator[None]:
        """Spell EventSource frames in one of the EVENTSOURCE_STYLES."""
        with _during(self._styles, EVENTSOURCE_STYLES[style]):
            yield

    @contextmanager
    def eventsource_in_pieces(self, size: int = 1) -> Iterator[None]:
        """Send EventSource frames in pieces of that many bytes."""
        self._chunk_size = size
        try:
            yield
        finally:
            self._chunk_size = None

    # What the streams ask.

    def passed(self, notification: Notification) -> Iterable[Notification]:
        """Return the notifications to send in the place of one."""
        notifications: Iterable[Notification] = (notification,)
        for pass_on in tuple(self._passes):
            notifications = [new for old in notifications for new in pass_on(old)]
        return notifications

    def frame(self, notification: Notification, transport: Transport) -> Frame:
        """Return the frame to send for a notification."""
        make = self._spoils[-1] if self._spoils else frame
        made = make(notification, transport)
        if transport is Transport.WEBSOCKET:
            return made
        data = made.data
        for style in self._styles:
            data = style(data)
        return replace(made, data=data)

    def chunks(self, data: bytes) -> Iterable[bytes]:
        """Return the pieces in which to send data."""
        size = self._chunk_size or len(data) or 1
        return (data[start : start + size] for start in range(0, len(data), size))

    def opened(self, stream: Stream) -> None:
        """Drop a stream that has just been opened, if that is the fault."""
        if self._dropping:
            self.streams.drop_one(stream, politely=self._dropping[-1])


@contextmanager
def _during[T](active: list[T], item: T) -> Iterator[None]:
    """Have an item in the list for a while."""
    active.append(item)
    try:
        yield
    finally:
        active.remove(item)
