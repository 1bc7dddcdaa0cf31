"""The readers of fields: whatever a server puts there, they give something usable."""

from collections.abc import Callable
import json
import math

from hypothesis import given
import orjson
import pytest

from custom_components.plex_activities.client.fields import (
    flag,
    identifier,
    mapping,
    percentage,
    text,
    whole_number,
)

from .strategies import JSON

HALF_A_PAIR = "\ud83d"
DEEP = {"a": {"b": {"c": {"d": {"e": 1}}}}}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Scanning", "Scanning"),
        ("", ""),
        ("Amélie 日本", "Amélie 日本"),
        (f"a{HALF_A_PAIR}b", "a?b"),
        ("x" * 1001, "x" * 1000),
        ("ü" * 1001, "ü" * 1000),
        (1984, "1984"),
        (8.5, "8.5"),
        (True, ""),
        (math.nan, ""),
        (None, ""),
        ([], ""),
        ({}, ""),
    ],
    ids=repr,
)
def test_text_is_what_is_said_or_nothing(value: object, said: str) -> None:
    """A film may be called 1984, and a title must not be "None"."""
    assert text(value) == said


@pytest.mark.parametrize(
    ("value", "id_"),
    [
        ("c30c1edc-8df0-4713", "c30c1edc-8df0-4713"),
        ("ü" * 200, "ü" * 128),
        ("x" * 200, "x" * 128),
        ("1", "1"),
        (1, "1"),
        (-7, "-7"),
        (2**70, None),
        ("", None),
        (1.0, None),
        (True, None),
        (None, None),
        (["1"], None),
    ],
    ids=repr,
)
def test_an_identifier_is_text_or_a_whole_number(value: object, id_: str) -> None:
    """Libraries are "1" here and 1 there, and it is the same library."""
    assert identifier(value) == id_


@pytest.mark.parametrize(
    ("value", "progress"),
    [
        (0, 0),
        (100, 100),
        (33, 33),
        (33.4, 33.4),
        ("40", 40),
        ("33.4", 33.4),
        (250, 100),
        (10**400, None),
        (-1, None),
        (-7, None),
        ("-1", None),
        ("half", None),
        ("", None),
        (True, None),
        (math.inf, None),
        (math.nan, None),
        ("nan", None),
        ("1e999", None),
        (None, None),
        ([], None),
    ],
    ids=repr,
)
def test_progress_is_a_percentage_or_unknown(
    value: object, progress: float | None
) -> None:
    """A bar that jumps to nought where nothing is known would be a lie."""
    assert percentage(value) == progress


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1),
        (0, 0),
        (-1, -1),
        ("12", 12),
        (12.0, 12),
        (2**53, 2**53),
        (2**53 + 1, None),
        (-(2**53) - 1, None),
        (1e300, None),
        (True, None),
        ("x", None),
        (None, None),
    ],
    ids=repr,
)
def test_a_whole_number_is_one_that_every_reader_of_json_can_hold(
    value: object, number: int | None
) -> None:
    """It goes on to a browser, and beyond this size digits get lost there."""
    assert whole_number(value) == number


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        (True, True),
        (1, True),
        ("1", True),
        ("true", True),
        ("True", True),
        (1.0, True),
        (False, False),
        (0, False),
        ("0", False),
        ("false", False),
        ("yes", False),
        (2, False),
        (None, False),
        ([1], False),
        ({}, False),
    ],
    ids=repr,
)
def test_a_flag_is_true_as_json_or_xml_write_it(value: object, answer: bool) -> None:
    """Nobody must be offered to cancel what cannot be cancelled."""
    assert flag(value) is answer


@pytest.mark.parametrize(
    ("value", "context"),
    [
        ({"librarySectionID": "3"}, {"librarySectionID": "3"}),
        ({"a": True, "b": 1, "c": 0.5, "d": None},
         {"a": True, "b": 1, "c": 0.5, "d": None}),
        ({}, {}),
        ({"a": [1, {"b": "c"}]}, {"a": [1, {"b": "c"}]}),
        (DEEP, {"a": {"b": {"c": {"d": None}}}}),
        ({"a": [[[[1]]]]}, {"a": [[[None]]]}),
        ({"a": math.nan, "b": 10**30, "c": HALF_A_PAIR},
         {"a": None, "b": None, "c": "?"}),
        ({"a": list(range(60))}, {"a": list(range(50))}),
        ({str(n): n for n in range(60)}, {str(n): n for n in range(50)}),
        ({HALF_A_PAIR: "x" * 2000}, {"?": "x" * 1000}),
        ([{"librarySectionID": "3"}], None),
        ("librarySectionID", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_free_form_object_keeps_what_can_be_stored(
    value: object, context: object
) -> None:
    """It becomes an attribute: one bad value would make the whole state unreadable."""
    assert mapping(value) == context


@given(JSON)
@pytest.mark.parametrize(
    "reader", [text, identifier, percentage, whole_number, flag, mapping]
)
def test_what_a_reader_returns_can_be_sent_on(
    reader: Callable[[object], object], value: object
) -> None:
    """Neither reading nor writing may fail: nobody is there to catch it."""
    sent = orjson.dumps(reader(value))
    assert len(sent) < 1_000_000
    assert json.loads(sent) == orjson.loads(sent)
