"""Another address for a server that is set up, or another token."""

from homeassistant.core import HomeAssistant
import pytest

from tests.simulator import SimulatedPlex

from .flows import Flow
from .server import Server
from .surroundings import NOWHERE, SetUps


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


async def test_a_server_that_has_moved_gets_its_new_address(
    hass: HomeAssistant, server: Server, set_ups: SetUps
) -> None:
    """And whatever is not entered anew stays as it was."""
    before = dict(server.entry.data)
    hass.config_entries.async_update_entry(
        server.entry, data={**before, "url": NOWHERE}
    )
    flow = Flow(hass, await server.entry.start_reconfigure_flow(hass))
    assert flow.step == "reconfigure"
    assert flow.defaults == {"url": NOWHERE, "verify_ssl": True}
    assert server.plex.token not in flow.sent[-1]
    await flow.submit(url=server.plex.url, verify_ssl=True)
    assert flow.aborted == "reconfigure_successful"
    assert dict(server.entry.data) == before
    assert set_ups.done == [server.entry]


async def test_a_token_can_be_changed_before_it_is_refused(
    hass: HomeAssistant, server: Server
) -> None:
    server.plex.world.token = "new"
    flow = Flow(hass, await server.entry.start_reconfigure_flow(hass))
    await flow.submit(url=server.plex.url, token="new", verify_ssl=True)
    assert flow.aborted == "reconfigure_successful"
    assert server.entry.data["token"] == "new"


async def test_a_token_that_is_emptied_is_one_that_is_left_out(
    hass: HomeAssistant, server: Server
) -> None:
    flow = Flow(hass, await server.entry.start_reconfigure_flow(hass))
    await flow.submit(url=server.plex.url, token="", verify_ssl=True)
    assert flow.aborted == "reconfigure_successful"
    assert server.entry.data["token"] == server.plex.token


async def test_an_entry_stays_with_its_server(
    hass: HomeAssistant, server: Server, other: SimulatedPlex
) -> None:
    """Its sensors would become another's; and that one has no right to the token."""
    before = dict(server.entry.data)
    flow = Flow(hass, await server.entry.start_reconfigure_flow(hass))
    await flow.submit(url=other.url, verify_ssl=True)
    assert flow.aborted == "unique_id_mismatch"
    assert dict(server.entry.data) == before
    assert all("x-plex-token" not in request.headers for request in other.requests)


async def test_a_change_that_does_not_work_is_not_kept(
    hass: HomeAssistant, server: Server
) -> None:
    before = dict(server.entry.data)
    flow = Flow(hass, await server.entry.start_reconfigure_flow(hass))
    async with server.plex.unreachable():
        await flow.submit(url=server.plex.url, verify_ssl=False)
    assert (flow.step, flow.error) == ("reconfigure", "cannot_connect")
    assert dict(server.entry.data) == before
    await flow.submit(url=server.plex.url, verify_ssl=True)
    assert flow.aborted == "reconfigure_successful"
