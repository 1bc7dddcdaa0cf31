"""The condition that activities run: real automations that test it."""

from typing import Any

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
import pytest

from .actions import start, start_scan, until_known
from .automations import ask_whether, until_live
from .server import Server, until

CREDITS = "media.generate.credits"
REFRESH = "library.refresh.items"


def is_running(**options: Any) -> dict[str, Any]:
    """Return the condition as an automation has it."""
    return {"condition": "plex_activities.is_running", "options": options}


async def test_it_is_true_while_something_runs(
    hass: HomeAssistant, server: Server
) -> None:
    """At that very moment: it does not wait for the server to settle."""
    await server.set_up()
    ask = await ask_whether(hass, {"condition": "plex_activities.is_running"})
    assert not await ask()
    activity = await start(server, CREDITS)
    assert await ask()
    server.plex.world.end(activity)
    await server.until_event("finished", activity.uuid)
    assert not await ask()
    assert server.state("busy", "binary_sensor").state == "on"


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"activity_type": ["library.update.section"]}, True),
        ({"activity_type": ["library_update_section"]}, True),
        ({"activity_type": [CREDITS, "library.update.section"]}, True),
        ({"activity_type": [CREDITS]}, False),
        ({"library": ["tv shows"]}, True),
        ({"library": 2}, True),
        ({"library": ["Movies", "1"]}, False),
        ({"library": "TV Shows", "activity_type": CREDITS}, False),
        ({"library": [], "activity_type": []}, True),
    ],
    ids=str,
)
async def test_it_is_about_the_activities_that_are_named(
    hass: HomeAssistant, server: Server, options: dict[str, Any], answer: bool
) -> None:
    await server.set_up()
    ask = await ask_whether(hass, is_running(**options))
    await start_scan(server, "2")
    assert await ask() is answer


async def test_quiet_types_count_only_where_they_are_named(
    hass: HomeAssistant, server: Server
) -> None:
    """The butler's row stands there on an idle server."""
    await server.set_up()
    ask_all = await ask_whether(hass, is_running())
    server.plex.world.start_butler()
    await until_known(server, server.plex.world.start(REFRESH))
    assert not await ask_all()


async def test_a_quiet_type_counts_where_it_is_named(
    hass: HomeAssistant, server: Server
) -> None:
    await server.set_up()
    ask = await ask_whether(hass, is_running(activity_type=[REFRESH]))
    assert not await ask()
    await until_known(server, server.plex.world.start(REFRESH))
    assert await ask()


async def test_what_a_server_that_cannot_be_reached_runs_nobody_knows(
    hass: HomeAssistant, server: Server
) -> None:
    """Who waits for it to end must not wait for a server that was switched off."""
    await server.set_up()
    ask = await ask_whether(hass, is_running())
    await start(server, CREDITS)
    async with server.plex.unreachable():
        await server.until_state("running", STATE_UNAVAILABLE)
        assert not await ask()
    await until_live(server)
    assert await ask()


async def test_a_server_that_is_not_set_up_runs_nothing(
    hass: HomeAssistant, server: Server
) -> None:
    """An automation may be older than the server it is for."""
    ask = await ask_whether(hass, is_running())
    assert not await ask()
    await server.set_up()
    await start(server, CREDITS)
    assert await ask()
    await server.unload()
    assert not await ask()


@pytest.mark.parametrize(
    ("key", "answer"), [("busy", True), (None, False)], ids=["ours", "another"]
)
async def test_a_target_chooses_among_servers(
    hass: HomeAssistant, server: Server, key: str | None, answer: bool
) -> None:
    await server.set_up()
    entity_id = (
        server.entity_id(key, "binary_sensor") if key else "binary_sensor.other_busy"
    )
    ask = await ask_whether(hass, {**is_running(), "target": {"entity_id": entity_id}})
    await start(server, CREDITS)
    assert await ask() is answer


async def test_a_scan_counts_before_it_has_named_its_library(
    hass: HomeAssistant, server: Server
) -> None:
    """It is a scan from the beginning."""
    await server.set_up()
    ask = await ask_whether(hass, is_running(activity_type="library.update.section"))
    server.plex.world.scan("1")
    await until(lambda: server.coordinator.book.running)
    assert await ask()
