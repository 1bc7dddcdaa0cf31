"""A simulator for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.simulator import SimulatedPlex


@pytest.fixture
async def plex() -> AsyncIterator[SimulatedPlex]:
    """A simulator that does what it is told, and nothing by itself."""
    async with SimulatedPlex(ping_interval=0.05) as plex:
        yield plex
