"""A simulator for each test, and somebody who asks it things."""

from collections.abc import AsyncIterator
from math import inf

import aiohttp
import pytest

from . import SimulatedPlex
from .caller import Caller


@pytest.fixture
async def plex() -> AsyncIterator[SimulatedPlex]:
    """A simulator whose scenarios take no time."""
    async with SimulatedPlex(speed=inf) as plex:
        yield plex


@pytest.fixture
async def ask(plex: SimulatedPlex) -> AsyncIterator[Caller]:
    """Somebody with the owner's token who likes JSON."""
    headers = {"X-Plex-Token": plex.token, "Accept": "application/json"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        Caller(plex, session) as caller,
    ):
        yield caller
