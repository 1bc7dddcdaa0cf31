"""What Plex servers were recorded to send: the format, and what is at hand of it.

A recording is a file of JSON lines. `payloads.jsonl` gathers what others have
published, and Plex's own examples. `scripts/record` makes such a file of anybody's
server: there each line has its time, and some say what became of a connection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
import json
from pathlib import Path
from typing import Any, Self

from .models import Notification

PAYLOADS = Path(__file__).parent.parent / "recordings" / "payloads.jsonl"

ACTIVITIES = "/activities"
IDENTITY = "/identity"
"""What a recording asks for."""

HTTP = "http-json"
SAID = "observed-anonymised"
"""The kind of what a server has said; the kinds below are about the connection."""
UNREADABLE = "unreadable"
OPENED = "opened"
ENDED = "ended"
FAILED = "failed"


class RecordingError(Exception):
    """A file is no recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One payload, with where it comes from; or what became of a connection."""

    transport: str
    """`http-json`, `http-xml`, `websocket` or `eventsource`."""
    kind: str
    source: str = ""
    note: str = ""
    at: float = 0
    """Seconds since the recording began."""
    path: str = ""
    """What was asked for, where it was asked for."""
    status: int | None = None
    """What was answered, where it was no success."""
    size: int | None = None
    """The length of what could not be read."""
    payload: Any = None

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read a line, or raise ValueError or TypeError."""
        return cls(**json.loads(line))

    @property
    def line(self) -> str:
        """Return the line of the file, without what it does not say."""
        said = {key: getattr(self, key) for key in _ORDER}
        row = {key: value for key, value in said.items() if value not in {"", None}}
        if self.kind == SAID:
            row["payload"] = self.payload
        return json.dumps(row, allow_nan=False)

    @property
    def notification(self) -> Notification:
        """Return what was said, without the wrapping of either transport."""
        if self.transport == "eventsource":
            ((key, body),) = self.payload["data"].items()
            return Notification(type=self.payload["event"], key=key, body=body)
        # Some recorders have already taken the container off.
        container = self.payload.get("NotificationContainer", self.payload)
        key = next(key for key in container if key not in {"type", "size"})
        return Notification(type=container["type"], key=key, body=container[key][0])


_ORDER = ("at", "transport", "kind", "path", "status", "size", "source", "note")


def read(path: Path) -> list[Recording]:
    """Return the lines of a recording, or raise RecordingError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as err:
        raise RecordingError(f"{path} cannot be read: {err}") from None
    rows = []
    for number, line in enumerate(lines, start=1):
        try:
            rows.append(Recording.from_line(line))
        except TypeError, ValueError, RecursionError:
            message = f"{path}: line {number} is none of a recording"
            raise RecordingError(message) from None
    return rows


def to_text(rows: Iterable[Recording]) -> str:
    """Return what a file with these lines holds."""
    return "".join(f"{row.line}\n" for row in rows)


def recordings(*transports: str) -> list[Recording]:
    """Return everything published that was recorded on these transports."""
    return [row for row in read(PAYLOADS) if row.transport in transports]


def recorded_notifications() -> list[Notification]:
    """Return every notification among it, pings of the EventSource excepted."""
    return [
        recording.notification
        for recording in recordings("websocket", "eventsource")
        if recording.payload.get("event") != "ping"
    ]
