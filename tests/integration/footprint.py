"""What a Home Assistant holds at one moment, to be compared with a later one."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
import gc
import json
from pathlib import Path
import sys
import threading
from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.storage import Store

from custom_components.plex_activities.const import DOMAIN
from custom_components.plex_activities.memory import KEEP_ENDED

# Home Assistant's pool of threads grows as it is used, up to its own limit.
_POOL = "SyncWorker"
_OURS = f"custom_components.{DOMAIN}."


# Of our values a few more or less may be there: the last 25 notifications are kept, and
# some of what they tell of is shown as well. Of anything else there may be no more.
_VALUES = ("client.models.", "client.exceptions.", "slots.")
_VALUES_MORE = 30
# Pieces of memory. What has ended is remembered, up to a limit, and caches fill as they
# are used: some thousand at first, and then no more. If each message left one behind, a
# week would show it; what is left behind of our own classes shows at once.
_BLOCKS_MORE = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Everything that could be left behind, by what it is.

    Sockets are files, and nothing else is opened here; `objects` are those of our own
    classes; `stored` are bytes on the disk, and `blocks` all that Python has given out.
    """

    tasks: Mapping[str, int]
    timers: Mapping[str, int]
    listeners: Mapping[str, int]
    threads: Mapping[str, int]
    states: Mapping[str, int]
    entities: Mapping[str, int]
    devices: Mapping[str, int]
    issues: Mapping[str, int]
    objects: Mapping[str, int]
    files: int
    stored: int
    blocks: int


def footprint(hass: HomeAssistant, storage: Mapping[str, Any]) -> Footprint:
    """Return what there is now."""
    gc.collect()
    kept = [content for key, content in storage.items() if key.startswith(DOMAIN)]
    # Home Assistant writes its own registries when it finds the time.
    listeners = {
        str(kind): count
        for kind, count in hass.bus.async_listeners().items()
        if kind != EVENT_HOMEASSISTANT_FINAL_WRITE
    }
    return Footprint(
        tasks=_counted(_name(task.get_coro()) for task in asyncio.all_tasks()),
        timers=_counted(_timers(hass)),
        listeners=_counted(listeners),
        threads=_counted(
            thread.name
            for thread in threading.enumerate()
            if not thread.name.startswith(_POOL)
        ),
        states=_counted(hass.states.async_entity_ids()),
        entities=_counted(er.async_get(hass).entities.keys()),
        devices=_counted(
            device.id
            for entry in hass.config_entries.async_entries()
            for device in dr.async_entries_for_config_entry(
                dr.async_get(hass), entry.entry_id
            )
        ),
        issues=_counted(key for _, key in ir.async_get(hass).issues),
        objects=_counted(
            f"{type(one).__module__}.{type(one).__qualname__}".removeprefix(_OURS)
            for one in gc.get_objects()
            if type(one).__module__.startswith(_OURS)
        ),
        files=sum(1 for _ in Path("/dev/fd").iterdir()),
        stored=len(json.dumps(kept)),
        blocks=sys.getallocatedblocks(),
    )


def left_behind(before: Footprint, after: Footprint) -> list[str]:
    """Return what is there after that was not there before, beyond what may be."""
    found: list[str] = []
    for field in fields(Footprint):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if not isinstance(old, int):
            found += (
                f"{field.name}: {new[name]} {name} instead of {old.get(name, 0)}"
                for name in new
                if new[name] > old.get(name, 0) + _allowed(field.name, name)
            )
    if after.files > before.files:
        found.append(f"files: {after.files} instead of {before.files}")
    # What has ended is remembered, up to a limit.
    if after.stored > before.stored + KEEP_ENDED * 50:
        found.append(f"stored: {after.stored} instead of {before.stored}")
    if after.blocks > before.blocks + _BLOCKS_MORE:
        found.append(f"blocks: {after.blocks} instead of {before.blocks}")
    return found


def _allowed(kind: str, name: str) -> int:
    is_value = kind == "objects" and name.startswith(_VALUES)
    return _VALUES_MORE if is_value else 0


def _timers(hass: HomeAssistant) -> Iterator[str]:
    for timer in hass.loop._scheduled:  # type: ignore[attr-defined]
        # (See above: a store of ours is another matter.)
        owner = getattr(timer._callback, "__self__", None)
        is_theirs = isinstance(owner, Store) and not owner.key.startswith(DOMAIN)
        if not timer.cancelled() and not is_theirs:
            yield _name(timer._callback)


def _counted(names: Mapping[str, int] | Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _name(what: object) -> str:
    """Return what a task runs, or a timer calls."""
    name: str = getattr(what, "__qualname__", type(what).__qualname__)
    return name
