"""What real Plex servers were recorded to send, and Plex's own examples."""

from dataclasses import dataclass
import json
from pathlib import Path

from .models import Notification, Payload

PAYLOADS = Path(__file__).parent.parent / "recordings" / "payloads.jsonl"


@dataclass(frozen=True, slots=True)
class Recording:
    """One payload, with where it comes from."""

    source: str
    transport: str
    """`http-json`, `http-xml`, `websocket` or `eventsource`."""
    kind: str
    note: str
    payload: Payload

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


def recordings(*transports: str) -> list[Recording]:
    """Return everything that was recorded on these transports."""
    rows = map(json.loads, PAYLOADS.read_text(encoding="utf-8").splitlines())
    return [Recording(**row) for row in rows if row["transport"] in transports]


def recorded_notifications() -> list[Notification]:
    """Return every recorded notification, pings of the EventSource excepted."""
    return [
        recording.notification
        for recording in recordings("websocket", "eventsource")
        if recording.payload.get("event") != "ping"
    ]
