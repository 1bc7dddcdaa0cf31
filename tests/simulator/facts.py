"""Waiting for something to be true, instead of sleeping and hoping."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

PATIENCE = 10.0
"""Seconds after which a fact is taken for one that never comes.

Only a failing test waits that long: a fact is noticed the moment it is true.
"""


@dataclass(frozen=True, slots=True)
class _Waiter:
    """Somebody who waits for a fact."""

    fact: Callable[[], bool]
    happened: asyncio.Event


class Facts:
    """Lets coroutines wait for facts about an object that changes synchronously."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._waiters: list[_Waiter] = []

    def changed(self) -> None:
        """Look who has been waiting for what is true now."""
        for waiter in self._waiters:
            if waiter.fact():
                waiter.happened.set()

    async def wait_for(self, fact: Callable[[], bool], what: str) -> None:
        """Return as soon as the fact is, or has in the meantime been, true."""
        if fact():
            return
        waiter = _Waiter(fact, asyncio.Event())
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(PATIENCE):
                await waiter.happened.wait()
        except TimeoutError:
            raise TimeoutError(f"Waited {PATIENCE:g} s in vain for {what}") from None
        finally:
            self._waiters.remove(waiter)
