"""Each fault does what it says, where it says, and is over when it is over."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
import json

import aiohttp
from aiohttp import WSMsgType
import pytest

from . import (
    BAD_FRAMES,
    EVENTSOURCE_STYLES,
    FAULTS,
    ODD_FRAMES,
    WRONG_SHAPES,
    FaultCase,
    FaultGroup,
    Faults,
    SimulatedPlex,
    faults_of,
)
from .caller import Caller
from .payloads import activity_payload

type Begin = Callable[[Faults], AbstractContextManager[object]]

PAGES: dict[str, tuple[Begin, int]] = {
    "unauthorized": (Faults.unauthorized, 401),
    "forbidden": (Faults.forbidden, 403),
    "token_expired": (Faults.token_expired, 498),
    "starting_up": (Faults.starting_up, 503),
    "bad_gateway": (lambda faults: faults.status(502), 502),
    "html": (Faults.html, 200),
}
BODIES: dict[str, tuple[Begin, bytes]] = {
    "half_json": (Faults.half_json, b'{"MediaContain'),
    "malformed_json": (Faults.malformed_json, b'{"MediaContainer": {"size": 1,, }'),
    "invalid_utf8": (Faults.invalid_utf8, b'{"MediaContainer": "\xff\xfe\xfa"}'),
    "empty_body": (Faults.empty_body, b""),
}


@pytest.mark.parametrize(("begin", "status"), PAGES.values(), ids=PAGES)
async def test_some_faults_answer_a_page(
    plex: SimulatedPlex, ask: Caller, begin: Begin, status: int
) -> None:
    with begin(plex.faults):
        reply = await ask("GET", "/activities")
        assert (reply.status, reply.content_type) == (status, "text/html")
        assert reply.text.startswith("<html>")
    assert (await ask("GET", "/activities")).status == 200


@pytest.mark.parametrize(("begin", "body"), BODIES.values(), ids=BODIES)
async def test_some_faults_answer_what_is_no_json(
    plex: SimulatedPlex, ask: Caller, begin: Begin, body: bytes
) -> None:
    with begin(plex.faults):
        reply = await ask("GET", "/activities")
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert reply.body == body
    with pytest.raises(ValueError):  # noqa: PT011 - of either encoding or syntax
        assert reply.json


async def test_xml_may_come_where_json_was_asked_for(
    plex: SimulatedPlex, ask: Caller
) -> None:
    with plex.faults.xml():
        reply = await ask("GET", "/activities")
    assert reply.content_type == "text/xml"
    assert reply.text.endswith('<MediaContainer size="0" />')


async def test_a_page_stays_a_page(plex: SimulatedPlex, ask: Caller) -> None:
    """A fault that changes JSON leaves other answers alone."""
    with plex.faults.half_json():
        reply = await ask("GET", "/nothing")
    assert (reply.status, reply.content_type) == (404, "text/html")


async def test_a_stream_cannot_be_had_as_json(plex: SimulatedPlex, ask: Caller) -> None:
    """Faults of answers hit streams as well: the upgrade is not granted."""
    with plex.faults.half_json():
        with pytest.raises(aiohttp.WSServerHandshakeError) as failure:
            await ask.websocket()
        assert failure.value.status == 200
        reply = await ask("GET", "/:/eventsource/notifications")
    assert (reply.content_type, reply.body) == ("application/json", b"{")


async def test_identity_never_needs_a_token(plex: SimulatedPlex, ask: Caller) -> None:
    with plex.faults.unauthorized():
        assert (await ask("GET", "/identity")).status == 200
        assert (await ask("GET", "/")).status == 401


async def test_an_answer_can_be_far_too_big(plex: SimulatedPlex, ask: Caller) -> None:
    with plex.faults.huge(3 * 1024 * 1024):
        reply = await ask("GET", "/activities")
    assert len(reply.json["MediaContainer"]["title"]) == 3 * 1024 * 1024
    assert "Content-Length" not in reply.headers


async def test_a_client_can_be_sent_elsewhere(plex: SimulatedPlex, ask: Caller) -> None:
    with plex.faults.redirect("http://192.0.2.1/"):
        reply = await ask("GET", "/activities")
    assert (reply.status, reply.headers["Location"]) == (301, "http://192.0.2.1/")


@pytest.mark.parametrize("begin", [Faults.reset, Faults.cut_off])
async def test_a_connection_can_break(
    plex: SimulatedPlex, ask: Caller, begin: Begin
) -> None:
    with begin(plex.faults), pytest.raises(aiohttp.ClientError):
        await ask("GET", "/activities")
    assert (await ask("GET", "/activities")).status == 200


async def test_an_answer_can_fail_to_come(plex: SimulatedPlex, ask: Caller) -> None:
    with plex.faults.hanging():
        asking = asyncio.create_task(ask("GET", "/activities"))
        await plex.requests.wait_for("GET", "/activities")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asking, 0.02)


async def test_an_answer_can_come_a_byte_at_a_time(
    plex: SimulatedPlex, ask: Caller
) -> None:
    """Something always comes, and it is never complete."""
    with plex.faults.trickling():
        async with ask.session.get(f"{plex.url}/activities") as response:
            assert response.status == 200
            for _ in range(3):
                assert await response.content.readexactly(1) == b" "


async def test_what_is_hit_is_counted(plex: SimulatedPlex, ask: Caller) -> None:
    """So that a test can wait for it."""
    with plex.faults.forbidden(path="/butler") as fault:
        await ask("GET", "/butler")
        await ask("GET", "/activities")
    await ask("GET", "/butler")
    assert fault.answered == 1


async def test_an_answer_can_take_its_time(plex: SimulatedPlex, ask: Caller) -> None:
    with plex.faults.slow(0.05):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask("GET", "/activities"), 0.02)
        assert (await ask("GET", "/activities")).status == 200


async def test_a_snapshot_can_be_overtaken(plex: SimulatedPlex, ask: Caller) -> None:
    """It is computed when asked for, and what happens meanwhile is not in it."""
    with plex.faults.snapshot_in_flight() as snapshot:
        asking = asyncio.create_task(ask("GET", "/activities"))
        await snapshot.arrived()
        plex.world.start_butler()
        assert not asking.done()
        snapshot.release()
        assert (await asking).json == {"MediaContainer": {"size": 0}}
    assert (await ask("GET", "/activities")).json["MediaContainer"]["size"] == 1


async def test_a_fault_hits_only_the_requests_it_is_about(
    plex: SimulatedPlex, ask: Caller
) -> None:
    activity = plex.world.process_subscriptions()
    with plex.faults.status(500, path="/activities", method="DELETE"):
        assert (await ask("DELETE", f"/activities/{activity.uuid}")).status == 500
        assert (await ask("GET", "/activities")).status == 200
        assert (await ask("DELETE", "/butler")).status == 200
    assert plex.world.is_running(activity)


async def test_several_faults_can_be_active(plex: SimulatedPlex, ask: Caller) -> None:
    with plex.faults.status(500, path="/butler"), plex.faults.html(path="/act"):
        assert (await ask("GET", "/butler")).status == 500
        assert (await ask("GET", "/activities")).content_type == "text/html"
        with plex.faults.forbidden():
            assert (await ask("GET", "/activities")).status == 403


@pytest.mark.parametrize("name", WRONG_SHAPES)
@pytest.mark.parametrize("rows", [0, 2])
async def test_wrong_shapes_are_json_that_plex_would_not_say(
    plex: SimulatedPlex, ask: Caller, name: str, rows: int
) -> None:
    for _ in range(rows):
        plex.world.start("media.download", title="Heat (1995)", subtitle="x")
    right = (await ask("GET", "/activities")).json
    with plex.faults.wrong_shape(name):
        reply = await ask("GET", "/activities")
    assert reply.status == 200
    assert rows == 0 or reply.json != right


@pytest.mark.parametrize("code", [400, 404, 502])
async def test_an_upgrade_can_be_refused(
    plex: SimulatedPlex, ask: Caller, code: int
) -> None:
    with plex.faults.upgrade_refused(code):
        with pytest.raises(aiohttp.WSServerHandshakeError) as failure:
            await ask.websocket()
        assert failure.value.status == code
        assert (await ask.eventsource()).response.status == 200
    await ask.websocket()


async def test_an_eventsource_can_be_refused_as_well(
    plex: SimulatedPlex, ask: Caller
) -> None:
    with plex.faults.eventsource_refused():
        assert (await ask("GET", "/:/eventsource/notifications")).status == 404


@pytest.mark.parametrize(
    ("politely", "end"), [(False, WSMsgType.CLOSED), (True, WSMsgType.CLOSE)]
)
async def test_a_dropped_stream_is_dropped_again(
    plex: SimulatedPlex, ask: Caller, politely: bool, end: WSMsgType
) -> None:
    """So that a client which only reconnects would do so for ever."""
    websocket = await ask.websocket()
    await plex.subscribers(1)
    with plex.faults.stream_dropped(politely=politely):
        assert (await websocket.socket.receive()).type is end
        websocket = await ask.websocket()
        assert (await websocket.socket.receive()).type is end
        assert len(plex.streams) == 0
        assert plex.streams.opened == 2
    websocket = await ask.websocket()
    await plex.subscribers(1)
    plex.world.start_butler()
    assert (await websocket.socket.receive()).type is WSMsgType.TEXT


async def test_an_eventsource_is_dropped_too(plex: SimulatedPlex, ask: Caller) -> None:
    eventsource = await ask.eventsource()
    with plex.faults.stream_dropped(), pytest.raises(aiohttp.ClientError):
        await eventsource.next()


async def heard(plex: SimulatedPlex, ask: Caller, begin: Begin) -> list[str]:
    """Return what is heard of a short life while a fault lasts, and of the next."""
    websocket = await ask.websocket("?filters=activity")
    await plex.subscribers(1)
    with begin(plex.faults):
        activity = plex.world.start("media.download")
        plex.world.update(activity, progress=50)
        plex.world.end(activity)
    plex.world.start("last")
    events: list[str] = []
    while True:
        container = (await websocket.next())["NotificationContainer"]
        (body,) = container["ActivityNotification"]
        if body["Activity"]["type"] == "last":
            return events
        events.append(body["event"])


@pytest.mark.parametrize(
    ("name", "events"),
    [
        ("all_lost", []),
        ("starts_lost", ["updated", "ended"]),
        ("updates_lost", ["started", "ended"]),
        ("ends_lost", ["started", "updated"]),
        (
            "duplicated",
            ["started", "started", "updated", "updated", "ended", "ended"],
        ),
        ("reordered", ["updated", "started", "ended"]),
        ("delayed", ["started", "updated", "ended"]),
        ("filters_ignored", ["started", "updated", "ended"]),
    ],
)
async def test_notifications_can_come_otherwise(
    plex: SimulatedPlex, ask: Caller, name: str, events: list[str]
) -> None:
    (case,) = (case for case in FAULTS if case.name == name)
    assert await heard(plex, ask, case.begin) == events


async def test_delayed_notifications_come_when_it_is_over(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket = await ask.websocket()
    await plex.subscribers(1)
    with plex.faults.notifications_delayed():
        plex.world.start_butler()
        with pytest.raises(TimeoutError):
            await websocket.socket.receive(timeout=0.02)
    assert (await websocket.socket.receive()).type is WSMsgType.TEXT


async def test_a_server_may_ignore_the_filters(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket = await ask.websocket("?filters=activity")
    await plex.subscribers(1)
    with plex.faults.filters_ignored():
        plex.world.notify("status", {})
    assert (await websocket.next())["NotificationContainer"]["type"] == "status"


CLOSING = {"invalid_utf8", "oversized"}


@pytest.mark.parametrize("kind", BAD_FRAMES)
async def test_a_bad_frame_replaces_a_good_one(
    plex: SimulatedPlex, ask: Caller, kind: str
) -> None:
    websocket = await ask.websocket("?filters=activity")
    eventsource = await ask.eventsource("?filters=activity")
    await plex.subscribers(2)
    good = plex.world.start_butler()
    right = (await websocket.socket.receive()).data
    await eventsource.next()
    with plex.faults.bad_frames(kind):
        plex.world.update(good, progress=100)
    message = await websocket.socket.receive()
    assert message.data != right
    # These two are more than an aiohttp client takes: it ends the connection.
    assert (message.type is WSMsgType.ERROR) is (kind in CLOSING)
    assert await eventsource.response.content.readany() != b""


@pytest.mark.parametrize("kind", ODD_FRAMES)
async def test_an_odd_frame_is_still_about_an_activity(
    plex: SimulatedPlex, ask: Caller, kind: str
) -> None:
    websocket = await ask.websocket("?filters=activity")
    eventsource = await ask.eventsource("?filters=activity")
    await plex.subscribers(2)
    with plex.faults.odd_frames(kind):
        plex.world.start("media.download", title="Heat (1995)", subtitle="x")
    container = (await websocket.next())["NotificationContainer"]
    (body,) = container["ActivityNotification"]
    assert (await eventsource.next())[1] == {"ActivityNotification": body}
    assert body["event"] == "started"
    (activity,) = plex.world.activities
    assert body["Activity"] != activity_payload(activity)
    assert len(body["Activity"]) >= 4


async def test_a_websocket_message_can_have_no_end(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket = await ask.websocket("?filters=activity")
    await plex.subscribers(1)
    with plex.faults.frames_without_end():
        plex.world.start_butler()
    message = await websocket.socket.receive()
    assert message.type is WSMsgType.ERROR
    assert message.data.code is aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_an_event_can_have_no_end(plex: SimulatedPlex, ask: Caller) -> None:
    eventsource = await ask.eventsource("?filters=activity")
    await plex.subscribers(1)
    with plex.faults.frames_without_end():
        plex.world.start_butler()
    read = await eventsource.response.content.readexactly(3_000_000)
    assert b"\n" not in read


def fields(frame: bytes) -> tuple[str, str]:
    """Return event and data of a frame, as the EventSource standard has it."""
    lines = frame.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    read: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        read.setdefault(name, []).append(value.removeprefix(" "))
    return read["event"][0], "\n".join(read["data"])


@pytest.mark.parametrize("style", EVENTSOURCE_STYLES)
async def test_eventsource_frames_can_be_spelt_otherwise(
    plex: SimulatedPlex, ask: Caller, style: str
) -> None:
    """All of these mean the same to a client that knows the standard."""
    eventsource = await ask.eventsource("?filters=activity")
    await plex.subscribers(1)
    with plex.faults.eventsource_style(style), plex.faults.eventsource_in_pieces(3):
        butler = plex.world.start_butler()
        plex.streams.drop(politely=True)
        frame = await eventsource.response.content.read()
    event, data = fields(frame)
    assert event == "activity"
    assert json.loads(data)["ActivityNotification"]["uuid"] == butler.uuid


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: str(case.name))
async def test_every_fault_begins_and_is_over(
    plex: SimulatedPlex, ask: Caller, case: FaultCase
) -> None:
    with case.begin(plex.faults):
        pass
    assert await heard(plex, ask, Faults.filters_ignored) == [
        "started",
        "updated",
        "ended",
    ]
    assert (await ask("GET", "/activities")).json["MediaContainer"]["size"] == 1


def test_the_table_can_be_chosen_from() -> None:
    chosen = faults_of(FaultGroup.AUTH, FaultGroup.STREAM)
    assert {case.group for case in chosen} == {FaultGroup.AUTH, FaultGroup.STREAM}
    assert sum(len(faults_of(group)) for group in FaultGroup) == len(FAULTS)
    assert len({case.name for case in FAULTS}) == len(FAULTS)
