"""The stories tell what they promise, and leave the world as they should."""

import asyncio
from collections import Counter
import os
import re
import signal
import sys

import pytest

from . import Clock, Notification, SimulatedPlex
from .caller import Caller
from .scenarios import big_scan, flapping, idle, lively, night
from .work import autopilot


@pytest.fixture
def told(plex: SimulatedPlex) -> list[Notification]:
    """What the server says."""
    notifications: list[Notification] = []
    plex.world.subscribe(notifications.append)
    return notifications


def lives(told: list[Notification]) -> dict[str, list[str]]:
    """Return the events of each activity, in their order."""
    events: dict[str, list[str]] = {}
    for one in told:
        if one.type == "activity":
            events.setdefault(one.body["uuid"], []).append(one.body["event"])
    return events


def counted(told: list[Notification]) -> Counter[str]:
    """Return how many activities of each type there were."""
    return Counter(
        one.body["Activity"]["type"]
        for one in told
        if one.body.get("event") == "started"
    )


async def test_an_idle_server_has_a_row(plex: SimulatedPlex) -> None:
    await idle(plex)
    (row,) = plex.world.activities
    assert (row.type, row.progress) == ("butler", 100)


async def test_a_night_leaves_only_the_butler(
    plex: SimulatedPlex, told: list[Notification]
) -> None:
    await night(plex)
    assert [one.type for one in plex.world.activities] == ["butler"]
    assert plex.world.running_tasks == set()
    assert counted(told) == {
        "butler": 1,
        "library.refresh.items": 3,
        "library.update.section": 1,
        "media.generate.credits": 1,
        "media.generate.loudness": 1,
        "provider.epg.load": 1,
        "provider.subscriptions.process": 1,
    }
    for events in lives(told).values():
        assert events[0] == "started"
        assert set(events[1:-1]) <= {"updated"}
    assert Counter(one.body.get("event") for one in told)["ended"] == 8


async def test_credits_are_detected_without_a_percentage(
    plex: SimulatedPlex, told: list[Notification]
) -> None:
    await night(plex)
    progress = {
        one.body["Activity"]["progress"]
        for one in told
        if one.type == "activity"
        and one.body["Activity"]["type"] == "media.generate.credits"
    }
    assert progress == {-1}


async def test_a_big_scan_says_as_much_as_was_recorded(
    plex: SimulatedPlex, told: list[Notification]
) -> None:
    await big_scan(plex)
    assert Counter(one.type for one in told) == {
        "activity": 1556,
        "status": 2,
        "timeline": 2,
    }
    scan = told[0].body["uuid"]
    messages = [one.body["Activity"] for one in told if one.body.get("uuid") == scan]
    assert "Context" not in messages[0]
    assert all(one["Context"] == {"librarySectionID": "1"} for one in messages[1:])
    assert [one["progress"] for one in messages] == sorted(
        one["progress"] for one in messages
    )
    assert lives(told)[scan] == ["started", *["updated"] * 1552, "ended"]


async def test_a_flapping_server_comes_back(plex: SimulatedPlex, ask: Caller) -> None:
    before = plex.world.identity.version
    await flapping(plex, times=2)
    reply = await ask("GET", "/identity")
    assert reply.json["MediaContainer"]["version"] != before
    assert [one.type for one in plex.world.activities] == ["butler"]


async def test_a_lively_server_shows_a_bit_of_everything(
    plex: SimulatedPlex, told: list[Notification]
) -> None:
    await lively(plex, rounds=3)
    assert counted(told) == {
        "butler": 1,
        "library.refresh.items": 3,
        "library.update.section": 4,
        "media.generate.credits": 3,
        "media.generate.loudness": 3,
        "provider.epg.load": 3,
        "provider.subscriptions.process": 3,
    }
    assert [one.type for one in plex.world.activities] == ["butler"]


async def test_a_lively_server_survives_its_visitors(
    plex: SimulatedPlex, told: list[Notification]
) -> None:
    """Everything is stopped as soon as it starts, and the show goes on."""

    def stop(notification: Notification) -> None:
        if notification.body.get("event") == "updated":
            plex.world.vanish(notification.body["uuid"])

    plex.world.subscribe(stop)
    await lively(plex, rounds=3)
    assert counted(told)["provider.subscriptions.process"] == 3


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/library/sections/1/refresh"),
        ("POST", "/media/subscriptions/process"),
        ("POST", "/livetv/dvrs/28/reloadGuide"),
        ("POST", "/butler/ButlerTaskGenerateCreditsMarkers"),
    ],
)
async def test_the_autopilot_ends_what_was_asked_for(
    ask: Caller, method: str, path: str
) -> None:
    async with SimulatedPlex(speed=1000, autopilot=autopilot) as plex:
        plex.world.task_activities = {
            "ButlerTaskGenerateCreditsMarkers": ("media.generate.credits", "Credits")
        }
        plex.world.add_dvr("28")
        ended = asyncio.Event()
        plex.world.subscribe(
            lambda one: ended.set() if one.body.get("event") == "ended" else None
        )
        assert (await Caller(plex, ask.session)(method, path)).status == 200
        assert len(plex.world.activities) == 1
        await ended.wait()
        assert not any(plex.world.activities)


async def test_the_autopilot_lets_go_of_what_is_stopped(ask: Caller) -> None:
    async with SimulatedPlex(speed=1000, autopilot=autopilot) as plex:
        caller = Caller(plex, ask.session)
        await caller("POST", "/library/sections/1/refresh")
        await caller("DELETE", "/library/sections/1/refresh")
        assert plex.world.activities == ()
        await asyncio.wait(plex._tasks)


async def test_a_broken_scenario_is_not_hidden() -> None:
    async def broken() -> None:
        await Clock().sleep(0)
        raise ValueError("broken")

    plex = SimulatedPlex()
    with pytest.raises(ValueError, match="broken"):
        async with plex:
            await asyncio.wait([plex.run(broken())])


@pytest.mark.parametrize(
    ("name", "number"), [("lively", signal.SIGTERM), ("flapping", signal.SIGINT)]
)
async def test_it_runs_alone_and_ends_cleanly(
    ask: Caller, name: str, number: signal.Signals
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-X", "dev", "-m", "tests.simulator"),
        *("--scenario", name, "--speed", "20"),
        env={**os.environ, "PLEX_TOKEN": ask.plex.token},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    ready = (await process.stdout.readline()).decode()
    address = re.search(r"http://127\.0\.0\.1:\d+", ready)
    assert address is not None
    headers = {"X-Plex-Token": ask.plex.token}
    async with ask.session.get(f"{address[0]}/activities", headers=headers) as reply:
        assert reply.status == 200
    process.send_signal(number)
    assert await process.communicate() == (b"", b"")
    assert process.returncode == 0
