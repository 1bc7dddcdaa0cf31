"""Feeds mutants to parsers, and notes what breaks.

A parser is held to four promises: it raises nothing but what it declares; what it
returns is sound (see `verdict`); it takes no time that matters; and it keeps nothing.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import gc
from random import Random
import resource
import sys
from time import process_time
from typing import Any

MAX_FAILURES = 20
# What is kept on purpose, such as what has ended, is full by then.
_WARM_UP = 0.25


class Parser[Mutant](ABC):
    """Something that is fed with mutants, which follow from the random numbers."""

    @abstractmethod
    def mutant(self) -> Mutant:
        """Return something that no server has said yet."""

    @abstractmethod
    def take(self, mutant: Mutant) -> bool:
        """Parse it and check what comes out; return whether anything was understood."""


type MakeParser = Callable[[Random], Parser[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A promise that was not kept."""

    parser: str
    number: int
    error: str
    mutant: str


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one parser was fed with, and what it took: seconds of the processor."""

    inputs: int = 0
    understood: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


@dataclass(slots=True, kw_only=True)
class FuzzResult:
    """What came of it.

    `blocks_grown` and `bytes_grown` are what the process holds more at the end than
    when it was warm: objects that are alive, and the peak of its memory.
    """

    seed: int
    inputs: int = 0
    seconds: float = 0.0
    blocks_grown: int = 0
    bytes_grown: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)


def fuzz(parsers: Mapping[str, MakeParser], inputs: int, seed: int) -> FuzzResult:
    """Feed the parsers in turn with that many mutants together."""
    result = FuzzResult(seed=seed, tallies={name: Tally() for name in parsers})
    made = [
        (name, make(Random(f"{seed} {name}")), result.tallies[name])
        for name, make in parsers.items()
    ]
    began = process_time()
    warm_at = int(inputs * _WARM_UP)
    blocks = peak = 0
    for number in range(inputs):
        if number == warm_at:
            blocks, peak = _blocks(), _peak()
        name, parser, tally = made[number % len(made)]
        _feed(parser, tally, result, name)
        if len(result.failures) >= MAX_FAILURES:
            break
    result.seconds = process_time() - began
    result.blocks_grown = _blocks() - blocks
    result.bytes_grown = _peak() - peak
    return result


def _feed(parser: Parser[Any], tally: Tally, result: FuzzResult, name: str) -> None:
    tally.inputs += 1
    result.inputs += 1
    mutant = parser.mutant()
    began = process_time()
    try:
        tally.understood += parser.take(mutant)
    except Exception as err:  # noqa: BLE001 (any at all is what is looked for)
        result.failures.append(
            Failure(
                parser=name,
                number=tally.inputs,
                error=f"{type(err).__name__}: {err}"[:300],
                mutant=f"{mutant!r}"[:3000],
            )
        )
    took = process_time() - began
    tally.seconds += took
    tally.slowest = max(tally.slowest, took)


def _blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
