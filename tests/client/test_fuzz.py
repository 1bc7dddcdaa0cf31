"""Everything that the client reads, fed with what no server has said yet.

The mutants are made of recordings, and are the same in every run; `scripts/bench`
makes as many as one likes. What once failed is an example where the parser is tested.
"""

from collections.abc import Callable
from functools import partial
from random import Random
from time import process_time
from typing import Any

import pytest

from custom_components.plex_activities.client.sse import ServerSentEventDecoder
from tests.fuzz.fuzzing import FuzzResult, fuzz
from tests.fuzz.mutation import Mutator
from tests.fuzz.parsers import CLIENT_PARSERS, FRAMES, PayloadParser
from tests.simulator.models import Payload

ROW = {"uuid": "7251fc2d", "title": "Scanning", "progress": 33, "userID": 1}


@pytest.fixture(scope="module")
def result() -> FuzzResult:
    """Return what comes of a small share."""
    return fuzz(CLIENT_PARSERS, 500 * len(CLIENT_PARSERS), seed=1)


def test_whatever_is_said_no_parser_fails_or_returns_what_it_must_not(
    result: FuzzResult,
) -> None:
    """Nobody is there to catch it, and everything else is made of what they return."""
    assert result.failures == []


def test_nothing_of_what_was_said_is_kept(result: FuzzResult) -> None:
    """A stream goes on for months. One object for every second message would show."""
    assert result.blocks_grown < result.inputs / 2


@pytest.mark.parametrize("name", CLIENT_PARSERS)
def test_mutants_are_right_enough_to_be_understood_and_wrong_enough_to_matter(
    result: FuzzResult, name: str
) -> None:
    """Mere noise would be refused by the first check of each parser."""
    tally = result.tallies[name]
    assert 0.2 < tally.understood / tally.inputs < 0.95


@pytest.mark.parametrize("name", CLIENT_PARSERS)
def test_nothing_takes_long_to_read(result: FuzzResult, name: str) -> None:
    """All of Home Assistant waits. It is milliseconds; machines can be slow."""
    assert result.tallies[name].slowest < 1


def test_the_same_seed_makes_the_same_mutants() -> None:
    """What has failed once fails again."""
    one, same, other = (Mutator(Random(seed), FRAMES) for seed in (1, 1, 2))
    texts = [one.text() for _ in range(50)]
    assert texts == [same.text() for _ in range(50)]
    assert texts != [other.text() for _ in range(50)]


# That it can fail: parsers as somebody could have written them.


def broken(parse: Callable[[Any], object]) -> FuzzResult:
    """Fuzz one alone."""
    return fuzz(
        {"broken": partial(PayloadParser, recorded=[ROW], parse=parse)}, 4000, 1
    )


def believe_that_it_is_there(row: Payload) -> object:
    return row["uuid"]


def believe_that_it_is_a_number(row: object) -> object:
    return int(row.get("userID", 0)) if isinstance(row, dict) else None


def hand_on(row: object) -> object:
    return row.get("title") if isinstance(row, dict) else None


def hand_on_a_number(row: object) -> object:
    progress = row.get("progress") if isinstance(row, dict) else None
    return progress if isinstance(progress, int | float) else None


def say_it_many_times(row: object) -> object:
    return [f"{row}"[:900]] * 40


@pytest.mark.parametrize(
    ("parse", "errors"),
    [
        (believe_that_it_is_there, ["KeyError", "TypeError"]),
        (believe_that_it_is_a_number, ["TypeError", "ValueError", "OverflowError"]),
        (hand_on, ["letters", "surrogates"]),
        (hand_on_a_number, ["number inf", "number 1e+308"]),
        (say_it_many_times, ["bytes of JSON from"]),
    ],
)
def test_a_parser_that_breaks_a_promise_is_found_out(
    parse: Callable[[Any], object], errors: list[str]
) -> None:
    failures = broken(parse).failures
    said = " ".join(failure.error for failure in failures)
    assert failures
    assert [error for error in errors if error not in said] == []


def test_a_parser_that_keeps_what_it_reads_is_found_out() -> None:
    kept: list[str] = []

    def keep(row: object) -> None:
        kept.append(f"{row}")

    result = broken(keep)
    assert result.blocks_grown > result.inputs / 2


# What grows with the square of the input shows only on large ones.


def seconds_for(size: int) -> float:
    """Return what it takes to read an event that comes byte by byte."""
    decoder = ServerSentEventDecoder()
    began = process_time()
    for _ in range(size):
        decoder.feed(b"x")
    return process_time() - began


def test_a_stream_may_come_byte_by_byte() -> None:
    """Four times as much takes four times as long; not sixteen times."""
    short, long = (min(map(seconds_for, [size] * 3)) for size in (100_000, 400_000))
    assert long < 9 * short
