"""A recording that is being made, for tests: one can wait for what is on it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.simulator import DEFAULT_TOKEN, Notification, SimulatedPlex, Transport
from tests.simulator.facts import Facts
from tests.simulator.recordings import HTTP, SAID, Recording

from .anonymiser import Anonymiser, anonymised
from .capture import Wanted, capture
from .tape import Heard, Tape

on_both = pytest.mark.parametrize("transport", Transport)


class Recorded:
    """What has been recorded so far."""

    def __init__(self) -> None:
        self._facts = Facts()
        self.tape = Tape(lambda _: self._facts.changed())

    def of(self, transport: str, kind: str = SAID) -> list[Heard]:
        """Return what is on the tape of a transport."""
        return [
            one for one in self.tape if (one.transport, one.kind) == (transport, kind)
        ]

    @property
    def rows(self) -> list[Recording]:
        """Return what a file would have."""
        return list(anonymised(self.tape, Anonymiser(DEFAULT_TOKEN)))

    async def heard(self, transport: str, count: int = 1, *, kind: str = SAID) -> None:
        """Wait until there is that much on the tape."""
        await self._facts.wait_for(
            lambda: len(self.of(transport, kind)) >= count,
            f"{count} times {kind} on {transport}",
        )

    async def heard_on_both(self, count: int) -> None:
        """Wait until each stream has said that much."""
        for transport in Transport:
            await self.heard(transport, count)


def wanted(url: str) -> Wanted:
    """Return a wish for more than any test takes, and without long pauses."""
    return Wanted(
        url=url,
        token=DEFAULT_TOKEN,
        seconds=60,
        ask_every=0.01,
        retry_after=0.01,
    )


@asynccontextmanager
async def recording(url: str, **others: Any) -> AsyncIterator[Recorded]:
    """Record a server meanwhile."""
    recorded = Recorded()
    task = asyncio.create_task(capture(replace(wanted(url), **others), recorded.tape))
    try:
        yield recorded
    finally:
        task.cancel()
        await asyncio.wait([task])


def payloads(rows: Iterable[Recording], transport: str = HTTP) -> list[Any]:
    """Return what was said on a transport, in its order."""
    return [
        row.payload for row in rows if (row.transport, row.kind) == (transport, SAID)
    ]


def tell_a_story(plex: SimulatedPlex) -> int:
    """Let a library be scanned, and return how many messages that was."""
    told: list[Notification] = []
    forget = plex.world.subscribe(told.append)
    scan = plex.world.scan("1")
    plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=40)
    refresh = plex.world.start(
        "library.refresh.items",
        title="Refreshing",
        context={"key": "/library/metadata/8201", "exists": True},
    )
    plex.world.progress_scan(scan, subtitle="Das Boot (1981)", progress=80)
    plex.world.end(scan)
    plex.world.end(refresh)
    forget()
    return sum(one.type == "activity" for one in told)
