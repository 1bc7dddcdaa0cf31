"""The triggers: real automations that hear of what a server does."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import SimulatedPlex

from .actions import start_scan
from .automations import automate, until_live
from .server import Server, until

STARTED = f"{DOMAIN}.activity_started"
ENDED = f"{DOMAIN}.activity_ended"
SETTLED = f"{DOMAIN}.server_settled"
CREDITS = "media.generate.credits"
DOWNLOAD = "media.download"
SCAN = "library.update.section"


def trigger(
    kind: str, target: dict[str, str] | None = None, **options: Any
) -> dict[str, Any]:
    """Return a trigger as an automation has it."""
    config: dict[str, Any] = {"trigger": kind, "options": options}
    return config if target is None else {**config, "target": target}


@pytest.fixture
async def other(hass: HomeAssistant) -> AsyncIterator[Server]:
    """Return a second server, not set up."""
    async with SimulatedPlex(seed=1) as plex:
        plex.world.identity = replace(
            plex.world.identity, machine_identifier="other", friendly_name="Other"
        )
        server = Server(hass, plex)
        yield server
        await server.unload()


async def test_an_automation_hears_of_a_start_with_all_that_is_known(
    hass: HomeAssistant, server: Server
) -> None:
    """Its templates name the attributes that the event entity has."""
    await server.set_up()
    said = await automate(hass, {"trigger": STARTED})
    scan = await start_scan(server, "1")
    await until(lambda: said)
    event = await server.until_event("started", scan.uuid)
    for of_every_entity in ("event_types", "event_type", "friendly_name"):
        del event[of_every_entity]
    assert said == [
        {
            "activity": event,
            "outcome": None,
            "entity_id": server.entity_id("event", "event"),
        }
    ]
    assert event["library"] == "Movies"
    assert event["entity_id"] == server.entity_id(f"activity_{SCAN}_1")


@pytest.mark.parametrize(
    ("progress", "outcome"), [(100, "finished"), (40, "cancelled")], ids=str
)
async def test_an_automation_hears_how_an_activity_ended(
    hass: HomeAssistant, server: Server, progress: int, outcome: str
) -> None:
    """What to do next depends on it."""
    await server.set_up()
    said = await automate(hass, {"trigger": ENDED})
    activity = server.plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    server.plex.world.end(activity, progress=progress)
    await until(lambda: said)
    assert said[0]["outcome"] == outcome
    assert said[0]["activity"]["activity_id"] == activity.uuid
    assert said[0]["activity"]["duration"] >= 0
    assert said[0]["activity"]["observed"] is True
    assert len(said) == 1


async def test_an_automation_hears_of_what_a_restart_of_the_server_interrupted(
    hass: HomeAssistant, server: Server
) -> None:
    """The event comes with the server's return, and is more than that."""
    await server.set_up()
    said = await automate(hass, trigger(ENDED, outcome="interrupted"))
    activity = server.plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    async with server.plex.restarting():
        await server.until_state("event", STATE_UNAVAILABLE, "event")
    await until_live(server)
    assert [one["outcome"] for one in said] == ["interrupted"]


@pytest.mark.parametrize(
    "options",
    [
        {"activity_type": [SCAN]},
        {"activity_type": ["library_update_section"]},
        {"activity_type": ["media.download", SCAN], "library": []},
        {"library": ["TV Shows"]},
        {"library": ["tv shows"]},
        {"library": ["Music", "2"]},
        {"library": 2, "activity_type": SCAN},
    ],
    ids=[
        "type",
        "as the editor writes it",
        "types",
        "title",
        "small letters",
        "id among others",
        "bare id",
    ],
)
@pytest.mark.parametrize("kind", [STARTED, ENDED])
async def test_an_automation_hears_only_of_what_it_asked_for(
    hass: HomeAssistant, server: Server, kind: str, options: dict[str, Any]
) -> None:
    """By type, and by the title or the id of a library."""
    await server.set_up()
    said = await automate(hass, trigger(kind, **options))
    for activity in (
        server.plex.world.start(CREDITS),
        await start_scan(server, "2"),
        server.plex.world.start("provider.epg.load"),
    ):
        server.plex.world.end(activity)
        await server.until_event("finished", activity.uuid)
    await hass.async_block_till_done()
    assert [one["activity"]["library"] for one in said] == ["TV Shows"]


