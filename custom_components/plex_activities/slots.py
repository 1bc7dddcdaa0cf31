"""Which sensor shows which activity.

An activity's UUID lives once, so a sensor cannot belong to it: no dashboard could name
it and the entity registry would grow for ever. A sensor belongs to a *slot* instead:
what the work is about, and an ordinal for when several of a kind run at the same time.

Pure: no Home Assistant, no clock. Kinds and slots are tuples because they are looked up
for every message, and a tuple's hash costs a tenth of a data class's.
"""

from collections import OrderedDict, defaultdict
import re
from typing import NamedTuple

from .client import LIBRARY_SCAN

MAX_ORDINAL = 4
# Plex knows about a dozen types. The bound is for a server that makes up new ones.
MAX_KINDS = 200
NO_LIBRARY = "none"

# "_" separates the parts of a unique id, so no part may contain it.
_NOT_IN_A_PART = re.compile(r"[^A-Za-z0-9.\-]")


class Kind(NamedTuple):
    """What work is about: its type, and for the scan of a library which one.

    `section` is None for everything that is not a library scan, and `NO_LIBRARY` for a
    scan that names no library.
    """

    type: str
    section: str | None = None

    @classmethod
    def of(cls, activity_type: str, library_id: str | None) -> Kind:
        """Return the kind of an activity; `library_id` counts for scans only."""
        part = _NOT_IN_A_PART.sub("-", activity_type)
        if activity_type != LIBRARY_SCAN:
            return cls(part)
        section = NO_LIBRARY if library_id is None else library_id
        return cls(part, _NOT_IN_A_PART.sub("-", section))


class Slot(NamedTuple):
    """The place of one sensor: the first, second, … activity of a kind."""

    kind: Kind
    ordinal: int = 1

    @property
    def suffix(self) -> str:
        """Return what identifies the slot in unique ids."""
        parts = [self.kind.type]
        if self.kind.section is not None:
            parts.append(self.kind.section)
        if self.ordinal > 1:
            parts.append(str(self.ordinal))
        return "_".join(parts)


class SlotTable:
    """Hands out slots to activities, which are named by their UUID.

    The first free ordinal of a kind is always used first. Who finds none waits, and
    gets the next one that becomes free.
    """

    def __init__(self) -> None:
        """Start with every slot free."""
        self._taken: dict[Kind, set[int]] = {}
        self._waiting: defaultdict[Kind, OrderedDict[str, None]] = defaultdict(
            OrderedDict
        )

    def take(self, kind: Kind, uuid: str) -> Slot | None:
        """Return a slot that was free, or None if the activity has to wait for one."""
        if kind not in self._taken and len(self._taken) >= MAX_KINDS:
            return None
        taken = self._taken.setdefault(kind, set())
        for ordinal in range(1, MAX_ORDINAL + 1):
            if ordinal not in taken:
                taken.add(ordinal)
                return Slot(kind, ordinal)
        self._waiting[kind][uuid] = None
        return None

    def reserve(self, slot: Slot) -> None:
        """Mark a slot as taken that somebody holds since before this table existed."""
        self._taken.setdefault(slot.kind, set()).add(slot.ordinal)

    def free(self, slot: Slot) -> str | None:
        """Give a slot back and return who waited longest for it and holds it now."""
        if waiting := self._waiting.get(slot.kind):
            uuid, _ = waiting.popitem(last=False)
            return uuid
        self._taken[slot.kind].discard(slot.ordinal)
        return None

    def stop_waiting(self, kind: Kind, uuid: str) -> None:
        """Forget an activity that ended before it got a slot."""
        if waiting := self._waiting.get(kind):
            waiting.pop(uuid, None)
