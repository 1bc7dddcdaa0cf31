"""A new token for a server that does not accept the old one."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from tests.simulator import SimulatedPlex, SimulatedPlexTv

from .flows import Flow, sign_in
from .server import Server
from .surroundings import NOWHERE, SetUps, in_core

OLD = "token-of-yesterday"


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


@pytest.fixture
def refused(hass: HomeAssistant, server: Server) -> Server:
    """Return a server whose token is not that of the entry any more."""
    hass.config_entries.async_update_entry(
        server.entry, data={**server.entry.data, "token": OLD}
    )
    return server


async def begin(hass: HomeAssistant, server: Server) -> Flow:
    """Open what Home Assistant offers when a token is refused."""
    return Flow(hass, await server.entry.start_reauth_flow(hass))


async def test_one_can_choose_how_to_sign_in_again(
    hass: HomeAssistant, refused: Server
) -> None:
    flow = await begin(hass, refused)
    assert (flow.step, flow.ways) == ("reauth_confirm", ["link", "manual"])
    assert flow.page["description_placeholders"] == {"name": "Simulated Plex"}


async def test_a_new_token_can_be_entered(
    hass: HomeAssistant, refused: Server, set_ups: SetUps
) -> None:
    """The address is filled in already."""
    before = dict(refused.entry.data)
    flow = await (await begin(hass, refused)).choose("manual")
    assert flow.defaults == {"url": refused.plex.url, "verify_ssl": True}
    assert OLD not in flow.sent[-1]
    await flow.submit(token=refused.plex.token)
    assert flow.aborted == "reauth_successful"
    assert dict(refused.entry.data) == before | {"token": refused.plex.token}
    assert set_ups.done == [refused.entry]
    assert refused.entry.state is ConfigEntryState.LOADED


async def test_a_token_that_is_refused_again_can_be_corrected(
    hass: HomeAssistant, refused: Server
) -> None:
    flow = await (await begin(hass, refused)).choose("manual")
    await flow.submit(token="wrong")
    assert (flow.step, flow.error) == ("manual", "invalid_auth")
    assert refused.entry.data["token"] == OLD
    await flow.submit(token=refused.plex.token)
    assert flow.aborted == "reauth_successful"


async def test_an_empty_token_does_not_mean_the_old_one(
    hass: HomeAssistant, refused: Server
) -> None:
    """It has just been refused."""
    flow = await (await begin(hass, refused)).choose("manual")
    await flow.submit(token="")
    assert flow.error == "invalid_auth"
    assert "x-plex-token" not in refused.plex.requests[-1].headers


async def test_signing_in_again_is_enough(
    hass: HomeAssistant, refused: Server, plex_tv: SimulatedPlexTv
) -> None:
    """And to Plex it is the same client as ever."""
    before = dict(refused.entry.data)
    flow = await sign_in(await begin(hass, refused), plex_tv)
    assert flow.aborted == "reauth_successful"
    assert dict(refused.entry.data) == before | {"token": refused.plex.token}
    assert plex_tv.pins[0].client_identifier == before["client_identifier"]


async def test_an_address_that_works_is_left_alone(
    hass: HomeAssistant, refused: Server, plex_tv: SimulatedPlexTv
) -> None:
    """Somebody chose it, perhaps with care; only the token was wrong."""
    chosen = {**refused.entry.data, "verify_ssl": False}
    hass.config_entries.async_update_entry(refused.entry, data=chosen)
    plex_tv.resources[0]["connections"] = []
    flow = await sign_in(await begin(hass, refused), plex_tv)
    assert flow.aborted == "reauth_successful"
    assert dict(refused.entry.data) == chosen | {"token": refused.plex.token}


async def test_an_address_that_does_not_work_is_found_anew(
    hass: HomeAssistant, refused: Server, plex_tv: SimulatedPlexTv
) -> None:
    """A server that is claimed anew has a new token, and a new name at plex.direct."""
    data = {**refused.entry.data, "url": NOWHERE}
    hass.config_entries.async_update_entry(refused.entry, data=data)
    flow = await sign_in(await begin(hass, refused), plex_tv)
    assert flow.aborted == "reauth_successful"
    assert refused.entry.data["url"] == refused.plex.url


async def test_an_account_without_this_server_is_the_wrong_one(
    hass: HomeAssistant,
    refused: Server,
    plex_tv: SimulatedPlexTv,
    other: SimulatedPlex,
) -> None:
    """Its other servers are not offered in the place of this one."""
    (own,) = plex_tv.resources
    plex_tv.resources.clear()
    plex_tv.add_server(other)
    flow = await sign_in(await begin(hass, refused), plex_tv)
    assert (flow.step, flow.ways) == ("link_not_there", ["link", "manual"])
    assert flow.page["description_placeholders"] == {"name": "Simulated Plex"}
    plex_tv.resources.append(own)
    await sign_in(flow, plex_tv)
    assert flow.aborted == "reauth_successful"


async def test_the_core_integration_may_have_a_token_that_works(
    hass: HomeAssistant, refused: Server, other: SimulatedPlex
) -> None:
    """It is asked for this server only, and the address stays ours."""
    in_core(hass, other)
    core = in_core(hass, refused.plex, url=NOWHERE)
    flow = await begin(hass, refused)
    assert flow.ways == ["link", "core_plex", "manual"]
    await flow.choose("core_plex")
    assert flow.labels("server") == ["Simulated Plex"]
    await flow.submit(server=core.entry_id)
    assert flow.aborted == "reauth_successful"
    assert refused.entry.data["token"] == refused.plex.token
    assert refused.entry.data["url"] == refused.plex.url


async def test_the_token_of_another_server_is_not_taken(
    hass: HomeAssistant, refused: Server, other: SimulatedPlex
) -> None:
    before = dict(refused.entry.data)
    flow = await (await begin(hass, refused)).choose("manual")
    await flow.submit(url=other.url, token=other.token)
    assert flow.aborted == "unique_id_mismatch"
    assert dict(refused.entry.data) == before
