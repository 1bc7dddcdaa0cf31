"""What was heard, word for word. It never leaves the memory as it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import TypedDict, Unpack

from tests.simulator.recordings import ENDED, FAILED, HTTP, OPENED, SAID

type Hear = Callable[[Heard], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Something that the server said, or what became of a connection."""

    at: float
    """Seconds since the beginning."""
    transport: str
    kind: str
    path: str = ""
    status: int | None = None
    note: str = ""
    """Our own words, never theirs."""
    event: str | None = None
    """How an EventSource calls what it says."""
    raw: bytes = b""


class Details(TypedDict, total=False):
    """What is known about a failure."""

    path: str
    status: int
    note: str


class Tape:
    """Everything that was heard, in its order; somebody may listen to it."""

    def __init__(self, listener: Hear | None = None) -> None:
        """Begin: it is time zero."""
        self._began = monotonic()
        self._listener = listener
        self._heard: list[Heard] = []

    def __iter__(self) -> Iterator[Heard]:
        """Iterate over it."""
        return iter(tuple(self._heard))

    def __len__(self) -> int:
        """Return how much was heard."""
        return len(self._heard)

    @property
    def seconds(self) -> float:
        """How long it has been since the beginning."""
        return round(monotonic() - self._began, 3)

    def answered(self, path: str, raw: bytes) -> None:
        """Keep an answer."""
        self._keep(
            Heard(at=self.seconds, transport=HTTP, kind=SAID, path=path, raw=raw)
        )

    def said(self, transport: str, raw: bytes, *, event: str | None = None) -> None:
        """Keep what was said on a stream."""
        self._keep(
            Heard(at=self.seconds, transport=transport, kind=SAID, event=event, raw=raw)
        )

    def opened(self, transport: str) -> None:
        """Note that a stream is open."""
        self._keep(Heard(at=self.seconds, transport=transport, kind=OPENED))

    def ended(self, transport: str, note: str) -> None:
        """Note that an open stream is no more."""
        self._keep(Heard(at=self.seconds, transport=transport, kind=ENDED, note=note))

    def failed(self, transport: str, **details: Unpack[Details]) -> None:
        """Note that there was no answer, or no stream."""
        self._keep(Heard(at=self.seconds, transport=transport, kind=FAILED, **details))

    def _keep(self, heard: Heard) -> None:
        self._heard.append(heard)
        if self._listener is not None:
            self._listener(heard)
