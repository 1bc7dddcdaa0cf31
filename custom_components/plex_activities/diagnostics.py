"""What a person can attach to a bug report: all that helps, nothing private.

What is left out is not redacted but never put in: tokens, addresses, accounts, titles,
subtitles, and what `Context` and `Response` say beyond the names of their fields.
"""

from collections import Counter
from dataclasses import fields
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant

from .client import Activity, Notification
from .const import CONF_QUIET_TYPES, CONF_SETTLE_SECONDS, CONF_STALLED_MINUTES
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .runs import Run


async def async_get_config_entry_diagnostics(
    _: HomeAssistant, entry: PlexActivitiesConfigEntry
) -> dict[str, Any]:
    """Return the diagnostics of one server, also of one that cannot be set up."""
    return {
        "entry": {
            "state": entry.state.value,
            "reason": entry.error_reason_translation_key,
            "secure": entry.data[CONF_URL].startswith("https://"),
            "verify_ssl": entry.data[CONF_VERIFY_SSL],
        },
        "options": {
            key: entry.options.get(key)
            for key in (CONF_QUIET_TYPES, CONF_SETTLE_SECONDS, CONF_STALLED_MINUTES)
        },
        **(
            _describe_coordinator(entry.runtime_data)
            if entry.state is ConfigEntryState.LOADED
            else {}
        ),
    }


def _describe_coordinator(coordinator: PlexActivitiesCoordinator) -> dict[str, Any]:
    book, counters = coordinator.book, coordinator.client.counters
    return {
        "server": {
            "version": coordinator.data.server.identity.version,
            "platform": coordinator.data.server.platform,
            "libraries": dict(
                Counter(library.type for library in coordinator.data.libraries)
            ),
        },
        "connection": {
            "reachable": coordinator.last_update_success,
            "last_error": _name_of(coordinator.last_exception),
            "news_arrive_by": coordinator.news_arrive_by,
        },
        "counters": {
            field.name: getattr(counters, field.name)
            for field in fields(counters)
            if field.name != "recent"
        },
        "running": [_describe_run(run) for run in book.running.values()],
        "slots": [
            {"slot": slot.suffix, "state": run and run.state}
            for slot, run in book.shown.items()
        ],
        "recent_notifications": [
            _describe_notification(notification) for notification in counters.recent
        ],
    }


def _describe_run(run: Run) -> dict[str, Any]:
    return {
        **_describe_activity(run.activity),
        "state": run.state,
        "slot": run.slot and run.slot.suffix,
        "started_at": run.started_at.isoformat(),
    }


def _describe_notification(notification: Notification) -> dict[str, Any]:
    return {"event": notification.event, **_describe_activity(notification.activity)}


def _describe_activity(activity: Activity) -> dict[str, Any]:
    return {
        "activity_id": activity.uuid,
        "type": activity.type,
        "progress": activity.progress,
        "cancellable": activity.cancellable,
        "has_title": bool(activity.title),
        "has_subtitle": bool(activity.subtitle),
        "library_id": activity.library_id,
        "context": sorted(activity.context or ()),
        "response": sorted(activity.response or ()),
    }


def _name_of(err: BaseException | None) -> str | None:
    """Return what kind of error it was. Its words could name the server."""
    return None if err is None else type(err.__cause__ or err).__name__
