"""The live streams: what they give, and that they never end without saying so."""

import asyncio
from collections.abc import Callable
import json

from aiohttp import WSMsgType, web
import orjson
import pytest

from custom_components.plex_activities.client import (
    ActivityEvent,
    NotificationStream,
    PlexClient,
    PlexConnectionError,
    Transport,
    endpoint,
)
from tests.simulator import BAD_FRAMES, EVENTSOURCE_STYLES, SimulatedPlex

from .conftest import Connect, Handler, on_both

PATHS = {
    Transport.WEBSOCKET: "/:/websockets/notifications",
    Transport.EVENTSOURCE: "/:/eventsource/notifications",
}
WRAPPED = {Transport.WEBSOCKET: "{}", Transport.EVENTSOURCE: "data: {}\n\n"}
SMALL = sorted(BAD_FRAMES.keys() - {"oversized"})
TEXT = sorted(BAD_FRAMES.keys() - {"oversized", "binary"})


async def said(stream: NotificationStream) -> tuple[str, str]:
    notification = await anext(stream)
    return notification.event, notification.activity.title


@on_both
async def test_what_the_server_says_arrives_in_order(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    async with client.notifications(transport) as stream:
        scan = plex.world.scan("1")
        plex.world.progress_scan(scan, subtitle="Amélie", progress=40)
        plex.world.end(scan)
        notifications = [await anext(stream) for _ in range(3)]

    assert [one.event for one in notifications] == list(ActivityEvent)
    assert [one.activity.title for one in notifications] == [
        "Scanning",
        "Scanning Movies",
        "Scanning Movies",
    ]
    assert notifications[1].activity.subtitle == "Amélie"
    assert stream.transport is transport


@on_both
async def test_a_stream_can_be_read_with_a_loop(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """That is all that its user has to do with it, until it raises."""
    heard = []

    async def listen() -> None:
        async with client.notifications(transport) as stream:
            plex.world.start("butler")
            plex.streams.drop(politely=True)
            async for notification in stream:
                heard.append(notification.activity.type)  # noqa: PERF401 (as it comes)

    with pytest.raises(PlexConnectionError):
        await listen()
    assert heard == ["butler"]


@on_both
async def test_only_activities_are_asked_for(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """The rest would be most of the traffic. The token stays out of the address."""
    async with client.notifications(transport):
        request = plex.requests[-1]
    assert request.path == PATHS[transport]
    assert request.query == {"filters": "activity"}
    assert request.headers["x-plex-token"] == plex.token
    assert request.headers["x-plex-client-identifier"] == "test-client"


async def test_events_are_not_asked_for_in_a_compressed_form(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Something on the way would collect enough of them first, and that is late."""
    async with client.notifications(Transport.EVENTSOURCE):
        headers = plex.requests[-1].headers
    assert headers["accept"] == "text/event-stream"
    assert headers["accept-encoding"] == "identity"


@on_both
async def test_other_subjects_do_no_harm(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """No documentation promises that every server knows the filter."""
    async with client.notifications(transport) as stream:
        with plex.faults.filters_ignored():
            plex.world.notify("timeline", {"itemID": "1", "state": 5})
            plex.world.notify("reachability", {"reachability": True})
            plex.world.start("butler", title="Butler")
        assert await said(stream) == ("started", "Butler")
    assert (client.counters.frames, client.counters.not_understood) == (3, 0)


async def test_one_frame_may_hold_several_notifications(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """It never did in any recording, but it is a list, and one may be spoilt."""
    rows = [
        {"event": "started", "Activity": {"uuid": "1", "title": "one"}},
        {"event": "exploded", "Activity": {"uuid": "2", "title": "two"}},
        {"event": "started", "Activity": {"uuid": "3", "title": "three"}},
    ]
    async with client.notifications(Transport.WEBSOCKET) as stream:
        frame = {"type": "activity", "size": 3, "ActivityNotification": rows}
        plex.send_raw(json.dumps({"NotificationContainer": frame}))
        assert await said(stream) == ("started", "one")
        assert await said(stream) == ("started", "three")
    counters = client.counters
    assert (counters.frames, counters.notifications, counters.not_understood) == (
        1,
        2,
        1,
    )
    assert [one.activity.title for one in counters.recent] == ["one", "three"]


async def test_binary_frames_are_read_like_text(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Other clients of many years take care to accept both."""
    row = {"event": "started", "Activity": {"uuid": "1", "title": "ü"}}
    async with client.notifications(Transport.WEBSOCKET) as stream:
        plex.send_raw(
            json.dumps({"ActivityNotification": row}), opcode=WSMsgType.BINARY
        )
        assert await said(stream) == ("started", "ü")


@pytest.mark.parametrize(
    ("transport", "kind"),
    [(Transport.WEBSOCKET, kind) for kind in SMALL]
    + [(Transport.EVENTSOURCE, kind) for kind in TEXT],
)
@pytest.mark.parametrize(
    "json_loads", [json.loads, orjson.loads], ids=["json", "orjson"]
)
async def test_a_frame_that_is_not_understood_costs_only_itself(
    plex: SimulatedPlex,
    connect: Connect,
    transport: Transport,
    kind: str,
    json_loads: Callable[[str | bytes], object],
) -> None:
    """A connection that ends for it would be opened again, and end again."""
    client = connect(json_loads=json_loads)
    async with client.notifications(transport) as stream:
        with plex.faults.bad_frames(kind):
            plex.world.start("media.conjure", title="Bad")
        plex.world.start("butler", title="Good")
        assert await said(stream) == ("started", "Good")
    assert (client.counters.frames, client.counters.not_understood) == (2, 1)


@on_both
async def test_a_message_has_a_largest_size(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """It would have to be held in memory until its end."""
    row = {"event": "started", "Activity": {"uuid": "1", "title": "x" * 1_050_000}}
    message = json.dumps({"ActivityNotification": row})
    async with client.notifications(transport) as stream:
        plex.send_raw(WRAPPED[transport].format(message))
        with pytest.raises(PlexConnectionError, match="too large"):
            await anext(stream)


@on_both
async def test_a_message_may_be_as_long_as_that(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    row = {"event": "started", "Activity": {"uuid": "1", "subtitle": "x" * 1_000_000}}
    message = json.dumps({"ActivityNotification": row})
    async with client.notifications(transport) as stream:
        plex.send_raw(WRAPPED[transport].format(message))
        assert await said(stream) == ("started", "")


@pytest.mark.parametrize("style", EVENTSOURCE_STYLES)
async def test_an_eventsource_may_be_spelt_in_every_way_of_the_standard(
    plex: SimulatedPlex, client: PlexClient, style: str
) -> None:
    """A proxy is free to write it differently, and to cut it anywhere."""
    async with client.notifications(Transport.EVENTSOURCE) as stream:
        with plex.faults.eventsource_style(style), plex.faults.eventsource_in_pieces(3):
            plex.world.start("butler", title="Amélie")
            assert await said(stream) == ("started", "Amélie")


async def test_counters_and_memory_outlive_a_connection(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Diagnostics are asked for after something went wrong, not before."""
    for number in range(30):
        transport = list(Transport)[number % 2]
        async with client.notifications(transport) as stream:
            plex.world.start("butler", title=f"{number}")
            await anext(stream)
    counters = client.counters
    assert (counters.streams, counters.frames, counters.notifications) == (30, 30, 30)
    assert [one.activity.title for one in counters.recent] == [
        f"{number}" for number in range(5, 30)
    ]


@on_both
@pytest.mark.parametrize("politely", [True, False], ids=["politely", "rudely"])
async def test_the_end_is_an_error(
    plex: SimulatedPlex, client: PlexClient, transport: Transport, politely: bool
) -> None:
    """A loop that just stops would leave its user without a stream and content."""
    async with client.notifications(transport) as stream:
        plex.world.start("butler", title="Last words")
        assert await said(stream) == ("started", "Last words")
        plex.streams.drop(politely=politely)
        with pytest.raises(PlexConnectionError) as caught:
            await anext(stream)
        assert type(caught.value) is PlexConnectionError
        with pytest.raises(PlexConnectionError):
            await anext(stream)


async def test_a_goodbye_without_a_reason_is_as_good(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """The HTTP library waits for an answer to such a one, which need not come."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        await socket.send_frame(b"", WSMsgType.CLOSE)
        await socket.receive()
        return socket

    with plex.faults.answer(respond):
        async with client.notifications(Transport.WEBSOCKET) as stream:
            with pytest.raises(PlexConnectionError, match="ended"):
                await anext(stream)


async def test_nonsense_between_frames_breaks_the_stream(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Something on the way has mixed itself in; nothing after it can be trusted."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
        await socket.receive()
        return socket

    with plex.faults.answer(respond):
        async with client.notifications(Transport.WEBSOCKET) as stream:
            with pytest.raises(PlexConnectionError, match="broke"):
                await anext(stream)


@on_both
async def test_waiting_can_be_given_up(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """When the entry is unloaded nothing must hang, and nothing must stay open."""
    is_open = asyncio.Event()

    async def listen() -> None:
        async with client.notifications(transport) as stream:
            is_open.set()
            await anext(stream)

    task = asyncio.create_task(listen())
    await is_open.wait()
    await plex.subscribers(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await plex.subscribers(0)


@on_both
async def test_a_stream_ends_with_its_context(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """And only the stream: the session goes on."""
    async with client.notifications(transport):
        await plex.subscribers(1)
    await plex.subscribers(0)
    assert await client.activities() == ()


async def test_leaving_does_not_wait_for_a_dead_server(
    plex: SimulatedPlex, client: PlexClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It will not say goodbye."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await asyncio.Event().wait()
        return socket

    monkeypatch.setattr(endpoint, "_CLOSE_TIMEOUT", 0.05)
    with plex.faults.answer(respond):
        async with asyncio.timeout(5), client.notifications(Transport.WEBSOCKET):
            pass
