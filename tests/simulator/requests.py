"""What the simulator has been asked."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiohttp import web

from .facts import Facts

REMEMBERED = 1000
"""Enough for any test; the demo runs for days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request, as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Header names in lower case."""

    def matches(self, method: str, path: str) -> bool:
        """Return whether this is a request of that method, path below `path`."""
        return self.method == method and self.path.startswith(path)


class Requests:
    """The last requests, the oldest first; one can also wait for one to come."""

    def __init__(self) -> None:
        """Start with none."""
        self._facts = Facts()
        self._requests: deque[Request] = deque(maxlen=REMEMBERED)

    def __iter__(self) -> Iterator[Request]:
        """Iterate over them."""
        return iter(tuple(self._requests))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._requests)

    def __getitem__(self, index: int) -> Request:
        """Return one of them, -1 for the latest."""
        return self._requests[index]

    def clear(self) -> None:
        """Forget what came so far."""
        self._requests.clear()

    def to(self, method: str, path: str) -> list[Request]:
        """Return the requests of that method whose path begins like that."""
        return [one for one in self._requests if one.matches(method, path)]

    async def wait_for(self, method: str, path: str, *, count: int = 1) -> Request:
        """Return the latest such request, once so many of them have come."""
        await self._facts.wait_for(
            lambda: len(self.to(method, path)) >= count,
            f"{count} times {method} {path}",
        )
        return self.to(method, path)[-1]

    def note(self, request: web.Request) -> None:
        """Remember a request."""
        self._requests.append(
            Request(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers={key.lower(): value for key, value in request.headers.items()},
            )
        )
        self._facts.changed()
