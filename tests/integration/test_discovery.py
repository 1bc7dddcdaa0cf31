"""Servers that announce themselves on the network."""

from homeassistant.config_entries import (
    SOURCE_IGNORE,
    SOURCE_USER,
)
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plex_activities import discovery
from custom_components.plex_activities.const import DOMAIN
from tests.simulator import SimulatedPlex, SimulatedPlexTv
from tests.simulator.tls import self_signed_certificate

from .flows import Flow, discover, sign_in
from .surroundings import (
    SERVICE,
    SetUps,
    announced,
    in_core,
)


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


async def test_we_hear_of_what_plex_announces(hass: HomeAssistant) -> None:
    integration = await async_get_integration(hass, DOMAIN)
    assert integration.zeroconf == [SERVICE]


async def test_a_discovered_server_can_be_set_up(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """Who it is has been asked without a token; the address is filled in."""
    flow = await discover(hass, plex.port)
    assert flow.step == "zeroconf_confirm"
    assert flow.page["description_placeholders"] == {"name": "My bNAS/b"}
    (progress,) = hass.config_entries.flow.async_progress()
    assert progress["context"]["title_placeholders"] == {"name": "My bNAS/b"}
    assert progress["context"]["unique_id"] == plex.world.identity.machine_identifier
    assert [request.path for request in plex.requests] == ["/identity"]
    await flow.submit()
    assert (flow.step, flow.ways) == ("user", ["link", "manual"])
    await flow.choose("manual")
    assert flow.defaults == {"url": plex.url, "verify_ssl": True}
    await flow.submit(token=plex.token)
    assert flow.entry.title == "Simulated Plex"


async def test_signing_in_finds_the_server_that_was_discovered(
    hass: HomeAssistant,
    plex: SimulatedPlex,
    plex_tv: SimulatedPlexTv,
    other: SimulatedPlex,
) -> None:
    """There is nothing to choose."""
    plex_tv.add_server(other)
    flow = await (await discover(hass, plex.port)).submit()
    await sign_in(flow, plex_tv)
    assert flow.entry.unique_id == plex.world.identity.machine_identifier


async def test_an_account_without_the_server_that_was_discovered_is_the_wrong_one(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    plex_tv.resources[0]["clientIdentifier"] = "another"
    flow = await (await discover(hass, plex.port)).submit()
    await sign_in(flow, plex_tv)
    assert flow.step == "link_not_there"
    assert flow.page["description_placeholders"] == {"name": "My bNAS/b"}


async def test_the_core_integration_may_know_the_server_that_was_discovered(
    hass: HomeAssistant, plex: SimulatedPlex, other: SimulatedPlex
) -> None:
    in_core(hass, other)
    flow = await (await discover(hass, plex.port)).submit()
    assert flow.ways == ["link", "manual"]
    in_core(hass, plex)
    second = await Flow.begin(hass)
    assert second.ways == ["link", "core_plex", "manual"]
    await flow.choose("manual")
    await flow.submit(token="wrong")
    assert flow.error == "invalid_auth"


async def test_a_server_is_discovered_once(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """It announces itself over and over."""
    await discover(hass, plex.port)
    assert (await discover(hass, plex.port)).aborted == "already_in_progress"


async def test_who_does_not_wait_for_the_discovery_is_not_held_up(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """And then there is nothing left to discover."""
    await discover(hass, plex.port)
    flow = await (await Flow.begin(hass, SOURCE_USER)).choose("manual")
    await flow.submit(url=plex.url, token=plex.token, verify_ssl=True)
    assert flow.entry.title == "Simulated Plex"
    assert hass.config_entries.flow.async_progress() == []


async def test_what_is_ignored_stays_ignored(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    MockConfigEntry(
        domain=DOMAIN,
        source=SOURCE_IGNORE,
        unique_id=plex.world.identity.machine_identifier,
    ).add_to_hass(hass)
    assert (await discover(hass, plex.port)).aborted == "already_configured"


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_a_server_that_requires_https_is_discovered_too(
    hass: HomeAssistant,
) -> None:
    """Its certificate is not for its IP address: the form says so, and one may sign in.

    It is only asked who it is; for that nobody has to be trusted.
    """
    context = self_signed_certificate().server_context
    async with SimulatedPlex(ssl_context=context) as plex:
        flow = await discover(hass, plex.port)
        assert flow.step == "zeroconf_confirm"
        await (await flow.submit()).choose("manual")
        assert flow.defaults == {"url": plex.url, "verify_ssl": False}
        await flow.submit(token=plex.token)
        assert flow.entry.data["verify_ssl"] is False


@pytest.mark.parametrize(
    "port",
    [
        pytest.param(9, id="nothing answers"),
        pytest.param(None, id="no port"),
    ],
)
async def test_what_cannot_be_reached_is_not_shown(
    hass: HomeAssistant, port: int | None
) -> None:
    assert (await discover(hass, port)).aborted == "cannot_connect"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("192.0.2.10", "http://192.0.2.10:32400"),
        ("2001:db8::1", "http://[2001:db8::1]:32400"),
    ],
)
def test_an_address_can_be_of_either_kind(address: str, url: str) -> None:
    assert discovery._url("http", announced(32400, address)) == url


async def test_what_is_no_plex_server_is_not_shown(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    with plex.faults.html():
        assert (await discover(hass, plex.port)).aborted == "cannot_connect"
