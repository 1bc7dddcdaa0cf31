"""What cannot be cancelled is refused before anything is touched."""

from dataclasses import replace
from typing import Any

from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
import voluptuous as vol

from tests.simulator import SimulatedPlex

from .actions import cancel, deletions, refused, start, start_scan
from .server import Server, until

DOWNLOAD = "activity_media.download"
MOVIES = "activity_library.update.section_1"


@pytest.mark.parametrize(
    "details",
    [
        {"kind": "media.generate.credits", "title": "Detecting Credits"},
        {"kind": "library.update.item.metadata"},
        {"kind": "library.update.section", "title": "Scanning"},
        {"kind": "butler", "title": "", "progress": 100},
        {"kind": "butler", "title": "Backup Database", "progress": 100},
        {"kind": "butler", "title": "Backup"},
        {"kind": "butler.BackupDatabase", "title": "Loudness Analysis"},
        {"kind": "media.generate.loudness", "title": "Loudness Analysis"},
    ],
    ids=lambda details: " ".join(map(str, details.values())),
)
async def test_what_plex_has_no_call_for_is_not_cancelled(
    server: Server, details: dict[str, Any]
) -> None:
    """To stop something else instead would be worse than to stop nothing."""
    await server.set_up()
    activity = await start(server, cancellable=False, **details)
    error = await refused(server, ServiceValidationError, activity_id=activity.uuid)
    assert error.translation_key == "not_cancellable"
    named = details.get("title") or details["kind"]
    assert error.translation_placeholders == {"activity": named}
    assert deletions(server) == []


async def test_if_one_of_several_cannot_be_cancelled_none_is(server: Server) -> None:
    await server.set_up()
    scan, download = await start_scan(server, "1"), await start(server)
    stubborn = await start(server, "media.generate.credits", cancellable=False)
    ids = [scan.uuid, download.uuid, stubborn.uuid]
    await refused(server, ServiceValidationError, activity_id=ids)
    ids = [scan.uuid, download.uuid, "unknown"]
    await refused(server, ServiceValidationError, activity_id=ids)
    assert deletions(server) == []
    assert server.plex.world.is_running(scan)


@pytest.mark.parametrize(
    "targets",
    [
        {},
        {"entity_id": [], "activity_id": []},
        {"entity_id": "sensor.a", "activity_id": "b"},
    ],
    ids=["none", "empty lists", "both"],
)
async def test_it_takes_one_kind_of_target(
    server: Server, targets: dict[str, Any]
) -> None:
    await server.set_up()
    error = await refused(server, ServiceValidationError, **targets)
    assert error.translation_key == "one_kind_of_target"


async def test_where_nothing_runs_there_is_nothing_to_cancel(server: Server) -> None:
    await server.set_up()
    movies = server.entity_id(MOVIES)
    error = await refused(server, ServiceValidationError, entity_id=movies)
    assert error.translation_key == "nothing_to_cancel"

    download = await start(server)
    server.plex.world.end(download)
    await server.until_state(DOWNLOAD, "finished")
    over = server.entity_id(DOWNLOAD)
    error = await refused(server, ServiceValidationError, entity_id=over)
    assert error.translation_key == "nothing_to_cancel"
    assert error.translation_placeholders == {"entity_id": over}


@pytest.mark.parametrize(
    ("key", "platform"),
    [
        ("progress_library.update.section_1", "sensor"),
        ("running", "sensor"),
        ("busy", "binary_sensor"),
        ("event", "event"),
    ],
)
async def test_only_activity_sensors_stand_for_activities(
    server: Server, key: str, platform: str
) -> None:
    await server.set_up()
    await start_scan(server, "1")
    entity_id = server.entity_id(key, platform)
    error = await refused(server, ServiceValidationError, entity_id=entity_id)
    assert error.translation_key == "not_an_activity_sensor"
    assert deletions(server) == []


async def test_what_is_not_ours_is_no_activity_sensor(server: Server) -> None:
    await server.set_up()
    registry = er.async_get(server.hass)
    stranger = registry.async_get_or_create("sensor", "demo", "1").entity_id
    for entity_id in (stranger, "sensor.nowhere"):
        error = await refused(server, ServiceValidationError, entity_id=entity_id)
        assert error.translation_key == "not_an_activity_sensor"
        assert error.translation_placeholders == {"entity_id": entity_id}


async def test_ids_of_what_is_unknown_or_over_are_refused(server: Server) -> None:
    await server.set_up()
    download = await start(server)
    server.plex.world.end(download)
    await until(lambda: not server.coordinator.book.running)
    for activity_id in (download.uuid, "unknown"):
        error = await refused(server, ServiceValidationError, activity_id=activity_id)
        assert error.translation_key == "unknown_activity"
    assert deletions(server) == []


async def test_a_server_that_is_not_loaded_cancels_nothing(server: Server) -> None:
    await server.set_up()
    movies = server.entity_id(MOVIES)
    await server.unload()
    error = await refused(server, ServiceValidationError, entity_id=movies)
    assert error.translation_key == "server_not_loaded"
    with pytest.raises(ServiceValidationError):
        await cancel(
            server, activity_id="unknown", config_entry_id=server.entry.entry_id
        )


async def test_an_id_on_two_servers_needs_the_server_to_be_named(
    server: Server,
) -> None:
    """Clones and copies of servers exist, and cancelling on the wrong one is final."""
    async with SimulatedPlex() as plex:
        plex.world.identity = replace(plex.world.identity, machine_identifier="other")
        await server.set_up()
        other = Server(server.hass, plex)
        await other.set_up()
        ours = await start(server, uuid="the same")
        theirs = await start(other, uuid="the same")
        error = await refused(server, ServiceValidationError, activity_id="the same")
        assert error.translation_key == "several_servers"
        (answer,) = await cancel(
            server, activity_id="the same", config_entry_id=other.entry.entry_id
        )
        assert answer["entity_id"] == other.entity_id(DOWNLOAD)
        assert server.plex.world.is_running(ours)
        assert not plex.world.is_running(theirs)
        assert deletions(server) == []
        await other.unload()


@pytest.mark.parametrize("seconds", [-1, 601, "soon"])
async def test_a_timeout_is_a_number_of_seconds(
    server: Server, seconds: object
) -> None:
    await server.set_up()
    download = await start(server)
    with pytest.raises(vol.Invalid):
        await cancel(server, activity_id=download.uuid, timeout=seconds)
    assert deletions(server) == []
