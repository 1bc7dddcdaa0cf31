"""What runs on the server, and who is told about it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Unpack

from .defaults import CANCELLABLE
from .models import (
    OWNER_ID,
    Activity,
    ActivityChanges,
    Notification,
    Payload,
    UnknownActivityError,
)
from .payloads import activity_payload
from .shapes import NOTIFICATION_KEYS

type Subscriber = Callable[[Notification], None]
type Reference = Activity | str
"""An activity, in whatever state it once was, or its UUID."""


class Activities:
    """The running activities. Every change is a notification, `vanish` excepted."""

    def __init__(self, *, new_uuid: Callable[[], str]) -> None:
        """Start with nothing that runs and nobody who listens."""
        self.new_uuid = new_uuid
        self._activities: dict[str, Activity] = {}
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call the subscriber with every notification, until unsubscribed."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def notify(self, kind: str, body: Payload, *, user_id: int | None = None) -> None:
        """Tell the subscribers something, of whatever type."""
        notification = Notification(
            type=kind, key=NOTIFICATION_KEYS[kind], body=body, user_id=user_id
        )
        for subscriber in tuple(self._subscribers):
            subscriber(notification)

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Everything that runs, the oldest first."""
        return tuple(self._activities.values())

    def is_running(self, reference: Reference) -> bool:
        """Return whether an activity is still in the list."""
        return uuid_of(reference) in self._activities

    def activity(self, reference: Reference) -> Activity:
        """Return what a running activity is like now."""
        try:
            return self._activities[uuid_of(reference)]
        except KeyError:
            raise UnknownActivityError(uuid_of(reference)) from None

    def start(
        self,
        kind: str,
        *,
        title: str = "",
        subtitle: str = "",
        progress: float | None = 0,
        cancellable: bool | None = None,
        user_id: int = OWNER_ID,
        context: Mapping[str, Any] | None = None,
        response: Mapping[str, Any] | None = None,
        uuid: str | None = None,
    ) -> Activity:
        """Start an activity; unless told, it is cancellable where Plex has it so."""
        activity = Activity(
            uuid=uuid or self.new_uuid(),
            type=kind,
            title=title,
            subtitle=subtitle,
            progress=progress,
            cancellable=kind in CANCELLABLE if cancellable is None else cancellable,
            user_id=user_id,
            context=context,
            response=response,
        )
        self._activities[activity.uuid] = activity
        self._tell("started", activity)
        return activity

    def update(
        self, reference: Reference, **changes: Unpack[ActivityChanges]
    ) -> Activity:
        """Change a running activity."""
        activity = replace(self.activity(reference), **changes)
        self._activities[activity.uuid] = activity
        self._tell("updated", activity)
        return activity

    def end(
        self,
        reference: Reference,
        *,
        progress: float | None = 100,
        context: Mapping[str, Any] | None = None,
    ) -> Activity:
        """End an activity; what is not given stays as it was last."""
        last = self.activity(reference)
        activity = replace(last, progress=progress, context=context or last.context)
        self._forget(activity.uuid)
        self._tell("ended", activity)
        return activity

    def vanish(self, reference: Reference) -> None:
        """Take an activity off the list without a word."""
        self._forget(self.activity(reference).uuid)

    def _forget(self, uuid: str) -> None:
        """Take an activity off the list."""
        del self._activities[uuid]

    def _tell(self, event: str, activity: Activity) -> None:
        """Notify that an activity started, was updated or ended."""
        body = {
            "event": event,
            "uuid": activity.uuid,
            "Activity": activity_payload(activity),
        }
        self.notify("activity", body, user_id=activity.user_id)


def uuid_of(reference: Reference) -> str:
    """Return the UUID of what may be one already."""
    return reference if isinstance(reference, str) else reference.uuid
