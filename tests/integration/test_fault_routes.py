"""The same as after any fault, where the trouble is on the way to the server."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.plex_activities import connection
from custom_components.plex_activities.const import DOMAIN, Timing
from tests.simulator import SimulatedPlex
from tests.simulator.names import Names
from tests.simulator.tls import NAME, Certificate, self_signed_certificate

from .conftest import unattended
from .faults import Story, Way
from .server import Server, until

pytestmark = pytest.mark.usefixtures("handshakes_may_fail")


@dataclass(frozen=True, slots=True)
class Route:
    """What lies between us and the server: a name, and a certificate for it."""

    names: Names = field(default_factory=Names)
    certificate: Certificate = field(default_factory=self_signed_certificate)

    def show(self, other: Certificate) -> AbstractContextManager[None]:
        """Have the server show another certificate that is signed by a trusted one."""
        trusted = other.public.decode()
        self.certificate.client_context.load_verify_locations(cadata=trusted)
        return self.certificate.replaced_by(other)


type Trouble = Callable[[Route], AbstractContextManager[None]]

TROUBLES: dict[str, Trouble] = {
    "name_unknown": lambda route: route.names.forgotten(),
    "certificate_of_somebody_else": lambda route: route.certificate.replaced_by(
        self_signed_certificate()
    ),
    "certificate_expired": lambda route: route.show(
        self_signed_certificate(age=timedelta(days=3))
    ),
    "tls_out_of_date": lambda route: route.certificate.out_of_date(),
}


@pytest.fixture
def timing(way: Way) -> Timing:
    """Return how long things take where nobody helps."""
    return unattended(way)


@pytest.fixture
def route() -> Route:
    """Return a route on which nothing is wrong."""
    return Route()


@pytest.fixture
async def plex(
    route: Route, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SimulatedPlex]:
    """Return a server behind the route, which Home Assistant's own session takes."""
    connector = aiohttp.TCPConnector(
        resolver=route.names, ssl=route.certificate.client_context, use_dns_cache=False
    )
    async with (
        SimulatedPlex(
            ping_interval=0.2, ssl_context=route.certificate.server_context
        ) as plex,
        aiohttp.ClientSession(connector=connector) as session,
    ):
        monkeypatch.setattr(
            connection, "async_get_clientsession", lambda *_, **__: session
        )
        yield plex


@pytest.fixture
async def server(hass: HomeAssistant, plex: SimulatedPlex) -> AsyncIterator[Server]:
    """Return the server as somebody entered it who has given it a name."""
    server = Server(hass, plex)
    named = {**server.entry.data, "url": f"https://{NAME}:{plex.port}"}
    hass.config_entries.async_update_entry(server.entry, data=named)
    yield server
    await server.unload()


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_a_server_cannot_be_reached_for_a_while(
    story: Story, route: Route, trouble: Trouble
) -> None:
    """It is still there, and so is what it works on; only we do not see it."""
    await story.prepare()
    with trouble(route):
        story.plex.cut_connections()
        story.go_on()
        await until(lambda: not story.server.coordinator.last_update_success)
    await story.finish()
    issues = ir.async_get(story.server.hass).issues
    assert not [issue for issue in issues.values() if issue.domain == DOMAIN]
