"""A server whose address at plex.direct has changed is found again."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.plex_activities import following
from tests.simulator import SimulatedPlexTv

from .server import Server, until

# Nothing listens there. The harness resolves no names, so an address stands for one.
OLD_ADDRESS = "http://127.0.0.1:1"


@pytest.fixture
def names_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let addresses like this one be those that go out of date."""
    monkeypatch.setattr(following, "CHANGING_NAMES", ".0.0.1")


def move(hass: HomeAssistant, server: Server, url: str) -> None:
    """Let an entry have an address that is not that of its server any more."""
    hass.config_entries.async_update_entry(
        server.entry, data={**server.entry.data, "url": url}
    )


@pytest.mark.usefixtures("plex_tv", "names_change")
async def test_the_account_knows_where_a_server_has_gone(
    hass: HomeAssistant, server: Server
) -> None:
    """The name holds an IP address, and routers give out new ones."""
    move(hass, server, OLD_ADDRESS)
    await hass.config_entries.async_setup(server.entry.entry_id)
    await until(lambda: server.entry.state is ConfigEntryState.LOADED)
    assert server.entry.data["url"] == server.plex.url


@pytest.mark.usefixtures("names_change")
async def test_plex_tv_is_not_asked_again_and_again(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv
) -> None:
    """Most servers that cannot be reached are only switched off."""
    move(hass, server, OLD_ADDRESS)
    with plex_tv.faults.status(500):
        await hass.config_entries.async_setup(server.entry.entry_id)
        await plex_tv.requests.wait_for("GET", "/api/v2/resources")
    await hass.config_entries.async_reload(server.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(plex_tv.requests) == 1
    assert server.entry.data["url"] == OLD_ADDRESS


@pytest.mark.usefixtures("names_change")
async def test_a_secure_connection_is_not_traded_for_a_plain_one(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv
) -> None:
    """A name that is not resolved for a moment must not cost the token's secrecy."""
    secure = OLD_ADDRESS.replace("http:", "https:")
    move(hass, server, secure)
    await hass.config_entries.async_setup(server.entry.entry_id)
    await plex_tv.requests.wait_for("GET", "/api/v2/resources")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert server.entry.data["url"] == secure


async def test_an_address_that_somebody_chose_is_left_alone(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv
) -> None:
    """Only a name at plex.direct goes out of date by itself."""
    move(hass, server, OLD_ADDRESS)
    await hass.config_entries.async_setup(server.entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(plex_tv.requests) == 0


@pytest.mark.usefixtures("names_change")
async def test_a_server_that_the_account_has_no_longer_stays_where_it_was(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv
) -> None:
    """It may have been claimed by somebody else."""
    plex_tv.resources.clear()
    move(hass, server, OLD_ADDRESS)
    await hass.config_entries.async_setup(server.entry.entry_id)
    await plex_tv.requests.wait_for("GET", "/api/v2/resources")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert server.entry.data["url"] == OLD_ADDRESS


@pytest.mark.usefixtures("names_change")
async def test_an_entry_that_is_removed_meanwhile_is_left_alone(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv
) -> None:
    """plex.tv may take its time to answer."""
    move(hass, server, OLD_ADDRESS)
    with plex_tv.faults.slow(0.1):
        await hass.config_entries.async_setup(server.entry.entry_id)
        await plex_tv.requests.wait_for("GET", "/api/v2/resources")
        await hass.config_entries.async_remove(server.entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert server.entry.data["url"] == OLD_ADDRESS
