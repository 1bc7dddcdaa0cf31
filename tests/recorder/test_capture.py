"""The recorder hears what the integration would hear, and keeps all of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
import json

import pytest

from custom_components.plex_activities.client import (
    PlexAuthError,
    PlexCertificateError,
    PlexConnectionRefusedError,
    PlexError,
    PlexForbiddenError,
    PlexInvalidUrlError,
    PlexResponseError,
    PlexStartingUpError,
)
from tests.simulator import Faults, SimulatedPlex, Transport
from tests.simulator.recordings import ENDED, FAILED, HTTP, OPENED, UNREADABLE
from tests.simulator.tls import self_signed_certificate

from .capture import Wanted, capture
from .recorded import on_both, payloads, recording, tell_a_story, wanted
from .tape import Tape

PATHS = {
    Transport.WEBSOCKET: "/:/websockets/notifications",
    Transport.EVENTSOURCE: "/:/eventsource/notifications",
}


@on_both
async def test_everything_that_a_stream_says_is_kept_in_its_order(
    plex: SimulatedPlex, transport: Transport
) -> None:
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        count = tell_a_story(plex)
        await recorded.heard(transport, count)
    texts = [json.dumps(said) for said in payloads(recorded.rows, transport)]
    events = ["started", "updated", "started", "updated", "ended", "ended"]
    assert len(texts) == count == len(events)
    assert [event in text for event, text in zip(events, texts, strict=True)] == (
        [True] * count
    )


async def test_both_streams_are_wrapped_as_they_were(plex: SimulatedPlex) -> None:
    """They differ, and a client may cope with one of them only."""
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        plex.world.start_butler()
        await recorded.heard_on_both(1)
    [websocket] = payloads(recorded.rows, Transport.WEBSOCKET)
    [eventsource] = payloads(recorded.rows, Transport.EVENTSOURCE)
    [said] = websocket["NotificationContainer"]["ActivityNotification"]
    assert eventsource == {"event": "activity", "data": {"ActivityNotification": said}}


async def test_the_list_of_activities_is_asked_for_again_and_again(
    plex: SimulatedPlex,
) -> None:
    async with recording(plex.url) as recorded:
        await recorded.heard(HTTP, 2)
        plex.world.start_butler()
        await recorded.heard(HTTP, len(recorded.of(HTTP)) + 2)
    identity, before, *_, after = payloads(recorded.rows)
    assert identity["MediaContainer"]["version"] == plex.world.identity.version
    assert before == {"MediaContainer": {"size": 0}}
    assert [row["type"] for row in after["MediaContainer"]["Activity"]] == ["butler"]


async def test_times_never_run_backwards(plex: SimulatedPlex) -> None:
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        await recorded.heard_on_both(tell_a_story(plex))
    times = [row.at for row in recorded.rows]
    assert times == sorted(times)
    assert times[0] >= 0


async def test_the_token_travels_in_headers_only(plex: SimulatedPlex) -> None:
    """And everything else is said as the integration says it."""
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        await recorded.heard(HTTP, 3)
    assert {request.headers["x-plex-token"] for request in plex.requests} == {
        plex.token
    }
    assert {tuple(request.query.items()) for request in plex.requests} == {
        (),
        (("filters", "activity"),),
    }
    assert {request.headers["x-plex-product"] for request in plex.requests} == {
        "Plex Activities recorder"
    }


@on_both
async def test_a_stream_that_is_refused_leaves_the_rest_alone(
    plex: SimulatedPlex, transport: Transport
) -> None:
    """Behind some proxies one of them never works."""
    [other] = {*Transport} - {transport}
    with plex.faults.status(502, path=PATHS[transport]):
        async with recording(plex.url) as recorded:
            await recorded.heard(transport, 2, kind=FAILED)
            await plex.subscribers(1)
            plex.world.start_butler()
            await recorded.heard(other)
    failed = [row for row in recorded.rows if row.kind == FAILED]
    assert {(row.transport, row.status) for row in failed} == {(transport, 502)}


@on_both
async def test_a_stream_is_opened_again_when_it_ends(
    plex: SimulatedPlex, transport: Transport
) -> None:
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        await recorded.heard(transport, kind=OPENED)
        plex.streams.drop(politely=True)
        await recorded.heard(transport, 2, kind=OPENED)
    kinds = [one.kind for one in recorded.tape if one.transport == transport]
    assert kinds == [OPENED, ENDED, OPENED]


@on_both
async def test_a_stream_that_breaks_off_is_opened_again(
    plex: SimulatedPlex, transport: Transport
) -> None:
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        await recorded.heard(transport, kind=OPENED)
        plex.streams.drop()
        await recorded.heard(transport, 2, kind=OPENED)


async def test_a_server_that_restarts_is_recorded_while_it_does(
    plex: SimulatedPlex,
) -> None:
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        async with plex.restarting():
            await recorded.heard(HTTP, kind=FAILED)
            for transport in Transport:
                await recorded.heard(transport, kind=FAILED)
        await recorded.heard(HTTP, len(recorded.of(HTTP)) + 1)
        await plex.subscribers(2)
    notes = {row.note for row in recorded.rows if row.kind == FAILED}
    assert "The server refused the connection" in notes


async def test_nobody_is_followed_to_another_address(plex: SimulatedPlex) -> None:
    """They would be given the token."""
    with plex.faults.redirect("/elsewhere", path="/:/"):
        async with recording(plex.url) as recorded:
            for transport in Transport:
                await recorded.heard(transport, kind=FAILED)
    assert {row.status for row in recorded.rows if row.kind == FAILED} == {301}
    assert plex.requests.to("GET", "/elsewhere") == []


@on_both
async def test_what_is_no_json_is_kept_as_its_length(
    plex: SimulatedPlex, transport: Transport
) -> None:
    with plex.faults.bad_frames("not_json"):
        async with recording(plex.url) as recorded:
            await plex.subscribers(2)
            plex.world.start_butler()
            await recorded.heard(transport)
    [size] = [
        row.size
        for row in recorded.rows
        if (row.transport, row.kind) == (transport, UNREADABLE)
    ]
    assert size == len("this is not JSON")


async def test_a_page_instead_of_a_stream_is_no_stream(plex: SimulatedPlex) -> None:
    """The login page of a proxy, which answers 200."""
    with plex.faults.html(path="/:/"):
        async with recording(plex.url) as recorded:
            for transport in Transport:
                await recorded.heard(transport, kind=FAILED)
    failed = {row.transport: row for row in recorded.rows if row.kind == FAILED}
    assert failed[Transport.WEBSOCKET].status == 200
    assert failed[Transport.EVENTSOURCE].note == "The answer is no event stream"


async def test_it_ends_when_the_time_is_over(plex: SimulatedPlex) -> None:
    tape = Tape()
    await capture(replace(wanted(plex.url), seconds=0.01), tape)
    assert len(tape) >= 2


type Begin = Callable[[Faults], AbstractContextManager[None]]


@pytest.mark.parametrize(
    ("begin", "error"),
    [
        (Faults.unauthorized, PlexAuthError),
        (Faults.forbidden, PlexForbiddenError),
        (Faults.starting_up, PlexStartingUpError),
        (Faults.html, PlexResponseError),
        (Faults.empty_body, PlexResponseError),
        (Faults.redirect, PlexResponseError),
        (lambda faults: faults.status(500), PlexResponseError),
    ],
    ids=["401", "403", "503", "html", "empty", "redirect", "500"],
)
async def test_what_stands_in_the_way_is_said_at_once(
    plex: SimulatedPlex, begin: Begin, error: type[PlexError]
) -> None:
    """Nobody wants to hear it after five minutes."""
    with begin(plex.faults), pytest.raises(error):
        await capture(wanted(plex.url), Tape())
    assert plex.streams.opened == 0


async def test_a_wrong_token_is_said_at_once(plex: SimulatedPlex) -> None:
    with pytest.raises(PlexAuthError, match="does not accept the token"):
        await capture(replace(wanted(plex.url), token="another"), Tape())


async def test_a_server_that_is_not_there_is_said_at_once(plex: SimulatedPlex) -> None:
    async with plex.unreachable():
        with pytest.raises(PlexConnectionRefusedError):
            await capture(wanted(plex.url), Tape())


async def test_what_is_no_address_is_said_at_once() -> None:
    with pytest.raises(PlexInvalidUrlError):
        await capture(Wanted(url="http://", token="", seconds=60), Tape())


async def test_a_certificate_is_verified_unless_told_otherwise() -> None:
    context = self_signed_certificate().server_context
    async with SimulatedPlex(ssl_context=context) as plex:
        with pytest.raises(PlexCertificateError):
            await capture(wanted(plex.url), Tape())
        async with recording(plex.url, verify_ssl=False) as recorded:
            await plex.subscribers(2)
            plex.world.start_butler()
            await recorded.heard_on_both(1)
