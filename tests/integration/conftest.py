"""Real Home Assistant, talking to the simulator over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
import logging
from ssl import SSLError
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components import plex_activities
from custom_components.plex_activities import feed
from custom_components.plex_activities.const import TIMING, Timing
from tests.simulator import SimulatedPlex, SimulatedPlexTv

from .faults import Story, Way, only_by
from .leaks import Leaks
from .listening import subscribe
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
    write_subtitle=0.0,
    write_count=0.0,
    write_list=timedelta(hours=1),
)


def unattended(way: Way, *, patience: float = 20) -> Timing:
    """Return how long things take where nobody helps: all is asked for often."""
    return replace(
        QUICK,
        poll_without_stream=timedelta(seconds=0.1),
        poll_with_stream=timedelta(seconds=0.1),
        libraries=0.5,
        # While polling, it is the clock that must make things good.
        retry_maximum=0.5 if way is Way.POLLING else 0.05,
        # What the log says must not depend on how fast this machine is.
        retry_reset=0.5,
        request=patience,
        silence=patience,
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
    async with SimulatedPlex(ping_interval=0.2) as plex:
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


@pytest.fixture
def way() -> Way:
    """Return how news arrive; a test may say otherwise."""
    return Way.WEBSOCKET


@pytest.fixture
def leaks(
    hass: HomeAssistant,
    plex: SimulatedPlex,
    caplog: pytest.LogCaptureFixture,
    hass_storage: dict[str, Any],
) -> Iterator[Leaks]:
    """Watch everything for the token, with every log as talkative as it can be."""
    caplog.set_level(logging.DEBUG)
    for name in ("aiohttp", "asyncio", "homeassistant", "custom_components"):
        caplog.set_level(logging.DEBUG, logger=name)
    leaks = Leaks(hass, plex.token, hass_storage)
    root = logging.getLogger()
    root.addHandler(leaks)
    yield leaks
    root.removeHandler(leaks)


@pytest.fixture
async def story(
    server: Server,
    way: Way,
    leaks: Leaks,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Story]:
    """Return a story: the server is set up, and nothing secret may get out of it."""
    monkeypatch.setattr(feed, "INTERVAL", 0.05)
    story = Story(server, way, leaks.records)
    with only_by(way, server.plex):
        await server.set_up(live=False)
        await story.open()
        subscriber = await subscribe(await hass_ws_client(server.hass))
        yield story
        await leaks.look_everywhere(server)
        await server.unload()
    await leaks.look_everywhere(server)
    entry_id = server.entry.entry_id
    gone = {"not_loaded", "signed_out"}
    await subscriber.until(lambda told: told[entry_id]["status"] in gone)
    leaks.look("feed", *subscriber.messages)
    assert leaks.found == []
