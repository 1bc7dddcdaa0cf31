"""Cancelling: which call stops what, and whether it did."""

import asyncio

import pytest

from tests.simulator import Cancelling

from .actions import (
    cancel,
    deletions,
    start,
    start_scan,
    until_known,
)
from .server import Server

DOWNLOAD = "activity_media.download"
MOVIES = "activity_library.update.section_1"


async def test_what_says_so_is_cancelled_by_its_id(server: Server) -> None:
    await server.set_up()
    download = await start(server)
    assert await cancel(server, activity_id=download.uuid) == [
        {
            "activity_id": download.uuid,
            "entity_id": server.entity_id(DOWNLOAD),
            "outcome": "cancelled",
            "method": "activity",
        }
    ]
    assert deletions(server) == [f"/activities/{download.uuid}"]
    assert server.state(DOWNLOAD).state == "cancelled"
    assert (await server.until_event("cancelled", download.uuid))["observed"] is True


async def test_a_sensor_stands_for_what_runs_on_it(server: Server) -> None:
    """Dashboards know sensors, not ids."""
    await server.set_up()
    download, other = await start(server), await start(server)
    (answer,) = await cancel(server, entity_id=server.entity_id(DOWNLOAD))
    assert (answer["activity_id"], answer["outcome"]) == (download.uuid, "cancelled")
    assert server.plex.world.is_running(other)


async def test_the_scan_of_a_library_is_cancelled_by_the_librarys_own_call(
    server: Server,
) -> None:
    """Scans are what people want to stop, and Plex marks none as cancellable."""
    await server.set_up()
    movies, shows = await start_scan(server, "1"), await start_scan(server, "2")
    assert await cancel(server, entity_id=server.entity_id(MOVIES)) == [
        {
            "activity_id": movies.uuid,
            "entity_id": server.entity_id(MOVIES),
            "outcome": "cancelled",
            "method": "library_scan",
        }
    ]
    assert deletions(server) == ["/library/sections/1/refresh"]
    assert server.plex.world.is_running(shows)


async def test_a_scan_that_only_its_title_gives_away_is_cancelled_too(
    server: Server,
) -> None:
    """Older servers never say which library they scan."""
    await server.set_up()
    title = "Scanning TV Shows"
    scan = await start(server, "library.update.section", title=title, cancellable=False)
    (answer,) = await cancel(server, activity_id=scan.uuid, timeout=0)
    assert answer["method"] == "library_scan"
    assert deletions(server) == ["/library/sections/2/refresh"]


async def test_what_the_librarys_call_stops_besides_was_cancelled_as_well(
    server: Server,
) -> None:
    await server.set_up()
    first, second = await start_scan(server, "1"), await start_scan(server, "1")
    server.plex.world.cancelling = Cancelling.ENDS_AT_100
    await cancel(server, activity_id=first.uuid)
    await server.until_event("cancelled", second.uuid)


@pytest.mark.parametrize(
    ("task", "kind", "title"),
    [
        ("BackupDatabase", "butler.BackupDatabase", ""),
        ("BackupDatabase", "butler.backup_database", "Working"),
        ("BackupDatabase", "butler", "Backup database"),
        ("LoudnessAnalysis", "butler", "LoudnessAnalysis"),
        ("LoudnessAnalysis", "butler.loudness.analysis", "Loudness analysis"),
    ],
)
async def test_a_butler_task_is_cancelled_if_the_activity_names_it(
    server: Server, task: str, kind: str, title: str
) -> None:
    await server.set_up()
    server.plex.world.task_activities = {task: (kind, title)}
    activity = server.plex.world.run_task(task)
    assert activity is not None
    await until_known(server, activity)
    (answer,) = await cancel(server, activity_id=activity.uuid)
    assert (answer["outcome"], answer["method"]) == ("cancelled", "butler_task")
    assert deletions(server) == [f"/butler/{task}"]


@pytest.mark.parametrize("cancelling", [Cancelling.IGNORED, Cancelling.LATER], ids=str)
async def test_a_yes_after_which_nothing_stops_is_no_cancel(
    server: Server, cancelling: Cancelling
) -> None:
    """Plex answers 200 in any case."""
    await server.set_up()
    server.plex.world.cancelling = cancelling
    download = await start(server)
    (answer,) = await cancel(server, activity_id=download.uuid, timeout=0.1)
    assert answer["outcome"] == "still_running"
    assert deletions(server)
    assert server.state(DOWNLOAD).state == "running"


@pytest.mark.parametrize("cancelling", Cancelling, ids=str)
async def test_who_does_not_wait_learns_only_that_it_was_tried(
    server: Server, cancelling: Cancelling
) -> None:
    """What runs on the other connection must not decide what an automation does."""
    await server.set_up()
    server.plex.world.cancelling = cancelling
    download = await start(server)
    with server.plex.faults.snapshot_in_flight(
        path="/activities/", method="DELETE"
    ) as held:
        trying = asyncio.create_task(
            cancel(server, activity_id=download.uuid, timeout=0)
        )
        await held.arrived()
        marker = await start(server, "marker")
        held.release()
        (answer,) = await trying
    assert answer["outcome"] == "still_running"
    assert server.plex.world.is_running(marker)


@pytest.mark.parametrize(
    "cancelling",
    [Cancelling.ENDS, Cancelling.ENDS_AT_100, Cancelling.VANISHES],
    ids=str,
)
async def test_however_it_goes_after_our_cancel_it_was_cancelled(
    server: Server, cancelling: Cancelling
) -> None:
    """No public source shows what a server says after a cancel."""
    await server.set_up()
    server.plex.world.cancelling = cancelling
    download = await start(server)
    (answer,) = await cancel(server, activity_id=download.uuid)
    assert answer["outcome"] == "cancelled"
    assert server.state(DOWNLOAD).state == "cancelled"
    await server.until_event("cancelled", download.uuid)


async def test_what_ended_by_itself_meanwhile_is_finished(server: Server) -> None:
    """It is gone, as was wanted: nothing that an automation should stumble over."""
    await server.set_up()
    download = await start(server)
    with server.plex.faults.notifications_lost("ended"):
        server.plex.world.end(download)
    (answer,) = await cancel(server, activity_id=download.uuid)
    assert (answer["outcome"], answer["method"]) == ("finished", "activity")
    assert server.state(DOWNLOAD).state == "finished"
    assert (await server.until_event("finished", download.uuid))["observed"] is False


async def test_several_are_cancelled_at_once_and_each_only_once(
    server: Server,
) -> None:
    await server.set_up()
    first, second = await start(server), await start(server)
    ids = [second.uuid, first.uuid, second.uuid]
    answers = await cancel(server, activity_id=ids)
    assert [answer["activity_id"] for answer in answers] == [second.uuid, first.uuid]
    assert {answer["outcome"] for answer in answers} == {"cancelled"}
    assert len(deletions(server)) == 2


async def test_it_works_without_live_updates(server: Server) -> None:
    plex = server.plex
    with plex.faults.upgrade_refused(), plex.faults.eventsource_refused():
        await server.set_up(live=False)
        download = plex.world.start("media.download", cancellable=True)
        await server.coordinator.async_refresh()
        (answer,) = await cancel(server, activity_id=download.uuid)
    assert answer["outcome"] == "cancelled"


async def test_nobody_has_to_take_the_answer(server: Server) -> None:
    await server.set_up()
    download = await start(server)
    await server.hass.services.async_call(
        "plex_activities",
        "cancel_activity",
        {"activity_id": download.uuid},
        blocking=True,
    )
    assert server.state(DOWNLOAD).state == "cancelled"
