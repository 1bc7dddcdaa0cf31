"""Real Home Assistant, talking to the simulator over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from ssl import SSLError
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from custom_components import plex_activities
from custom_components.plex_activities.const import TIMING, Timing
from tests.simulator import SimulatedPlex, SimulatedPlexTv

from .server import Server
from .surroundings import another_server, plex_tv_with

# As in real life, but without the waits that only real life needs.
QUICK = replace(
    TIMING,
    wait_for_ended=0.02,
    poll_after_action=0.05,
    retry_minimum=0.01,
    retry_maximum=0.05,
    write_progress=0.0,
    write_attributes=0.0,
    write_subtitle=0.0,
    write_list=timedelta(hours=1),
)


@pytest.fixture(autouse=True)
def _real_sockets_and_our_integration(
    socket_enabled: None, enable_custom_integrations: None
) -> None:
    """Let Home Assistant load the integration, and reach the simulator."""


@pytest.fixture
def timing() -> Timing:
    """Return how long things take; a test may say otherwise."""
    return QUICK


@pytest.fixture(autouse=True)
def _use_timing(monkeypatch: pytest.MonkeyPatch, timing: Timing) -> None:
    monkeypatch.setattr(plex_activities, "TIMING", timing)


@pytest.fixture
async def plex() -> AsyncIterator[SimulatedPlex]:
    """Return a server with its libraries, on which nothing runs."""
    async with SimulatedPlex() as plex:
        yield plex


@pytest.fixture
async def server(
    hass: HomeAssistant, plex: SimulatedPlex, request: pytest.FixtureRequest
) -> AsyncIterator[Server]:
    """Return the server as Home Assistant has it: a config entry, not set up.

    A test can give options by parametrising it indirectly.
    """
    server = Server(hass, plex, **getattr(request, "param", {}))
    yield server
    await server.unload()


@pytest.fixture
async def other() -> AsyncIterator[SimulatedPlex]:
    """Return a second server, which is another one."""
    async with another_server() as other:
        yield other


@pytest.fixture
async def plex_tv(
    plex: SimulatedPlex, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SimulatedPlexTv]:
    """Return a plex.tv in the place of the real one; its account has the server."""
    async with plex_tv_with(plex, monkeypatch) as plex_tv:
        yield plex_tv


@pytest.fixture
def handshakes_may_fail(hass: HomeAssistant) -> None:
    """Let a server in this process find out that somebody does not want its TLS.

    asyncio reports that to the loop, where the harness takes it for a fault of ours.
    """
    loop = hass.loop
    report = loop.get_exception_handler()
    assert report is not None

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        refused = (ConnectionResetError, SSLError)
        if not isinstance(context.get("exception"), refused):
            report(loop, context)

    loop.set_exception_handler(handle)
