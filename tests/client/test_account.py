"""Signing in with a code, and the servers of an account."""

from collections.abc import AsyncIterator, Awaitable, Callable
import json
import math
from typing import Any, cast

import aiohttp
from aiohttp import web
from hypothesis import given, strategies as st
import orjson
import pytest

from custom_components.plex_activities.client import (
    AccountServer,
    LinkCode,
    PlexAccount,
    PlexAuthError,
    PlexConnectionError,
    PlexError,
    PlexNotFoundError,
    PlexResponseError,
    PlexTimeoutError,
    PlexTv,
)
from custom_components.plex_activities.client.account import (
    DEFAULT_LIFETIME,
    MAX_LIFETIME,
)
from tests.simulator import (
    FaultCase,
    FaultGroup,
    Faults,
    SimulatedPlex,
    SimulatedPlexTv,
    faults_of,
)
from tests.simulator.answers import Respond

from .conftest import Handler
from .strategies import JSON, maybe

PAGE = "https://plex.tv/link"
CODE = LinkCode(id="7", code="ABCD", url=f"{PAGE}/?pin=ABCD", lifetime=900)


@pytest.fixture
async def plex_tv() -> AsyncIterator[SimulatedPlexTv]:
    async with SimulatedPlexTv() as plex_tv:
        yield plex_tv


type Connect = Callable[..., PlexAccount]


@pytest.fixture
def connect(plex_tv: SimulatedPlexTv, session: aiohttp.ClientSession) -> Connect:
    def connect(**settings: Any) -> PlexAccount:
        usual: dict[str, Any] = {"json_loads": orjson.loads, "request_timeout": 20}
        return PlexAccount(
            session,
            client_identifier="test-client",
            plex_tv=PlexTv(pins=plex_tv.url, resources=plex_tv.url, link=PAGE),
            **usual | settings,
        )

    return connect


@pytest.fixture
def account(connect: Connect) -> PlexAccount:
    return connect()


# The code.


