"""Who hears what, when, and how it ends."""

import asyncio

from aiohttp import WSCloseCode, WSMsgType, WSServerHandshakeError
import pytest

from . import SimulatedPlex
from .caller import Caller
from .streams import Filters

TYPES = ("activity", "log", "status", "timeline")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (None, ["activity", "status", "timeline"]),
        ("-log", ["activity", "status", "timeline"]),
        ("", ["activity", "log", "status", "timeline"]),
        ("activity", ["activity"]),
        ("activity,status", ["activity", "status"]),
        ("-activity,status", ["log", "timeline"]),
        ("nothing", []),
    ],
    ids=str,
)
def test_filters_mean_what_is_documented(text: str | None, wanted: list[str]) -> None:
    filters = Filters.parse(text)
    assert [kind for kind in TYPES if filters.want(kind)] == wanted


@pytest.mark.parametrize(
    ("query", "heard"),
    [
        ("", ["activity", "status"]),
        ("?filters=activity", ["activity", "activity"]),
        ("?filters=-activity", ["status", "log"]),
        ("?filters=", ["activity", "status"]),
    ],
)
async def test_both_kinds_of_stream_filter(
    plex: SimulatedPlex, ask: Caller, query: str, heard: list[str]
) -> None:
    websocket, eventsource = await ask.websocket(query), await ask.eventsource(query)
    await plex.subscribers(2)
    scan = plex.world.scan("1")  # an activity, then a status
    plex.world.notify("log", {})
    plex.world.end(scan)
    for kind in heard[: 1 if "log" in heard else 2]:
        assert (await websocket.next())["NotificationContainer"]["type"] == kind
        assert (await eventsource.next())[0] == kind


async def test_a_guest_hears_only_what_is_his(plex: SimulatedPlex, ask: Caller) -> None:
    guest = plex.world.add_account("guest", token="guest")
    websocket = await ask.websocket("?filters=activity", headers=GUEST)
    await plex.subscribers(1)
    plex.world.start_butler()
    own = plex.world.start("library.refresh.items", user_id=guest.id)
    container = (await websocket.next())["NotificationContainer"]
    assert container["ActivityNotification"][0]["uuid"] == own.uuid


async def test_whether_a_guest_hears_everything_can_be_set(
    plex: SimulatedPlex, ask: Caller
) -> None:
    """What Plex does is not known."""
    plex.world.add_account("guest", token="guest")
    plex.streams.shared_users_hear_all = True
    websocket = await ask.websocket("?filters=activity", headers=GUEST)
    await plex.subscribers(1)
    butler = plex.world.start_butler()
    container = (await websocket.next())["NotificationContainer"]
    assert container["ActivityNotification"][0]["uuid"] == butler.uuid


async def test_a_stranger_hears_nothing(plex: SimulatedPlex, ask: Caller) -> None:
    with pytest.raises(WSServerHandshakeError) as failure:
        await ask.websocket(headers={"X-Plex-Token": "wrong"})
    assert failure.value.status == 401
    plex.world.token = "new"
    assert (await ask("GET", "/:/eventsource/notifications")).status == 401


async def test_a_request_without_an_upgrade_is_a_bad_one(ask: Caller) -> None:
    assert (await ask("GET", "/:/websockets/notifications")).status == 400


async def test_nothing_is_lost_between_the_handshake_and_the_first_message(
    plex: SimulatedPlex, ask: Caller
) -> None:
    """Whoever has a stream hears everything that happens from then on."""
    opening = asyncio.create_task(ask.websocket())
    await plex.subscribers(1)
    butler = plex.world.start_butler()
    container = (await (await opening).next())["NotificationContainer"]
    assert container["ActivityNotification"][0]["uuid"] == butler.uuid


async def test_an_eventsource_pings(ask: Caller) -> None:
    async with (
        SimulatedPlex(ping_interval=0.01) as plex,
        Caller(plex, ask.session) as caller,
    ):
        eventsource = await caller.eventsource("?filters=activity")
        assert await eventsource.next() == ("ping", {})
        assert await eventsource.next() == ("ping", {})


