"""From the first click to sensors that show something, and back when a token dies."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import SimulatedPlexTv

from .flows import Flow, sign_in
from .server import Server, until


async def test_after_signing_in_there_are_sensors(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.state is ConfigEntryState.LOADED
    await until(lambda: flow.entry.runtime_data.listener.transport)
    await until(lambda: hass.states.get("sensor.simulated_plex_library_scan_movies"))
    assert await hass.config_entries.async_remove(flow.entry.entry_id)
    await hass.async_block_till_done()


async def test_a_token_that_dies_is_replaced_by_signing_in(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv
) -> None:
    """Home Assistant asks for it by itself, and everything goes on."""
    await server.set_up()
    server.plex.world.token = "new"
    plex_tv.resources[0]["accessToken"] = "new"
    await server.coordinator.async_refresh()
    await until(lambda: hass.config_entries.flow.async_progress_by_handler(DOMAIN))
    (asked,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    flow = Flow(hass, await hass.config_entries.flow.async_configure(asked["flow_id"]))
    assert (flow.step, flow.ways) == ("reauth_confirm", ["link", "manual"])
    before = server.coordinator
    await sign_in(flow, plex_tv)
    assert flow.aborted == "reauth_successful"
    await until(lambda: server.entry.state is ConfigEntryState.LOADED)
    assert server.coordinator is not before
    await until(lambda: server.coordinator.listener.transport)
    assert server.coordinator.last_update_success
