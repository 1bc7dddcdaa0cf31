"""How the client asks the server to start something."""

from contextlib import AbstractContextManager

from aiohttp import web
import pytest

from custom_components.plex_activities.client import (
    Dvr,
    PlexClient,
    PlexError,
    PlexNotFoundError,
    PlexResponseError,
    Reply,
)
from tests.simulator import SimulatedPlex


def noting(
    plex: SimulatedPlex, asked: list[tuple[str, str]]
) -> AbstractContextManager[object]:
    """Accept everything, and note what exactly was sent."""

    async def respond(request: web.Request, handler: object) -> web.Response:
        asked.append((request.method, request.raw_path))
        return web.Response()

    return plex.faults.answer(respond)


async def test_a_library_is_scanned(plex: SimulatedPlex, client: PlexClient) -> None:
    """The answer does not say which activity it becomes."""
    assert await client.start_library_scan("2") == Reply(200, None, None)
    (scan,) = plex.world.activities
    assert plex.world.stop_work("library", "2")
    assert not plex.world.is_running(scan)


@pytest.mark.parametrize(
    ("path", "force", "query"),
    [
        (None, False, ""),
        (None, True, "?force=1"),
        ("/media/Movies", True, "?path=/media/Movies&force=1"),
        ("/a b+c&d=e", False, "?path=/a%20b%2Bc%26d%3De"),
        ("/50%/?x#y", False, "?path=/50%25/?x%23y"),
        ("C:\\Filme\\Zatōichi", False, "?path=C:%5CFilme%5CZat%C5%8Dichi"),
        ("", False, "?path="),
    ],
    ids=repr,
)
async def test_a_folder_stays_a_folder_on_its_way(
    plex: SimulatedPlex,
    client: PlexClient,
    path: str | None,
    force: bool,
    query: str,
) -> None:
    """A space that arrives as a "+" is a folder that does not exist."""
    asked: list[tuple[str, str]] = []
    with noting(plex, asked):
        await client.start_library_scan("1", path, force=force)
    assert asked == [("GET", f"/library/sections/1/refresh{query}")]
    await client.start_library_scan("1", path, force=force)
    assert plex.requests[-1].query.get("path") == path


async def test_a_task_is_run(plex: SimulatedPlex, client: PlexClient) -> None:
    assert await client.run_butler_task("BackupDatabase") == Reply(200, None, None)
    assert plex.world.running_tasks == {"BackupDatabase"}


async def test_a_task_that_runs_is_told_from_one_that_starts(
    client: PlexClient,
) -> None:
    await client.run_butler_task("BackupDatabase")
    assert await client.run_butler_task("BackupDatabase") == Reply(202, None, None)


async def test_there_is_no_task_that_nobody_knows(client: PlexClient) -> None:
    with pytest.raises(PlexNotFoundError):
        await client.run_butler_task("DustTheShelves")


async def test_a_task_without_a_name_is_not_run(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """`POST /butler/` runs all of them."""
    with pytest.raises(PlexNotFoundError):
        await client.run_butler_task("")
    assert len(plex.requests) == 0


async def test_subscriptions_are_processed_as_the_activity_that_is_named(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    reply = await client.process_subscriptions()
    (activity,) = plex.world.activities
    assert reply == Reply(200, activity.uuid, None)


async def test_a_guide_is_reloaded_as_the_activity_that_is_named(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    plex.world.add_dvr("28")
    reply = await client.reload_guide("28")
    (activity,) = plex.world.activities
    assert reply == Reply(200, activity.uuid, None)
    assert activity.type == "provider.epg.load"


@pytest.mark.parametrize("key", ["Dvr", "DVR"])
async def test_dvrs_are_listed_under_either_name(
    plex: SimulatedPlex, client: PlexClient, key: str
) -> None:
    """Plex's own documentation has both."""
    plex.rest.dvr_key = key
    plex.world.add_dvr("28")
    plex.world.add_dvr("29")
    assert await client.dvrs() == (Dvr(id="28"), Dvr(id="29"))


async def test_most_servers_have_no_dvr(client: PlexClient) -> None:
    assert await client.dvrs() == ()


async def test_a_dvr_that_nothing_identifies_is_not_understood(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    async def respond(request: web.Request, handler: object) -> web.Response:
        rows = [{"uuid": "x"}, None, {"key": 28}]
        return web.json_response({"MediaContainer": {"Dvr": rows}})

    with plex.faults.answer(respond):
        assert await client.dvrs() == (Dvr(id="28"),)
    assert client.counters.rows_not_understood == 2


async def test_a_list_of_dvrs_that_is_none_is_an_error(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    with plex.faults.html(), pytest.raises(PlexResponseError):
        await client.dvrs()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 503])
async def test_what_is_refused_is_an_error(
    plex: SimulatedPlex, client: PlexClient, status: int
) -> None:
    """Nobody is to believe that something was started."""
    with plex.faults.status(status):
        for refused in (
            client.start_library_scan("1"),
            client.run_butler_task("BackupDatabase"),
            client.process_subscriptions(),
            client.reload_guide("28"),
        ):
            with pytest.raises(PlexError):
                await refused
    assert plex.world.activities == ()
