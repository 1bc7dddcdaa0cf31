"""What the client raises when something goes wrong, and what it never says."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
import errno
import json
import ssl
import traceback
from typing import Any, override

import aiohttp
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
import pytest

from custom_components.plex_activities.client import (
    PlexAuthError,
    PlexCertificateError,
    PlexClient,
    PlexConnectionError,
    PlexConnectionRefusedError,
    PlexError,
    PlexForbiddenError,
    PlexInvalidUrlError,
    PlexNotFoundError,
    PlexRejectedError,
    PlexResponseError,
    PlexStartingUpError,
    PlexTimeoutError,
    Transport,
)
from custom_components.plex_activities.client.wire import network_error
from tests.simulator import (
    FaultCase,
    FaultGroup,
    Faults,
    SimulatedPlex,
    faults_of,
)
from tests.simulator.answers import hanging
from tests.simulator.tls import Certificate, self_signed_certificate

from .conftest import Connect, Handler

type Use = Callable[[PlexClient], Awaitable[None]]
type Fault = Callable[[Faults], AbstractContextManager[Any]]

STARTING_UP = "Server is Still Starting Up. Please retry later."


# What the server says.


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, PlexResponseError),
        (301, PlexResponseError),
        (304, PlexResponseError),
        (400, PlexRejectedError),
        (401, PlexAuthError),
        (403, PlexForbiddenError),
        (404, PlexNotFoundError),
        (418, PlexResponseError),
        (498, PlexAuthError),
        (500, PlexResponseError),
        (502, PlexResponseError),
        (503, PlexStartingUpError),
    ],
)
async def test_a_status_has_a_meaning(
    plex: SimulatedPlex, client: PlexClient, status: int, kind: type[PlexError]
) -> None:
    """What helps against one of them does not help against the next."""
    with plex.faults.status(status), pytest.raises(kind) as caught:
        await client.activities()
    assert type(caught.value) is kind


@pytest.mark.parametrize("status", [401, 404, 500, 503])
async def test_a_server_that_starts_up_says_so_in_its_own_words(
    plex: SimulatedPlex, client: PlexClient, status: int
) -> None:
    """Until it is up its answers mean nothing else, whatever their status."""

    async def respond(request: web.Request, handler: object) -> web.Response:
        return web.Response(status=status, text=f"<p>{STARTING_UP}</p>")

    with plex.faults.answer(respond), pytest.raises(PlexStartingUpError):
        await client.activities()


async def test_only_the_beginning_of_an_error_page_is_read(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """Those words would stand there, or nowhere."""

    async def respond(request: web.Request, handler: object) -> web.Response:
        return web.Response(status=404, text=" " * 1_000_000 + STARTING_UP)

    with plex.faults.answer(respond), pytest.raises(PlexNotFoundError):
        await client.activities()


async def test_an_error_page_that_breaks_off_takes_nothing_back(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """The status came first, and a wrong token must lead to signing in again."""

    async def respond(request: web.Request, handler: object) -> web.StreamResponse:
        response = web.StreamResponse(status=401)
        response.content_length = 100
        await response.prepare(request)
        await response.write(b"<html>")
        assert request.transport is not None
        request.transport.abort()
        return response

    with plex.faults.answer(respond), pytest.raises(PlexAuthError):
        await client.activities()


@pytest.mark.parametrize(
    "fault",
    [
        Faults.half_json,
        Faults.malformed_json,
        Faults.invalid_utf8,
        Faults.empty_body,
        Faults.html,
        Faults.xml,
        Faults.huge,
    ],
    ids=lambda fault: fault.__name__,
)
async def test_what_is_no_answer_of_plex_is_told_apart(
    plex: SimulatedPlex, client: PlexClient, fault: Fault
) -> None:
    """Something else listens at that address: a portal, another service."""
    with fault(plex.faults), pytest.raises(PlexResponseError):
        await client.activities()


async def test_deep_nesting_is_no_answer_either(
    plex: SimulatedPlex, connect: Connect
) -> None:
    """The standard library raises something else for it than for other bad JSON."""

    async def respond(request: web.Request, handler: object) -> web.Response:
        return web.Response(text='{"a":' * 100_000)

    with plex.faults.answer(respond), pytest.raises(PlexResponseError):
        await connect(json_loads=json.loads).activities()


# What the network says.


async def test_a_server_that_is_not_running_refuses(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    """That, unlike silence, means that everything it did has been interrupted."""
    async with plex.unreachable():
        with pytest.raises(PlexConnectionRefusedError, match="refused"):
            await client.activities()


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Faults.reset, "connection"),
        (Faults.cut_off, "closed the connection"),
    ],
    ids=["reset", "cut off"],
)
async def test_a_broken_connection_is_one(
    plex: SimulatedPlex, client: PlexClient, fault: Fault, sentence: str
) -> None:
    with (
        fault(plex.faults),
        pytest.raises(PlexConnectionError, match=sentence) as caught,
    ):
        await client.activities()
    assert type(caught.value) is PlexConnectionError


async def test_an_answer_must_come_in_time(
    plex: SimulatedPlex, connect: Connect
) -> None:
    """A server whose database is locked takes connections, and then nothing."""
    with plex.faults.hanging(), pytest.raises(PlexTimeoutError, match="in time"):
        await connect(request_timeout=0.05).activities()


async def test_an_answer_must_also_come_to_its_end_in_time(
    plex: SimulatedPlex, connect: Connect
) -> None:
    """A server that stops in the middle of an answer keeps the line busy."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"{")
        return await hanging(request, handler)

    with plex.faults.answer(respond), pytest.raises(PlexTimeoutError):
        await connect(request_timeout=0.2).activities()


@pytest.fixture(scope="module")
def certificate() -> Certificate:
    return self_signed_certificate()


@pytest.fixture
async def secure_plex(certificate: Certificate) -> AsyncIterator[SimulatedPlex]:
    async with SimulatedPlex(ssl_context=certificate.server_context) as server:
        yield server


async def ask(client: PlexClient) -> None:
    await client.activities()


async def listen_on_websocket(client: PlexClient) -> None:
    async with client.notifications(Transport.WEBSOCKET) as stream:
        await anext(stream)


async def listen_on_eventsource(client: PlexClient) -> None:
    async with client.notifications(Transport.EVENTSOURCE) as stream:
        await anext(stream)


everything = pytest.mark.parametrize(
    "use", [ask, listen_on_websocket, listen_on_eventsource]
)


@everything
async def test_a_certificate_that_nobody_vouches_for_is_told_apart(
    secure_plex: SimulatedPlex, connect: Connect, use: Use
) -> None:
    """The user can do something about it: use Plex's own name, or not verify."""
    with pytest.raises(PlexCertificateError):
        await use(connect(url=secure_plex.url))


async def test_a_certificate_that_is_trusted_is_fine(
    secure_plex: SimulatedPlex, certificate: Certificate
) -> None:
    """Streams too use what the session was told about certificates."""
    connector = aiohttp.TCPConnector(ssl=certificate.client_context)
    async with aiohttp.ClientSession(connector=connector) as session:
        client = PlexClient(
            session, secure_plex.url, secure_plex.token, client_identifier="test-client"
        )
        await client.activities()
        async with client.notifications(Transport.WEBSOCKET) as stream:
            secure_plex.world.scan("1")
            await anext(stream)


@everything
async def test_a_server_may_not_speak_tls(
    plex: SimulatedPlex, connect: Connect, use: Use
) -> None:
    """An `https` too many, and the certificate has nothing to do with it."""
    with pytest.raises(PlexConnectionError, match="secure") as caught:
        await use(connect(url=plex.url.replace("http:", "https:")))
    assert type(caught.value) is PlexConnectionError


class NoNames(AbstractResolver):
    """Knows no name at all."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: int = 0
    ) -> list[ResolveResult]:
        raise OSError(None, "Name or service not known")

    @override
    async def close(self) -> None:
        """Have nothing to close."""


@everything
async def test_a_name_that_is_not_known_is_told_apart(use: Use) -> None:
    """The server may be well; its address is what is wrong, or the network."""
    connector = aiohttp.TCPConnector(resolver=NoNames())
    async with aiohttp.ClientSession(connector=connector) as session:
        client = PlexClient(session, "plex.test", None, client_identifier="test-client")
        with pytest.raises(PlexConnectionError, match="name could not be resolved"):
            await use(client)


@pytest.mark.parametrize(
    ("err", "kind", "sentence"),
    [
        pytest.param(
            OSError(errno.EHOSTUNREACH, "secret"),
            PlexConnectionError,
            "The connection failed: No route to host",
            id="the system has words for it",
        ),
        pytest.param(
            OSError(errno.ETIMEDOUT, "secret"),
            PlexTimeoutError,
            "The server did not answer in time",
            id="the system gave up first",
        ),
        pytest.param(
            ssl.SSLCertVerificationError("secret"),
            PlexCertificateError,
            "The server's certificate could not be verified",
            id="a certificate",
        ),
        pytest.param(
            aiohttp.InvalidURL("secret"),
            PlexInvalidUrlError,
            "The address is not valid",
            id="an address that only aiohttp refuses",
        ),
        pytest.param(
            aiohttp.ClientError("secret"),
            PlexConnectionError,
            "The connection failed",
            id="anything else",
        ),
    ],
)
def test_every_failure_of_the_network_has_a_sentence(
    err: OSError | aiohttp.ClientError, kind: type[PlexError], sentence: str
) -> None:
    """Ours, since theirs can name anything."""
    said = network_error(err)
    assert (type(said), str(said)) == (kind, sentence)


# What is never said.


async def error_of(use: Use, client: PlexClient) -> str:
    """Return all that a log would show of the error, if there is one."""
    try:
        await use(client)
    except PlexError as err:
        return repr(err) + "".join(traceback.format_exception(err))
    return ""


SERIOUS = (
    FaultGroup.AUTH,
    FaultGroup.UNREACHABLE,
    FaultGroup.UNREADABLE,
    FaultGroup.STREAM,
)


@pytest.mark.parametrize("fault", faults_of(*SERIOUS), ids=lambda fault: fault.name)
@everything
async def test_no_error_gives_the_token_or_the_address_away(
    plex: SimulatedPlex, connect: Connect, fault: FaultCase, use: Use
) -> None:
    """Errors are logged, shown, and put into bug reports for all to read."""
    client = connect(request_timeout=0.1, silence=0.1)
    with fault.begin(plex.faults):
        said = await error_of(use, client)
    assert plex.token not in said
    assert f":{plex.port}" not in said
