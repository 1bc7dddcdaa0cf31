"""Servers that are set up, and announce themselves again."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from tests.simulator import SimulatedPlex
from tests.simulator.tls import self_signed_certificate

from .flows import discover
from .server import Server
from .surroundings import NOWHERE, SetUps


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


def move(hass: HomeAssistant, server: Server, **changes: Any) -> dict[str, Any]:
    """Let the entry say something else about where the server is."""
    data = {**server.entry.data, **changes}
    hass.config_entries.async_update_entry(server.entry, data=data)
    return data


async def test_a_known_server_that_has_not_moved_is_no_news(
    hass: HomeAssistant, server: Server, set_ups: SetUps
) -> None:
    before = dict(server.entry.data)
    flow = await discover(hass, server.plex.port)
    assert flow.aborted == "already_configured"
    assert dict(server.entry.data) == before
    assert set_ups.done == []


async def test_a_known_server_that_has_moved_is_followed(
    hass: HomeAssistant, server: Server, set_ups: SetUps
) -> None:
    """The router has given it another address, and nobody has to do anything."""
    before = move(hass, server, url=NOWHERE)
    await hass.config_entries.async_setup(server.entry.entry_id)
    flow = await discover(hass, server.plex.port)
    await hass.async_block_till_done()
    assert flow.aborted == "already_configured"
    assert dict(server.entry.data) == before | {"url": server.plex.url}
    assert set_ups.done == [server.entry] * 2
    assert server.entry.state is ConfigEntryState.LOADED
    assert all("x-plex-token" not in one.headers for one in server.plex.requests)


async def test_a_known_server_that_answers_where_it_was_stays_there(
    hass: HomeAssistant, server: Server
) -> None:
    """A machine with two networks announces itself on both."""
    async with SimulatedPlex() as same:
        before = move(hass, server, url=same.url)
        flow = await discover(hass, server.plex.port)
    assert flow.aborted == "already_configured"
    assert dict(server.entry.data) == before


async def test_an_address_where_another_server_is_now_is_left(
    hass: HomeAssistant, server: Server, other: SimulatedPlex
) -> None:
    """Two servers have changed places."""
    move(hass, server, url=other.url)
    await discover(hass, server.plex.port)
    assert server.entry.data["url"] == server.plex.url


async def test_another_server_does_not_take_the_place_of_a_known_one(
    hass: HomeAssistant, server: Server, other: SimulatedPlex
) -> None:
    """However long that one is gone."""
    before = move(hass, server, url=NOWHERE)
    flow = await discover(hass, other.port)
    assert flow.step == "zeroconf_confirm"
    assert dict(server.entry.data) == before


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1:9", "https://1-2-3-4.abc.plex.direct:32400"]
)
async def test_a_verified_address_is_never_given_up_for_a_bare_one(
    hass: HomeAssistant, server: Server, url: str
) -> None:
    """What answers there could be anybody, and it would get the token in the clear."""
    before = move(hass, server, url=url)
    flow = await discover(hass, server.plex.port)
    assert flow.aborted == "already_configured"
    assert dict(server.entry.data) == before


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_what_was_encrypted_stays_encrypted(
    hass: HomeAssistant, server: Server
) -> None:
    """Even if nobody has verified with whom."""
    before = move(hass, server, url="https://127.0.0.1:9", verify_ssl=False)
    await discover(hass, server.plex.port)
    assert dict(server.entry.data) == before
    context = self_signed_certificate().server_context
    async with SimulatedPlex(ssl_context=context) as secure:
        await discover(hass, secure.port)
        assert server.entry.data["url"] == secure.url
        assert server.entry.data["verify_ssl"] is False
