"""A run: one activity from its start to its end, as Home Assistant shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Any

from .client import Activity, Library, Outcome
from .slots import Kind, Slot


class RunState(StrEnum):
    """The states of an activity sensor."""

    IDLE = "idle"
    RUNNING = "running"
    STALLED = "stalled"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class RunEventType(StrEnum):
    """The types of the event entity. How a run ended has the name of its state."""

    STARTED = "started"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    STALLED = "stalled"


class News(Enum):
    """What is new about a run, and so how soon it is worth a row in the database."""

    STATE = "state"
    PROGRESS = "progress"  # by as much as people read: a whole per cent
    DETAIL = "detail"


@dataclass(slots=True, kw_only=True)
class Run:
    """One activity's run. Only the run book changes it.

    It is mutable because a library scan brings a message for every file, and copying
    the run for each would cost more than everything else that is done with the message.

    `started_at` is when it was first seen: Plex does not tell when work began. `began`
    is the same on a clock that never jumps, as are the other times that are numbers. It
    is before `first_seen` where an earlier run of Home Assistant saw the work begin.
    """

    activity: Activity
    started_at: datetime
    state: RunState = RunState.RUNNING
    ended_at: datetime | None = None
    library: Library | None = None
    slot: Slot | None = None
    is_placed: bool = False
    is_start_announced: bool = False
    is_start_observed: bool = True
    is_quiet: bool = False
    began: float = 0.0
    first_seen: float = 0.0
    last_progress: float = 0.0
    cancel_accepted: float | None = None

    @property
    def is_active(self) -> bool:
        """Return whether the server still works on it."""
        return self.ended_at is None

    @property
    def kind(self) -> Kind:
        """Return what the run is about."""
        library_id = None if self.library is None else self.library.id
        return Kind.of(self.activity.type, library_id)

    def go_on(self, activity: Activity, now: float) -> News:
        """Take in what the server says of it now, and return what is new."""
        before = self.activity
        self.activity = activity
        if (
            before.progress == activity.progress
            and before.subtitle == activity.subtitle
        ):
            return News.DETAIL
        self.last_progress = now
        if self.state is not RunState.RUNNING:
            self.state = RunState.RUNNING
            return News.STATE
        if _rounded(before.progress) != _rounded(activity.progress):
            return News.PROGRESS
        return News.DETAIL

    def attributes(self) -> dict[str, Any]:
        """Return the public attributes of an activity, ready for JSON."""
        activity, library = self.activity, self.library
        type_, title, cancellable, user_id, context, response = activity.details
        return {
            "activity_id": activity.uuid,
            "activity_type": type_,
            "title": title,
            "subtitle": activity.subtitle,
            "progress": activity.progress,
            "cancellable": cancellable,
            "library": None if library is None else library.title,
            "library_id": None if library is None else library.id,
            "user_id": user_id,
            "context": context,
            "response": response,
            "started_at": _as_text(self.started_at),
            "ended_at": None if self.ended_at is None else _as_text(self.ended_at),
        }


# Asked for again whenever a state is written, about the few runs that are shown.
_as_text = lru_cache(maxsize=1024)(datetime.isoformat)


def _rounded(progress: float | None) -> int | None:
    return None if progress is None else round(progress)


# An activity sensor that has never shown anything has the same attributes, all unknown.
NO_ATTRIBUTES: dict[str, Any] = dict.fromkeys(
    (
        "activity_id",
        "activity_type",
        "title",
        "subtitle",
        "progress",
        "cancellable",
        "library",
        "library_id",
        "user_id",
        "context",
        "response",
        "started_at",
        "ended_at",
    )
)

STATE_AFTER = {outcome: RunState(outcome.value) for outcome in Outcome}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something to announce. It holds a copy of the run, which itself goes on."""

    type: RunEventType
    run: Run
    at: datetime
    duration: float  # for how long it had run, in seconds
    observed: bool
