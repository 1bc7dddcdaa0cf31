"""What a measurement says: tables, and the marks that have to be met."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import override

type Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that has to be true of what was measured."""

    claim: str
    value: float
    limit: float
    is_at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Return whether it is true."""
        if self.is_at_least:
            return self.value >= self.limit
        return self.value <= self.limit

    @override
    def __str__(self) -> str:
        """Return a line for people."""
        sign = "≥" if self.is_at_least else "≤"
        verdict = "met" if self.is_met else "MISSED"
        return f"{verdict}: {self.claim}: {number(self.value)} ({sign} {self.limit:g})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One question, and its answer in numbers."""

    title: str
    conditions: str
    """How it was measured, in a sentence or two."""
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    marks: Sequence[Mark] = ()

    def markdown(self) -> Iterator[str]:
        """Return the lines of the table and of what it means."""
        yield from (f"## {self.title}", "", self.conditions, "")
        yield _line(self.columns)
        yield "|---|" + "---:|" * (len(self.columns) - 1)
        for row in self.rows:
            yield _line([number(cell) for cell in row])
        if self.marks:
            yield ""
            yield from (f"- {mark}" for mark in self.marks)


def number(value: Cell) -> str:
    """Return a number with as many digits as mean something."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return how many times as much ours is, from rounds that took turns.

    The median of the rounds' own ratios: what disturbs a machine for a while disturbs
    both halves of a round, and one disturbed round moves a median little.
    """
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
