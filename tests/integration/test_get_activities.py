"""Asking what runs now, for scripts and templates."""

from dataclasses import replace
from typing import Any

from homeassistant.core import Context, SupportsResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import SimulatedPlex

from .actions import call, start, start_scan, until_known
from .server import Server, until


async def get(server: Server, **data: Any) -> list[dict[str, Any]]:
    """Return what runs."""
    return await call(server, "get_activities", **data)


async def test_an_idle_server_has_an_empty_list(server: Server) -> None:
    await server.set_up()
    assert await get(server) == []


async def test_it_only_answers(server: Server) -> None:
    """Without taking the answer there would be no point."""
    await server.set_up()
    supports = server.hass.services.supports_response(DOMAIN, "get_activities")
    assert supports is SupportsResponse.ONLY


async def test_everything_that_is_known_is_told(server: Server) -> None:
    await server.set_up()
    scan = await start_scan(server, "1")
    server.plex.world.update(
        scan, subtitle="Heat (1995)", progress=41.5, response={"added": 2}
    )
    await until(
        lambda: server.coordinator.book.running[scan.uuid].activity.progress == 41.5
    )
    (told,) = await get(server)
    started_at = dt_util.parse_datetime(told.pop("started_at"), raise_on_error=True)
    assert started_at.tzinfo is not None
    assert told == {
        "activity_id": scan.uuid,
        "activity_type": "library.update.section",
        "title": "Scanning Movies",
        "subtitle": "Heat (1995)",
        "progress": 41.5,
        "cancellable": False,
        "library": "Movies",
        "library_id": "1",
        "user_id": 1,
        "context": {"librarySectionID": "1"},
        "response": {"added": 2},
        "ended_at": None,
        "server": "Simulated Plex",
        "entity_id": server.entity_id("activity_library.update.section_1"),
    }


async def test_what_is_not_known_is_null(server: Server) -> None:
    await server.set_up()
    await start(server, progress=-1)
    (told,) = await get(server)
    unknown = {name for name, value in told.items() if value is None}
    assert unknown == {
        "progress",
        "library",
        "library_id",
        "context",
        "response",
        "ended_at",
    }


async def test_quiet_types_and_what_no_sensor_shows_are_told_too(
    server: Server,
) -> None:
    """A template that counts must not be told less than there is."""
    await server.set_up()
    butler = server.plex.world.start_butler()
    *_, fifth = [await start(server) for _ in range(5)]
    await until_known(server, butler)
    told = {one["activity_id"]: one["entity_id"] for one in await get(server)}
    assert len(told) == 6
    assert told[butler.uuid] == server.entity_id("activity_butler")
    assert told[fifth.uuid] is None


async def test_what_has_ended_is_told_no_more(server: Server) -> None:
    await server.set_up()
    download = await start(server)
    server.plex.world.end(download)
    await until(lambda: not server.coordinator.book.running)
    assert await get(server) == []


async def test_all_servers_are_asked_or_the_one_that_is_named(server: Server) -> None:
    async with SimulatedPlex() as plex:
        plex.world.identity = replace(
            plex.world.identity, machine_identifier="other", friendly_name="Attic"
        )
        await server.set_up()
        attic = Server(server.hass, plex)
        await attic.set_up()
        await start(server)
        await start(attic)
        both = await get(server)
        assert [one["server"] for one in both] == ["Simulated Plex", "Attic"]
        assert both[0]["entity_id"] != both[1]["entity_id"]
        (one,) = await get(server, config_entry_id=attic.entry.entry_id)
        assert one == both[1]
        await attic.unload()
        assert await get(server) == both[:1]
        with pytest.raises(ServiceValidationError):
            await get(server, config_entry_id=attic.entry.entry_id)


async def test_a_server_that_does_not_exist_is_an_error(server: Server) -> None:
    await server.set_up()
    with pytest.raises(ServiceValidationError):
        await get(server, config_entry_id="nowhere")


async def test_a_user_is_told_what_their_sensors_may_show_them(
    server: Server, hass_read_only_user: MockUser
) -> None:
    """Titles are what a dashboard hides from those who may not read it."""
    await server.set_up()
    await start(server)
    await start(server, "media.upload")
    context = Context(user_id=hass_read_only_user.id)
    readable = {server.entity_id("activity_media.download"): {"read": True}}
    hass_read_only_user.mock_policy({"entities": {"entity_ids": readable}})
    (told,) = await get(server, context=context)
    assert told["activity_type"] == "media.download"
