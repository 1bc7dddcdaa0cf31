"""plexwebsocket: what Home Assistant's own integration listens with."""

import asyncio
from typing import Any

import aiohttp
from plexwebsocket import (
    ERROR_AUTH_FAILURE,
    SIGNAL_CONNECTION_STATE,
    STATE_CONNECTED,
    STATE_DISCONNECTED,
    STATE_STARTING,
    STATE_STOPPED,
    PlexWebsocket,
)
import pytest

from tests.simulator import SimulatedPlex

# It was last changed before aiohttp deprecated what it does.
pytestmark = [
    pytest.mark.filterwarnings("ignore:ssl=None is deprecated"),
    pytest.mark.filterwarnings("ignore:code property is deprecated"),
]

type Call = tuple[str, Any, str | None]


class Server:
    """The one method that plexwebsocket needs of PlexAPI's server."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def url(self, key: str, *, includeToken: bool) -> str:  # noqa: N803 - PlexAPI's
        assert includeToken
        return f"{self._url}{key}?X-Plex-Token={self._token}"


class Listener:
    """What plexwebsocket calls back with."""

    def __init__(self) -> None:
        self._calls: asyncio.Queue[Call] = asyncio.Queue()

    def __call__(self, kind: str, data: Any, error: str | None) -> None:  # noqa: ANN401
        self._calls.put_nowait((kind, data, error))

    async def next(self) -> Call:
        return await self._calls.get()


@pytest.fixture
def listener() -> Listener:
    return Listener()


async def test_it_connects_and_hears(plex: SimulatedPlex, listener: Listener) -> None:
    async with aiohttp.ClientSession() as session:
        websocket = PlexWebsocket(
            Server(plex.url, plex.token),
            listener,
            subscriptions=["activity"],
            session=session,
        )
        listening = asyncio.create_task(websocket.listen())
        assert await listener.next() == (SIGNAL_CONNECTION_STATE, STATE_STARTING, None)
        assert await listener.next() == (SIGNAL_CONNECTION_STATE, STATE_CONNECTED, None)

        activity = plex.world.start("media.generate.credits", progress=-1)
        plex.world.update(activity, subtitle="Firefly S01 E05")
        plex.world.end(activity)
        for event in ("started", "updated", "ended"):
            kind, data, error = await listener.next()
            assert (kind, error) == ("activity", None)
            assert data["size"] == 1
            assert data["ActivityNotification"][0]["event"] == event
            assert data["ActivityNotification"][0]["uuid"] == activity.uuid

        # A polite end is no error to it: it would be back in five seconds.
        plex.streams.drop(politely=True)
        assert await listener.next() == (
            SIGNAL_CONNECTION_STATE,
            STATE_DISCONNECTED,
            None,
        )
        listening.cancel()
        await asyncio.wait([listening])


async def test_a_wrong_token_stops_it(plex: SimulatedPlex, listener: Listener) -> None:
    async with aiohttp.ClientSession() as session:
        server = Server(plex.url, "wrong")
        await PlexWebsocket(server, listener, session=session).listen()
    assert await listener.next() == (SIGNAL_CONNECTION_STATE, STATE_STARTING, None)
    assert await listener.next() == (
        SIGNAL_CONNECTION_STATE,
        STATE_STOPPED,
        ERROR_AUTH_FAILURE,
    )
