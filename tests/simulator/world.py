"""The one truth about a simulated Plex Media Server.

Commands change the world and tell the subscribers what happened; REST, WebSocket,
EventSource, JSON and XML are views of it. So they cannot disagree, except through
a declared fault. Nothing here knows of time, sockets or HTTP.

`start`, `update`, `end` and `vanish` work on any activity (see `Activities`);
`scan`, `run_task`, `reload_guide` and `process_subscriptions` start what Plex can be
asked for, and `cancel` and `stop_work` are its two ways of stopping things.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, override

from .activities import Activities, Reference, uuid_of
from .inventory import Inventory, uuid_source
from .models import (
    OWNER_ID,
    Activity,
    Cancelling,
    Library,
    NotCancellableError,
    Work,
)

SCAN = "library.update.section"


class PlexWorld(Inventory, Activities):
    """What the server has, what runs on it, and the work that connects the two."""

    def __init__(self, *, token: str, seed: int = 0) -> None:
        """Create a claimed, idle server with three libraries."""
        new_uuid = uuid_source(seed)
        Inventory.__init__(self, token=token, new_uuid=new_uuid)
        Activities.__init__(self, new_uuid=new_uuid)

        self.cancelling = Cancelling.ENDS
        """What follows an accepted cancel or stop."""
        self.on_stopping: Callable[[Activity], None] | None = None
        """Called when `Cancelling.LATER` leaves something to be stopped later."""
        self.guide_reloads_silently = False
        """A guide reload may be accepted without an activity ever showing."""
        self.task_activities: dict[str, tuple[str, str]] = {}
        """Type and title of the activity that a butler task shows as, if it does.

        Empty, because nobody has recorded which tasks show as what.
        """
        self.running_tasks: set[str] = set()
        self._works: dict[str, Work] = {}
        self._stopping: dict[str, Activity] = {}

    # Library scans.

    def scan(self, library: Library | str) -> Activity:
        """Start a scan. As on Plex, its first message names no library."""
        key = library if isinstance(library, str) else library.key
        title = self.library(key).title
        activity = self._start_work(Work("library", key), SCAN, title="Scanning")
        self._notify_library_update(f'Scanning the "{title}" section')
        return activity

    def progress_scan(
        self, scan: Reference, *, subtitle: str = "", progress: float = 0
    ) -> Activity:
        """Let a scan go on: from here on its messages name the library."""
        key = self._works[self.activity(scan).uuid].id
        return self.update(
            scan,
            title=f"Scanning {self.library(key).title}",
            subtitle=subtitle,
            progress=progress,
            context={"librarySectionID": key},
        )

    def is_refreshing(self, key: str) -> bool:
        """Return whether a library is being scanned."""
        return Work("library", key) in self._works.values()

    def _notify_library_update(self, title: str, description: str = "") -> None:
        """Say what Plex says around a scan; the message names no section."""
        body = {
            "title": title,
            "description": description,
            "notificationName": "LIBRARY_UPDATE",
        }
        self.notify("status", body)

    # Other work that Plex can be asked for.

    def start_butler(self) -> Activity:
        """Start the row at 100 % that even an idle server shows all the time."""
        return self.start("butler", progress=100)

    def run_task(self, name: str) -> Activity | None:
        """Start a butler task, and return its activity if it shows as one."""
        if name not in {task.name for task in self.butler_tasks}:
            raise KeyError(name)
        self.running_tasks.add(name)
        if name not in self.task_activities:
            return None
        kind, title = self.task_activities[name]
        return self._start_work(Work("butler", name), kind, title=title, progress=-1)

    def reload_guide(self, dvr: str) -> Activity | None:
        """Reload the programme guide of a DVR."""
        if dvr not in {one.key for one in self.dvrs}:
            raise KeyError(dvr)
        if self.guide_reloads_silently:
            return None
        return self._start_work(
            Work("guide", dvr), "provider.epg.load", title="Refreshing EPG"
        )

    def process_subscriptions(self, *, user_id: int = OWNER_ID) -> Activity:
        """Process all subscriptions: the one type that is known to be cancellable."""
        return self.start(
            "provider.subscriptions.process",
            title="Processing subscriptions",
            user_id=user_id,
        )

    def _start_work(
        self, work: Work, kind: str, *, title: str, progress: float = 0
    ) -> Activity:
        """Start an activity that Plex has a stop call of its own for."""
        activity = self.start(kind, title=title, progress=progress)
        self._works[activity.uuid] = work
        return activity

    # Stopping.

    def cancel(self, reference: Reference) -> None:
        """Cancel an activity, as far as it says that it can be cancelled."""
        activity = self.activity(reference)
        if not activity.cancellable:
            raise NotCancellableError(activity.uuid)
        self._stop(activity)

    def stop_work(self, kind: str, name: str | None = None) -> bool:
        """Stop all work of a kind, or one piece; cancellable or not.

        Return whether there was any.
        """
        stopped = [
            self.activity(uuid)
            for uuid, work in self._works.items()
            if work.kind == kind and name in {None, work.id}
        ]
        for activity in stopped:
            self._stop(activity)
        return bool(stopped)

    def stop_task(self, name: str) -> bool:
        """Stop a butler task, and return whether it ran."""
        if name not in self.running_tasks:
            return False
        if not self.stop_work("butler", name) and (
            self.cancelling is not Cancelling.IGNORED
        ):
            self.running_tasks.discard(name)
        return True

    def finish_stopping(self, reference: Reference | None = None) -> None:
        """Stop for good what `Cancelling.LATER` has left running."""
        for uuid, activity in tuple(self._stopping.items()):
            if reference is None or uuid_of(reference) == uuid:
                self._end_stopped(activity)

    def _stop(self, activity: Activity) -> None:
        """Do what is set to follow an accepted cancel."""
        match self.cancelling:
            case Cancelling.ENDS:
                self._end_stopped(activity)
            case Cancelling.ENDS_AT_100:
                self.end(activity)
            case Cancelling.VANISHES:
                self.vanish(activity)
            case Cancelling.LATER:
                self._stopping[activity.uuid] = activity
                if self.on_stopping is not None:
                    self.on_stopping(activity)
            case Cancelling.IGNORED:
                pass

    def _end_stopped(self, activity: Activity) -> None:
        """End an activity before its time."""
        progress = self.activity(activity).progress
        self.end(activity, progress=None if progress is None else min(progress, 99))

    # The life of the server.

    def restart(self, *, version: str | None = None) -> None:
        """Forget what runs, as a new process does: nothing is announced."""
        if version is not None:
            self.identity = replace(self.identity, version=version)
        for activity in self.activities:
            self.vanish(activity)
        self.running_tasks.clear()

    @override
    def end(
        self,
        reference: Reference,
        *,
        progress: float | None = 100,
        context: Mapping[str, Any] | None = None,
    ) -> Activity:
        """End an activity; the end of a scan is announced a second time, as status."""
        work = self._works.get(self.activity(reference).uuid)
        activity = super().end(reference, progress=progress, context=context)
        if work is not None and work.kind == "library":
            self._note_scan(work.id)
        if activity.type == SCAN:
            self._notify_library_update(
                "Library scan complete",
                "Extra information may still be downloading from the Internet",
            )
        return activity

    @override
    def _forget(self, uuid: str) -> None:
        """Take an activity off the list, and see what its work leaves behind."""
        super()._forget(uuid)
        self._stopping.pop(uuid, None)
        work = self._works.pop(uuid, None)
        if work is not None and work.kind == "butler":
            self.running_tasks.discard(work.id)
