"""What outlives a restart of Home Assistant: runs, slots, and what has ended.

Written soon after something started or ended; where to, `storage` knows. Activities are
kept in the server's own shape, so that reading them back is the same tolerant parsing
as for the server's answers. The rest is read in the same way: a disk that failed, or a
person with an editor, must not keep a server from being set up. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .client import Activity, Library
from .client.fields import flag, identifier, text
from .runs import Run, RunState
from .slots import MAX_ORDINAL, Kind, Slot

# Enough for what a slow server may still say of the past when we are back.
KEEP_ENDED = 256

_ACTIVE = {RunState.RUNNING, RunState.STALLED}
_STATES = {state.value: state for state in RunState if state is not RunState.IDLE}


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


def load_memory(data: object) -> Memory:
    """Return the memory from JSON data. What cannot be read any more is forgotten."""
    if not isinstance(data, dict):
        return Memory()
    shown: dict[Slot, Run | None] = {}
    for row in _rows(data, "slots"):
        if (slot := _load_slot(row)) is not None:
            last = _load_run(row.get("last"))
            shown[slot] = None if last is None or last.is_active else last
    libraries = map(Library.from_payload, _rows(data, "libraries"))
    runs = map(_load_run, _rows(data, "running"))
    running = {run.activity.uuid: run for run in runs if run and run.is_active}
    ended = filter(None, map(identifier, _list(data, "ended")[-KEEP_ENDED:]))
    return Memory(
        version=text(data.get("version")),
        server_seen_down=flag(data.get("server_seen_down")),
        libraries=tuple(filter(None, libraries)),
        shown=shown,
        running=tuple(running.values()),
        ended=tuple(uuid for uuid in ended if uuid not in running),
    )


def _list(data: Mapping[str, Any], name: str) -> list[object]:
    rows = data.get(name)
    return rows if isinstance(rows, list) else []


def _rows(data: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    return (row for row in _list(data, name) if isinstance(row, dict))


def _dump_slot(slot: Slot) -> dict[str, Any]:
    return {
        "type": slot.kind.type,
        "section": slot.kind.section,
        "ordinal": slot.ordinal,
    }


def _load_slot(data: object) -> Slot | None:
    if not isinstance(data, dict):
        return None
    name, section = identifier(data.get("type")), identifier(data.get("section"))
    ordinal = data.get("ordinal", 1)
    if name is None or ordinal not in range(1, MAX_ORDINAL + 1):
        return None
    return Slot(Kind.of(name, section), int(ordinal))


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


def _load_run(data: object) -> Run | None:
    if not isinstance(data, dict):
        return None
    activity = Activity.from_payload(data.get("activity"))
    started_at = _load_time(data.get("started_at"))
    ended_at = _load_time(data.get("ended_at"))
    state = _STATES.get(text(data.get("state")))
    if activity is None or started_at is None or state is None:
        return None
    # One that is over and runs, or neither, would be shown for ever.
    if (state in _ACTIVE) is not (ended_at is None):
        return None
    slot = _load_slot(data.get("slot"))
    return Run(
        activity=activity,
        started_at=started_at,
        state=state,
        ended_at=ended_at,
        library=Library.from_payload(data.get("library")),
        slot=slot,
        is_placed=flag(data.get("is_placed")) or slot is not None,
        is_start_announced=flag(data.get("is_start_announced")),
    )


def _load_time(value: object) -> datetime | None:
    """Return a time that has a zone: without one it could not be compared."""
    try:
        time = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    return None if time.tzinfo is None else time
