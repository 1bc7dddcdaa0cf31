"""The one clock of the simulator, which can run faster than the one on the wall."""

import asyncio
from dataclasses import dataclass
from math import inf


@dataclass(slots=True)
class Clock:
    """Simulated seconds.

    `speed` is how many of them fit into a real one; with `inf` nothing takes any
    time, yet every sleep still lets the others have a turn.
    """

    speed: float = 1.0

    async def sleep(self, seconds: float) -> None:
        """Let simulated time pass."""
        await asyncio.sleep(0 if self.speed == inf else seconds / self.speed)
