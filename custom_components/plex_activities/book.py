"""The run book: what the server's activities mean to Home Assistant.

The tracker says what changed on the server. The book adds what only we decide: which
slot shows a run, when it began and ended, whether it was cancelled by us, whether it
stalled, and which events are due. It is given its clocks and does no I/O.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from .client import LIBRARY_SCAN, Activity, Change, ChangeKind, Library, Outcome
from .fanout import Fanout
from .libraries import LibraryList
from .runs import STATE_AFTER, News, Run, RunEvent, RunEventType, RunState
from .slots import Kind, Slot, SlotTable

# A scan's first message names no library; the next follows about a second later. A poll
# waits this long for it before it takes the scan for one without a library.
PATIENCE_WITH_UNPLACED = 5.0
# Plex does not say that an activity was cancelled. One that ends this soon after our
# cancel was accepted was, whatever progress it ended with.
CANCEL_COUNTS_FOR = 60.0


class RunBook:
    """Keeps the runs of one server, and the present or last one of each slot."""

    def __init__(
        self,
        *,
        libraries: LibraryList,
        quiet_types: Collection[str],
        utcnow: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        """Open an empty book.

        Args:
            libraries: Tells which library a scan is about.
            quiet_types: Types that raise no events, never stall and keep nothing busy.
            utcnow: The time of day, for what people read.
            monotonic: Seconds that never jump, for what is measured.

        """
        self._libraries = libraries
        self._quiet_types = frozenset(quiet_types)
        self._utcnow = utcnow
        self._monotonic = monotonic
        self._table = SlotTable()
        self._runs: dict[str, Run] = {}
        self._unplaced: dict[str, Run] = {}
        self._shown: dict[Slot, Run | None] = {}
        self._busy = 0
        self._quiet_since: float | None = None
        self.slot_added: Fanout[Slot] = Fanout()
        self.slot_changed: defaultdict[Slot, Fanout[Run, News]]
        self.slot_changed = defaultdict(Fanout)
        self.slot_removed: Fanout[Slot] = Fanout()
        self.run_changed: Fanout[Run] = Fanout()
        self.membership_changed: Fanout[()] = Fanout()
        self.announced: Fanout[RunEvent] = Fanout()

    @property
    def running(self) -> Mapping[str, Run]:
        """Return what runs now, by UUID (a live view)."""
        return MappingProxyType(self._runs)

    @property
    def shown(self) -> Mapping[Slot, Run | None]:
        """Return every slot that has a sensor, with its present or last run (live)."""
        return MappingProxyType(self._shown)

    @property
    def busy_count(self) -> int:
        """Return how many activities run, quiet types left out."""
        return self._busy

    @property
    def quiet_for(self) -> float | None:
        """Return seconds since the last busy moment: 0 if now, None if never seen."""
        if self._busy:
            return 0.0
        if self._quiet_since is None:
            return None
        return self._monotonic() - self._quiet_since

    def restore(self, shown: Mapping[Slot, Run | None], running: Iterable[Run]) -> None:
        """Go on with what an earlier book held. Nothing of it is announced."""
        self._shown.update(shown)
        for run in filter(None, shown.values()):
            run.is_quiet = self._is_quiet(run.activity)
        now, utcnow = self._monotonic(), self._utcnow()
        for run in sorted(running, key=lambda run: run.slot is None):
            run.is_quiet = self._is_quiet(run.activity)
            run.first_seen = run.last_progress = now
            run.began = now - max(0.0, (utcnow - run.started_at).total_seconds())
            self._enter(run)
            if run.slot is not None:
                self._table.reserve(run.slot)
                self._shown[run.slot] = run
            elif run.is_placed:
                self._place(run)
            else:
                self._unplaced[run.activity.uuid] = run

    def add_library(self, library: Library) -> bool:
        """Show a library's scan from now on; return False if it was shown before."""
        slot = Slot(Kind.of(LIBRARY_SCAN, library.id))
        if slot in self._shown:
            return False
        holders = (run for run in self._runs.values() if run.slot == slot)
        self._shown[slot] = next(holders, None)
        self.slot_added.tell(slot)
        return True

    def remove_library(self, library: Library) -> None:
        """Stop showing the scans of a library that is gone."""
        scan = Kind.of(LIBRARY_SCAN, library.id)
        for slot in [slot for slot in self._shown if slot.kind == scan]:
            del self._shown[slot]
            self.slot_changed.pop(slot, None)
            self.slot_removed.tell(slot)

    def apply(self, change: Change) -> None:
        """Take in one change that the tracker found."""
        run = self._runs.get(change.activity.uuid)
        if run is None:
            run = self._start(change)
        elif change.kind is ChangeKind.ENDED:
            self._end(run, change)
        else:
            self._update(run, change)
        self.run_changed.tell(run)

    def place_the_patient(self) -> None:
        """Give a slot to scans that have waited long enough for their library."""
        latest = self._monotonic() - PATIENCE_WITH_UNPLACED
        for run in list(self._unplaced.values()):
            if run.first_seen <= latest:
                self._place(run)
                self._announce_start(run)
                self.run_changed.tell(run)

    def find_stalled(self, after: float) -> None:
        """Mark what has not changed for `after` seconds (0 = never) as stalled."""
        if not after:
            return
        latest = self._monotonic() - after
        for run in list(self._runs.values()):
            if (
                run.state is RunState.RUNNING
                and run.is_placed
                and run.last_progress <= latest
                and not run.is_quiet
            ):
                run.state = RunState.STALLED
                self._tell(run, News.STATE)
                self.run_changed.tell(run)
                self._announce(RunEventType.STALLED, run, observed=True)

    def cancel_accepted(self, run: Run) -> None:
        """Note that the server accepted our cancel of a run."""
        run.cancel_accepted = self._monotonic()

    def cancel_refused(self, run: Run) -> None:
        """Take back that our cancel of a run was accepted."""
        run.cancel_accepted = None

    def _start(self, change: Change) -> Run:
        now = self._monotonic()
        run = Run(
            activity=change.activity,
            started_at=self._utcnow(),
            library=self._libraries.of(change.activity),
            is_start_announced=change.kind is ChangeKind.FOUND,
            is_start_observed=change.observed,
            is_quiet=self._is_quiet(change.activity),
            began=now,
            first_seen=now,
            last_progress=now,
        )
        self._enter(run)
        if run.library is not None or not run.activity.is_library_scan:
            self._place(run)
        else:
            self._unplaced[run.activity.uuid] = run
        self.membership_changed.tell()
        self._announce_start(run)
        return run

    def _update(self, run: Run, change: Change) -> None:
        news = run.go_on(change.activity, self._monotonic())
        if run.is_placed:
            self._tell(run, news)
            return
        run.library = self._libraries.of(run.activity)
        if change.observed or run.library is not None:
            self._place(run)
            self._announce_start(run)

    def _end(self, run: Run, change: Change) -> None:
        run.activity = change.activity
        if not run.is_placed:
            run.library = self._libraries.of(run.activity)
            self._place(run)
        self._announce_start(run)
        run.state = STATE_AFTER[self._outcome(run, change)]
        run.ended_at = self._utcnow()
        self._leave(run)
        self._tell(run, News.STATE)
        self._pass_on_slot(run)
        self.membership_changed.tell()
        self._announce(RunEventType(run.state.value), run, observed=change.observed)

    def _outcome(self, run: Run, change: Change) -> Outcome:
        accepted = run.cancel_accepted
        if (
            change.outcome is Outcome.FINISHED
            and accepted is not None
            and self._monotonic() - accepted <= CANCEL_COUNTS_FOR
        ):
            return Outcome.CANCELLED
        return change.outcome or Outcome.FINISHED

    def _is_quiet(self, activity: Activity) -> bool:
        """Return whether an activity is to be kept quiet about, for all its life."""
        return activity.type in self._quiet_types

    def _enter(self, run: Run) -> None:
        self._runs[run.activity.uuid] = run
        if not run.is_quiet:
            self._busy += 1

    def _leave(self, run: Run) -> None:
        del self._runs[run.activity.uuid]
        if not run.is_quiet:
            self._busy -= 1
            if not self._busy:
                self._quiet_since = self._monotonic()

    def _place(self, run: Run) -> None:
        """Give a run its slot, once and for all."""
        self._unplaced.pop(run.activity.uuid, None)
        run.is_placed = True
        run.slot = self._table.take(run.kind, run.activity.uuid)
        if run.slot is not None:
            self._show(run.slot, run)

    def _pass_on_slot(self, run: Run) -> None:
        """Free the slot of a run that is over, or the place where it waited for one."""
        if run.slot is None:
            self._table.stop_waiting(run.kind, run.activity.uuid)
        elif (uuid := self._table.free(run.slot)) is not None:
            heir = self._runs[uuid]
            heir.slot = run.slot
            self._show(run.slot, heir)
            self.run_changed.tell(heir)

    def _show(self, slot: Slot, run: Run) -> None:
        is_new = slot not in self._shown
        self._shown[slot] = run
        if is_new:
            self.slot_added.tell(slot)
        else:
            self.slot_changed[slot].tell(run, News.STATE)

    def _tell(self, run: Run, news: News) -> None:
        if run.slot is not None:
            self.slot_changed[run.slot].tell(run, news)

    def _announce_start(self, run: Run) -> None:
        if run.is_placed and not run.is_start_announced:
            run.is_start_announced = True
            self._announce(RunEventType.STARTED, run, observed=run.is_start_observed)

    def _announce(self, event: RunEventType, run: Run, *, observed: bool) -> None:
        if not run.is_quiet:
            self.announced.tell(
                RunEvent(
                    type=event,
                    run=replace(run),
                    at=run.ended_at or self._utcnow(),
                    duration=self._monotonic() - run.began,
                    observed=observed,
                )
            )
