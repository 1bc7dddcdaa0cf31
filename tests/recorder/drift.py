"""What a recording has in it that this project does not know.

Known is what the simulator says of its own accord, since every test stands on that.
What it never says is shown to the integration, to see what that makes of it. So there
is no table of fields here, which would soon be another truth.

Only what is about activities is looked at; of other notifications just the name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
import json
from typing import override

from custom_components.plex_activities.client import Activity
from custom_components.plex_activities.client.models import parse_frame
from tests.simulator import Transport
from tests.simulator.recordings import UNREADABLE, Recording
from tests.simulator.shapes import NOTIFICATION_KEYS

from .known import Known, known
from .shapes import ACTIVITY, NESTED, TEXT, TEXTS, Field, fields

PING = "ping"
ABOUT_ACTIVITIES = "activity"
EXAMPLE_LENGTH = 70

IGNORED = "The integration takes no notice of it."
TAKEN = "The integration takes it in."
UNDERSTOOD = "The integration understands the message all the same."
NOT_UNDERSTOOD = "The integration does not understand it, and goes on."


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is not known, and what becomes of it."""

    where: str
    what: str
    verdict: str


@dataclass(slots=True)
class Finding:
    """The same unknown thing, however often it is there."""

    unknown: Unknown
    line: int
    example: str
    count: int = 0

    @override
    def __str__(self) -> str:
        """Return it for people."""
        times = "once" if self.count == 1 else f"{self.count} times, first"
        return (
            f"{self.unknown.where}: {self.unknown.what}\n"
            f"  {times} in line {self.line}: {self.example}\n"
            f"  {self.unknown.verdict}"
        )


@dataclass(slots=True)
class Drift:
    """How far a recording is from what is known."""

    findings: dict[Unknown, Finding] = field(default_factory=dict)
    compared: int = 0
    """How many lines were looked at."""
    other: int = 0
    """How many have something to say, but not about activities."""

    def note(self, unknown: Unknown, value: object, line: int) -> None:
        """Note that something unknown is in a line."""
        text = json.dumps(value)
        if len(text) > EXAMPLE_LENGTH:
            text = f"{text[:EXAMPLE_LENGTH]}…"
        self.findings.setdefault(unknown, Finding(unknown, line, text)).count += 1


async def drift(rows: Iterable[Recording]) -> Drift:
    """Compare a recording with what is known."""
    result = Drift()
    all_known = await known()
    for line, row in enumerate(rows, start=1):
        if row.payload is None and row.kind != UNREADABLE:
            continue
        if not _is_ours(row):
            result.other += 1
            continue
        result.compared += 1
        for unknown, value in _unknown(row, all_known):
            result.note(unknown, value, line)
    return result


def _is_ours(row: Recording) -> bool:
    """Return whether a line is one that the integration would read."""
    match row.payload:
        case {"uuid": _, "type": _} | {"MediaContainer": {"Activity": _}}:
            return True
    return row.transport in Transport or bool(row.path)


def _unknown(row: Recording, all_known: Known) -> Iterator[tuple[Unknown, object]]:
    """Return everything unknown in a line."""
    if row.kind == UNREADABLE:
        what = "what is no JSON"
        yield Unknown(row.path or row.transport, what, NOT_UNDERSTOOD), row.size
        return
    verdict = IGNORED
    if row.transport in Transport:
        name, message = _opened(row)
        if name not in {*NOTIFICATION_KEYS, PING}:
            what = f"a notification that is new, {name}"
            yield Unknown(row.transport, what, IGNORED), row.payload
        if name != ABOUT_ACTIVITIES:
            return
        verdict = UNDERSTOOD
        if None in parse_frame(message):
            verdict = NOT_UNDERSTOOD
            yield Unknown(row.transport, "a message", verdict), row.payload
    yield from _unknown_fields(row, all_known, verdict)
    yield from _unknown_words(row, all_known, verdict)


def _opened(row: Recording) -> tuple[object, object]:
    """Return the name of a notification, and what the integration is told."""
    match row.payload:
        case {"event": name, "data": message} if row.transport == Transport.EVENTSOURCE:
            return name, message
        case {"NotificationContainer": {"type": name}} | {"type": name}:
            return name, row.payload
    return None, row.payload


def _unknown_fields(
    row: Recording, all_known: Known, verdict: str
) -> Iterator[tuple[Unknown, object]]:
    """Return the fields and the shapes of a line that are unknown."""
    new: tuple[str, ...] = ()
    for one in fields(row):
        if one.path.startswith(new):
            continue  # What it is in has been named.
        shapes = all_known.shapes.get(one.path)
        if shapes is None:
            what = f"a field that is new, {one.shape}"
        elif one.shape not in shapes and not (TEXT in shapes and one.shape in TEXTS):
            what = f"a shape that is new, {one.shape}"
        else:
            continue
        if one.shape in NESTED:
            new += (f"{one.path}.", f"{one.path}[")
        yield Unknown(one.path, what, _reading(one) or verdict), one.value


def _unknown_words(
    row: Recording, all_known: Known, verdict: str
) -> Iterator[tuple[Unknown, object]]:
    """Return the words of a line that are unknown where only certain ones can be."""
    for one in fields(row):
        words = all_known.words.get(one.path)
        if words is not None and one.value not in words:
            what = f"a word that is new, {one.value}"
            yield Unknown(one.path, what, _reading(one) or verdict), one.value


def _reading(one: Field) -> str | None:
    """Return what the integration makes of a field, if it is one of an activity."""
    activity, *names = one.path.split(".")
    if activity != ACTIVITY or not names:
        return None
    row = one.value
    for name in reversed(names):
        row = {name: row}
    assert isinstance(row, dict)
    plain = {"uuid": "an id", "type": "a type"}
    says_more = Activity.from_payload(plain | row) != Activity.from_payload(plain)
    return TAKEN if says_more else IGNORED
