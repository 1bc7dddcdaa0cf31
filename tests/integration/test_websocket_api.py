"""The websocket feed tells what the servers run, and from then on what changes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
import json
from typing import Any

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.plex_activities import feed
from custom_components.plex_activities.coordinator import PlexActivitiesCoordinator
from custom_components.plex_activities.runs import NO_ATTRIBUTES
from tests.simulator import SimulatedPlex

from .actions import start, start_scan, until_known
from .listening import receive, subscribe
from .server import Server, until

CREDITS = "media.generate.credits"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "INTERVAL", 0.05)


@pytest.fixture
async def client(
    hass: HomeAssistant, server: Server, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return the connection of an administrator; the server is set up."""
    await server.set_up()
    return await hass_ws_client(hass)


@pytest.fixture
async def other(hass: HomeAssistant) -> AsyncIterator[Server]:
    """Return a second server, which is not set up."""
    async with SimulatedPlex() as plex:
        plex.world.identity = replace(
            plex.world.identity, machine_identifier="0" * 40, friendly_name="Attic"
        )
        server = Server(hass, plex)
        yield server
        await server.unload()


def nobody_listens(coordinator: PlexActivitiesCoordinator) -> bool:
    """Return whether all subscribers have gone."""
    return not coordinator.book.run_changed._callbacks


async def test_the_first_message_tells_everything(
    server: Server, client: MockHAClientWebSocket
) -> None:
    scan = await start_scan(server, "1")
    done = await start(server, CREDITS, title="Detecting credits")
    server.plex.world.end(done)
    await server.until_state(f"activity_{CREDITS}", "finished")
    subscriber = await subscribe(client)
    (message,) = subscriber.messages
    assert message.keys() == {"card", "now", "servers"}
    (told,) = message["servers"]
    assert told["name"] == server.entry.title
    assert (told["status"], told["available"]) == ("online", True)
    assert told["transport"] == "websocket"
    (activity,) = told["activities"]
    state = server.state("activity_library.update.section_1")
    assert activity["activity_id"] == scan.uuid
    assert activity["entity_id"] == state.entity_id
    assert activity["state"] == state.state
    assert {key: activity[key] for key in NO_ATTRIBUTES} == {
        key: state.attributes[key] for key in NO_ATTRIBUTES
    }
    (result,) = told["recent"]
    assert (result["activity_id"], result["state"]) == (done.uuid, "finished")


async def test_a_start_a_change_and_an_end_are_told(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client)
    entry_id = server.entry.entry_id
    activity = await start(server, CREDITS)
    await subscriber.until(lambda known: known[entry_id]["running"])
    server.plex.world.update(activity, progress=77)
    await subscriber.until(
        lambda known: known[entry_id]["running"][activity.uuid]["progress"] == 77
    )
    server.plex.world.end(activity)
    await subscriber.until(lambda known: not known[entry_id]["running"])
    (result,) = subscriber.servers[entry_id]["recent"]
    assert result["activity_id"] == activity.uuid


@pytest.mark.parametrize(
    ("details", "can_cancel"),
    [
        ({"kind": "media.download", "cancellable": True}, True),
        ({"kind": CREDITS}, False),
        ({"kind": "library.update.section", "title": "Scanning"}, False),
        ({"kind": "library.update.section", "title": "Scanning Movies"}, True),
        ({"kind": "butler", "title": "", "progress": 100}, False),
        ({"kind": "butler", "title": "Backup Database", "progress": 100}, False),
        ({"kind": "butler", "title": "Backup Database"}, True),
        ({"kind": "butler.BackupDatabase", "title": "", "progress": -1}, True),
    ],
)
async def test_it_tells_where_a_cancel_may_work(
    server: Server,
    client: MockHAClientWebSocket,
    details: dict[str, Any],
    can_cancel: bool,
) -> None:
    """So that a card offers it there and nowhere else."""
    activity = await start(server, **{"cancellable": False, **details})
    subscriber = await subscribe(client)
    running = subscriber.servers[server.entry.entry_id]["running"]
    assert running[activity.uuid]["can_cancel"] is can_cancel


