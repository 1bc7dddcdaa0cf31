"""The servers of an account that has signed in, and the best way to them."""

from collections.abc import AsyncIterator
from typing import Any

from homeassistant.config_entries import SOURCE_IGNORE
from homeassistant.core import HomeAssistant
from homeassistant.util import ssl
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plex_activities.const import DOMAIN
from custom_components.plex_activities.probing import async_find_server_again
from tests.simulator import SimulatedPlex, SimulatedPlexTv
from tests.simulator.tls import Certificate, self_signed_certificate

from .flows import Flow, sign_in
from .server import Server
from .surroundings import NOWHERE, SetUps

WAYS = ["link", "manual"]


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


# The servers of the account.


async def test_an_account_without_servers_is_told_so(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    plex_tv.resources.clear()
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert (flow.step, flow.ways) == ("link_no_servers", WAYS)
    plex_tv.add_server(plex)
    await sign_in(flow, plex_tv)
    assert flow.entry.title == "Simulated Plex"


async def test_of_several_servers_one_can_be_chosen(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv, other: SimulatedPlex
) -> None:
    """And one sees whose it is, if it is shared."""
    plex_tv.add_server(other, owned=False)
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.step == "link_server"
    assert flow.labels("server") == ["Simulated Plex", "Other (friend)"]
    await flow.submit(server="other")
    assert (flow.entry.title, flow.entry.unique_id) == ("Other", "other")
    assert flow.entry.data["token"] == "other"


async def test_no_token_ever_reaches_the_page(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv, other: SimulatedPlex
) -> None:
    other.world.token = "unguessable-token-of-the-server"
    plex_tv.add_server(other)
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert plex_tv.token not in "".join(flow.sent)
    assert other.token not in "".join(flow.sent)


async def test_a_server_that_is_set_up_is_not_offered(
    hass: HomeAssistant,
    plex_tv: SimulatedPlexTv,
    server: Server,
    other: SimulatedPlex,
) -> None:
    """With only one left there is no choice."""
    plex_tv.add_server(other)
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.unique_id == "other"
    identifier = server.entry.data["client_identifier"]
    assert flow.entry.data["client_identifier"] == identifier


async def test_when_every_server_is_set_up_there_is_nothing_to_do(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv, server: Server
) -> None:
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.aborted == "already_configured"


async def test_a_server_that_was_ignored_is_offered(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    MockConfigEntry(
        domain=DOMAIN,
        source=SOURCE_IGNORE,
        unique_id=plex.world.identity.machine_identifier,
    ).add_to_hass(hass)
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert hass.config_entries.async_entries(DOMAIN) == [flow.entry]


# The best way to a server.


def at(url: str, **flags: bool) -> dict[str, Any]:
    """Return a connection as plex.tv describes it."""
    return {"uri": url, "local": False, "relay": False} | flags


@pytest.fixture
async def places(plex: SimulatedPlex) -> AsyncIterator[dict[str, SimulatedPlex]]:
    """Return one server at three addresses, each a socket of its own."""
    async with SimulatedPlex() as outside, SimulatedPlex() as relay:
        yield {"home": plex, "outside": outside, "relay": relay}


@pytest.mark.parametrize(
    ("down", "best"),
    [
        ((), "home"),
        (("home",), "outside"),
        (("outside",), "home"),
        (("home", "outside"), "relay"),
    ],
    ids=["all answer", "not at home", "at home only", "neither"],
)
async def test_the_best_address_that_answers_is_taken(
    hass: HomeAssistant,
    plex_tv: SimulatedPlexTv,
    places: dict[str, SimulatedPlex],
    down: tuple[str, ...],
    best: str,
) -> None:
    """Even if a worse one answers sooner."""
    plex_tv.resources[0]["connections"] = [
        at(places["relay"].url, relay=True),
        at(places["outside"].url),
        at(places["home"].url, local=True),
    ]
    for place in down:
        await places[place].stop_listening()
    with places["home"].faults.slow(0.1), places["outside"].faults.slow(0.05):
        flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.data["url"] == places[best].url


@pytest.fixture
def certificate(monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """Return a certificate that Home Assistant trusts."""
    certificate = self_signed_certificate()
    monkeypatch.setattr(ssl, "client_context", lambda *_: certificate.client_context)
    return certificate


async def test_at_home_what_is_encrypted_is_better(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv, certificate: Certificate
) -> None:
    async with SimulatedPlex(ssl_context=certificate.server_context) as secure:
        plex_tv.resources[0]["connections"][0]["uri"] = secure.url
        flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.data["url"] == secure.url
    assert flow.entry.data["verify_ssl"] is True


async def test_at_home_what_is_not_encrypted_will_do(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    """Many a router keeps Plex's own names from leading into the home."""
    uri = NOWHERE.replace("http:", "https:")
    plex_tv.resources[0]["connections"][0]["uri"] = uri
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.data["url"] == plex.url


@pytest.mark.usefixtures("handshakes_may_fail")
async def test_a_certificate_that_nobody_vouches_for_is_passed_by(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    context = self_signed_certificate().server_context
    async with SimulatedPlex(ssl_context=context) as secure:
        plex_tv.resources[0]["connections"][0]["uri"] = secure.url
        flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.data["url"] == plex.url


async def test_a_token_is_only_shown_to_its_server(
    hass: HomeAssistant,
    plex: SimulatedPlex,
    plex_tv: SimulatedPlexTv,
    other: SimulatedPlex,
) -> None:
    """In another home, another server has the address that this one has in its own."""
    plex_tv.resources[0]["connections"] = [at(other.url, local=True), at(plex.url)]
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert flow.entry.data["url"] == plex.url
    assert all("x-plex-token" not in request.headers for request in other.requests)


async def test_a_server_that_answers_nowhere_can_be_tried_again(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    async with plex.unreachable():
        flow = await sign_in(await Flow.begin(hass), plex_tv)
        assert (flow.step, flow.error) == ("link_server", "cannot_connect")
        await flow.submit(**flow.defaults)
        assert (flow.step, flow.error) == ("link_server", "cannot_connect")
    await flow.submit(**flow.defaults)
    assert flow.entry.title == "Simulated Plex"


async def test_a_server_without_any_address_answers_nowhere(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    plex_tv.resources[0]["connections"] = []
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    assert (flow.step, flow.error) == ("link_server", "cannot_connect")


async def test_when_one_server_does_not_answer_another_one_can_be_chosen(
    hass: HomeAssistant,
    plex: SimulatedPlex,
    plex_tv: SimulatedPlexTv,
    other: SimulatedPlex,
) -> None:
    plex_tv.add_server(other)
    flow = await sign_in(await Flow.begin(hass), plex_tv)
    machine_identifier = plex.world.identity.machine_identifier
    with plex.faults.unauthorized():
        await flow.submit(server=machine_identifier)
    assert flow.error == "invalid_auth"
    assert flow.defaults == {"server": machine_identifier}
    await flow.submit(server="other")
    assert flow.entry.unique_id == "other"


# What plex.tv knows of a server that does not answer any more.


async def test_a_server_is_found_again_with_what_is_kept_of_it(
    hass: HomeAssistant, server: Server, plex_tv: SimulatedPlexTv, other: SimulatedPlex
) -> None:
    """Its name at plex.direct changes with its certificate, and with its address."""
    plex_tv.add_server(other)
    await hass.config_entries.async_setup(server.entry.entry_id)
    data = {**server.entry.data, "url": NOWHERE}
    found = await async_find_server_again(hass, data, str(server.entry.unique_id))
    assert found == server.plex.url
    assert await async_find_server_again(hass, data, "gone") is None
