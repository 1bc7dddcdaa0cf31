"""A name server: it knows one machine, this one, under any name, or does not."""

from collections.abc import Iterator
from contextlib import contextmanager
import socket
from typing import override

from aiohttp.abc import AbstractResolver, ResolveResult


class Names(AbstractResolver):
    """Resolves names for a client: `aiohttp.TCPConnector(resolver=Names())`."""

    def __init__(self) -> None:
        """Know every name."""
        self.asked = 0
        """How often a name was asked for in vain."""
        self._are_forgotten = False

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """Know no name for a while, as a name server does that is down."""
        self._are_forgotten = True
        try:
            yield
        finally:
            self._are_forgotten = False

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if self._are_forgotten:
            self.asked += 1
            raise OSError(None, f"There is no {host}")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    @override
    async def close(self) -> None:
        """Hold nothing that would have to be let go."""