async def test_many_changes_are_told_as_one(
    server: Server, client: MockHAClientWebSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan brings a message for every file. A browser must not get each of them."""
    monkeypatch.setattr(feed, "INTERVAL", 0.5)
    activity = await start(server, CREDITS)
    subscriber = await subscribe(client)
    began = server.hass.loop.time()
    for progress in range(1, 100):
        server.plex.world.update(activity, progress=progress)
        await asyncio.sleep(0.01)
    await subscriber.until(
        lambda known: any(
            run["progress"] == 99
            for run in known[server.entry.entry_id]["running"].values()
        )
    )
    seconds = server.hass.loop.time() - began
    assert len(subscriber.messages) <= 2 + seconds / 0.5


async def test_what_lasted_for_a_moment_is_told_as_a_result(
    server: Server, client: MockHAClientWebSocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was never said to run, so it is not said to be gone either."""
    monkeypatch.setattr(feed, "INTERVAL", 0.5)
    subscriber = await subscribe(client)
    activity = await start(server, CREDITS)
    server.plex.world.end(activity)
    await subscriber.until(lambda known: known[server.entry.entry_id]["recent"])
    assert not any("gone" in said for said in subscriber.messages[-1]["servers"])


async def test_the_sensor_is_told_as_soon_as_there_is_one(
    server: Server, client: MockHAClientWebSocket
) -> None:
    """An activity that makes no progress would otherwise never get a link to it."""
    subscriber = await subscribe(client)
    activity = server.plex.world.start(CREDITS, progress=-1)
    await subscriber.until(
        lambda known: (
            known[server.entry.entry_id]["running"]
            .get(activity.uuid, {})
            .get("entity_id")
        )
    )


async def test_a_sensor_that_is_renamed_is_told_by_its_new_name(
    server: Server, client: MockHAClientWebSocket
) -> None:
    activity = await start(server, CREDITS)
    subscriber = await subscribe(client)
    er.async_get(server.hass).async_update_entity(
        server.entity_id(f"activity_{CREDITS}"), new_entity_id="sensor.renamed"
    )
    await subscriber.until(
        lambda known: (
            known[server.entry.entry_id]["running"][activity.uuid]["entity_id"]
            == "sensor.renamed"
        )
    )


async def test_one_or_all_servers_can_be_asked_for(
    server: Server, client: MockHAClientWebSocket, other: Server
) -> None:
    await other.set_up()
    everything = await subscribe(client)
    assert everything.servers.keys() == {server.entry.entry_id, other.entry.entry_id}
    await client.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": everything.number}
    )
    assert (await receive(client, "result"))["success"]
    one = await subscribe(client, other.entry.entry_id)
    assert one.servers.keys() == {other.entry.entry_id}
    await start(server, CREDITS)
    activity = await start(other, CREDITS)
    await one.until(lambda known: known[other.entry.entry_id]["running"])
    assert one.servers.keys() == {other.entry.entry_id}
    assert one.servers[other.entry.entry_id]["running"].keys() == {activity.uuid}


async def test_a_server_that_is_added_later_is_told(
    server: Server, client: MockHAClientWebSocket, other: Server
) -> None:
    subscriber = await subscribe(client)
    await other.set_up()
    await subscriber.until(
        lambda known: known.get(other.entry.entry_id, {}).get("status") == "online"
    )
    assert subscriber.servers[other.entry.entry_id]["name"] == other.entry.title


@pytest.mark.parametrize("foreign", [True, False], ids=["not ours", "none"])
async def test_an_entry_that_is_none_of_ours_is_not_found(
    hass: HomeAssistant, client: MockHAClientWebSocket, foreign: bool
) -> None:
    entry = MockConfigEntry(domain="elsewhere")
    if foreign:
        entry.add_to_hass(hass)
    await client.send_json_auto_id(
        {"type": "plex_activities/subscribe", "config_entry_id": entry.entry_id}
    )
    answer = await client.receive_json()
    assert answer["error"]["code"] == "not_found"


async def test_who_unsubscribes_leaves_nothing_behind(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client)
    assert not nobody_listens(server.coordinator)
    # With something that is still to be told.
    await start(server, CREDITS)
    await client.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": subscriber.number}
    )
    await until(lambda: nobody_listens(server.coordinator))


