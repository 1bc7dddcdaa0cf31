"""What the entities tell: the attributes in every state, and what is recorded."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from homeassistant.core import State
from homeassistant.util import dt as dt_util
import pytest

from tests.simulator import Activity, PlexWorld

from .actions import start, start_scan
from .server import Server

SCAN = "library.update.section"
DOWNLOAD = "activity_media.download"
ATTRIBUTES = {
    "activity_id",
    "activity_type",
    "title",
    "subtitle",
    "progress",
    "cancellable",
    "library",
    "library_id",
    "user_id",
    "context",
    "response",
    "started_at",
    "ended_at",
}
# Given by Home Assistant to whatever is a sensor.
EVERYWHERE = {"friendly_name", "device_class", "options", "unit_of_measurement"}


def own(state: State) -> dict[str, Any]:
    """Return the attributes that are ours."""
    return {
        name: value
        for name, value in state.attributes.items()
        if name not in EVERYWHERE
    }


def time(said: object) -> datetime:
    """Return a time as it stands in an attribute, which has to tell its zone."""
    assert isinstance(said, str)
    when = dt_util.parse_datetime(said, raise_on_error=True)
    assert when.tzinfo is not None
    return when


async def test_an_idle_sensor_has_all_attributes_and_knows_none(
    server: Server,
) -> None:
    """Templates must not have to ask whether an attribute is there."""
    await server.set_up()
    state = server.state(f"activity_{SCAN}_1")
    assert state.state == "idle"
    assert own(state) == dict.fromkeys(ATTRIBUTES)


type Live = Callable[[PlexWorld, Activity], object]


@pytest.mark.parametrize(
    ("live", "state", "progress"),
    [
        (lambda _world, _activity: None, "running", 40),
        (lambda world, activity: world.end(activity), "finished", 100),
        (lambda world, activity: world.end(activity, progress=66.5), "cancelled", 66.5),
        (lambda world, activity: world.end(activity, progress=None), "cancelled", 40),
    ],
    ids=["running", "finished", "cancelled", "ended without progress"],
)
async def test_the_attributes_are_those_of_the_activity(
    server: Server, live: Live, state: str, progress: float
) -> None:
    await server.set_up()
    activity = await start(
        server,
        title="Downloading",
        subtitle="Heat (1995)",
        user_id=7,
        context={"key": "/library/metadata/1", "librarySectionID": 1},
        response={"mediaID": 5},
    )
    live(server.plex.world, activity)
    told = own(await server.until_state(DOWNLOAD, state))
    started_at, ended_at = time(told.pop("started_at")), told.pop("ended_at")
    assert (ended_at is None) is (state == "running")
    assert started_at <= time(ended_at or started_at.isoformat())
    assert told == {
        "activity_id": activity.uuid,
        "activity_type": "media.download",
        "title": "Downloading",
        "subtitle": "Heat (1995)",
        "progress": progress,
        "cancellable": True,
        "library": "Movies",
        "library_id": "1",
        "user_id": 7,
        "context": {"key": "/library/metadata/1", "librarySectionID": 1},
        "response": {"mediaID": 5},
    }


async def test_what_a_restart_interrupted_keeps_its_attributes(server: Server) -> None:
    await server.set_up()
    activity = await start(server)
    async with server.plex.restarting():
        await server.until_state(DOWNLOAD, "unavailable")
    told = own(await server.until_state(DOWNLOAD, "interrupted"))
    await server.until_state("live", "on", "binary_sensor")
    assert told.keys() == ATTRIBUTES
    assert (told["activity_id"], told["progress"]) == (activity.uuid, 40)
    assert time(told["ended_at"]) >= time(told["started_at"])


@pytest.mark.parametrize("server", [{"stalled_minutes": 0.0001}], indirect=True)
async def test_what_is_stalled_still_runs(server: Server) -> None:
    await server.set_up()
    await start(server)
    told = own(await server.poll_until_state(DOWNLOAD, "stalled"))
    assert told.keys() == ATTRIBUTES
    assert told["ended_at"] is None


async def test_a_new_run_takes_nothing_from_the_last_one(server: Server) -> None:
    await server.set_up()
    first = await start(server, title="First", context={"a": 1}, response={"b": 2})
    server.plex.world.end(first)
    await server.until_state(DOWNLOAD, "finished")
    second = await start(server, progress=None)
    told = own(await server.until_state(DOWNLOAD, "running"))
    assert told["activity_id"] == second.uuid
    assert told["title"] == ""
    gone = ("progress", "context", "response", "ended_at")
    assert {told[name] for name in gone} == {None}


@pytest.mark.parametrize("progress", [-1, None], ids=["-1", "not said"])
async def test_progress_is_a_number_only_while_there_is_one(
    server: Server, progress: float | None
) -> None:
    """A gauge at 0 would tell of work that has not begun, one at 100 of its end."""
    await server.set_up()
    gauge = f"progress_{SCAN}_1"
    assert server.state(gauge).state == "unknown"
    scan = await start_scan(server, "1")
    await server.until_state(gauge, "40")
    server.plex.world.update(scan, progress=progress)
    await server.until_state(gauge, "unknown")
    assert server.state(f"activity_{SCAN}_1").state == "running"
    server.plex.world.update(scan, progress=66.6)
    assert (await server.until_state(gauge, "66.6")).attributes[
        "unit_of_measurement"
    ] == "%"
    server.plex.world.end(scan)
    await server.until_state(gauge, "unknown")


async def test_the_list_of_what_runs_has_the_same_attributes(server: Server) -> None:
    """For templates, which cannot know the sensors of all kinds of work."""
    await server.set_up()
    await start(server)
    await start(server, "butler", progress=100)
    state = server.state("running")
    assert state.state == "1"
    listed = state.attributes["activities"]
    assert [one.keys() for one in listed] == [ATTRIBUTES | {"quiet"}] * 2
    assert [one["quiet"] for one in listed] == [False, True]


async def test_an_event_tells_all_but_the_response(server: Server) -> None:
    await server.set_up()
    download = await start(server, response={"mediaID": 5})
    started = await server.until_event("started", download.uuid)
    server.plex.world.end(download)
    finished = await server.until_event("finished", download.uuid)
    additional = {"duration", "observed", "entity_id", "event_type", "event_types"}
    for event in (started, finished):
        assert event.keys() - EVERYWHERE == ATTRIBUTES - {"response"} | additional
        assert event["entity_id"] == server.entity_id(DOWNLOAD)
        assert event["observed"] is True
        assert event["duration"] >= 0
    assert started["ended_at"] is None
    assert time(finished["ended_at"]) >= time(finished["started_at"])


async def test_only_what_stays_the_same_is_recorded(server: Server) -> None:
    """One scan changes its attributes a thousand times; each would be a row."""
    await server.set_up()
    await start_scan(server, "1")

    def recorded(key: str) -> set[str]:
        state = server.state(key)
        assert state.state_info is not None
        return state.attributes.keys() - state.state_info["unrecorded_attributes"]

    everywhere = {"friendly_name", "device_class", "options", "unit_of_measurement"}
    scan = recorded(f"activity_{SCAN}_1") - everywhere
    assert scan == {"activity_type", "library", "library_id"}
    assert recorded("running") - everywhere == {"state_class"}


async def test_live_updates_tell_how_they_come(server: Server) -> None:
    plex = server.plex
    with plex.faults.upgrade_refused():
        await server.set_up()
        live = await server.until_state("live", "on", "binary_sensor")
        assert live.attributes["transport"] == "eventsource"
        with plex.faults.eventsource_refused():
            plex.streams.drop()
            live = await server.until_state("live", "off", "binary_sensor")
            assert live.attributes["transport"] == "polling"
    live = await server.until_state("live", "on", "binary_sensor")
    assert live.attributes["transport"] == "websocket"
