"""Setting up the server that Home Assistant's own integration has."""

from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.simulator import SimulatedPlex

from .flows import Flow
from .server import Server
from .surroundings import SetUps, in_core


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


async def test_a_server_of_the_core_integration_is_taken_over(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    in_core(hass, plex)
    flow = await Flow.begin(hass)
    assert flow.ways == ["link", "core_plex", "manual"]
    await flow.choose("core_plex")
    assert flow.step == "core_plex"
    assert flow.labels("server") == ["Simulated Plex"]
    await flow.submit(**flow.defaults)
    assert flow.entry.title == "Simulated Plex"
    identifier = flow.entry.data["client_identifier"]
    assert identifier != "client-of-the-core-integration"
    assert dict(flow.entry.data) == {
        "url": plex.url,
        "token": plex.token,
        "verify_ssl": True,
        "client_identifier": identifier,
    }


async def test_what_it_leaves_out_is_known(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """It keeps no `verify_ssl` for plain HTTP, and no token where none is asked for."""
    entry = in_core(hass, plex)
    config = {"url": plex.url, "token": plex.token}
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "server_config": config}
    )
    flow = await (await Flow.begin(hass)).choose("core_plex")
    await flow.submit(**flow.defaults)
    assert flow.entry.data["verify_ssl"] is True


async def test_the_copy_is_a_copy(hass: HomeAssistant, plex: SimulatedPlex) -> None:
    core = in_core(hass, plex)
    flow = await (await Flow.begin(hass)).choose("core_plex")
    await flow.submit(**flow.defaults)
    hass.config_entries.async_update_entry(core, data={})
    assert flow.entry.data["token"] == plex.token


async def test_a_dead_token_is_said_and_can_be_tried_again(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """The core integration signs in again, and then it works here, too."""
    core = in_core(hass, plex, token="dead")
    flow = await (await Flow.begin(hass)).choose("core_plex")
    await flow.submit(**flow.defaults)
    assert (flow.step, flow.error) == ("core_plex", "invalid_auth")
    config = core.data["server_config"] | {"token": plex.token}
    data = {**core.data, "server_config": config}
    hass.config_entries.async_update_entry(core, data=data)
    await flow.submit(**flow.defaults)
    assert flow.entry.title == "Simulated Plex"


async def test_no_token_reaches_the_page(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    in_core(hass, plex, token="dead-but-secret")
    flow = await (await Flow.begin(hass)).choose("core_plex")
    await flow.submit(**flow.defaults)
    assert "dead-but-secret" not in "".join(flow.sent)


async def test_of_several_servers_one_can_be_chosen(
    hass: HomeAssistant, plex: SimulatedPlex, other: SimulatedPlex
) -> None:
    in_core(hass, plex)
    entry = in_core(hass, other)
    flow = await (await Flow.begin(hass)).choose("core_plex")
    assert flow.labels("server") == ["Simulated Plex", "Other"]
    await flow.submit(server=entry.entry_id)
    assert flow.entry.unique_id == "other"


async def test_only_what_is_not_set_up_is_offered(
    hass: HomeAssistant, server: Server, other: SimulatedPlex
) -> None:
    in_core(hass, server.plex)
    flow = await Flow.begin(hass)
    assert flow.ways == ["link", "manual"]
    in_core(hass, other)
    flow = await (await Flow.begin(hass)).choose("core_plex")
    assert flow.labels("server") == ["Other"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"server_config": {"url": "http://plex"}}, id="no id"),
        pytest.param({"server_id": "machine"}, id="no server"),
        pytest.param({"server_id": "machine", "server_config": {}}, id="no address"),
    ],
)
async def test_what_cannot_be_read_is_not_offered(
    hass: HomeAssistant, data: dict[str, Any]
) -> None:
    """The data are not ours, and will not always look like this."""
    MockConfigEntry(domain="plex", data=data).add_to_hass(hass)
    assert (await Flow.begin(hass)).ways == ["link", "manual"]


async def test_what_is_ignored_there_is_not_offered(hass: HomeAssistant) -> None:
    MockConfigEntry(domain="plex", source=SOURCE_IGNORE).add_to_hass(hass)
    assert (await Flow.begin(hass)).ways == ["link", "manual"]


async def test_a_server_that_the_core_integration_loses_meanwhile_is_no_choice(
    hass: HomeAssistant, plex: SimulatedPlex, other: SimulatedPlex
) -> None:
    """Somebody may tidy up in another window."""
    core = in_core(hass, plex)
    core_other = in_core(hass, other)
    flow = await (await Flow.begin(hass)).choose("core_plex")
    hass.config_entries.async_update_entry(core, data={})
    await flow.submit(server=core.entry_id)
    assert flow.step == "core_plex"
    assert flow.labels("server") == ["Other"]
    hass.config_entries.async_update_entry(core_other, data={})
    await flow.submit(server=core_other.entry_id)
    assert (flow.step, flow.ways) == ("user", ["link", "manual"])