async def test_who_is_cut_off_leaves_nothing_behind(
    server: Server, client: MockHAClientWebSocket
) -> None:
    await subscribe(client)
    await client.close()
    await until(lambda: nobody_listens(server.coordinator))


async def test_a_reload_of_the_entry_is_survived(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client)
    entry_id = server.entry.entry_id
    before = server.coordinator
    assert await server.hass.config_entries.async_reload(entry_id)
    activity = await start(server, CREDITS)
    await subscriber.until(
        lambda known: (
            known[entry_id]["status"] == "online"
            and activity.uuid in known[entry_id]["running"]
        )
    )
    assert nobody_listens(before)


async def test_a_server_that_is_removed_is_told_to_be(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client, server.entry.entry_id)
    await server.hass.config_entries.async_remove(server.entry.entry_id)
    await subscriber.until(lambda known: not known)
    assert subscriber.messages[-1]["removed"] == [server.entry.entry_id]


async def test_a_server_that_cannot_be_reached_is_offline(
    server: Server, client: MockHAClientWebSocket
) -> None:
    await start(server, CREDITS)
    subscriber = await subscribe(client)
    entry_id = server.entry.entry_id
    async with server.plex.unreachable():
        await subscriber.until(lambda known: known[entry_id]["status"] == "offline")
        told = subscriber.servers[entry_id]
        assert (told["available"], told["transport"]) == (False, None)
        assert told["running"]
    await subscriber.until(lambda known: known[entry_id]["transport"] == "websocket")
    assert subscriber.servers[entry_id]["status"] == "online"


async def test_lost_live_updates_are_told(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client)
    entry_id = server.entry.entry_id
    with server.plex.faults.status(404, path="/:/"):
        server.plex.streams.drop()
        await subscriber.until(lambda known: known[entry_id]["transport"] == "polling")
    assert subscriber.servers[entry_id]["available"]


async def test_a_refused_token_is_told_whether_loaded_or_not(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client)
    entry_id = server.entry.entry_id

    def is_signed_out(known: dict[str, Any]) -> bool:
        return bool(known[entry_id]["status"] == "signed_out")

    with server.plex.faults.unauthorized():
        await server.coordinator.async_refresh()
        await subscriber.until(is_signed_out)
        await server.hass.config_entries.async_reload(entry_id)
        await subscriber.until(
            lambda known: is_signed_out(known) and known[entry_id]["complete"]
        )
        assert (await subscribe(client)).servers[entry_id]["status"] == "signed_out"


async def test_a_server_that_cannot_be_set_up_is_offline(
    hass: HomeAssistant, server: Server, hass_ws_client: WebSocketGenerator
) -> None:
    async with server.plex.unreachable():
        assert not await hass.config_entries.async_setup(server.entry.entry_id)
        await hass.async_block_till_done()
        client = await hass_ws_client(hass)
        told = (await subscribe(client)).servers[server.entry.entry_id]
    assert (told["status"], told["available"]) == ("offline", False)


async def test_a_server_that_is_being_set_up_is_loading(
    hass: HomeAssistant, server: Server, client: MockHAClientWebSocket
) -> None:
    entry_id = server.entry.entry_id
    await server.unload()
    subscriber = await subscribe(client)
    with server.plex.faults.slow(0.3):
        setting_up = hass.async_create_task(hass.config_entries.async_setup(entry_id))
        await subscriber.until(lambda known: known[entry_id]["status"] == "loading")
        assert await setting_up
    await subscriber.until(lambda known: known[entry_id]["status"] == "online")


async def test_a_server_whose_turn_comes_later_is_loading(
    hass: HomeAssistant, server: Server, client: MockHAClientWebSocket
) -> None:
    """While Home Assistant starts, what is not set up yet is not missed."""
    await server.unload()
    hass.set_state(CoreState.starting)
    told = (await subscribe(client)).servers[server.entry.entry_id]
    assert told["status"] == "loading"


