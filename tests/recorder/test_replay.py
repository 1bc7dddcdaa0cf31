"""A recording can be lived through again, as if the server were here."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf

import aiohttp
import pytest

from custom_components.plex_activities.client import (
    Notification,
    PlexAuthError,
    PlexClient,
    PlexConnectionError,
    PlexStreamRefusedError,
    Transport,
)
from tests.simulator import DEFAULT_TOKEN, SimulatedPlex
from tests.simulator.recordings import (
    ACTIVITIES,
    ENDED,
    FAILED,
    HTTP,
    OPENED,
    SAID,
    UNREADABLE,
    Recording,
)
from tests.simulator.replay import Replay

from .recorded import payloads, recording, tell_a_story

# The client's own: to it, nobody else's will do.
on_both = pytest.mark.parametrize("transport", Transport)

type Gist = list[tuple[int, str, str, float | None, bool]]


def gist_of(notifications: list[Notification]) -> Gist:
    """Return what was said without what is somebody's: activities are numbered."""
    numbers: dict[str, int] = {}
    return [
        (
            numbers.setdefault(one.activity.uuid, len(numbers)),
            one.event,
            one.activity.type,
            one.activity.progress,
            one.activity.cancellable,
        )
        for one in notifications
    ]


def client_of(
    plex: SimulatedPlex, session: aiohttp.ClientSession, token: str = DEFAULT_TOKEN
) -> PlexClient:
    return PlexClient(session, plex.url, token, client_identifier="test-client")


@asynccontextmanager
async def replaying(
    rows: list[Recording], *, speed: float = inf
) -> AsyncIterator[tuple[SimulatedPlex, Replay]]:
    """Return a server that is about to play, and the replay."""
    replay = Replay(rows)
    async with SimulatedPlex(speed=speed) as plex:
        with replay.on(plex):
            yield plex, replay


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


async def listen(client: PlexClient, transport: Transport, count: int) -> Gist:
    """Return what a stream says, once it has said that much."""
    async with client.notifications(transport) as stream:
        return gist_of([await anext(stream) for _ in range(count)])


@on_both
async def test_the_client_hears_of_a_replay_what_it_heard_of_the_server(
    plex: SimulatedPlex, session: aiohttp.ClientSession, transport: Transport
) -> None:
    """As far as it is anybody's business."""
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        ears = asyncio.create_task(listen(client_of(plex, session), transport, 6))
        await plex.subscribers(3)
        assert tell_a_story(plex) == 6
        heard = await ears
        await recorded.heard_on_both(6)
    async with replaying(recorded.rows) as (again, replay):
        ears = asyncio.create_task(listen(client_of(again, session), transport, 6))
        await again.subscribers(1)
        await replay.play(again)
        assert await ears == heard


async def test_a_recording_of_a_replay_is_the_recording(rows: list[Recording]) -> None:
    """But for the times, and how often somebody asked meanwhile."""
    async with replaying(rows) as (again, replay), recording(again.url) as recorded:
        await again.subscribers(2)
        await replay.play(again)
        for transport in Transport:
            await recorded.heard(transport, len(payloads(rows, transport)))
        await recorded.heard(HTTP, len(recorded.of(HTTP)) + 2)
    for transport in Transport:
        assert payloads(recorded.rows, transport) == payloads(rows, transport)
    assert payloads(recorded.rows)[0] == payloads(rows)[0]
    assert payloads(recorded.rows)[-1] == payloads(rows)[-1]


async def test_the_list_is_the_latest_that_was_recorded(
    rows: list[Recording], session: aiohttp.ClientSession
) -> None:
    async with replaying(rows) as (again, replay):
        client = client_of(again, session)
        assert await client.activities() == ()
        await replay.play(again)
        [butler] = await client.activities()
        assert (butler.type, butler.progress) == ("butler", 100)


async def test_a_server_is_who_it_was(
    rows: list[Recording], session: aiohttp.ClientSession
) -> None:
    """Or rather nobody, but the same nobody for every question."""
    async with replaying(rows) as (again, _):
        client = client_of(again, session)
        identity = await client.identity()
        assert identity == (await client.server()).identity
        assert identity.machine_identifier == f"{1:040}"


async def test_a_replay_asks_for_the_token(
    rows: list[Recording], session: aiohttp.ClientSession
) -> None:
    async with replaying(rows) as (again, _):
        with pytest.raises(PlexAuthError):
            await client_of(again, session, "another").activities()


def said(at: float, payload: object, transport: str = Transport.WEBSOCKET) -> Recording:
    return Recording(at=at, transport=transport, kind=SAID, payload=payload)