async def test_an_automation_hears_only_of_the_outcomes_it_asked_for(
    hass: HomeAssistant, server: Server
) -> None:
    """Who wants to know of trouble does not want to know of every night's work."""
    await server.set_up()
    said = await automate(hass, trigger(ENDED, outcome=["cancelled", "interrupted"]))
    for progress in (100, 40, 100):
        activity = server.plex.world.start(CREDITS)
        server.plex.world.end(activity, progress=progress)
        await until(lambda: not server.coordinator.book.running)
        await until(lambda: len(server.events_of(activity.uuid)) == 2)  # noqa: B023
    await hass.async_block_till_done()
    assert [one["outcome"] for one in said] == ["cancelled"]


async def test_what_an_outcome_cannot_be_is_refused(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    """A slip of the pen would otherwise wait for ever."""
    await automate(hass, trigger(ENDED, outcome="done"))
    state = hass.states.get("automation.a_test")
    assert state is not None
    assert state.state == STATE_UNAVAILABLE
    assert "outcome" in caplog.text


async def test_quiet_types_are_not_heard_of_even_if_named(
    hass: HomeAssistant, server: Server
) -> None:
    """Somebody who opens an item in Plex Web starts one."""
    await server.set_up()
    said = await automate(
        hass,
        trigger(STARTED, activity_type=["library.refresh.items", CREDITS]),
        trigger(ENDED),
    )
    server.plex.world.end(server.plex.world.start("library.refresh.items"))
    server.plex.world.start(CREDITS)
    await until(lambda: said)
    assert [one["activity"]["activity_type"] for one in said] == [CREDITS]


async def test_a_reload_sets_nothing_off_and_breaks_nothing(
    hass: HomeAssistant, server: Server
) -> None:
    """What an automation has heard once, it must not hear again."""
    await server.set_up()
    said = await automate(hass, {"trigger": STARTED}, {"trigger": ENDED})
    first = server.plex.world.start(CREDITS)
    await until(lambda: len(said) == 1)
    for _ in range(2):
        assert await hass.config_entries.async_reload(server.entry.entry_id)
    await until_live(server)
    assert len(said) == 1
    server.plex.world.end(first)
    await until(lambda: len(said) == 2)
    server.plex.world.start(DOWNLOAD)
    await until(lambda: len(said) == 3)
    await hass.async_block_till_done()
    assert len(said) == 3


async def test_a_server_that_goes_and_comes_back_sets_nothing_off(
    hass: HomeAssistant, server: Server
) -> None:
    """A network that flaps is no news about activities."""
    await server.set_up()
    said = await automate(hass, {"trigger": STARTED}, {"trigger": ENDED})
    server.plex.world.start(CREDITS)
    await until(lambda: said)
    for _ in range(2):
        async with server.plex.unreachable():
            await server.until_state("event", STATE_UNAVAILABLE, "event")
        await until_live(server)
    assert len(said) == 1
    server.plex.world.start(DOWNLOAD)
    await until(lambda: len(said) == 2)


async def test_a_server_can_be_set_up_later_than_the_automation(
    hass: HomeAssistant, server: Server
) -> None:
    """Home Assistant promises no order at its start."""
    said = await automate(hass, {"trigger": STARTED})
    await server.set_up()
    server.plex.world.start(CREDITS)
    await until(lambda: said)
    await hass.async_block_till_done()
    assert len(said) == 1


async def test_what_ended_while_home_assistant_was_away_is_heard_when_it_has_started(
    hass: HomeAssistant, server: Server
) -> None:
    """Automations are armed last; the event waits for them."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    await server.unload()
    server.plex.world.end(activity)

    hass.set_state(CoreState.not_running)
    await server.set_up()
    said = await automate(hass, {"trigger": STARTED}, {"trigger": ENDED})
    assert said == []
    await hass.async_start()
    await until(lambda: said)
    await hass.async_block_till_done()
    assert [one["outcome"] for one in said] == ["finished"]
    assert said[0]["activity"]["observed"] is False


async def test_entities_can_be_renamed(
    hass: HomeAssistant, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A trigger knows them by what they are."""
    await server.set_up()
    said = await automate(hass, {"trigger": STARTED}, {"trigger": ENDED})
    activity = server.plex.world.start(CREDITS)
    await until(lambda: said)
    rename = er.async_get(hass).async_update_entity
    event = server.entity_id("event", "event")
    rename(event, name="What Plex does")
    await hass.async_block_till_done()
    rename(event, new_entity_id="event.my_plex")
    await hass.async_block_till_done()
    assert len(said) == 1
    server.plex.world.end(activity)
    await until(lambda: len(said) == 2)
    assert said[1]["entity_id"] == "event.my_plex"
    assert "ERROR" not in {record.levelname for record in caplog.records}


async def test_entities_of_others_are_not_taken_for_ours(
    hass: HomeAssistant, server: Server
) -> None:
    """Whatever their unique ids and their events are called."""
    await server.set_up()
    said = await automate(hass, {"trigger": STARTED}, {"trigger": ENDED})
    theirs = er.async_get(hass).async_get_or_create(
        "event", "another", "1_event", config_entry=server.entry
    )
    activity = server.plex.world.start(CREDITS)
    event = await server.until_event("started", activity.uuid)
    for second in range(3):
        hass.states.async_set(theirs.entity_id, f"2026-11-22T20:15:0{second}", event)
    server.plex.world.end(activity)
    await until(lambda: len(said) == 2)
    assert {one["entity_id"] for one in said} == {server.entity_id("event", "event")}


async def set_up_both(server: Server, other: Server) -> None:
    """Set two servers up: Home Assistant sets up all of an integration together."""
    await server.set_up()
    await until(lambda: other.coordinator.listener.transport is not None)


async def test_without_a_target_all_servers_are_heard(
    hass: HomeAssistant, server: Server, other: Server
) -> None:
    said = await automate(hass, {"trigger": STARTED}, trigger(STARTED, target={}))
    await set_up_both(server, other)
    server.plex.world.start(CREDITS)
    await until(lambda: len(said) == 2)
    other.plex.world.start(DOWNLOAD)
    await until(lambda: len(said) == 4)
    assert {one["entity_id"] for one in said} == {
        server.entity_id("event", "event"),
        other.entity_id("event", "event"),
    }


@pytest.mark.parametrize("by", ["event entity", "another entity", "device", "label"])
async def test_a_target_chooses_among_servers(
    hass: HomeAssistant, server: Server, other: Server, by: str
) -> None:
    """By whatever of the server it names."""
    await set_up_both(server, other)
    entities = er.async_get(hass)
    event = other.entity_id("event", "event")
    device_id = entities.entities[event].device_id
    assert device_id is not None
    dr.async_get(hass).async_update_device(device_id, labels={"mine"})
    targets = {
        "event entity": {"entity_id": event},
        "another entity": {"entity_id": other.entity_id("busy", "binary_sensor")},
        "device": {"device_id": device_id},
        "label": {"label_id": "mine"},
    }
    said = await automate(hass, trigger(STARTED, target=targets[by]))
    elsewhere = server.plex.world.start(CREDITS)
    await server.until_event("started", elsewhere.uuid)
    other.plex.world.start(DOWNLOAD)
    await until(lambda: said)
    assert [one["entity_id"] for one in said] == [event]


async def test_a_target_that_names_nothing_of_ours_hears_nothing(
    hass: HomeAssistant, server: Server
) -> None:
    """Not everything: what a target names may have been removed since."""
    await server.set_up()
    said = await automate(
        hass,
        trigger(STARTED, target={"device_id": "gone", "entity_id": "event.gone"}),
        trigger(ENDED),
    )
    server.plex.world.end(server.plex.world.start(CREDITS))
    await until(lambda: said)
    assert [one["outcome"] for one in said] == ["finished"]


AT_ONCE = pytest.mark.parametrize("server", [{"settle_seconds": 0}], indirect=True)
WHICH_SERVER = {"entity_id": "{{ trigger.entity_id }}"}


@AT_ONCE
async def test_an_automation_hears_that_a_server_has_settled(
    hass: HomeAssistant, server: Server
) -> None:
    """When the last of what kept it busy is done, and not before."""
    await server.set_up()
    said = await automate(hass, {"trigger": SETTLED}, say=WHICH_SERVER)
    scan = await start_scan(server, "1")
    credits_detection = server.plex.world.start(CREDITS)
    await server.until_event("started", credits_detection.uuid)
    server.plex.world.end(scan)
    await server.until_event("finished", scan.uuid)
    await hass.async_block_till_done()
    assert said == []
    server.plex.world.end(credits_detection)
    await until(lambda: said)
    assert said == [{"entity_id": server.entity_id("busy", "binary_sensor")}]


@AT_ONCE
async def test_a_server_at_rest_does_not_settle_again(
    hass: HomeAssistant, server: Server
) -> None:
    """Not when it is reloaded, nor when it cannot be reached for a while."""
    await server.set_up()
    said = await automate(hass, {"trigger": SETTLED}, say=WHICH_SERVER)
    assert await hass.config_entries.async_reload(server.entry.entry_id)
    await until_live(server)
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
    await until_live(server)
    assert said == []


@AT_ONCE
async def test_a_server_that_stays_busy_through_an_outage_settles_once(
    hass: HomeAssistant, server: Server
) -> None:
    await server.set_up()
    said = await automate(hass, {"trigger": SETTLED}, say=WHICH_SERVER)
    activity = server.plex.world.start(CREDITS)
    await server.until_state("busy", "on", "binary_sensor")
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
    await until_live(server)
    assert said == []
    server.plex.world.end(activity)
    await until(lambda: said)
    assert len(said) == 1


@AT_ONCE
async def test_a_server_may_settle_while_nobody_can_reach_it(
    hass: HomeAssistant, server: Server
) -> None:
    """Somebody waits for it; that there was an outage is not their concern."""
    await server.set_up()
    said = await automate(hass, {"trigger": SETTLED}, say=WHICH_SERVER)
    activity = server.plex.world.start(CREDITS)
    await server.until_state("busy", "on", "binary_sensor")
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
        server.plex.world.end(activity)
    await until(lambda: said)
    assert server.state("busy", "binary_sensor").state == "off"
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
    await until_live(server)
    assert len(said) == 1


@AT_ONCE
async def test_a_server_that_was_disabled_while_busy_is_not_remembered_as_busy(
    hass: HomeAssistant, server: Server
) -> None:
    """What it did meanwhile has nothing to do with what it did then."""
    await server.set_up()
    said = await automate(hass, {"trigger": SETTLED}, say=WHICH_SERVER)
    activity = server.plex.world.start(CREDITS)
    await server.until_state("busy", "on", "binary_sensor")
    busy = server.entity_id("busy", "binary_sensor")
    update = er.async_get(hass).async_update_entity
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
        update(busy, disabled_by=er.RegistryEntryDisabler.USER)
        await until(lambda: hass.states.get(busy) is None)
        server.plex.world.end(activity)
    await until_live(server)
    update(busy, disabled_by=None)
    assert await hass.config_entries.async_reload(server.entry.entry_id)
    await until_live(server)
    for _ in range(2):
        async with server.plex.unreachable():
            await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
        await until_live(server)
    assert said == []
