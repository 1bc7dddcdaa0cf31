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
from typing import Any, NamedTuple, Self, override

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


class ActivityDetails(NamedTuple):
    """What of an activity can wait until somebody asks."""

    type: str
    title: str
    cancellable: bool
    user_id: int | None
    context: Mapping[str, object] | None
    response: Mapping[str, object] | None

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> Self:
        """Return the details of a row."""
        get = row.get
        # By position, which takes half the time that names take.
        return cls(
            identifier(get("type")) or UNKNOWN_TYPE,
            text(get("title")),
            flag(get("cancellable")),
            whole_number(get("userID")),
            mapping(get("Context")),
            mapping(get("Response")),
        )


class Activity:
    """One piece of background work, as the server describes it at one moment.

    It stays as it is; only `uuid` and `type` are the same during the whole work.
    `progress` is 0 to 100, or None while the server does not know (it sends -1, or
    nothing).

    A scan brings a message for every file, and one in fifty is ever shown. So only what
    tells whether work goes on is read at once, and the rest when somebody asks for it.
    """

    __slots__ = ("_known", "_row", "progress", "subtitle", "uuid")

    _known: ActivityDetails | None
    _row: Mapping[str, object]

    def __init__(  # noqa: PLR0913 (everything that an activity has)
        self,
        *,
        uuid: str,
        type: str,  # noqa: A002 (the server's own word)
        title: str = "",
        subtitle: str = "",
        progress: float | None = None,
        cancellable: bool = False,
        user_id: int | None = None,
        context: Mapping[str, object] | None = None,
        response: Mapping[str, object] | None = None,
    ) -> None:
        """Describe an activity in our own words."""
        self.uuid = uuid
        self.subtitle = subtitle
        self.progress = progress
        self._row = {}
        self._known = ActivityDetails(
            type, title, cancellable, user_id, context, response
        )

    @classmethod
    def from_payload(cls, payload: object, uuid: object = None) -> Self | None:
        """Return the activity of a row, or None if nothing identifies it.

        `uuid` is what the surrounding notification says, for rows that omit their own.
        """
        if not isinstance(payload, dict):
            return None
        get = payload.get
        if (own := identifier(get("uuid")) or identifier(uuid)) is None:
            return None
        activity = object.__new__(cls)
        activity.uuid = own
        activity.subtitle = text(get("subtitle"))
        activity.progress = percentage(get("progress"))
        activity._row = payload
        activity._known = None
        return activity

    @property
    def details(self) -> ActivityDetails:
        """Return what can wait, all at once."""
        if (known := self._known) is None:
            self._known = known = ActivityDetails.from_row(self._row)
            self._row = {}
        return known

    @property
    def type(self) -> str:
        """Return what kind of work it is, in the server's word."""
        return self.details.type

    @property
    def title(self) -> str:
        """Return what people read first, or ""."""
        return self.details.title

    @property
    def cancellable(self) -> bool:
        """Return whether the server says that it can be cancelled."""
        return self.details.cancellable

    @property
    def user_id(self) -> int | None:
        """Return the account on the server for which it is done."""
        return self.details.user_id

    @property
    def context(self) -> Mapping[str, object] | None:
        """Return what the server adds while it runs, such as a library."""
        return self.details.context

    @property
    def response(self) -> Mapping[str, object] | None:
        """Return what the server adds as a result."""
        return self.details.response

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

    def as_dict(self) -> dict[str, object]:
        """Return everything, by the names of the constructor's arguments."""
        return {
            "uuid": self.uuid,
            "subtitle": self.subtitle,
            "progress": self.progress,
            **self.details._asdict(),
        }

    def __replace__(self, **changes: Any) -> Activity:
        """Return the same with some changes, for `copy.replace`."""
        return Activity(**{**self.as_dict(), **changes})

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Activity) and self.as_dict() == other.as_dict()

    __hash__ = None  # type: ignore[assignment]  # what servers add cannot be hashed

    @override
    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items())
        return f"Activity({said})"


# Not frozen: a frozen one takes twice the time to make, and one is made every message.
@dataclass(slots=True)
class Notification:
    """One thing that the server says of its own accord. Nothing changes it."""

    event: ActivityEvent
    activity: Activity

    @classmethod
    def from_payload(cls, payload: object) -> Self | None:
        """Return one entry of `ActivityNotification`, or None if not understood."""
        if not isinstance(payload, dict):
            return None
        get = payload.get
        said = get("event")
        event = _EVENTS.get(said) if isinstance(said, str) else None
        if event is None:
            return None
        activity = Activity.from_payload(get("Activity"), get("uuid"))
        if activity is None:
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
    entries = container.get("ActivityNotification")
    if isinstance(entries, list):
        return [Notification.from_payload(entry) for entry in entries]
    if entries is not None:
        return [Notification.from_payload(entries)]
    return [None] if container.get("type") == "activity" else []


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
