"""Makes what no server has said yet out of what servers were recorded to say.

A mutant is a recorded payload in which a few things are wrong, and nearly all is right:
so it gets past the first check of a parser, and past the second. The same seed gives
the same mutants.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
import json
import math
from random import Random
from typing import Any, NamedTuple

# What parsers stumble over. JSON has all of it: so the standard library reads it.
ODD: tuple[Any, ...] = (
    *(None, True, False, {}, [], [[]], {"": None}, [None], [{}]),
    *(0, 1, -1, 7, 100, 101, 0.5, -0.0, 33.4, 1e308, math.nan, math.inf, -math.inf),
    *(2**31, 2**53, 2**53 + 1, -(2**53) - 2, 2**64, -(2**64), 10**400),
    *("", " ", "0", "1", "-1", "40", "1e999", "nan", "-inf", "1_000", "٣", "true"),
    *("null", "\x00", "\r\n", "\u2028", "\u202e", "\ud83d", "a\udc00b", "\ufeff"),
    *("started", "updated", "ended", "server", "../..", "C:\\", "http://[::1", "<b>"),
    *("x" * 127, "x" * 129, "ü" * 999, "😀" * 1001, "9" * 5000, "1970-01-01"),
    *("2026-02-30T00:00:00", "2026-01-01T00:00:00", "9999-12-31T23:59:59+00:00"),
)
TOKENS = (
    *(b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\\u", b'"\\ud83d"', b"null"),
    *(b"1e999", b"NaN", b"-", b"0x1", b"\x00", b"\xff", b"\xc3", b"\xf0\x9f", b" "),
    *(b"\r", b"\n", b"\r\n", b"\n\n", b"data:", b"event: ", b"\xef\xbb\xbf", b": "),
    *(b"[" * 2000, b'{"a":' * 2000, b'"' + b"x" * 3000 + b'"', b"9" * 5000),
)

# Above it nothing is made larger.
_MANY = 300
_MANY_CHUNKS = 20_000
# No stream brings a larger message.
_LONGEST = 1024 * 1024


class _Place(NamedTuple):
    """A place in a payload: an object or a list, and a key or an index in it."""

    holder: Any
    key: Any

    @property
    def value(self) -> Any:  # noqa: ANN401 (it is JSON)
        return self.holder[self.key]

    def put(self, value: object) -> None:
        self.holder[self.key] = value


class Mutator:
    """Mutates recorded payloads, each as often as any other."""

    def __init__(self, random: Random, recorded: Sequence[object]) -> None:
        """Know what was recorded: what is JSON."""
        self.random = random
        self._recorded = [json.dumps(payload) for payload in recorded]
        payloads = [json.loads(text) for text in self._recorded]
        self._grafts = [json.dumps(place.value) for place in _places_in(payloads)]
        self._names = sorted(
            {key for _, key in _places_in(payloads) if isinstance(key, str)}
        )
        self._changes: tuple[Callable[[_Place], None], ...] = (
            self._delete,
            self._make_odd,
            self._retype,
            self._nest,
            self._repeat,
            self._cut,
            self._stretch,
            self._rename,
            self._graft,
            self._scramble,
        )

    def payload(self) -> object:
        """Return a payload of the wrong shape; one in twenty is of the right one."""
        root = [json.loads(self.random.choice(self._recorded))]
        for _ in range(self._few()):
            places = _places_in(root)
            # What is repeated can be repeated again: it would grow without end.
            if 0 < len(places) <= _MANY:
                self.random.choice(self._changes)(self.random.choice(places))
        return root[0] if root else None

    def text(self) -> bytes:
        """Return bytes that are, or once were, the text of a payload."""
        text = json.dumps(self.payload(), ensure_ascii=self._is_heads())
        raw = text.encode(errors="surrogatepass")[:_LONGEST]
        # Few spoilt ones are still JSON, and most parsers come after that.
        return self.spoil(raw) if self._is_heads() else raw

    def spoil(self, raw: bytes) -> bytes:
        """Return the bytes with a few changes, or none."""
        spoilt = bytearray(raw)
        for _ in range(self._few()):
            start = self.random.randrange(len(spoilt) + 1)
            end = min(len(spoilt), start + self.random.choice((1, 1, 4, 40)))
            piece = spoilt[start:end]
            match self.random.randrange(6):
                case 0:
                    spoilt[start:end] = b""
                case 1:
                    spoilt[start:start] = self.random.choice(TOKENS)
                case 2:
                    spoilt[start:end] = piece * self.random.choice((2, 3, 60))
                case 3:
                    spoilt[start:end] = self.random.randbytes(len(piece))
                case 4:
                    spoilt[start:end] = bytes(byte ^ 1 << 5 for byte in piece)
                case 5:
                    del spoilt[start:]
        return bytes(spoilt)

    def chunks(self, raw: bytes) -> list[bytes]:
        """Return the bytes, cut anywhere."""
        # (But not a large one into single bytes: those would need more room than it.)
        size = max(self.random.choice((1, 7, 100, 5000)), len(raw) // _MANY_CHUNKS)
        ends = [0]
        while ends[-1] < len(raw):
            ends.append(ends[-1] + self.random.randint(0, 2 * size))
        return [raw[start:end] for start, end in pairwise(ends)]

    def _is_heads(self) -> bool:
        return self.random.random() < 0.5

    def _few(self) -> int:
        """Return how many things are wrong: most often one or two."""
        return self.random.choice((0, *(1,) * 8, *(2,) * 6, 3, 3, 4, 5, 9))

    # What can be wrong at one place.

    def _delete(self, place: _Place) -> None:
        del place.holder[place.key]

    def _make_odd(self, place: _Place) -> None:
        place.put(self.random.choice(ODD))

    def _retype(self, place: _Place) -> None:
        value = place.value
        others = (str(value), [value], {"value": value}, json.dumps(value), bool(value))
        place.put(self.random.choice(others))

    def _nest(self, place: _Place) -> None:
        is_list = self._is_heads()
        for _ in range(self.random.choice((1, 2, 3, 4, 60))):
            place.put([place.value] if is_list else {str(place.key): place.value})

    def _repeat(self, place: _Place) -> None:
        """Have one thing several times, under other names where it needs names."""
        holder, key = place
        for number in range(self.random.choice((1, 2, 70))):
            if isinstance(holder, list):
                holder.append(holder[key])
            else:
                holder[f"{key}{number}"] = holder[key]

    def _cut(self, place: _Place) -> None:
        match place.value:
            case str() | list() as value:
                place.put(value[: self.random.randrange(len(value) + 1)])
            case dict() as value:
                place.put(dict(list(value.items())[: len(value) // 2]))
            case int() | float() as value:
                place.put(-value)

    def _stretch(self, place: _Place) -> None:
        if isinstance(place.value, str) and len(place.value) <= _MANY:
            place.put(place.value * self.random.choice((2, 30, 400)))

    def _rename(self, place: _Place) -> None:
        """Give one thing the name of another, which then is not what it seems."""
        holder, key = place
        value = holder.pop(key)
        if isinstance(holder, dict):
            others = (*self._names, str(key).upper(), str(key).lower(), "", "\ud83d")
            holder[self.random.choice(others)] = value
        else:
            holder.insert(0, value)

    def _graft(self, place: _Place) -> None:
        place.put(json.loads(self.random.choice(self._grafts)))

    def _scramble(self, place: _Place) -> None:
        """Say something else of the same kind: another id, or another number."""
        if isinstance(place.value, str):
            place.put(self.random.randbytes(8).hex())
        else:
            place.put(self.random.randint(-2, 102))


def _places_in(root: list[Any]) -> list[_Place]:
    """Return every place in something, itself excepted."""
    found: list[_Place] = []
    waiting: list[Any] = [root]
    while waiting:
        here = waiting.pop()
        keys = here if isinstance(here, dict) else range(len(here))
        for key in keys:
            found.append(_Place(here, key))
            if isinstance(here[key], dict | list):
                waiting.append(here[key])
    return found
