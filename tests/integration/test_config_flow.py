"""Setting up a server by its address and a token."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import Faults, SimulatedPlex
from tests.simulator.tls import self_signed_certificate

from .flows import Flow
from .server import Server
from .surroundings import SetUps


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


def manual(plex: SimulatedPlex, **changes: Any) -> dict[str, Any]:
    """Return what somebody enters to set a server up."""
    return {"url": plex.url, "token": plex.token, "verify_ssl": True, **changes}


async def test_the_first_question_is_how(hass: HomeAssistant) -> None:
    """The core integration's server is offered only where it has one."""
    flow = await Flow.begin(hass)
    assert flow.step == "user"
    assert flow.ways == ["link", "manual"]


async def test_a_server_is_set_up_by_its_address(
    hass: HomeAssistant, plex: SimulatedPlex, set_ups: SetUps
) -> None:
    flow = await (await Flow.begin(hass)).choose("manual")
    assert flow.step == "manual"
    await flow.submit(**manual(plex))
    assert flow.entry.title == "Simulated Plex"
    assert flow.entry.unique_id == plex.world.identity.machine_identifier
    identifier = flow.entry.data["client_identifier"]
    assert dict(flow.entry.data) == {
        "url": plex.url,
        "token": plex.token,
        "verify_ssl": True,
        "client_identifier": identifier,
    }
    assert plex.requests[-1].headers["x-plex-client-identifier"] == identifier
    assert set_ups.done == [flow.entry]


async def test_what_people_copy_becomes_an_address(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """They copy it from the browser, and the token with a space at its end."""
    flow = await (await Flow.begin(hass)).choose("manual")
    url = f" {plex.url}/web/index.html#!/ "
    await flow.submit(**manual(plex, url=url, token=f"{plex.token} "))
    assert flow.entry.data["url"] == plex.url
    assert flow.entry.data["token"] == plex.token


type Begin = Callable[[Faults], AbstractContextManager[Any]]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Faults.reset, "cannot_connect"),
        (Faults.starting_up, "cannot_connect"),
        (Faults.hanging, "timeout"),
        (Faults.unauthorized, "invalid_auth"),
        (Faults.forbidden, "invalid_auth"),
        (Faults.token_expired, "invalid_auth"),
        (Faults.html, "not_plex"),
        (Faults.half_json, "not_plex"),
        (Faults.redirect, "not_plex"),
        (lambda faults: faults.status(404), "not_plex"),
    ],
    ids=[
        *("reset", "starting up", "hanging", "unauthorized", "forbidden", "expired"),
        *("a web page", "half an answer", "redirect", "not found"),
    ],
)
async def test_what_is_wrong_is_said_and_can_be_mended(
    hass: HomeAssistant, plex: SimulatedPlex, fault: Begin, error: str
) -> None:
    flow = await (await Flow.begin(hass)).choose("manual")
    with fault(plex.faults):
        await flow.submit(**manual(plex, verify_ssl=False))
    assert (flow.step, flow.error) == ("manual", error)
    # What was entered stands there still; but a token does not go back.
    assert flow.defaults == {"url": plex.url, "verify_ssl": False}
    assert plex.token not in flow.sent[-1]
    await flow.submit(**manual(plex))
    assert flow.entry.title == "Simulated Plex"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"url": "ftp://example.com"}, "invalid_url"),
        ({"url": "http://user:secret@example.com"}, "invalid_url"),
        ({"url": ""}, "invalid_url"),
        ({"token": "wrong"}, "invalid_auth"),
        ({"token": "two\nlines"}, "invalid_auth"),
        ({"token": ""}, "invalid_auth"),
    ],
    ids=str,
)
async def test_what_is_entered_wrongly_can_be_corrected(
    hass: HomeAssistant, plex: SimulatedPlex, changes: dict[str, str], error: str
) -> None:
    flow = await (await Flow.begin(hass)).choose("manual")
    await flow.submit(**manual(plex, **changes))
    assert flow.error == error
    await flow.submit(**manual(plex))
    assert flow.entry.title == "Simulated Plex"


async def test_a_server_that_is_not_running_cannot_be_set_up_yet(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    flow = await (await Flow.begin(hass)).choose("manual")
    async with plex.unreachable():
        await flow.submit(**manual(plex))
    assert flow.error == "cannot_connect"
    await flow.submit(**manual(plex))
    assert flow.entry.title == "Simulated Plex"


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_a_certificate_of_their_own_making_can_be_accepted(
    hass: HomeAssistant,
) -> None:
    """By whoever says so; it is not done behind anybody's back."""
    context = self_signed_certificate().server_context
    async with SimulatedPlex(ssl_context=context) as plex:
        flow = await (await Flow.begin(hass)).choose("manual")
        await flow.submit(**manual(plex))
        assert flow.error == "certificate"
        await flow.submit(**manual(plex, verify_ssl=False))
        assert flow.entry.data["verify_ssl"] is False


async def test_a_token_is_not_shown_to_what_is_no_plex_server(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    """One wrong digit, and it is the neighbour's printer that is asked."""
    flow = await (await Flow.begin(hass)).choose("manual")
    with plex.faults.html():
        await flow.submit(**manual(plex))
    assert all("x-plex-token" not in request.headers for request in plex.requests)


async def test_a_server_is_set_up_once(hass: HomeAssistant, server: Server) -> None:
    """And the token that was entered for it the second time is not even tried."""
    flow = await (await Flow.begin(hass)).choose("manual")
    await flow.submit(**manual(server.plex, token="wrong"))
    assert flow.aborted == "already_configured"


async def test_a_server_that_was_ignored_can_be_set_up_after_all(
    hass: HomeAssistant, plex: SimulatedPlex
) -> None:
    MockConfigEntry(
        domain=DOMAIN,
        source=SOURCE_IGNORE,
        unique_id=plex.world.identity.machine_identifier,
    ).add_to_hass(hass)
    flow = await (await Flow.begin(hass)).choose("manual")
    await flow.submit(**manual(plex))
    assert hass.config_entries.async_entries(DOMAIN) == [flow.entry]


async def test_to_plex_all_servers_have_one_and_the_same_client(
    hass: HomeAssistant, server: Server, other: SimulatedPlex
) -> None:
    """The account's list of devices has one Home Assistant, not one for each server."""
    flow = await (await Flow.begin(hass)).choose("manual")
    await flow.submit(**manual(other))
    identifier = server.entry.data["client_identifier"]
    assert flow.entry.data["client_identifier"] == identifier
