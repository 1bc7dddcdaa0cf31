"""What is told in repairs and in the system information."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import SimulatedPlex
from tests.simulator.tls import self_signed_certificate

from .server import Server, until


def issues(hass: HomeAssistant) -> set[str]:
    """Return what is told in repairs about our servers."""
    return {
        issue.translation_key or ""
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN
    }


async def test_a_token_that_is_not_the_owners_is_told_and_works(
    hass: HomeAssistant, server: Server
) -> None:
    """Else people wonder for ever why they cannot cancel anything."""
    with server.plex.faults.forbidden(path="/butler"):
        await server.set_up()
        await until(lambda: issues(hass) == {"not_owner"})
        assert server.state("running").state == "0"
        await server.unload()
    await server.set_up()
    await until(lambda: issues(hass) == set())


async def test_an_owner_who_cannot_be_asked_is_not_accused(
    hass: HomeAssistant, server: Server
) -> None:
    """A slow server says nothing about whose token it is."""
    with server.plex.faults.status(500, path="/butler"):
        await server.set_up()
        await server.plex.requests.wait_for("GET", "/butler")
        await hass.async_block_till_done(wait_background_tasks=False)
    assert issues(hass) == set()


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_a_certificate_that_cannot_be_verified_is_explained(
    hass: HomeAssistant,
) -> None:
    """At run time there is no form that could do it."""
    context = self_signed_certificate().server_context
    async with SimulatedPlex(ssl_context=context) as plex:
        server = Server(hass, plex)
        await hass.config_entries.async_setup(server.entry.entry_id)
        assert server.entry.state is ConfigEntryState.SETUP_RETRY
        assert issues(hass) == {"certificate"}
        trusting = {**server.entry.data, "verify_ssl": False}
        hass.config_entries.async_update_entry(server.entry, data=trusting)
        await hass.config_entries.async_reload(server.entry.entry_id)
        await until(lambda: server.entry.state is ConfigEntryState.LOADED)
        assert issues(hass) == set()
        await server.unload()


async def test_an_issue_goes_with_its_server(
    hass: HomeAssistant, server: Server
) -> None:
    with server.plex.faults.forbidden(path="/butler"):
        await server.set_up()
        await until(lambda: issues(hass) == {"not_owner"})
    await server.unload()
    await hass.config_entries.async_remove(server.entry.entry_id)
    assert issues(hass) == set()


async def test_the_system_information_counts_servers_and_names_none(
    hass: HomeAssistant, server: Server
) -> None:
    """It is pasted into public bug reports."""
    assert await async_setup_component(hass, "system_health", {})
    await server.set_up()
    server.plex.world.start("media.download")
    await until(lambda: server.coordinator.book.running)
    assert await get_system_health_info(hass, DOMAIN) == {
        "servers": 1,
        "reachable": 1,
        "live_updates": 1,
        "running": 1,
    }
