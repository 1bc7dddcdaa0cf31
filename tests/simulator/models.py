"""What exists on a Plex Media Server: plain frozen data, in Plex's own words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypedDict

type Payload = dict[str, Any]
"""A JSON object as it goes over the wire."""

OWNER_ID = 1
"""Plex numbers its owner 1; everybody else has their plex.tv id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the server says it is."""

    machine_identifier: str = "c997cf82c4158cb986ccc0e8f829a6f5d5086a63"
    friendly_name: str = "Simulated Plex"
    version: str = "1.43.3.10828-4a1bb6b12"
    claimed: bool = True
    platform: str = "Linux"
    platform_version: str = "6.12"
    my_plex_username: str = "owner@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody with a token. The owner may do everything."""

    id: int
    name: str
    token: str = field(repr=False)
    may_record: bool = False

    @property
    def is_owner(self) -> bool:
        """Return whether this is the account that Plex calls admin."""
        return self.id == OWNER_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library section."""

    key: str
    title: str
    type: str = "movie"
    uuid: str
    agent: str = "tv.plex.agents.movie"
    scanner: str = "Plex Movie"
    locations: tuple[str, ...] = ()
    scanned_at: int
    updated_at: int
    content_changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ButlerTask:
    """Something that the butler does every so many days."""

    name: str
    interval: int = 1
    schedule_randomized: bool = False
    enabled: bool = True
    title: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dvr:
    """A DVR with its programme guide."""

    key: str
    uuid: str
    language: str = "eng"
    lineup: str = "lineup://tv.plex.providers.epg.onconnect/USA-HI51418-X"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One running job. `None` means that the server does not send the field."""

    uuid: str
    type: str
    title: str = ""
    subtitle: str = ""
    progress: float | None = 0
    cancellable: bool = False
    user_id: int = OWNER_ID
    context: Mapping[str, Any] | None = None
    response: Mapping[str, Any] | None = None


class ActivityChanges(TypedDict, total=False):
    """What `PlexWorld.update` can change about a running activity."""

    title: str
    subtitle: str
    progress: float | None
    cancellable: bool
    context: Mapping[str, Any] | None
    response: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One thing that the server tells everybody who listens.

    WebSocket and EventSource wrap the same `body` differently, see `shapes`.
    """

    type: str
    key: str
    body: Payload
    user_id: int | None = None
    """Whose business it is; `None` for what concerns everybody."""


@dataclass(frozen=True, slots=True)
class Work:
    """What an activity works on, where Plex has a stop call for such work."""

    kind: str
    """`library`, `butler` or `guide`."""
    id: str


class Cancelling(Enum):
    """What follows when the server has accepted a cancel.

    No public source shows it, so every client has to cope with all of these.
    """

    ENDS = "an ended notification below 100 %"
    ENDS_AT_100 = "an ended notification at 100 %"
    VANISHES = "the activity goes without a notification"
    IGNORED = "nothing: the activity carries on"
    LATER = "it ends below 100 %, but only after a while"


class UnknownActivityError(Exception):
    """There is no such running activity."""


class NotCancellableError(Exception):
    """The activity says that it cannot be cancelled."""