def became(
    kind: str, transport: str, *, at: float = 0, status: int | None = None
) -> Recording:
    return Recording(at=at, transport=transport, kind=kind, status=status)


def activity(uuid: str) -> dict[str, object]:
    told = {"event": "started", "uuid": uuid, "Activity": {"uuid": uuid, "type": "a"}}
    return {"ActivityNotification": told}


async def test_time_passes_as_it_did_at_the_speed_of_the_clock(
    session: aiohttp.ClientSession,
) -> None:
    """Twice as fast here. What is later than promised only says how busy we are."""
    rows = [said(0, activity("first")), said(0.2, activity("second"))]
    async with replaying(rows, speed=2) as (again, replay):
        now = asyncio.get_running_loop().time
        ears = asyncio.create_task(
            listen(client_of(again, session), Transport.WEBSOCKET, 2)
        )
        await again.subscribers(1)
        began = now()
        await replay.play(again)
        await ears
        assert now() - began >= 0.1


@on_both
async def test_a_message_goes_to_the_stream_on_which_it_was_heard(
    session: aiohttp.ClientSession, transport: Transport
) -> None:
    rows = [
        said(0, activity("socket"), Transport.WEBSOCKET),
        said(
            0, {"event": "activity", "data": activity("source")}, Transport.EVENTSOURCE
        ),
        said(1, activity("socket, again"), Transport.WEBSOCKET),
        said(
            1,
            {"event": "activity", "data": activity("source, again")},
            Transport.EVENTSOURCE,
        ),
    ]
    uuids = {Transport.WEBSOCKET: "socket", Transport.EVENTSOURCE: "source"}
    async with replaying(rows) as (again, replay):
        client = client_of(again, session)
        async with client.notifications(transport) as stream:
            await again.subscribers(1)
            await replay.play(again)
            heard = [(await anext(stream)).activity.uuid for _ in range(2)]
    assert heard == [uuids[transport], f"{uuids[transport]}, again"]


@on_both
async def test_a_stream_ends_as_it_did(
    session: aiohttp.ClientSession, transport: Transport
) -> None:
    async with replaying([became(ENDED, transport)]) as (again, replay):
        client = client_of(again, session)
        async with client.notifications(transport) as stream:
            await again.subscribers(1)
            await replay.play(again)
            with pytest.raises(PlexConnectionError):
                await anext(stream)


@on_both
async def test_a_stream_that_was_refused_is_refused_until_it_was_open(
    session: aiohttp.ClientSession, transport: Transport
) -> None:
    """Also with statuses for which Plex has no page."""
    rows = [became(FAILED, transport, status=520), became(OPENED, transport, at=1)]
    async with replaying(rows) as (again, replay):
        client = client_of(again, session)
        with pytest.raises(PlexStreamRefusedError, match="520"):
            async with client.notifications(transport):
                pass
        await replay.play(again)
        async with client.notifications(transport):
            await again.subscribers(1)


async def test_a_server_that_was_not_there_is_not(
    session: aiohttp.ClientSession,
) -> None:
    rows = [
        became(FAILED, HTTP),
        Recording(
            at=1,
            transport=HTTP,
            kind=SAID,
            path=ACTIVITIES,
            payload={"MediaContainer": {"size": 0}},
        ),
    ]
    async with replaying(rows) as (again, replay):
        client = client_of(again, session)
        with pytest.raises(PlexConnectionError):
            await client.activities()
        await replay.play(again)
        assert await client.activities() == ()


@on_both
async def test_what_could_not_be_read_still_cannot(
    session: aiohttp.ClientSession, transport: Transport
) -> None:
    """It is what may have been the trouble."""
    rows = [Recording(transport=transport, kind=UNREADABLE, size=7)]
    async with replaying(rows) as (again, replay):
        client = client_of(again, session)
        ears = asyncio.create_task(listen(client, transport, 1))
        await again.subscribers(1)
        await replay.play(again)
        again.world.start_butler()
        await ears
    assert client.counters.not_understood == 1


async def test_it_begins_when_somebody_listens(
    rows: list[Recording], session: aiohttp.ClientSession
) -> None:
    """Who starts the simulator still has to start the client."""
    async with SimulatedPlex(speed=inf) as again:
        story = asyncio.create_task(Replay(rows).tell(again))
        heard = await listen(client_of(again, session), Transport.WEBSOCKET, 7)
        story.cancel()
    assert [event for _, event, *_ in heard][:2] == ["started", "updated"]
