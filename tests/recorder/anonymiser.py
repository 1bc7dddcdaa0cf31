"""Takes out of a recording whatever could say whose server it is.

Nothing that is text stays unless `vocabulary` knows it. What goes is numbered in the
order in which it comes, and its number takes its place in a text of the same shape: a
UUID for a UUID, a path of as many parts for a path. So whoever reads it can still tell
what belongs together, and what looks odd. The same recording always gives the same
file, and nothing of what was there can be computed from it.

Whole numbers become others of as many digits, except 0, 1 and -1: they mean no, yes and
unknown, and the owner. Yes, no and nothing stay as well, since they name nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
import json
import re
from typing import Any

from tests.simulator.recordings import SAID, UNREADABLE, Recording

from .tape import Heard
from .vocabulary import (
    ENUMERATIONS,
    FIELD_NAME,
    NUMBERS,
    PATH_WORDS,
    PHRASES,
    SENTENCES,
)

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,99})")
HEXADECIMAL = re.compile(r"[0-9a-fA-F]{8,}")

# What servers say is nested five times.
MAX_DEPTH = 50
# More is no progress, whatever else it is.
MAX_PROGRESS = 999
# Single digits begin after those that stay, and fractions beyond any progress: what is
# anonymised already must come out as it is.
FIRST_DIGIT = 2
FIRST_FRACTION = 1000.5


def anonymised(heard: Iterable[Heard], anonymiser: Anonymiser) -> Iterator[Recording]:
    """Return what may be shown to others of what was heard."""
    for one in heard:
        yield Recording(
            at=one.at,
            transport=one.transport,
            path=one.path,
            status=one.status,
            note=one.note,
            **(anonymiser.said(one) if one.kind == SAID else {"kind": one.kind}),
        )


def decoded(raw: bytes) -> object:
    """Return the JSON that bytes are, strictly, or raise ValueError."""
    return json.loads(raw.decode(), parse_constant=_no_number)


class Anonymiser:
    """Replaces values, the same by the same for as long as it lives."""

    def __init__(self, secret: str = "") -> None:
        """Begin with nothing; what holds the secret never stays, wherever it is."""
        self.kept: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """How often something stayed, by what it is."""
        self._numbers: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._secret = secret

    @property
    def replaced(self) -> dict[str, int]:
        """How many different values were replaced, by what they are."""
        return {kind: len(table) for kind, table in self._numbers.items()}

    def said(self, heard: Heard) -> dict[str, Any]:
        """Return the kind and the payload of what was said, if that is JSON."""
        try:
            payload = self.value(decoded(heard.raw))
        except ValueError, RecursionError:
            return {"kind": UNREADABLE, "size": len(heard.raw)}
        if heard.event is not None:
            payload = {"event": self.value(heard.event, "event"), "data": payload}
        return {"kind": SAID, "payload": payload}

    def value(self, value: object, field: str = "", depth: int = 0) -> object:
        """Return what takes the place of any JSON value.

        Raises:
            ValueError: It is nested so deeply that others could not read it.

        """
        if depth > MAX_DEPTH:
            raise ValueError("Too deep")
        match value:
            case dict():
                return {
                    self._field(name): self.value(inner, name, depth + 1)
                    for name, inner in value.items()
                }
            case list():
                return [self.value(inner, field, depth + 1) for inner in value]
            case str():
                return self._text(value, field)
            case bool() | None:
                return value
            case int():
                return value if _stays(value, field) else int(self._whole(str(value)))
            case float():
                return value if _stays(value, field) else self._fraction(value)
        raise TypeError("Not of JSON")

    def _field(self, name: str) -> str:
        """Return what takes the place of a field's name; a value may be one."""
        is_name = FIELD_NAME.fullmatch(name) and not HEXADECIMAL.fullmatch(name)
        if is_name and self._is_open(name):
            return self._keep("names of fields", name)
        return self._opaque(name)

    def _text(self, text: str, field: str) -> str:
        if not text or not self._is_open(text):
            return self._opaque(text)
        form = ENUMERATIONS.get(field)
        if form is not None and form.fullmatch(text):
            return self._keep(f"values of {field}", text)
        if text in SENTENCES:
            return self._keep("words of the server", text)
        for phrase in PHRASES:
            if (inside := phrase.inside(text)) is not None:
                self._keep("words of the server", f"{phrase.before}…{phrase.after}")
                return f"{phrase.before}{self._opaque(inside)}{phrase.after}"
        return self._opaque(text)

    def _opaque(self, text: str) -> str:
        """Return a text of the same shape that says nothing."""
        if not text:
            return text
        if UUID.fullmatch(text):
            return f"00000000-0000-4000-8000-{self._nth('UUIDs', text):012}"
        if WHOLE.fullmatch(text):
            return self._whole(text)
        if HEXADECIMAL.fullmatch(text):
            return f"{self._nth('hexadecimal ids', text):0{len(text)}}"
        if text.startswith("/"):
            return "/" + "/".join(map(self._path_part, text[1:].split("/")))
        return f"text-{self._nth('texts', text)}"

    def _path_part(self, part: str) -> str:
        if part in PATH_WORDS and self._is_open(part):
            return self._keep("words of paths", part)
        return self._opaque(part)

    def _whole(self, text: str) -> str:
        """Return another whole number of as many digits."""
        sign, digits = text[: -len(text.lstrip("-"))], text.lstrip("-")
        if digits in {"0", "1"}:
            return text
        first = FIRST_DIGIT if len(digits) == 1 else 10 ** (len(digits) - 1)
        number = self._nth(f"{len(digits)}-digit numbers", digits)
        return f"{sign}{first + number - 1}"

    def _fraction(self, number: float) -> float:
        return FIRST_FRACTION + self._nth("fractions", repr(number))

    def _nth(self, kind: str, value: str) -> int:
        """Return the number of a value among those of its kind, from 1."""
        table = self._numbers[kind]
        return table.setdefault(value, len(table) + 1)

    def _keep(self, kind: str, text: str) -> str:
        self.kept[kind][text] += 1
        return text

    def _is_open(self, text: str) -> bool:
        """Return whether a text is free of the secret."""
        return not self._secret or self._secret not in text


def _stays(number: float, field: str) -> bool:
    return field in NUMBERS and -1 <= number <= MAX_PROGRESS


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no JSON")
