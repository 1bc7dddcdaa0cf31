"""What the client asks and does over HTTP."""

import asyncio
import gzip
from http import HTTPStatus
import json
import zlib

import aiohttp
from aiohttp import web
import orjson
import pytest

from custom_components.plex_activities.client import (
    Activity,
    ButlerTask,
    Identity,
    PlexAuthError,
    PlexClient,
    PlexInvalidUrlError,
    PlexNotFoundError,
    PlexResponseError,
    Reply,
    Server,
)
from tests.simulator import WRONG_SHAPES, SimulatedPlex

from .conftest import Connect, Handler

UNREADABLE_SHAPES = {
    "null",
    "list",
    "scalar",
    "no_container",
    "container_null",
    "container_list",
    "rows_null",
    "rows_string",
}
ROWLESS = {"no_uuid", "uuid_null"}
IDENTITY = Identity(
    machine_identifier="c997cf82c4158cb986ccc0e8f829a6f5d5086a63",
    version="1.43.3.10828-4a1bb6b12",
)


# Nouns read.


async def test_anybody_may_ask_who_the_server_is(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Whoever answers this has not shown yet that the token is any of its business."""
    assert await client.identity() == IDENTITY
    assert "x-plex-token" not in plex.requests[-1].headers


async def test_a_server_describes_itself(client: PlexClient) -> None:
    assert await client.server() == Server(
        identity=IDENTITY, name="Simulated Plex", platform="Linux"
    )


async def test_libraries_are_listed(client: PlexClient) -> None:
    libraries = await client.libraries()
    assert [(library.id, library.title, library.type) for library in libraries] == [
        ("1", "Movies", "movie"),
        ("2", "TV Shows", "show"),
        ("3", "Music", "artist"),
    ]


async def test_running_activities_are_listed(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    scan = plex.world.scan("1")
    plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=40)

    assert await client.activities() == (
        Activity(
            uuid=scan.uuid,
            type="library.update.section",
            title="Scanning Movies",
            subtitle="Heat (1995)",
            progress=40,
            user_id=1,
            context={"librarySectionID": "1"},
        ),
    )


async def test_an_idle_server_lists_nothing(client: PlexClient) -> None:
    """Plex leaves the list out altogether where it would be empty."""
    assert await client.activities() == ()


async def test_maintenance_tasks_are_listed(client: PlexClient) -> None:
    """Their root is another one than that of everything else."""
    tasks = await client.butler_tasks()
    assert len(tasks) == 22
    assert (
        ButlerTask(name="BackupDatabase", title="Backup Database", enabled=True)
        in tasks
    )


@pytest.mark.parametrize("shape", sorted(UNREADABLE_SHAPES))
async def test_an_answer_that_lists_nothing_is_not_an_empty_list(
    plex: SimulatedPlex, client: PlexClient, shape: str
) -> None:
    """Taken for one, it would end everything that runs."""
    plex.world.scan("1")
    with plex.faults.wrong_shape(shape), pytest.raises(PlexResponseError, match="Plex"):
        await client.activities()


@pytest.mark.parametrize("shape", ["container_empty", "rows_null"])
async def test_a_list_that_is_left_out_is_an_empty_one(
    plex: SimulatedPlex, client: PlexClient, shape: str
) -> None:
    """Which is what Plex does."""
    with plex.faults.wrong_shape(shape, path="/activities"):
        assert await client.activities() == ()


async def test_a_list_that_is_left_out_is_not_empty_if_it_has_a_size(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Whatever stands in between: it has dropped what runs."""
    plex.world.scan("1")
    with plex.faults.wrong_shape("rows_null"), pytest.raises(PlexResponseError):
        await client.activities()


@pytest.mark.parametrize(
    "shape",
    sorted(WRONG_SHAPES.keys() - UNREADABLE_SHAPES - {"container_empty"} - ROWLESS),
)
async def test_an_odd_row_is_still_an_activity(
    plex: SimulatedPlex, client: PlexClient, shape: str
) -> None:
    """It runs, whatever its description looks like."""
    plex.world.scan("1")
    with plex.faults.wrong_shape(shape, path="/activities"):
        activities = await client.activities()
    assert len(activities) == 1


@pytest.mark.parametrize("shape", sorted(ROWLESS))
async def test_a_row_without_identity_is_counted(
    plex: SimulatedPlex, client: PlexClient, shape: str
) -> None:
    """Diagnostics can then tell why; but what nobody understands has not ended."""
    plex.world.scan("1")
    with (
        plex.faults.wrong_shape(shape, path="/activities"),
        pytest.raises(PlexResponseError, match="Plex"),
    ):
        await client.activities()
    assert client.counters.rows_not_understood == 1


async def test_what_stands_between_the_rows_costs_none_of_them(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    scan = plex.world.scan("1")
    with plex.faults.wrong_shape("wrong_rows_between", path="/activities"):
        activities = await client.activities()
    assert [activity.uuid for activity in activities] == [scan.uuid]
    assert client.counters.rows_not_understood == 5


async def test_a_server_without_an_identity_is_none(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Something else answers at this address, and in JSON."""
    with plex.faults.wrong_shape("container_empty"), pytest.raises(PlexResponseError):
        await client.identity()


# Verbs act.


async def test_an_activity_is_cancelled(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    activity = plex.world.process_subscriptions()
    assert await client.cancel_activity(activity.uuid) == Reply(200, None, None)
    assert not plex.world.is_running(activity)


async def test_the_scan_of_a_library_is_stopped(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    scan, other = plex.world.scan("1"), plex.world.scan("2")
    assert await client.stop_library_scan("1") == Reply(200, None, None)
    assert plex.world.activities == (other,)
    assert not plex.world.is_running(scan)


async def test_a_maintenance_task_is_stopped(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    plex.world.run_task("BackupDatabase")
    assert await client.stop_butler_task("BackupDatabase") == Reply(200, None, None)
    assert plex.world.running_tasks == set()


async def test_an_answer_may_name_the_activity_that_it_has_set_going(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Where Plex says so, it is the only sure way to know which one it is."""

    async def respond(request: web.Request, handler: Handler) -> web.Response:
        return web.json_response(
            {"a": 1}, status=202, headers={"X-Plex-Activity": "7251fc2d"}
        )

    with plex.faults.answer(respond):
        reply = await client.stop_butler_task("BackupDatabase")
    assert reply == Reply(202, "7251fc2d", {"a": 1})


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("a b", "a%20b"),
        ("../../x", "..%2F..%2Fx"),
        ("a?b#c", "a%3Fb%23c"),
        ("%2e%2e", "%252e%252e"),
        ("ü", "%C3%BC"),
        ("...", "..."),
    ],
)
async def test_a_name_stays_a_name_in_a_path(
    plex: SimulatedPlex, client: PlexClient, name: str, quoted: str
) -> None:
    """Names come from servers and users; they must not choose what is deleted."""
    paths = []

    async def respond(request: web.Request, handler: Handler) -> web.Response:
        paths.append(request.raw_path)
        return web.Response()

    with plex.faults.answer(respond):
        await client.cancel_activity(name)
    assert paths == [f"/activities/{quoted}"]


@pytest.mark.parametrize("name", ["", ".", ".."])
async def test_what_has_no_name_cannot_be_stopped(
    plex: SimulatedPlex, client: PlexClient, name: str
) -> None:
    """`DELETE /butler/` without a name stops everything."""
    with pytest.raises(PlexNotFoundError):
        await client.stop_butler_task(name)
    assert len(plex.requests) == 0


# How it asks.


async def test_who_asks_is_said_in_headers_only(
    plex: SimulatedPlex, connect: Connect
) -> None:
    """Addresses end up in the logs of servers and proxies."""
    client = connect(
        version="1.2.3",
        platform="Home\nAssistant",
        device_name="Zuhause ü",
        product="",
    )
    await client.activities()

    request = plex.requests[-1]
    said = {key: value for key, value in request.headers.items() if "plex" in key}
    assert said == {
        "x-plex-client-identifier": "test-client",
        "x-plex-token": plex.token,
        "x-plex-version": "1.2.3",
        "x-plex-platform": "Home Assistant",
        "x-plex-device-name": "Zuhause ü",
    }
    assert request.headers["accept"] == "application/json"
    assert request.query == {}


@pytest.mark.parametrize("token", [None, "", "  "])
async def test_a_server_may_ask_for_no_token(
    plex: SimulatedPlex, connect: Connect, token: str | None
) -> None:
    """One that is not claimed by an account does not."""
    with pytest.raises(PlexAuthError):
        await connect(token=token).activities()
    assert "x-plex-token" not in plex.requests[-1].headers


async def test_a_copied_token_may_have_space_around_it(
    plex: SimulatedPlex, connect: Connect
) -> None:
    assert await connect(token=f" {plex.token}\n").activities() == ()


@pytest.mark.parametrize("token", ["a\nb", "a\r\nX-Evil: 1", "a\x00b"])
async def test_a_token_cannot_smuggle_headers(connect: Connect, token: str) -> None:
    with pytest.raises(PlexAuthError, match="characters"):
        connect(token=token)


async def test_an_address_that_is_none_is_refused_at_once(connect: Connect) -> None:
    with pytest.raises(PlexInvalidUrlError):
        connect(url="no address")


async def test_a_server_may_be_behind_a_path(
    plex: SimulatedPlex, connect: Connect
) -> None:
    """Reverse proxies serve many things under one name."""
    client = connect(url=f"{plex.url}/plex/web/index.html")
    with pytest.raises(PlexNotFoundError):
        await client.activities()
    assert client.url == f"{plex.url}/plex"
    assert plex.requests[-1].path == "/plex/activities"


async def test_a_redirect_is_not_followed(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """It would take the token along to wherever it points."""
    async with SimulatedPlex() as elsewhere:
        with (
            plex.faults.redirect(f"{elsewhere.url}/activities"),
            pytest.raises(PlexResponseError, match="redirects"),
        ):
            await client.activities()
        assert len(elsewhere.requests) == 0


# How it reads.


@pytest.mark.parametrize(
    "json_loads", [json.loads, orjson.loads], ids=["json", "orjson"]
)
async def test_json_is_json_whatever_it_is_called(
    plex: SimulatedPlex, connect: Connect, json_loads: object
) -> None:
    """Proxies and old servers call it text."""

    async def respond(request: web.Request, handler: Handler) -> web.Response:
        body = json.dumps({"MediaContainer": {"machineIdentifier": "ü"}})
        return web.Response(text=body, content_type="text/plain")

    client = connect(json_loads=json_loads)  # type: ignore[arg-type]
    with plex.faults.answer(respond):
        identity = await client.identity()
    assert identity.machine_identifier == "ü"


@pytest.mark.parametrize(
    ("encoding", "compress"), [("gzip", gzip.compress), ("deflate", zlib.compress)]
)
async def test_compressed_answers_are_read(
    plex: SimulatedPlex, client: PlexClient, encoding: str, compress: object
) -> None:
    async def respond(request: web.Request, handler: Handler) -> web.Response:
        body = compress(b'{"MediaContainer": {"machineIdentifier": "a"}}')  # type: ignore[operator]
        return web.Response(body=body, headers={"Content-Encoding": encoding})

    with plex.faults.answer(respond):
        identity = await client.identity()
    assert identity.machine_identifier == "a"


async def test_an_answer_is_not_read_without_end(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Half a gigabyte is all the memory that a small machine has."""
    gone = asyncio.Event()
    sent = 0

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 100_000)
                sent += 100_000
        finally:
            gone.set()

    with plex.faults.answer(respond):
        with pytest.raises(PlexResponseError, match="too large"):
            await client.activities()
        await gone.wait()
    # The limit, and what fits into the buffers of two sockets.
    assert sent < 30_000_000


async def test_a_compressed_answer_is_measured_by_what_it_becomes(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Fifty megabytes of blanks travel as fifty kilobytes."""

    async def respond(request: web.Request, handler: Handler) -> web.Response:
        body = gzip.compress(b" " * 50_000_000)
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    with plex.faults.answer(respond), pytest.raises(PlexResponseError):
        await client.activities()


async def test_the_session_stays_its_owners(
    plex: SimulatedPlex, client: PlexClient, session: aiohttp.ClientSession
) -> None:
    """Home Assistant shares one among all integrations."""
    await client.identity()
    async with session.get(f"{plex.url}/identity") as response:
        assert response.status == HTTPStatus.OK
