"""Valid JSON of the wrong shape: what a client must survive without guessing."""

from collections.abc import Callable, Mapping
from typing import Any

from .models import Payload

type Change = Callable[[Payload], Any]

_MISSING = object()


def _fields(**values: object) -> Change:
    """Change fields of an activity."""

    def change(row: Payload) -> Payload:
        left = {key: value for key, value in row.items() if key not in values}
        said = {key: value for key, value in values.items() if value is not _MISSING}
        return left | said

    return change


def _rows(change: Change) -> Change:
    """Change every activity in the list."""

    def change_all(payload: Payload) -> Payload:
        container = payload["MediaContainer"]
        if "Activity" in container:
            container["Activity"] = [change(row) for row in container["Activity"]]
        return payload

    return change_all


def _list(value: object) -> Change:
    """Put something else in the place of the list of activities."""

    def change(payload: Payload) -> Payload:
        payload["MediaContainer"]["Activity"] = value
        return payload

    return change


def _one_row_not_a_list(payload: Payload) -> Payload:
    """Show the first activity alone, as careless XML converters do."""
    container = payload["MediaContainer"]
    container["Activity"] = next(iter(container.get("Activity", ())), {})
    return payload


def _wrong_rows_between(payload: Payload) -> Payload:
    """Put things that are no activities among those that are."""
    container = payload["MediaContainer"]
    container["Activity"] = [None, 7, "x", [], *container.get("Activity", ()), {}]
    return payload


ODD_ACTIVITIES: Mapping[str, Change] = {
    "no_uuid": _fields(uuid=_MISSING),
    "uuid_null": _fields(uuid=None),
    "uuid_number": _fields(uuid=17),
    "no_type": _fields(type=_MISSING),
    "type_null": _fields(type=None),
    "no_title": _fields(title=_MISSING, subtitle=_MISSING),
    "title_null": _fields(title=None, subtitle=None),
    "title_number": _fields(title=1984, subtitle=7),
    "no_progress": _fields(progress=_MISSING),
    "progress_null": _fields(progress=None),
    "progress_string": _fields(progress="40"),
    "progress_word": _fields(progress="half"),
    "progress_float": _fields(progress=33.4),
    "progress_list": _fields(progress=[]),
    "progress_above_100": _fields(progress=250),
    "progress_below_minus_1": _fields(progress=-7),
    "no_cancellable": _fields(cancellable=_MISSING),
    "cancellable_string": _fields(cancellable="1"),
    "cancellable_null": _fields(cancellable=None),
    "user_string": _fields(userID="1"),
    "user_null": _fields(userID=None),
    "context_null": _fields(Context=None),
    "context_list": _fields(Context=[{"librarySectionID": "1"}]),
    "context_string": _fields(Context="x"),
    "section_number": _fields(Context={"librarySectionID": 1}),
    "response_list": _fields(Response=[]),
    "unknown_fields": _fields(parentID=3, Media=[{"id": 1}]),
}
"""What may be odd about an activity, in a list as well as in a stream."""

WRONG_SHAPES: Mapping[str, Change] = {
    "null": lambda _: None,
    "list": lambda _: [],
    "scalar": lambda _: 42,
    "no_container": lambda _: {},
    "container_null": lambda _: {"MediaContainer": None},
    "container_list": lambda _: {"MediaContainer": []},
    "container_empty": lambda _: {"MediaContainer": {}},
    "rows_null": _list(None),
    "rows_string": _list("none"),
    "one_row_not_a_list": _one_row_not_a_list,
    "wrong_rows_between": _wrong_rows_between,
    **{name: _rows(change) for name, change in ODD_ACTIVITIES.items()},
}
"""Answers of `GET /activities`, by what is unusual about them."""
