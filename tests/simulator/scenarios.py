"""Whole stories that a server tells, for the demo and for tests that need much."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any

from .models import UnknownActivityError
from .work import (
    EPISODES,
    MOVIES,
    TASK_ACTIVITIES,
    live_guide,
    live_items,
    live_refresh,
    live_scan,
)

if TYPE_CHECKING:
    from .server import SimulatedPlex

type Scenario = Callable[[SimulatedPlex], Coroutine[Any, Any, None]]

BIG_SCAN_MESSAGES = 1556
"""Activity messages of one real scan of a library of movies."""

ARTISTS = ("Björk", "Miles Davis", "Nina Simone", "Pink Floyd", "Sigur Rós")
ITEMS: Mapping[str, tuple[str, ...]] = {"artist": ARTISTS, "show": EPISODES}
"""What a library of some type has in it."""


async def idle(plex: SimulatedPlex) -> None:
    """Nothing runs, and even then there is a row."""
    plex.world.start_butler()


async def night(plex: SimulatedPlex) -> None:
    """The butler works through its list."""
    plex.world.start_butler()
    plex.world.task_activities = TASK_ACTIVITIES
    # So short that both messages have the same second: only a listener sees it.
    plex.world.end(plex.world.process_subscriptions())
    async with asyncio.TaskGroup() as group:
        credits_detection = plex.world.run_task("ButlerTaskGenerateCreditsMarkers")
        loudness = plex.world.run_task("LoudnessAnalysis")
        guide = plex.world.run_task("RefreshEpgGuides")
        assert credits_detection is not None
        assert loudness is not None
        assert guide is not None
        group.create_task(
            live_items(plex, credits_detection, seconds=120, indeterminate=True)
        )
        group.create_task(live_items(plex, loudness, seconds=90))
        group.create_task(live_guide(plex, guide))
        for item in (513, 8201, 10123):
            await live_refresh(plex, item)
    scan = plex.world.scan("2")
    await live_scan(plex, scan, items=EPISODES)


async def big_scan(plex: SimulatedPlex, *, messages: int = BIG_SCAN_MESSAGES) -> None:
    """A long scan, one message for each file, as it was once recorded.

    The recording has another activity's start and end among its messages.
    """
    scan = plex.world.scan("1")
    updates = messages - 4
    timeline = {
        "identifier": "com.plexapp.plugins.library",
        "sectionID": "1",
        "itemID": "86099",
        "type": 1,
        "title": "Conan the Barbarian",
        "state": 5,
        "mediaState": "analyzing",
        "updatedAt": plex.world.tick(),
    }
    plex.world.notify("timeline", timeline)
    await live_scan(plex, scan, messages=updates, seconds=240)
    plex.world.notify("timeline", {**timeline, "state": 3})
    plex.world.end(plex.world.process_subscriptions())


async def flapping(plex: SimulatedPlex, *, times: int = 5) -> None:
    """A server that goes down and comes back, with other software now and then."""
    plex.world.start_butler()
    for number in range(times):
        await plex.clock.sleep(40)
        await plex.restart(
            version=f"1.43.{number + 4}" if number % 2 else None,
            refused_for=20,
            starting_up_for=10,
        )
        plex.world.start_butler()


async def lively(plex: SimulatedPlex, *, rounds: int | None = None) -> None:
    """A bit of everything, for ever."""
    plex.world.start_butler()
    plex.world.task_activities = TASK_ACTIVITIES
    async with asyncio.TaskGroup() as group:
        for act in (_scan_libraries, _detect_credits, _process, _refresh, _listen):
            group.create_task(_again_and_again(plex, act, rounds))


async def _again_and_again(
    plex: SimulatedPlex,
    act: Callable[[SimulatedPlex, int], Coroutine[Any, Any, None]],
    rounds: int | None,
) -> None:
    """Repeat something, whether or not somebody cancels it on the way."""
    for number in count() if rounds is None else range(rounds):
        with suppress(UnknownActivityError):
            await act(plex, number)


async def _scan_libraries(plex: SimulatedPlex, number: int) -> None:
    """Scan one library after the other, now and then two at the same time."""
    libraries = plex.world.libraries
    async with asyncio.TaskGroup() as group:
        for offset in range(1 + number % 2):
            library = libraries[(number + offset) % len(libraries)]
            scan = plex.world.scan(library)
            life = live_scan(
                plex,
                scan,
                seconds=45 + 20 * offset,
                items=ITEMS.get(library.type, MOVIES),
            )
            group.create_task(_until_stopped(life))
    await plex.clock.sleep(15)


async def _until_stopped(life: Coroutine[Any, Any, None]) -> None:
    """Live on, unless somebody stops it."""
    with suppress(UnknownActivityError):
        await life


async def _detect_credits(plex: SimulatedPlex, number: int) -> None:
    """Detect credits, without ever knowing how far it is."""
    await plex.clock.sleep(10)
    activity = plex.world.run_task("ButlerTaskGenerateCreditsMarkers")
    assert activity is not None
    items = EPISODES[number % 5 :]
    await live_items(plex, activity, items=items, seconds=70, indeterminate=True)


async def _process(plex: SimulatedPlex, _: int) -> None:
    """Process subscriptions for once so slowly that one can cancel it."""
    await plex.clock.sleep(5)
    activity = plex.world.process_subscriptions()
    await live_items(plex, activity, items=("",) * 50, seconds=100)


async def _refresh(plex: SimulatedPlex, number: int) -> None:
    """Make the noise of somebody who looks around in Plex Web."""
    await plex.clock.sleep(7)
    await live_refresh(plex, 500 + number)


async def _listen(plex: SimulatedPlex, _: int) -> None:
    """Analyse loudness, and load the guide after that."""
    await plex.clock.sleep(12)
    loudness = plex.world.run_task("LoudnessAnalysis")
    assert loudness is not None
    await _until_stopped(live_items(plex, loudness, seconds=60))
    guide = plex.world.run_task("RefreshEpgGuides")
    assert guide is not None
    await live_guide(plex, guide)


SCENARIOS: Mapping[str, Scenario] = {
    "big_scan": big_scan,
    "flapping": flapping,
    "idle": idle,
    "lively": lively,
    "night": night,
}
