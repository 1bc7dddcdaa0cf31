"""Valid JSON of the wrong shape: what a client must survive without guessing."""

from collections.abc import Callable, Mapping
from typing import Any

from .models import Payload

type Change = Callable[[Payload], Any]

_MISSING = object()


def _rows(**values: object) -> Change:
    """Change fields of every activity in the list."""

    def change(payload: Payload) -> Payload:
        for row in payload["MediaContainer"].get("Activity", ()):
            for key, value in values.items():
                row.pop(key, None)
                if value is not _MISSING:
                    row[key] = value
        return payload

    return change


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
    "no_uuid": _rows(uuid=_MISSING),
    "uuid_null": _rows(uuid=None),
    "uuid_number": _rows(uuid=17),
    "no_type": _rows(type=_MISSING),
    "type_null": _rows(type=None),
    "no_title": _rows(title=_MISSING, subtitle=_MISSING),
    "title_null": _rows(title=None, subtitle=None),
    "title_number": _rows(title=1984, subtitle=7),
    "no_progress": _rows(progress=_MISSING),
    "progress_null": _rows(progress=None),
    "progress_string": _rows(progress="40"),
    "progress_word": _rows(progress="half"),
    "progress_float": _rows(progress=33.4),
    "progress_list": _rows(progress=[]),
    "progress_above_100": _rows(progress=250),
    "progress_below_minus_1": _rows(progress=-7),
    "no_cancellable": _rows(cancellable=_MISSING),
    "cancellable_string": _rows(cancellable="1"),
    "cancellable_null": _rows(cancellable=None),
    "user_string": _rows(userID="1"),
    "user_null": _rows(userID=None),
    "context_null": _rows(Context=None),
    "context_list": _rows(Context=[{"librarySectionID": "1"}]),
    "context_string": _rows(Context="x"),
    "section_number": _rows(Context={"librarySectionID": 1}),
    "response_list": _rows(Response=[]),
    "unknown_fields": _rows(parentID=3, Media=[{"id": 1}]),
}
"""Answers of `GET /activities`, by what is unusual about them."""
