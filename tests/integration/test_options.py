"""What can be chosen about a server that is set up."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest

from custom_components.plex_activities.const import (
    DEFAULT_QUIET_TYPES,
    DEFAULT_SETTLE_SECONDS,
    DEFAULT_STALLED_MINUTES,
)
from custom_components.plex_activities.options_flow import KNOWN_TYPES

from .flows import TEXTS, OptionsFlow
from .server import Server, until

OPTIONS = {
    "quiet_types": ["butler", "media.generate.bif"],
    "settle_seconds": 60,
    "stalled_minutes": 0,
}


async def test_the_form_shows_what_is_so_by_default(
    hass: HomeAssistant, server: Server
) -> None:
    flow = await OptionsFlow.open(hass, server.entry)
    assert flow.step == "init"
    assert flow.defaults == {
        "quiet_types": list(DEFAULT_QUIET_TYPES),
        "settle_seconds": DEFAULT_SETTLE_SECONDS,
        "stalled_minutes": DEFAULT_STALLED_MINUTES,
    }


async def test_the_options_are_kept_and_count_at_once(
    hass: HomeAssistant, server: Server
) -> None:
    await server.set_up()
    before = server.coordinator
    flow = await OptionsFlow.open(hass, server.entry)
    # A browser has no whole numbers.
    await flow.submit(**OPTIONS | {"settle_seconds": 60.0, "stalled_minutes": 0.0})
    assert flow.page["type"] is FlowResultType.CREATE_ENTRY
    assert server.entry.options == OPTIONS
    assert type(server.entry.options["settle_seconds"]) is int
    await until(lambda: server.coordinator is not before)
    assert server.coordinator.settle_seconds == 60
    assert server.coordinator.stalled_minutes == 0
    await until(lambda: server.coordinator.listener.transport)
    again = await OptionsFlow.open(hass, server.entry)
    assert again.defaults == OPTIONS


async def test_nothing_is_loaded_again_when_nothing_has_changed(
    hass: HomeAssistant, server: Server
) -> None:
    hass.config_entries.async_update_entry(server.entry, options=OPTIONS)
    await server.set_up()
    before = server.coordinator
    flow = await OptionsFlow.open(hass, server.entry)
    await flow.submit(**flow.defaults)
    assert server.coordinator is before


@pytest.mark.parametrize(
    "wrong",
    [
        {"settle_seconds": -1},
        {"settle_seconds": 3601},
        {"settle_seconds": "soon"},
        {"stalled_minutes": -1},
        {"stalled_minutes": 1441},
        {"quiet_types": ["never.heard.of"]},
        {"quiet_types": "butler"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_and_can_be_corrected(
    hass: HomeAssistant, server: Server, wrong: dict[str, Any]
) -> None:
    flow = await OptionsFlow.open(hass, server.entry)
    with pytest.raises(InvalidData):
        await flow.submit(**OPTIONS | wrong)
    await flow.submit(**OPTIONS)
    assert server.entry.options == OPTIONS
    await until(lambda: server.coordinator.listener.transport)


async def test_every_known_type_has_a_readable_name(
    hass: HomeAssistant, server: Server
) -> None:
    names = TEXTS["selector"]["activity_type"]["options"]
    flow = await OptionsFlow.open(hass, server.entry)
    assert flow.labels("quiet_types") == [
        names[kind.replace(".", "_")] for kind in KNOWN_TYPES
    ]


@pytest.mark.parametrize("runs", [True, False], ids=["runs", "has run"])
async def test_a_type_that_was_seen_can_be_chosen(
    hass: HomeAssistant, server: Server, runs: bool
) -> None:
    """Plex has more types than anybody has written down."""
    await server.set_up()
    activity = server.plex.world.start("media.convert.tapes")
    await until(lambda: server.coordinator.book.running)
    for ended in [activity] * (not runs):
        server.plex.world.end(ended)
    await until(lambda: bool(server.coordinator.book.running) is runs)
    flow = await OptionsFlow.open(hass, server.entry)
    assert "Media convert tapes" in flow.labels("quiet_types")
    await flow.submit(**OPTIONS | {"quiet_types": ["media.convert.tapes"]})
    assert server.entry.options["quiet_types"] == ["media.convert.tapes"]
    await until(lambda: server.coordinator.listener.transport)


@pytest.mark.parametrize(
    "server", [{"quiet_types": ["media.convert.tapes"]}], indirect=True
)
async def test_a_type_that_was_chosen_stays_a_choice(
    hass: HomeAssistant, server: Server
) -> None:
    """Even while the server is not loaded, and has not shown us anything."""
    flow = await OptionsFlow.open(hass, server.entry)
    assert "Media convert tapes" in flow.labels("quiet_types")
    assert flow.defaults["quiet_types"] == ["media.convert.tapes"]
