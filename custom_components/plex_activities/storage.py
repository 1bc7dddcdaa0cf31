"""What outlives a restart of Home Assistant: runs, slots, and what has ended.

Kept in one file per config entry, and written soon after something started or ended.
Activities are kept in the server's own shape, so that reading them back is the same
tolerant parsing as for the server's answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .client import Activity, Library
from .const import DOMAIN
from .runs import Run, RunState
from .slots import Kind, Slot

STORAGE_VERSION = 1
# Enough for what a slow server may still say of the past when we are back.
KEEP_ENDED = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The state of one server's coordinator between two lives.

    `server_seen_down` tells that the server was not there after the runs were last
    heard of, so that what is gone was interrupted.
    """

    version: str = ""
    server_seen_down: bool = False
    libraries: tuple[Library, ...] = ()
    shown: Mapping[Slot, Run | None] = field(default_factory=dict)
    running: tuple[Run, ...] = ()
    ended: tuple[str, ...] = ()


def memory_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, Any]]:
    """Return the file that keeps the memory of a config entry."""
    return Store(hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}", private=True)


def dump_memory(memory: Memory) -> dict[str, Any]:
    """Return the memory as JSON data."""
    return {
        "version": memory.version,
        "server_seen_down": memory.server_seen_down,
        "libraries": [
            {"key": library.id, "title": library.title, "type": library.type}
            for library in memory.libraries
        ],
        "slots": [
            {
                **_dump_slot(slot),
                "last": None if run is None or run.is_active else _dump_run(run),
            }
            for slot, run in memory.shown.items()
        ],
        "running": [_dump_run(run) for run in memory.running],
        "ended": list(memory.ended[-KEEP_ENDED:]),
    }


def load_memory(data: dict[str, Any] | None) -> Memory:
    """Return the memory from JSON data. What cannot be read any more is forgotten."""
    if not data:
        return Memory()
    shown: dict[Slot, Run | None] = {}
    for row in data.get("slots", ()):
        if (slot := _load_slot(row)) is not None:
            shown[slot] = _load_run(row.get("last"))
    libraries = (Library.from_payload(row) for row in data.get("libraries", ()))
    running = (_load_run(row) for row in data.get("running", ()))
    return Memory(
        version=str(data.get("version", "")),
        server_seen_down=bool(data.get("server_seen_down")),
        libraries=tuple(library for library in libraries if library is not None),
        shown=shown,
        running=tuple(run for run in running if run is not None),
        ended=tuple(str(uuid) for uuid in data.get("ended", ())),
    )


def _dump_slot(slot: Slot) -> dict[str, Any]:
    return {
        "type": slot.kind.type,
        "section": slot.kind.section,
        "ordinal": slot.ordinal,
    }


def _load_slot(data: Mapping[str, Any] | None) -> Slot | None:
    if not data or "type" not in data:
        return None
    return Slot(Kind(data["type"], data.get("section")), data.get("ordinal", 1))


def _dump_run(run: Run) -> dict[str, Any]:
    activity, library = run.activity, run.library
    return {
        "activity": {
            "uuid": activity.uuid,
            "type": activity.type,
            "title": activity.title,
            "subtitle": activity.subtitle,
            "progress": activity.progress,
            "cancellable": activity.cancellable,
            "userID": activity.user_id,
            "Context": activity.context,
            "Response": activity.response,
        },
        "state": run.state.value,
        "started_at": run.started_at.isoformat(),
        "ended_at": None if run.ended_at is None else run.ended_at.isoformat(),
        "library": library and {"key": library.id, "title": library.title},
        "slot": None if run.slot is None else _dump_slot(run.slot),
        "is_placed": run.is_placed,
        "is_start_announced": run.is_start_announced,
    }


def _load_run(data: Mapping[str, Any] | None) -> Run | None:
    activity = Activity.from_payload(data and data.get("activity"))
    started_at = _load_time(data and data.get("started_at"))
    if data is None or activity is None or started_at is None:
        return None
    return Run(
        activity=activity,
        started_at=started_at,
        state=RunState(data.get("state", RunState.RUNNING)),
        ended_at=_load_time(data.get("ended_at")),
        library=Library.from_payload(data.get("library")),
        slot=_load_slot(data.get("slot")),
        is_placed=bool(data.get("is_placed")),
        is_start_announced=bool(data.get("is_start_announced")),
    )


def _load_time(value: object) -> datetime | None:
    return dt_util.parse_datetime(value) if isinstance(value, str) else None
