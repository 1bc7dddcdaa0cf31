"""What a Plex Media Server says, as immutable values.

Parsing is total: a field of the wrong shape becomes the value that means "not said", an
unknown type stays as it is, and only what has no identity at all is not understood. A
server is free to say odd things; it must never be able to stop us with them.

The shapes follow Plex's OpenAPI 1.2.2 and recordings of real servers: JSON has booleans
where XML has "0" and "1", numbers may be text, and most fields may be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from .fields import flag, identifier, mapping, paths, percentage, text, whole_number
from .paths import is_within

LIBRARY_SCAN = "library.update.section"
BUTLER = "butler"
UNKNOWN_TYPE = "unknown"


class ActivityEvent(StrEnum):
    """What a notification says about an activity."""

    STARTED = "started"
    UPDATED = "updated"
    ENDED = "ended"


class Outcome(StrEnum):
    """How an activity came to its end."""

    FINISHED = "finished"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One piece of background work, as the server describes it at one moment.

    Only `uuid` and `type` stay the same during its life. `progress` is 0 to 100, or
    None while the server does not know (it sends -1, or nothing).
    """

    uuid: str
    type: str
    title: str = ""
    subtitle: str = ""
    progress: float | None = None
    cancellable: bool = False
    user_id: int | None = None
    context: Mapping[str, object] | None = None
    response: Mapping[str, object] | None = None

    @property
    def library_id(self) -> str | None:
        """Return the library that the server names, which it does late or never."""
        if self.context is None:
            return None
        return identifier(self.context.get("librarySectionID"))

    @property
    def is_library_scan(self) -> bool:
        """Return whether this is the scan of a library."""
        return self.type == LIBRARY_SCAN

    @classmethod
    def from_payload(cls, payload: object, *, uuid: object = None) -> Self | None:
        """Return the activity of a row, or None if nothing identifies it.

        `uuid` is what the surrounding notification says, for rows that omit their own.
        """
        if not isinstance(payload, dict):
            return None
        get = payload.get
        if (own := identifier(get("uuid")) or identifier(uuid)) is None:
            return None
        return cls(
            uuid=own,
            type=identifier(get("type")) or UNKNOWN_TYPE,
            title=text(get("title")),
            subtitle=text(get("subtitle")),
            progress=percentage(get("progress")),
            cancellable=flag(get("cancellable")),
            user_id=whole_number(get("userID")),
            context=mapping(get("Context")),
            response=mapping(get("Response")),
        )


@dataclass(frozen=True, slots=True)
class Notification:
    """One thing that the server says of its own accord."""

    event: ActivityEvent
    activity: Activity

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return one entry of `ActivityNotification`, or None if not understood."""
        if not isinstance(payload, dict):
            return None
        activity = Activity.from_payload(
            payload.get("Activity"), uuid=payload.get("uuid")
        )
        said = payload.get("event")
        event = _EVENTS.get(said) if isinstance(said, str) else None
        if activity is None or event is None:
            return None
        return cls(event, activity)


_EVENTS: dict[str, ActivityEvent] = {event.value: event for event in ActivityEvent}


def parse_frame(payload: object) -> list[Notification | None]:
    """Return the activity notifications of one frame of either stream.

    A WebSocket frame wraps a list in a `NotificationContainer`; EventSource data is a
    bare object with one notification. Frames about other subjects give an empty list;
    each None stands for a part that was not understood.
    """
    if not isinstance(payload, dict):
        return [None]
    container = payload.get("NotificationContainer", payload)
    if not isinstance(container, dict):
        return [None]
    if (entries := container.get("ActivityNotification")) is None:
        return [None] if container.get("type") == "activity" else []
    if not isinstance(entries, list):
        entries = [entries]
    return [Notification.from_payload(entry) for entry in entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a server tells anybody who asks, without a token (`GET /identity`)."""

    machine_identifier: str
    version: str

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return the identity, or None if this is not a Plex Media Server's answer."""
        if not isinstance(payload, dict):
            return None
        machine_identifier = identifier(payload.get("machineIdentifier"))
        if machine_identifier is None:
            return None
        return cls(
            machine_identifier=machine_identifier, version=text(payload.get("version"))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server as it describes itself to somebody with a token (`GET /`)."""

    identity: Identity
    name: str
    platform: str = ""

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return the server, or None if this is not a Plex Media Server's answer."""
        identity = Identity.from_payload(payload)
        if identity is None or not isinstance(payload, dict):
            return None
        return cls(
            identity=identity,
            name=text(payload.get("friendlyName")) or identity.machine_identifier,
            platform=text(payload.get("platform")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library ("section") of the server. Its id is text, as activities name it."""

    id: str
    title: str
    type: str = ""
    locations: tuple[str, ...] = ()

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return the library of a row, or None if nothing identifies it."""
        if not isinstance(payload, dict):
            return None
        if (own := identifier(payload.get("key"))) is None:
            return None
        return cls(
            id=own,
            title=text(payload.get("title")) or own,
            type=text(payload.get("type")),
            locations=paths(payload.get("Location")),
        )

    def may_contain(self, path: str) -> bool:
        """Return whether a path lies in one of the library's folders.

        Not every token is told of them; then it may be anywhere.
        """
        folders = self.locations
        return not folders or any(is_within(path, folder) for folder in folders)


@dataclass(frozen=True, slots=True, kw_only=True)
class ButlerTask:
    """A kind of scheduled maintenance that the server knows."""

    name: str
    title: str = ""
    enabled: bool = False

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return the task of a row, or None if it has no name."""
        if not isinstance(payload, dict):
            return None
        if (name := identifier(payload.get("name"))) is None:
            return None
        return cls(
            name=name,
            title=text(payload.get("title")),
            enabled=flag(payload.get("enabled")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dvr:
    """A recorder of television, with a programme guide that can be reloaded."""

    id: str

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return the DVR of a row, or None if nothing identifies it."""
        if not isinstance(payload, dict):
            return None
        own = identifier(payload.get("key"))
        return None if own is None else cls(id=own)
