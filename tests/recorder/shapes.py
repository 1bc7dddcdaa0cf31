"""What a payload is made of: its fields, each by its path, and what they look like.

The fields of an activity have the same path wherever it is told of.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.simulator import Transport
from tests.simulator.recordings import ACTIVITIES, Recording

from .anonymiser import HEXADECIMAL, UUID, WHOLE

TEXT = "text"
TEXTS: dict[str, Callable[[str], object]] = {
    "empty text": lambda text: not text,
    "a UUID": UUID.fullmatch,
    "a number as text": WHOLE.fullmatch,
    "a hexadecimal id": HEXADECIMAL.fullmatch,
    "a path": lambda text: text.startswith("/"),
    TEXT: lambda _: True,
}
"""The shapes of texts, the narrowest first."""

LIST = "a list"
OBJECT = "an object"
NESTED = (LIST, OBJECT)

ACTIVITY = "Activity"
CONTAINER = "NotificationContainer"
PROGRESS = f"{ACTIVITY}.progress"


@dataclass(frozen=True, slots=True)
class Field:
    """A value in its place."""

    path: str
    shape: str
    value: object


def fields(recording: Recording) -> Iterator[Field]:
    """Return everything in the payload of a line."""
    transport, payload = recording.transport, recording.payload
    match payload:
        case {"type": _} if transport == Transport.WEBSOCKET:
            yield Field(transport, f"a message without {CONTAINER}", payload)
            yield from _fields(payload, f"{transport}.{CONTAINER}")
        case {"uuid": _, "type": _}:
            yield from _fields(payload, f"{ACTIVITIES}.MediaContainer.{ACTIVITY}[]")
        case _ if transport in Transport:
            yield from _fields(payload, transport)
        case _:
            yield from _fields(payload, recording.path or ACTIVITIES)


def _fields(value: object, path: str) -> Iterator[Field]:
    yield Field(path, _shape(value, path), value)
    match value:
        case dict():
            is_activity = path.endswith((f".{ACTIVITY}", f".{ACTIVITY}[]"))
            parent = ACTIVITY if is_activity else path
            for name, inner in value.items():
                yield from _fields(inner, f"{parent}.{name}")
        case list():
            for inner in value:
                yield from _fields(inner, f"{path}[]")


def _shape(value: object, path: str) -> str:
    match value:
        case str():
            return next(shape for shape, fits in TEXTS.items() if fits(value))
        case bool():
            return "yes or no"
        case int() | float():
            return _shape_of_number(value, path)
        case list():
            return LIST
    return "null" if value is None else OBJECT


def _shape_of_number(value: float, path: str) -> str:
    if path == PROGRESS and not -1 <= value <= 100:
        return "a number outside -1 to 100"
    if isinstance(value, float):
        return "a fraction"
    return "a whole number" if value >= 0 else "a negative whole number"
