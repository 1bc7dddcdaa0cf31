"""Server-sent events, decoded from bytes as they arrive.

Follows the WHATWG rules ("Interpreting an event stream"), except that `id` and `retry`
are ignored: a Plex Media Server cannot resume a stream, and how long to wait before the
next is not its business. Pure: bytes in, events out. Lines are split as bytes, which
UTF-8 permits, and decoded when they are complete.
"""

from dataclasses import dataclass

from .exceptions import PlexConnectionError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_FEED = b"\n"
_LINE_ENDS = (b"\n", b"\r")
_MAX_EVENT = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event of a stream."""

    event: str
    data: str


class ServerSentEventDecoder:
    """Turns the bytes of one stream into events, however the bytes were cut."""

    def __init__(self, *, max_event: int = _MAX_EVENT) -> None:
        """Begin a stream. An event of more bytes than `max_event` is an error."""
        self._max_event = max_event
        self._line = bytearray()
        self._at_start = True
        self._after_return = False
        self._event = b""
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Take in the next bytes and return the events that they complete.

        Raises:
            PlexConnectionError: An event, or a line, has no end within the limit.

        """
        if self._after_return and chunk:
            # A carriage return ends a line at once; this is the rest of that line end.
            chunk = chunk.removeprefix(_LINE_FEED)
            self._after_return = False
        if not chunk:
            return []
        self._after_return = chunk.endswith(b"\r")
        # splitlines() of bytes, unlike that of text, knows just the three line ends.
        lines = chunk.splitlines()
        rest = b"" if chunk.endswith(_LINE_ENDS) else lines.pop()
        events = self._take_in(lines)
        self._line += rest
        self._check(len(self._line))
        return events

    def _take_in(self, lines: list[bytes]) -> list[ServerSentEvent]:
        events = []
        if lines:
            lines[0] = bytes(self._line) + lines[0]
            self._line.clear()
            if self._at_start:
                self._at_start = False
                lines[0] = lines[0].removeprefix(_BYTE_ORDER_MARK)
        for line in lines:
            if line:
                self._take_in_field(line)
                continue
            if self._data:
                events.append(self._event_so_far())
                self._data.clear()
                self._size = 0
            self._event = b""
        return events

    def _take_in_field(self, line: bytes) -> None:
        self._check(len(line))
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
            self._size += len(line)
        elif name == b"event":
            self._event = value.removeprefix(b" ")

    def _event_so_far(self) -> ServerSentEvent:
        data = b"\n".join(self._data).decode(errors="replace")
        return ServerSentEvent(self._event.decode(errors="replace") or "message", data)

    def _check(self, more: int) -> None:
        if self._size + more > self._max_event:
            raise PlexConnectionError("The live stream sent an event that is too large")
