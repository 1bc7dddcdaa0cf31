"""How live streams are opened, and what it means when they are not."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

import aiohttp
from aiohttp import web
import pytest

from custom_components.plex_activities.client import (
    PlexAuthError,
    PlexClient,
    PlexConnectionError,
    PlexConnectionRefusedError,
    PlexError,
    PlexForbiddenError,
    PlexStartingUpError,
    PlexStreamRefusedError,
    PlexTimeoutError,
    Transport,
)
from tests.simulator import Faults, SimulatedPlex

from .conftest import Connect, Handler, on_both


@on_both
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Faults.unauthorized, PlexAuthError),
        (Faults.token_expired, PlexAuthError),
        (Faults.forbidden, PlexForbiddenError),
        (Faults.starting_up, PlexStartingUpError),
        (Faults.reset, PlexConnectionError),
    ],
    ids=lambda value: value.__name__,
)
async def test_what_no_other_transport_would_help_against_is_told_as_it_is(
    plex: SimulatedPlex,
    client: PlexClient,
    transport: Transport,
    fault: Callable[[Faults], AbstractContextManager[object]],
    kind: type[PlexError],
) -> None:
    with fault(plex.faults), pytest.raises(kind) as caught:
        await client.notifications(transport).__aenter__()
    assert type(caught.value) is kind


@on_both
async def test_a_stream_must_open_in_time(
    plex: SimulatedPlex, connect: Connect, transport: Transport
) -> None:
    """However long it may be silent afterwards."""
    client = connect(request_timeout=0.05)
    async with asyncio.timeout(5):
        with plex.faults.hanging(), pytest.raises(PlexTimeoutError, match="in time"):
            await client.notifications(transport).__aenter__()


@on_both
@pytest.mark.parametrize("status", [200, 204, 301, 400, 404, 426, 500, 502])
async def test_every_other_refusal_is_one_of_this_transport(
    plex: SimulatedPlex, client: PlexClient, transport: Transport, status: int
) -> None:
    """A proxy in between does not know it, or does not let it pass."""
    with plex.faults.status(status), pytest.raises(PlexStreamRefusedError):
        await client.notifications(transport).__aenter__()


@on_both
async def test_a_server_that_is_not_running_refuses_streams_too(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    async with plex.unreachable():
        with pytest.raises(PlexConnectionRefusedError):
            await client.notifications(transport).__aenter__()


@on_both
async def test_a_stream_is_not_redirected(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """The token would go along, to whoever is named there."""
    async with SimulatedPlex() as elsewhere:
        elsewhere_too = f"{elsewhere.url}/:/websockets/notifications"
        with plex.faults.redirect(elsewhere_too), pytest.raises(PlexStreamRefusedError):
            await client.notifications(transport).__aenter__()
        assert len(elsewhere.requests) == 0


async def test_a_handshake_must_be_one(plex: SimulatedPlex, client: PlexClient) -> None:
    """A cache may give out the handshake of somebody else."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(
            status=101,
            headers={
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Accept": "wrong",
            },
        )

    with plex.faults.answer(respond), pytest.raises(PlexStreamRefusedError):
        await client.notifications(Transport.WEBSOCKET).__aenter__()


async def test_a_session_that_is_closed_opens_nothing(
    client: PlexClient, session: aiohttp.ClientSession
) -> None:
    """Home Assistant closes it when it stops."""
    await session.close()
    with pytest.raises(PlexConnectionError):
        await client.notifications(Transport.WEBSOCKET).__aenter__()
