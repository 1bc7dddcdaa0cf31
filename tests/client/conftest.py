"""What the tests of the client share: a real server, and clients that talk to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol, TypedDict, Unpack

import aiohttp
from aiohttp import web
from hypothesis import settings
import orjson
import pytest

from custom_components.plex_activities.client import PlexClient, Transport
from tests.simulator import DEFAULT_TOKEN, SimulatedPlex

# The same examples in every run: a test that has failed once fails again.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, print_blob=False
)
settings.load_profile("repeatable")


# What a fault is given that answers in its own way: what would have answered.
type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

on_both = pytest.mark.parametrize("transport", Transport)


class Settings(TypedDict, total=False):
    """What a test may want to be different about its client."""

    product: str
    version: str
    platform: str
    device_name: str
    json_loads: Callable[[str | bytes], object]
    request_timeout: float
    silence: float


class Connect(Protocol):
    """Makes a client of the simulated server."""

    def __call__(
        self,
        *,
        url: str | None = None,
        token: str | None = DEFAULT_TOKEN,
        **settings: Unpack[Settings],
    ) -> PlexClient:
        """Return a client with settings of one's own."""


@pytest.fixture
async def plex() -> AsyncIterator[SimulatedPlex]:
    async with SimulatedPlex() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


@pytest.fixture
def connect(plex: SimulatedPlex, session: aiohttp.ClientSession) -> Connect:
    def connect(
        *,
        url: str | None = None,
        token: str | None = DEFAULT_TOKEN,
        **settings: Unpack[Settings],
    ) -> PlexClient:
        usual = Settings(
            json_loads=orjson.loads,
            # Longer than any test takes: those about time ask for less.
            request_timeout=20,
            silence=20,
        )
        return PlexClient(
            session,
            url or plex.url,
            token,
            client_identifier="test-client",
            **(usual | settings),
        )

    return connect


@pytest.fixture
def client(connect: Connect) -> PlexClient:
    return connect()
