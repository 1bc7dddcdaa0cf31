"""How long to wait for what, and what to say if it does not come."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import ClientError

LOOK_AGAIN = 0.1
"""Seconds between two looks at something that does not tell of changes by itself."""


class MissingError(Exception):
    """Something that should be there is not; the text says what."""


class Patience:
    """One time limit for many things to wait for, so that it says which one failed."""

    def __init__(self, seconds: float) -> None:
        """Begin to wait."""
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    @property
    def spent(self) -> float:
        """Return for how many seconds it has lasted."""
        return self._loop.time() - self._began

    @asynccontextmanager
    async def awaiting(self, what: str) -> AsyncIterator[None]:
        """Do something that may fail or take too long, and name it then."""
        try:
            async with asyncio.timeout_at(self._began + self._seconds):
                yield
        except TimeoutError:
            raise MissingError(f"{what} (not within {self._seconds:.0f} s)") from None
        except ClientError as err:
            raise MissingError(f"{what} ({err})") from err

    async def until[T](self, what: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """Look again and again until there is something to return."""
        async with self.awaiting(what):
            while True:
                if (found := await look()) is not None:
                    return found
                await asyncio.sleep(LOOK_AGAIN)


def say(text: str) -> None:
    """Tell the person, or the log of CI, at once."""
    print(text, flush=True)  # noqa: T201 (a command talks to its terminal)