async def test_a_websocket_answers_pings(plex: SimulatedPlex, ask: Caller) -> None:
    websocket = await ask.websocket(autoping=False)
    await plex.subscribers(1)
    await websocket.socket.ping(b"there?")
    pong = await websocket.socket.receive()
    assert (pong.type, pong.data) == (WSMsgType.PONG, b"there?")


async def test_what_a_client_says_is_ignored(plex: SimulatedPlex, ask: Caller) -> None:
    websocket = await ask.websocket()
    await websocket.socket.send_str("1700000000")
    await websocket.socket.send_bytes(b"\x00")
    plex.world.start_butler()
    assert (await websocket.next())["NotificationContainer"]["type"] == "activity"


async def test_a_client_that_leaves_is_noticed_at_once(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket, eventsource = await ask.websocket(), await ask.eventsource()
    await plex.subscribers(2)
    eventsource.response.close()
    await plex.subscribers(1)
    await websocket.socket.close()
    await plex.subscribers(0)
    assert plex.streams.opened == 2


async def test_a_client_that_breaks_off_is_noticed_at_once(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket = await ask.websocket()
    await plex.subscribers(1)
    websocket.socket._response.close()
    await plex.subscribers(0)


async def test_what_was_said_before_a_polite_end_arrives(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket, eventsource = await ask.websocket(), await ask.eventsource()
    await plex.subscribers(2)
    plex.world.start_butler()
    plex.streams.drop(politely=True)
    assert len(plex.streams) == 0
    assert (await websocket.next())["NotificationContainer"]["type"] == "activity"
    end = await websocket.socket.receive()
    assert (end.type, end.data) == (WSMsgType.CLOSE, WSCloseCode.GOING_AWAY)
    assert (await eventsource.next())[0] == "activity"
    assert await eventsource.response.content.read() == b""


async def test_raw_data_reaches_both_kinds_of_stream(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket, eventsource = await ask.websocket(), await ask.eventsource()
    await plex.subscribers(2)
    plex.send_raw("\u2603\n\n")
    assert (await websocket.socket.receive()).data == "\u2603\n\n"
    assert await eventsource.response.content.readuntil(b"\n\n") == b"\xe2\x98\x83\n\n"
    plex.send_raw(b"\x00\xff", opcode=WSMsgType.BINARY)
    message = await websocket.socket.receive()
    assert (message.type, message.data) == (WSMsgType.BINARY, b"\x00\xff")


async def test_many_messages_arrive_in_order(plex: SimulatedPlex, ask: Caller) -> None:
    websocket = await ask.websocket("?filters=activity")
    await plex.subscribers(1)
    activity = plex.world.start("media.generate.loudness")
    for number in range(2000):
        plex.world.update(activity, subtitle=str(number))
    await websocket.next()
    for number in range(2000):
        container = (await websocket.next())["NotificationContainer"]
        said = container["ActivityNotification"][0]["Activity"]["subtitle"]
        assert said == str(number)


GUEST = {"X-Plex-Token": "guest"}


async def test_a_half_open_stream_is_dead_in_every_way(
    plex: SimulatedPlex, ask: Caller
) -> None:
    """The socket is up, yet no ping is answered and no goodbye returned."""
    websocket = await ask.websocket(autoping=False)
    eventsource = await ask.eventsource()
    await plex.subscribers(2)
    with plex.faults.stream_half_open():
        plex.world.start_butler()
        await websocket.socket.ping()
        with pytest.raises(TimeoutError):
            await websocket.socket.receive(timeout=0.05)
        await plex.subscribers(2)
    # Those that were caught stay dead.
    plex.world.start_butler()
    await websocket.socket.close()
    assert websocket.socket.close_code == WSCloseCode.ABNORMAL_CLOSURE
    eventsource.response.close()
    await plex.subscribers(0)
    # New ones work.
    websocket = await ask.websocket()
    plex.world.start_butler()
    assert (await websocket.next())["NotificationContainer"]["type"] == "activity"