async def test_a_code_is_short_enough_to_be_typed(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    """The page for it refuses the long ones."""
    link = await account.new_link_code()
    assert len(link.code) == 4
    assert link.url == f"https://plex.tv/link/?pin={link.code}"
    assert link.lifetime == plex_tv.lifetime


async def test_a_code_is_worth_a_token_once_it_is_entered(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    link = await account.new_link_code()
    assert await account.claimed_token(link) is None
    plex_tv.link(link.code)
    assert await account.claimed_token(link) == plex_tv.token


async def test_an_expired_code_is_told_apart(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    """Asking on would be in vain."""
    link = await account.new_link_code()
    plex_tv.expire(link.code)
    with pytest.raises(PlexNotFoundError):
        await account.claimed_token(link)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(None, id="no object"),
        pytest.param([], id="a list"),
        pytest.param({"code": "ABCD"}, id="no id"),
        pytest.param({"id": 7}, id="no code"),
        pytest.param({"id": 7, "code": ""}, id="an empty code"),
        pytest.param({"id": 7, "code": "<b>AB</b>"}, id="a code that is markup"),
        pytest.param({"id": 7, "code": "](https://x)"}, id="a code that is a link"),
        pytest.param({"id": "../user", "code": "ABCD"}, id="an id that is a path"),
        pytest.param({"id": 7, "code": "A" * 65}, id="a code that nobody types"),
    ],
)
async def test_a_code_that_cannot_be_shown_is_none(
    plex_tv: SimulatedPlexTv, account: PlexAccount, payload: object
) -> None:
    """It is shown as part of a text with links, and asked for as part of a path."""
    with plex_tv.faults.answer(answer(payload)), pytest.raises(PlexResponseError):
        await account.new_link_code()


@pytest.mark.parametrize(
    ("said", "lifetime"),
    [
        (0.5, 0.5),
        (MAX_LIFETIME, MAX_LIFETIME),
        (MAX_LIFETIME + 1, DEFAULT_LIFETIME),
        (0, DEFAULT_LIFETIME),
        (-1, DEFAULT_LIFETIME),
        (None, DEFAULT_LIFETIME),
        ("900", DEFAULT_LIFETIME),
        (True, DEFAULT_LIFETIME),
        (math.nan, DEFAULT_LIFETIME),
    ],
)
def test_a_code_lasts_for_a_while_whatever_plex_says(
    said: object, lifetime: float
) -> None:
    link = LinkCode.from_payload({"id": 7, "code": "ABCD", "expiresIn": said}, PAGE)
    assert link is not None
    assert link.lifetime == lifetime


@pytest.mark.parametrize(
    ("said", "token"),
    [
        ("secret", "secret"),
        ("j" * 2000, "j" * 2000),
        (None, None),
        ("", None),
        (7, None),
        ("two\nlines", None),
        ("tökén", None),
        ("x" * 5000, None),
    ],
    ids=["plain", "long", "null", "empty", "number", "lines", "umlauts", "too long"],
)
async def test_a_token_is_one_that_can_be_sent(
    plex_tv: SimulatedPlexTv, account: PlexAccount, said: object, token: str | None
) -> None:
    with plex_tv.faults.answer(answer({"authToken": said})):
        assert await account.claimed_token(CODE) == token


# The servers.


async def test_the_servers_of_an_account_come_with_their_own_tokens(
    plex: SimulatedPlex, plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    plex_tv.add_server(plex)
    plex_tv.add_server(plex, owned=False, token="guest")
    own, shared = await account.servers(plex_tv.token)
    assert own == AccountServer(
        machine_identifier=plex.world.identity.machine_identifier,
        name="Simulated Plex",
        token=plex.token,
        addresses=((plex.url,),),
    )
    assert (shared.token, shared.owner) == ("guest", "friend")


async def test_the_servers_can_be_asked_for_with_the_token_of_one(
    plex: SimulatedPlex, plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    """That is the only one that is kept."""
    plex_tv.add_server(plex)
    (server,) = await account.servers(plex.token)
    assert server.token == plex.token


async def test_an_account_without_a_server_has_none(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    assert await account.servers(plex_tv.token) == ()


async def test_a_wrong_token_is_told_apart(account: PlexAccount) -> None:
    with pytest.raises(PlexAuthError):
        await account.servers("wrong")


async def test_what_cannot_be_a_token_is_not_sent(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    with pytest.raises(PlexAuthError):
        await account.servers("two\nlines")
    assert len(plex_tv.requests) == 0


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"provides": "client,player"}, id="a player"),
        pytest.param({"provides": "serverless"}, id="something that sounds like one"),
        pytest.param({"provides": None}, id="nothing"),
        pytest.param({"accessToken": None}, id="a server that lets nobody in"),
        pytest.param({"clientIdentifier": None}, id="a server without an id"),
    ],
)
async def test_what_is_no_server_is_left_out(
    plex: SimulatedPlex,
    plex_tv: SimulatedPlexTv,
    account: PlexAccount,
    change: dict[str, object],
) -> None:
    """An account's list has televisions and telephones, too."""
    plex_tv.add_server(plex).update(change)
    plex_tv.add_server(plex)["provides"] = "client,server"
    (server,) = await account.servers(plex_tv.token)
    assert server.machine_identifier == plex.world.identity.machine_identifier


async def test_a_list_can_hold_anything(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    with plex_tv.faults.answer(answer([None, 7, "x", [], {}])):
        assert await account.servers(plex_tv.token) == ()


async def test_a_server_without_a_name_goes_by_its_id() -> None:
    server = AccountServer.from_payload(row(name=None))
    assert server is not None
    assert server.name == "machine"


# Where a server is.


LAN = {"address": "192.0.2.10", "port": 32400, "local": True}
WAN = {"address": "198.51.100.1", "port": 40000, "local": False}
HTTPS_LAN = LAN | {"uri": "https://192-0-2-10.hash.plex.direct:32400"}
HTTPS_WAN = WAN | {"uri": "https://198-51-100-1.hash.plex.direct:40000"}
HTTP_WAN = WAN | {"uri": "http://198.51.100.1:40000"}
RELAY = {
    "address": "203.0.113.1",
    "port": 8443,
    "uri": "https://203-0-113-1.hash.plex.direct:8443",
    "local": False,
    "relay": True,
}


@pytest.mark.parametrize(
    ("connections", "groups"),
    [
        pytest.param(
            [RELAY, HTTP_WAN, HTTPS_WAN, HTTPS_LAN],
            [
                ["https://192-0-2-10.hash.plex.direct:32400"],
                ["http://192.0.2.10:32400"],
                ["https://198-51-100-1.hash.plex.direct:40000"],
                ["http://198.51.100.1:40000"],
                ["https://203-0-113-1.hash.plex.direct:8443"],
            ],
            id="local before remote before the relay",
        ),
        pytest.param(
            [HTTPS_LAN, LAN | {"uri": "https://plex.example"}],
            [
                ["https://192-0-2-10.hash.plex.direct:32400", "https://plex.example"],
                ["http://192.0.2.10:32400"],
            ],
            id="equally good ones together, and each once",
        ),
        pytest.param(
            [LAN | {"uri": "http://192.0.2.10:32400"}],
            [["http://192.0.2.10:32400"]],
            id="plain HTTP, where it is all there is",
        ),
        pytest.param(
            [LAN | {"address": "2001:db8::1", "uri": "https://a.plex.direct:32400"}],
            [["https://a.plex.direct:32400"], ["http://[2001:db8::1]:32400"]],
            id="an address of IPv6",
        ),
        pytest.param(
            [{}, None, 7, {"uri": [], "local": True}, {"uri": "ftp://x"}, HTTPS_WAN],
            [["https://198-51-100-1.hash.plex.direct:40000"]],
            id="what can be understood",
        ),
        pytest.param([HTTPS_WAN] * 50 + [RELAY], [[HTTPS_WAN["uri"]]], id="not all"),
        pytest.param(None, [], id="no list"),
        pytest.param([], [], id="an empty list"),
    ],
)
def test_the_best_addresses_come_first(
    connections: object, groups: list[list[str]]
) -> None:
    server = AccountServer.from_payload(row(connections=connections))
    assert server is not None
    assert [list(group) for group in server.addresses] == groups


@pytest.mark.parametrize("required", [True, "1"])
def test_a_server_that_requires_https_is_not_asked_without(required: object) -> None:
    """Its owner has said so; and the token is the owner's."""
    server = AccountServer.from_payload(
        row(connections=[HTTPS_LAN, HTTP_WAN], httpsRequired=required)
    )
    assert server is not None
    assert server.addresses == (("https://192-0-2-10.hash.plex.direct:32400",),)


# Who asks, and what is said when it fails.


async def test_plex_always_hears_who_asks(
    plex_tv: SimulatedPlexTv, connect: Connect
) -> None:
    """A code belongs to whom it was given; and the user finds us among the devices."""
    account = connect(version="1.2", platform="House", device_name="Our\nHome")
    link = await account.new_link_code()
    await account.claimed_token(link)
    await account.servers(plex_tv.token)
    for request in plex_tv.requests:
        assert request.headers["x-plex-client-identifier"] == "test-client"
        assert request.headers["x-plex-product"] == "Plex Activities"
        assert request.headers["x-plex-version"] == "1.2"
        assert request.headers["x-plex-platform"] == "House"
        assert request.headers["x-plex-device-name"] == "Our Home"


async def test_the_token_is_only_sent_where_it_is_needed(
    plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    """And only in a header: addresses end up in logs."""
    link = await account.new_link_code()
    await account.claimed_token(link)
    await account.servers(plex_tv.token)
    *without, last = plex_tv.requests
    assert all("x-plex-token" not in request.headers for request in without)
    assert last.headers["x-plex-token"] == plex_tv.token
    assert dict(last.query) == {
        "includeHttps": "1",
        "includeRelay": "1",
        "includeIPv6": "1",
    }


async def test_nothing_that_is_printed_holds_a_secret(
    plex: SimulatedPlex, plex_tv: SimulatedPlexTv, account: PlexAccount
) -> None:
    """With the id of a code anybody who hears of it could fetch the token."""
    plex_tv.add_server(plex)
    link = await account.new_link_code()
    (server,) = await account.servers(plex_tv.token)
    assert link.id not in repr(link)
    assert plex.token not in repr(server)


async def new_code(account: PlexAccount) -> object:
    return await account.new_link_code()


async def ask_for_token(account: PlexAccount) -> object:
    return await account.claimed_token(CODE)


async def ask_for_servers(account: PlexAccount) -> object:
    return await account.servers("token")


everything = pytest.mark.parametrize("use", [new_code, ask_for_token, ask_for_servers])
type Use = Callable[[PlexAccount], Awaitable[object]]


@everything
@pytest.mark.parametrize(
    "case",
    faults_of(FaultGroup.AUTH, FaultGroup.UNREACHABLE, FaultGroup.UNREADABLE),
    ids=lambda case: case.name,
)
async def test_whatever_plex_answers_is_one_of_our_errors(
    plex_tv: SimulatedPlexTv, connect: Connect, use: Use, case: FaultCase
) -> None:
    account = connect(request_timeout=0.2)
    with case.begin(cast("Faults", plex_tv.faults)), pytest.raises(PlexError):
        await use(account)


@everything
async def test_an_answer_that_is_too_slow_is_told_apart(
    plex_tv: SimulatedPlexTv, connect: Connect, use: Use
) -> None:
    with plex_tv.faults.slow(20), pytest.raises(PlexTimeoutError):
        await use(connect(request_timeout=0.05))


@everything
async def test_too_many_questions_are_no_broken_connection(
    plex_tv: SimulatedPlexTv, account: PlexAccount, use: Use
) -> None:
    """Checking the cable would not help."""
    with plex_tv.faults.status(429), pytest.raises(PlexResponseError, match="429"):
        await use(account)


@everything
async def test_plex_may_be_out_of_reach(
    plex_tv: SimulatedPlexTv, account: PlexAccount, use: Use
) -> None:
    async with plex_tv.unreachable():
        with pytest.raises(PlexConnectionError):
            await use(account)


@everything
async def test_no_token_is_taken_anywhere_else(
    plex_tv: SimulatedPlexTv, plex: SimulatedPlex, account: PlexAccount, use: Use
) -> None:
    with plex_tv.faults.redirect(plex.url), pytest.raises(PlexResponseError):
        await use(account)
    assert len(plex.requests) == 0


ROWS = maybe(
    clientIdentifier=st.just("machine"),
    accessToken=st.just("token"),
    provides=st.just("server"),
    name=st.text(max_size=5),
    owned=st.booleans(),
    httpsRequired=st.booleans(),
    connections=st.lists(
        maybe(
            uri=st.sampled_from(
                ["https://a", "http://b", "//", "https://[", "x:99999"]
            ),
            address=st.text(max_size=5),
            port=st.integers(-1, 99999),
            local=st.booleans(),
            relay=st.booleans(),
        ),
        max_size=3,
    ),
)


@given(st.one_of(ROWS, JSON))
def test_a_server_can_be_described_in_any_way(payload: object) -> None:
    """Or not at all; that is None, and never an error."""
    server = AccountServer.from_payload(payload)
    assert server is None or all(
        url.startswith(("http://", "https://"))
        for group in server.addresses
        for url in group
    )


@given(st.one_of(maybe(id=st.just(7), code=st.just("AB"), expiresIn=JSON), JSON))
def test_a_code_can_be_described_in_any_way(payload: object) -> None:
    link = LinkCode.from_payload(payload, PAGE)
    assert link is None or 0 < link.lifetime <= MAX_LIFETIME


def row(**fields: object) -> dict[str, object]:
    """Return a server as plex.tv describes it, changed."""
    return {
        "clientIdentifier": "machine",
        "accessToken": "token",
        "provides": "server",
        "name": "Plex",
    } | fields


def answer(payload: object) -> Respond:
    """Return what answers with that, whatever is asked."""

    async def respond(request: web.Request, handler: Handler) -> web.Response:
        return web.Response(text=json.dumps(payload), content_type="application/json")

    return respond
