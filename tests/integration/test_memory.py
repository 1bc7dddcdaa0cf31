"""What outlives a reload, and a restart of Home Assistant."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.plex_activities.coordinator import SAVE_DELAY
from tests.simulator import SimulatedPlex

from .server import Server, until

CREDITS = "media.generate.credits"
SENSOR = f"activity_{CREDITS}"


async def test_what_runs_on_through_a_reload_is_not_announced_again(
    server: Server,
) -> None:
    """To change an option must not set off automations."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS, subtitle="Firefly S01 E05")
    await server.until_event("started", activity.uuid)
    started_at = server.state(SENSOR).attributes["started_at"]
    await server.unload()
    await server.set_up()
    assert server.state(SENSOR).state == "running"
    assert server.state(SENSOR).attributes["started_at"] == started_at
    server.plex.world.end(activity)
    await server.until_event("finished", activity.uuid)
    assert len(server.events) == 2


async def test_what_ended_while_we_were_away_is_announced_when_we_are_back(
    server: Server,
) -> None:
    """Its end is news, only late."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    await server.unload()
    server.plex.world.end(activity)
    await server.set_up()
    event = await server.until_event("finished", activity.uuid)
    assert event["observed"] is False
    assert event["entity_id"] == server.entity_id(SENSOR)
    assert server.state(SENSOR).state == "finished"


async def test_what_ran_before_we_were_there_is_only_announced_as_ended(
    server: Server,
) -> None:
    """Nobody knows when it started."""
    activity = server.plex.world.start(CREDITS)
    await server.set_up()
    assert server.state(SENSOR).state == "running"
    server.plex.world.end(activity)
    await server.until_event("finished", activity.uuid)
    assert len(server.events) == 1


async def test_the_last_result_and_the_sensors_stay(server: Server) -> None:
    """A dashboard shows in the morning what became of the night's work."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS, subtitle="Firefly S01 E05", progress=30)
    await server.until_state(SENSOR, "running")
    server.plex.world.end(activity, progress=30)
    before = await server.until_state(SENSOR, "cancelled")
    await server.unload()
    await server.set_up()
    after = server.state(SENSOR)
    assert after.state == "cancelled"
    assert after.attributes == before.attributes


async def test_events_wait_until_home_assistant_has_started(
    hass: HomeAssistant, server: Server
) -> None:
    """Automations load late; an event that none of them hears is lost."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    await server.unload()
    server.plex.world.end(activity)

    hass.set_state(CoreState.starting)
    await server.set_up()
    await until(lambda: server.state(SENSOR).state == "finished")
    assert len(server.events) == 1
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await server.until_event("finished", activity.uuid)


@pytest.mark.parametrize("was_placed", [True, False], ids=["placed", "waiting"])
async def test_a_scan_is_followed_through_a_reload(
    server: Server, was_placed: bool
) -> None:
    """Also one that has not yet named its library."""
    await server.set_up()
    scan = server.plex.world.scan("1")
    await until(lambda: server.coordinator.book.running)
    for _ in range(was_placed):
        server.plex.world.progress_scan(scan)
        await server.until_event("started", scan.uuid)
    await server.unload()
    await server.set_up()
    server.plex.world.progress_scan(scan, progress=60)
    await server.until_event("started", scan.uuid)
    server.plex.world.end(scan)
    await server.until_event("finished", scan.uuid)
    assert len(server.events) == 2


async def test_a_server_seen_down_during_set_up_interrupted_what_ran(
    hass: HomeAssistant, plex: SimulatedPlex, server: Server
) -> None:
    """Set-up is tried again with nothing but what was written down."""
    await server.set_up()
    activity = plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    await server.unload()
    async with plex.restarting():
        await hass.config_entries.async_setup(server.entry.entry_id)
        assert server.entry.state is ConfigEntryState.SETUP_RETRY
    await hass.config_entries.async_reload(server.entry.entry_id)
    await server.until_event("interrupted", activity.uuid)


async def test_nothing_is_left_of_a_server_that_is_removed(
    hass: HomeAssistant, server: Server, hass_storage: dict[str, object]
) -> None:
    """Its titles are nobody's business any more."""
    await server.set_up()
    await server.unload()
    key = f"plex_activities.{server.entry.entry_id}"
    assert key in hass_storage
    await hass.config_entries.async_remove(server.entry.entry_id)
    assert key not in hass_storage


async def test_a_memory_that_cannot_be_read_is_forgotten(
    server: Server, hass_storage: dict[str, object]
) -> None:
    """It is better to start anew than not at all."""
    key = f"plex_activities.{server.entry.entry_id}"
    hass_storage[key] = {
        "version": 1,
        "key": key,
        "data": {
            "slots": [{}, {"type": "butler", "last": {"activity": {}}}],
            "running": [
                {"activity": {"uuid": "u"}},
                {
                    "activity": {"uuid": "v", "type": "butler"},
                    "started_at": "2026-01-01T00:00:00",
                    "state": "dancing",
                },
                None,
            ],
            "ended": None,
        },
    }
    await server.set_up()
    assert server.state("activity_butler").state == "idle"
    assert server.state("running").state == "0"


async def test_that_the_server_went_down_is_known_after_a_restart_too(
    hass: HomeAssistant, plex: SimulatedPlex, server: Server
) -> None:
    """Both can go down at once, when the power does."""
    await server.set_up()
    activity = plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    async with plex.restarting():
        await server.until_state("running", "unavailable")
        await server.unload()
    await server.set_up()
    await server.until_event("interrupted", activity.uuid)


async def test_a_set_up_that_fails_leaves_nothing_to_be_written_later(
    hass: HomeAssistant,
    plex: SimulatedPlex,
    server: Server,
    hass_storage: dict[str, Any],
) -> None:
    """It would overwrite what the next attempt has found out since."""
    await server.set_up()
    await server.unload()
    async with plex.unreachable():
        await hass.config_entries.async_setup(server.entry.entry_id)
    key = f"plex_activities.{server.entry.entry_id}"
    written = hass_storage[key]
    assert written["data"]["server_seen_down"]
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=SAVE_DELAY + 1))
    await hass.async_block_till_done()
    assert hass_storage[key] is written
