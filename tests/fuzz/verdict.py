"""What may come out of a parser, whatever went in.

It can be written as JSON and read again everywhere, nothing in it is larger than what
the client promises, and all of it together is not much larger than what was said.
"""

from collections.abc import Iterable, Mapping
import dataclasses
import math

import orjson

from custom_components.plex_activities.client import Activity
from custom_components.plex_activities.client.fields import (
    COMPLETE,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_ID,
    MAX_NUMBER,
    MAX_TEXT,
)

# A field that is missing becomes one with a name and a value, and a short number such
# as 1e15 becomes a long one: the text may grow that much, and by that factor.
_GROWTH = 2000
_FACTOR = 8


_FIELDS_OF_AN_ACTIVITY = (
    *("uuid", "type", "title", "subtitle", "progress", "cancellable"),
    *("user_id", "context", "response"),
)


class UnsoundError(Exception):
    """A parser returned something that it must not return."""


def check_sound(output: object, said: int, *, max_text: int = MAX_TEXT) -> None:
    """Check what a parser made of something that was `said` bytes long.

    Raises:
        UnsoundError: It must not return that.

    """
    plain = _plain(output, max_text)
    try:
        written = orjson.dumps(plain)
    except orjson.JSONEncodeError as err:
        raise UnsoundError(f"no JSON: {err}") from err
    if len(written) > _FACTOR * said + _GROWTH:
        raise UnsoundError(f"{len(written)} bytes of JSON from {said}")


def _plain(value: object, max_text: int) -> object:
    """Return a value as objects, lists, texts and numbers, each of them checked."""
    names: Iterable[str]
    match value:
        case None | bool():
            return value
        case str():
            if len(value) > max_text:
                raise UnsoundError(f"a text of {len(value)} letters")
            return str(value)
        case int() | float():
            if not math.isfinite(value) or abs(value) > MAX_NUMBER:
                raise UnsoundError(f"the number {value}")
            return value
        case Mapping():
            pairs = ((_plain(key, max_text), item) for key, item in value.items())
            return {key: _plain(item, max_text) for key, item in pairs}
        case list() | tuple():
            return [_plain(item, max_text) for item in value]
        case Activity():
            names = _FIELDS_OF_AN_ACTIVITY
        case _ if dataclasses.is_dataclass(value):
            names = [field.name for field in dataclasses.fields(value)]
        case _:
            raise UnsoundError(f"a {type(value).__name__}")
    return {name: _plain(getattr(value, name), max_text) for name in names}


def check_activity(activity: Activity) -> None:
    """Check what is promised of an activity only.

    Raises:
        UnsoundError: It is not kept.

    """
    ids = (activity.uuid, activity.type)
    if not all(0 < len(one) <= MAX_ID for one in ids):
        raise UnsoundError("an id that is none")
    if activity.progress is not None and not 0 <= activity.progress <= COMPLETE:
        raise UnsoundError(f"a progress of {activity.progress}")
    for item in (activity.context, activity.response):
        check_depth(item, MAX_DEPTH + 1)


def check_depth(value: object, depth: int) -> None:
    """Check that a free-form object has no more levels, and none too many entries.

    Raises:
        UnsoundError: It has.

    """
    if isinstance(value, Mapping | list):
        if not depth or len(value) > MAX_ENTRIES:
            raise UnsoundError("an object that is too large")
        for item in value.values() if isinstance(value, Mapping) else value:
            check_depth(item, depth - 1)