async def test_the_results_of_a_library_go_with_it(
    server: Server, client: MockHAClientWebSocket
) -> None:
    entry_id = server.entry.entry_id
    server.plex.world.end(await start_scan(server, "1"))
    await server.until_state("activity_library.update.section_1", "finished")
    subscriber = await subscribe(client)
    assert subscriber.servers[entry_id]["recent"]
    libraries = server.coordinator.libraries.known
    server.coordinator.book.remove_library(libraries["1"])
    await subscriber.until(lambda known: not known[entry_id]["recent"])


async def test_a_server_that_is_disabled_is_not_loaded(
    server: Server, client: MockHAClientWebSocket
) -> None:
    subscriber = await subscribe(client)
    entry_id = server.entry.entry_id
    await server.hass.config_entries.async_unload(entry_id)
    await subscriber.until(lambda known: known[entry_id]["status"] == "not_loaded")


async def test_it_tells_no_token_and_no_address(
    server: Server, client: MockHAClientWebSocket
) -> None:
    await start_scan(server, "1")
    subscriber = await subscribe(client)
    async with server.plex.unreachable():
        await subscriber.until(
            lambda known: known[server.entry.entry_id]["status"] == "offline"
        )
    everything = json.dumps(subscriber.messages)
    for secret in (server.plex.token, server.plex.url, str(server.plex.port)):
        assert secret not in everything


# Users who may not see everything


@pytest.fixture
async def reader(hass: HomeAssistant, server: Server) -> MockUser:
    """Return a user who may read one sensor."""
    await server.set_up()
    user = MockUser(groups=[]).add_to_hass(hass)
    movies = server.entity_id("activity_library.update.section_1")
    user.mock_policy({"entities": {"entity_ids": {movies: {"read": True}}}})
    return user


async def connect_as(
    hass: HomeAssistant, user: MockUser, hass_ws_client: WebSocketGenerator
) -> MockHAClientWebSocket:
    """Return the connection of a user."""
    token = await hass.auth.async_create_refresh_token(user, "https://example.com/")
    assert await async_setup_component(hass, "websocket_api", {})
    return await hass_ws_client(hass, hass.auth.async_create_access_token(token))


async def test_a_user_is_told_only_what_the_user_may_read(
    hass: HomeAssistant,
    server: Server,
    reader: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    for library in ("2", "1"):
        server.plex.world.end(await start_scan(server, library))
    await start_scan(server, "2")
    subscriber = await subscribe(await connect_as(hass, reader, hass_ws_client))
    told = subscriber.servers[server.entry.entry_id]
    assert told["running"] == {}
    assert [run["library_id"] for run in told["recent"]] == ["1"]
    scan = await start_scan(server, "1")
    await subscriber.until(lambda known: known[server.entry.entry_id]["running"])
    assert subscriber.servers[server.entry.entry_id]["running"].keys() == {scan.uuid}


async def test_what_no_sensor_shows_is_for_who_may_read_all(
    hass: HomeAssistant,
    server: Server,
    reader: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Nobody was given leave to read it in particular."""
    crowd = [server.plex.world.start(CREDITS) for _ in range(5)]
    await until_known(server, *crowd)
    own = await subscribe(await connect_as(hass, reader, hass_ws_client))
    assert own.servers[server.entry.entry_id]["running"] == {}
    every = await subscribe(await hass_ws_client(hass))
    running = every.servers[server.entry.entry_id]["running"]
    assert running[crowd[-1].uuid]["entity_id"] is None


async def test_who_may_read_nothing_is_told_nothing_but_that(
    hass: HomeAssistant, server: Server, hass_ws_client: WebSocketGenerator
) -> None:
    await server.set_up()
    await start(server, CREDITS)
    user = MockUser(groups=[]).add_to_hass(hass)
    user.mock_policy({})
    subscriber = await subscribe(await connect_as(hass, user, hass_ws_client))
    (message,) = subscriber.messages
    assert message["servers"] == [
        {
            "config_entry_id": server.entry.entry_id,
            "complete": True,
            "name": None,
            "status": "not_permitted",
            "available": False,
            "transport": None,
            "activities": [],
            "recent": [],
        }
    ]
