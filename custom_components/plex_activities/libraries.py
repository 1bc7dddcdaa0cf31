"""The server's libraries: which there are, and which one a scan means. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from .client import Activity, Library

# A server that is busy or starting may list fewer libraries than it has. Removing a
# sensor breaks dashboards and automations, so one short answer is not enough.
MISSES_UNTIL_GONE = 3
# People have about ten. The bound is for a server that makes them up: each has sensors.
MAX_LIBRARIES = 500


@dataclass(frozen=True, slots=True)
class LibraryChanges:
    """What a new list of libraries changed."""

    added: tuple[Library, ...] = ()
    renamed: tuple[Library, ...] = ()
    gone: tuple[Library, ...] = ()


class LibraryList:
    """Keeps the libraries of one server."""

    def __init__(self) -> None:
        """Know no library yet."""
        self._known: dict[str, Library] = {}
        self._misses: dict[str, int] = {}

    @property
    def known(self) -> Mapping[str, Library]:
        """Return the libraries by id (a live view)."""
        return MappingProxyType(self._known)

    def update(self, listed: Iterable[Library]) -> LibraryChanges:
        """Take in what the server lists now and return what is different."""
        now = {library.id: library for library in islice(listed, MAX_LIBRARIES)}
        before = self._known
        added = tuple(new for new in now.values() if new.id not in before)
        renamed = tuple(
            new
            for new in now.values()
            if (old := before.get(new.id)) and old.title != new.title
        )
        self._misses = {
            missing: self._misses.get(missing, 0) + 1
            for missing in before.keys() - now.keys()
        }
        gone = tuple(
            before[missing]
            for missing, misses in self._misses.items()
            if misses >= MISSES_UNTIL_GONE
        )
        before.update(now)
        for library in gone:
            del before[library.id]
            del self._misses[library.id]
        return LibraryChanges(added, renamed, gone)

    def of(self, activity: Activity) -> Library | None:
        """Return the library that an activity is about, as far as can be told.

        The server's own word counts first, also for a library that is not known yet. A
        scan that names none (older servers never do) carries the library's title in its
        own. The longest that fits wins: "TV" must not take the scan of "TV Shows".
        """
        if (library_id := activity.library_id) is not None:
            return self._known.get(library_id) or Library(
                id=library_id, title=library_id
            )
        if not activity.is_library_scan:
            return None
        contained = [
            library
            for library in self._known.values()
            if library.title and library.title in activity.title
        ]
        return max(contained, key=lambda library: len(library.title), default=None)
