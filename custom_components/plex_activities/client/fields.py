"""How the fields of what a server says are read.

Every reader takes anything and never fails: a value of the wrong shape becomes the one
that means "not said". What they return can always be stored and sent on as JSON, and is
small. Those that every message needs begin with what servers nearly always send: the
scan of a library sends thousands.
"""

from collections.abc import Mapping
from itertools import islice

# Longer than any title of a real library; keeps one odd message from filling memory.
MAX_TEXT = 1000
# Identifiers end up in unique ids, addresses and storage.
MAX_ID = 128
# Beyond it JavaScript, and so the browser, no longer tells whole numbers apart.
MAX_NUMBER = 2**53
COMPLETE = 100
# Free-form objects of real servers are flat and have about five entries.
MAX_ENTRIES = 50
MAX_DEPTH = 3


def text(value: object) -> str:
    """Return what a field says as text, or "" if it says nothing of the kind."""
    if type(value) is str and len(value) <= MAX_TEXT and value.isascii():
        return value
    if isinstance(value, str):
        # Half a surrogate pair is legal in JSON but cannot be written out again.
        return value[:MAX_TEXT].encode(errors="replace").decode()
    number = _number(value)
    return "" if number is None else str(number)


def identifier(value: object) -> str | None:
    """Return an id as text (some servers write numbers), or None if there is none."""
    if type(value) is str and 0 < len(value) <= MAX_ID and value.isascii():
        return value
    return None if isinstance(value, float) else text(value)[:MAX_ID] or None


def percentage(value: object) -> float | None:
    """Return a progress from 0 to 100, or None for "indeterminate" and anything odd."""
    if type(value) is int and value <= COMPLETE:
        return value if value >= 0 else None
    number = _number(value)
    return None if number is None or number < 0 else min(number, COMPLETE)


def whole_number(value: object) -> int | None:
    """Return a whole number, or None."""
    if type(value) is int and 0 <= value <= MAX_NUMBER:
        return value
    number = _number(value)
    return None if number is None else int(number)


def flag(value: object) -> bool:
    """Return a yes or no as JSON (true, 1) or XML ("1", "true") write it."""
    if value is False or value is True:
        return value
    if isinstance(value, str):
        return value.lower() in {"1", "true"}
    return value == 1 and isinstance(value, int | float)


def paths(value: object) -> tuple[str, ...]:
    """Return the paths of a list of locations, of which one alone may be no list."""
    rows = value if isinstance(value, list) else [value]
    said = (text(row.get("path")) for row in rows if isinstance(row, dict))
    return tuple(path for path in said if path)


def mapping(value: object) -> Mapping[str, object] | None:
    """Return a free-form object, without what goes beyond the limits, or None."""
    return _object(value, MAX_DEPTH) if isinstance(value, dict) else None


def _object(value: Mapping[str, object], depth: int) -> dict[str, object]:
    entries = islice(value.items(), MAX_ENTRIES)
    return {text(key): _anything(item, depth) for key, item in entries}


def _anything(value: object, depth: int) -> object:
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return _object(value, depth - 1) if depth else None
    if isinstance(value, list):
        entries = islice(value, MAX_ENTRIES)
        return [_anything(item, depth - 1) for item in entries] if depth else None
    return _number(value)


def _number(value: object) -> float | None:
    """Return a number that is written as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = value if isinstance(value, int) else float(value)
    except ValueError:
        return None
    # Not true of "not a number".
    return number if abs(number) <= MAX_NUMBER else None
