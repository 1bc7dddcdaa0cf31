"""Which activities run, and what changed: the one place that decides.

Two sources tell about the same work. Notifications are early but can be lost, doubled
or late; snapshots (`GET /activities`) are complete but were true at a moment somewhere
between asking and receiving. Three races follow, and they are why this class exists:

* A notification arrives while a snapshot is under way. It may be the newer of the two.
* A queued `updated` arrives for an activity that a snapshot has just shown to be gone.
* Two snapshots overlap, and the older answer comes last.

So everything is numbered: a notification when it reaches us, a snapshot when it is
asked for. A caller takes a `mark()` before asking and hands it in with the answer; what
was heard of after the mark is newer than the snapshot and stays as it is. What has
ended never comes back.

The tracker is synchronous, has no clock and does no I/O. A notification costs the same
however many activities run.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from copy import replace
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from .fields import COMPLETE
from .models import Activity, ActivityEvent, Notification, Outcome

# An ended activity is remembered so that a late message cannot start it again. Late
# means seconds; a busy server ends a few activities in that time.
REMEMBER_ENDED = 4096


class ChangeKind(Enum):
    """What a change means."""

    FOUND = "found"  # It was there already when we first looked.
    STARTED = "started"
    UPDATED = "updated"
    ENDED = "ended"


@dataclass(slots=True)
class Change:
    """Something that became true of an activity.

    `observed` tells whether the server said so itself; it is False for what only
    follows from a snapshot. `outcome` is set for ENDED.
    """

    kind: ChangeKind
    activity: Activity
    observed: bool = True
    outcome: Outcome | None = None


class ActivityTracker:
    """Turns notifications and snapshots into changes, each of them exactly once."""

    def __init__(self, *, remember_ended: int = REMEMBER_ENDED) -> None:
        """Know nothing yet: the first snapshot is the baseline."""
        self._running: dict[str, Activity] = {}
        self._heard: dict[str, int] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._remember_ended = remember_ended
        self._now = 0
        self._restarted_at = 0
        self._latest_snapshot = 0
        self._has_baseline = False

    @property
    def running(self) -> Mapping[str, Activity]:
        """Return what runs now, by UUID (a live view)."""
        return MappingProxyType(self._running)

    @property
    def ended(self) -> tuple[str, ...]:
        """Return the UUIDs that are remembered as ended, oldest first."""
        return tuple(self._ended)

    def restore(self, running: Iterable[Activity], ended: Iterable[str]) -> None:
        """Continue where an earlier tracker stopped.

        What it knew as running is neither found nor started again; if it is gone by the
        first snapshot, it has ended unobserved.
        """
        for activity in running:
            self._running[activity.uuid] = activity
            self._heard[activity.uuid] = self._now
        for uuid in ended:
            self._remember(uuid)

    def mark(self) -> int:
        """Return a new position, to be taken before a snapshot is asked for."""
        self._now += 1
        return self._now

    def server_restarted(self) -> None:
        """Note that the server was not there: nothing heard of before can still run.

        It ends nothing by itself. The next snapshot does, and then calls "interrupted"
        what was last heard of before this moment.
        """
        self._now += 1
        self._restarted_at = self._now

    def apply(self, notification: Notification) -> tuple[Change, ...]:
        """Take in one notification and return what it changed, in order."""
        self._now += 1
        event, activity = notification.event, notification.activity
        uuid = activity.uuid
        known = self._running.get(uuid)
        if known is None and uuid in self._ended:
            return ()
        if event is ActivityEvent.ENDED:
            return tuple(self._end_observed(activity, known))
        self._heard[uuid] = self._now
        if known is None:
            self._running[uuid] = activity
            return (Change(ChangeKind.STARTED, activity),)
        # A `started` for what runs already was doubled or overtaken: it tells the least
        # about the activity (no library, no progress), and nothing new.
        if event is ActivityEvent.STARTED:
            return ()
        # An `updated` that repeats itself is told too: that the server has nothing to
        # add, such as a scan's library, is an answer to somebody who waits for it.
        self._running[uuid] = activity
        return (Change(ChangeKind.UPDATED, activity),)

    def reconcile(self, snapshot: Iterable[Activity], *, as_of: int) -> list[Change]:
        """Take in a full list of what ran and return what it changed, in order.

        Args:
            snapshot: Every activity that the server listed.
            as_of: The `mark()` taken before the list was asked for.

        """
        if as_of < self._latest_snapshot:
            return []  # Overtaken by one that was asked for later.
        self._latest_snapshot = as_of
        listed = {activity.uuid: activity for activity in snapshot}
        changes = [*self._end_missing(listed, as_of), *self._take_listed(listed, as_of)]
        self._has_baseline = True
        return changes

    def _end_observed(
        self, activity: Activity, known: Activity | None
    ) -> Iterator[Change]:
        if known is None:
            yield Change(ChangeKind.STARTED, activity, observed=False)
        elif activity.progress is None:
            activity = replace(activity, progress=known.progress)
        self._forget(activity.uuid)
        stopped_early = activity.progress is not None and activity.progress < COMPLETE
        outcome = Outcome.CANCELLED if stopped_early else Outcome.FINISHED
        yield Change(ChangeKind.ENDED, activity, outcome=outcome)

    def _end_missing(
        self, listed: Mapping[str, Activity], as_of: int
    ) -> Iterator[Change]:
        gone = [
            (activity, heard)
            for uuid, activity in self._running.items()
            if uuid not in listed and (heard := self._heard[uuid]) <= as_of
        ]
        for activity, heard in gone:
            self._forget(activity.uuid)
            interrupted = heard < self._restarted_at
            outcome = Outcome.INTERRUPTED if interrupted else Outcome.FINISHED
            yield Change(ChangeKind.ENDED, activity, observed=False, outcome=outcome)

    def _take_listed(
        self, listed: Mapping[str, Activity], as_of: int
    ) -> Iterator[Change]:
        for uuid, activity in listed.items():
            if uuid in self._ended:
                continue
            known = self._running.get(uuid)
            if known is not None and self._heard[uuid] > as_of:
                continue
            self._heard[uuid] = as_of
            if known == activity:
                continue
            self._running[uuid] = activity
            yield Change(self._kind_of_listed(known), activity, observed=False)

    def _kind_of_listed(self, known: Activity | None) -> ChangeKind:
        if known is not None:
            return ChangeKind.UPDATED
        return ChangeKind.STARTED if self._has_baseline else ChangeKind.FOUND

    def _forget(self, uuid: str) -> None:
        self._running.pop(uuid, None)
        self._heard.pop(uuid, None)
        self._remember(uuid)

    def _remember(self, uuid: str) -> None:
        self._ended[uuid] = None
        if len(self._ended) > self._remember_ended:
            self._ended.popitem(last=False)
