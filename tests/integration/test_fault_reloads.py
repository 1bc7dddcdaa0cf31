"""The same as after any fault, where it is our own life that is cut short.

An entry is unloaded or reloaded in the midst of work; Home Assistant stops, or somebody
sets its clock.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_test_home_assistant

from custom_components.plex_activities.const import Timing
from tests.simulator import SimulatedPlex

from .conftest import unattended
from .faults import Story, Way
from .leaks import Leaks
from .server import Server, until


class WallClock:
    """The time of day, which somebody can set."""

    def __init__(self) -> None:
        """Begin with the right time."""
        self.shift = timedelta()

    def utcnow(self) -> datetime:
        """Return what people take for the time."""
        return datetime.now(UTC) + self.shift


every_way = pytest.mark.parametrize("way", Way)


@pytest.fixture
def timing(way: Way) -> Timing:
    """Return how long things take where nobody helps."""
    return unattended(way)


@pytest.fixture(autouse=True)
def wall_clock(monkeypatch: pytest.MonkeyPatch) -> WallClock:
    """Return the clock that Home Assistant looks at."""
    clock = WallClock()
    monkeypatch.setattr(dt_util, "utcnow", clock.utcnow)
    return clock


# The entry's.


@every_way
async def test_an_entry_is_unloaded_while_it_connects(story: Story) -> None:
    await story.prepare()
    with story.plex.faults.hanging(path="/:/") as fault:
        story.plex.streams.drop()
        await until(lambda: fault.answered)
        await story.server.unload()
        story.go_on()
    await story.reopen()
    await story.finish()


@every_way
async def test_an_entry_is_unloaded_while_it_waits_for_a_snapshot(story: Story) -> None:
    """The answer must not change what the next life has begun with."""
    await story.prepare()
    with story.plex.faults.snapshot_in_flight() as snapshot:
        await snapshot.arrived()
        story.go_on()
        await story.server.unload()
    await story.reopen()
    await story.finish()


@every_way
async def test_an_entry_is_reloaded_under_load(story: Story) -> None:
    """To change an option while a library is scanned is nothing special."""
    await story.prepare()
    entries = story.server.hass.config_entries
    reloaded = asyncio.Event()

    async def work() -> None:
        while not reloaded.is_set():
            for progress in range(0, 100, 10):
                story.scan_on(progress)
            await asyncio.sleep(0.005)

    working = asyncio.create_task(work())
    for _ in range(3):
        passing = await story.begin("media.optimize")
        assert await entries.async_reload(story.server.entry.entry_id)
        story.log.lives += 1
        story.end(passing)
    story.go_on()
    reloaded.set()
    await working
    await story.finish()


# Home Assistant's.


@every_way
@pytest.mark.parametrize("days", [-1, 1], ids=["back", "forward"])
async def test_the_clock_on_the_wall_jumps(
    story: Story, wall_clock: WallClock, days: int
) -> None:
    """A machine without a battery learns the time a minute after it has started."""
    await story.prepare()
    wall_clock.shift = timedelta(days=days)
    story.go_on()
    await story.finish()
    assert all(event["duration"] >= 0 for event in story.server.events[1::2])


async def test_home_assistant_stops_in_the_middle_of_a_scan(
    hass: HomeAssistant, plex: SimulatedPlex, leaks: Leaks
) -> None:
    """What it does not see the end of ends all the same."""
    async with async_test_home_assistant() as before:
        before.data.pop(DATA_CUSTOM_COMPONENTS)
        first = Server(before, plex)
        story = Story(first, Way.WEBSOCKET, leaks.records)
        await first.set_up(live=False)
        await story.prepare()
        await before.async_stop(force=True)
    second = Server(hass, plex, entry_id=first.entry.entry_id)
    second.events.extend(first.events)
    story.server = second
    story.go_on()
    await story.reopen()
    await story.finish()
    await leaks.look_everywhere(second)
    await second.unload()
    assert leaks.found == []
