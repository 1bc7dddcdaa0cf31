"""How the death of a connection is noticed, and that it is not imagined."""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import WSMsgType, web
import pytest

from custom_components.plex_activities.client import (
    Notification,
    PlexTimeoutError,
    Transport,
)
from tests.simulator import SimulatedPlex
from tests.simulator.answers import Respond

from .conftest import Connect, Handler, on_both


@on_both
async def test_silence_is_death(
    plex: SimulatedPlex, connect: Connect, transport: Transport
) -> None:
    """A connection that something on the way has forgotten looks like a quiet one."""
    client = connect(silence=0.1)
    async with client.notifications(transport) as stream:
        with plex.faults.stream_half_open():
            plex.world.start("butler")
            with pytest.raises(PlexTimeoutError, match="silent"):
                await anext(stream)
            with pytest.raises(PlexTimeoutError):
                await anext(stream)


async def test_silence_is_noticed_however_long_somebody_is_away(
    plex: SimulatedPlex, connect: Connect
) -> None:
    """Nobody reads while a snapshot is taken, and that is when servers die."""
    client = connect(silence=0.1)
    async with client.notifications(Transport.WEBSOCKET) as stream:
        with plex.faults.stream_half_open():
            await plex.subscribers(0)
            with pytest.raises(PlexTimeoutError, match="silent"):
                await anext(stream)


type React = Callable[[web.WebSocketResponse, aiohttp.WSMessage], Awaitable[None]]


def websocket_that(react: React) -> Respond:
    """Return a server that does this with two pings, and then has something to say."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        for _ in range(2):
            message = await socket.receive()
            assert message.type is WSMsgType.PING
            await react(socket, message)
        await socket.send_json(
            {"ActivityNotification": {"event": "started", "Activity": {"uuid": "1"}}}
        )
        await socket.receive()
        return socket

    return respond


async def answer(socket: web.WebSocketResponse, ping: aiohttp.WSMessage) -> None:
    await socket.pong(ping.data)


async def say_something(socket: web.WebSocketResponse, ping: aiohttp.WSMessage) -> None:
    await socket.send_str("{}")


async def ping_back(socket: web.WebSocketResponse, ping: aiohttp.WSMessage) -> None:
    await socket.ping()
    message = await socket.receive()
    assert message.type is WSMsgType.PONG


@pytest.mark.parametrize("react", [answer, say_something, ping_back])
async def test_any_sign_of_life_will_do(
    plex: SimulatedPlex, connect: Connect, react: React
) -> None:
    """An idle server has nothing to say, and some are said to ignore pings."""
    client = connect(silence=0.45)
    with plex.faults.answer(websocket_that(react)):
        async with client.notifications(Transport.WEBSOCKET) as stream:
            notification: Notification = await anext(stream)
    assert notification.activity.uuid == "1"


@pytest.mark.parametrize(
    "sign", [b"event: ping\ndata: {}\n\n", b":\n"], ids=["ping", "comment"]
)
async def test_any_byte_of_an_eventsource_is_a_sign_of_life(
    plex: SimulatedPlex, connect: Connect, sign: bytes
) -> None:
    """Plex sends a ping every ten seconds; proxies send comments."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for _ in range(10):
            await asyncio.sleep(0.05)
            await response.write(sign)
        row = b'{"event": "started", "Activity": {"uuid": "1"}}'
        await response.write(b'data: {"ActivityNotification": %b}\n\n' % row)
        return response

    client = connect(silence=0.3)
    with plex.faults.answer(respond):
        async with client.notifications(Transport.EVENTSOURCE) as stream:
            notification = await anext(stream)
    assert notification.activity.uuid == "1"
