"""Signing in, and what an account has."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from . import SimulatedPlex, SimulatedPlexTv

JSON = {"Accept": "application/json", "X-Plex-Client-Identifier": "client"}


@pytest.fixture
async def plex_tv() -> AsyncIterator[SimulatedPlexTv]:
    async with SimulatedPlexTv() as plex_tv:
        yield plex_tv


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers=JSON) as session:
        yield session


@pytest.mark.parametrize(("strong", "length"), [("false", 4), ("true", 25)])
async def test_a_code_is_worth_a_token_once_it_is_entered(
    plex_tv: SimulatedPlexTv,
    session: aiohttp.ClientSession,
    strong: str,
    length: int,
) -> None:
    pins = f"{plex_tv.url}/api/v2/pins"
    async with session.post(pins, params={"strong": strong}) as response:
        assert response.status == 201
        pin = await response.json()
    assert len(pin["code"]) == length
    assert pin["authToken"] is None
    plex_tv.link(pin["code"])
    async with session.get(f"{pins}/{pin['id']}") as response:
        assert (await response.json())["authToken"] == plex_tv.token


async def test_codes_differ(
    plex_tv: SimulatedPlexTv, session: aiohttp.ClientSession
) -> None:
    for _ in range(2):
        await session.post(f"{plex_tv.url}/api/v2/pins")
    assert plex_tv.pins[0].code != plex_tv.pins[1].code


async def test_a_code_runs_out(
    plex_tv: SimulatedPlexTv, session: aiohttp.ClientSession
) -> None:
    async with session.post(f"{plex_tv.url}/api/v2/pins") as response:
        pin = await response.json()
    plex_tv.expire(pin["code"])
    async with session.get(f"{plex_tv.url}/api/v2/pins/{pin['id']}") as response:
        assert response.status == 404
        assert (await response.json())["errors"][0]["status"] == 404


async def test_a_code_is_hidden_from_other_clients(
    plex_tv: SimulatedPlexTv, session: aiohttp.ClientSession
) -> None:
    """A client has to keep the identifier it began with."""
    async with session.post(f"{plex_tv.url}/api/v2/pins") as response:
        pin = await response.json()
    other = {"X-Plex-Client-Identifier": "other"}
    url = f"{plex_tv.url}/api/v2/pins/{pin['id']}"
    async with session.get(url, headers=other) as response:
        assert response.status == 404


async def test_a_client_must_say_who_it_is(plex_tv: SimulatedPlexTv) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{plex_tv.url}/api/v2/pins") as response,
    ):
        assert response.status == 400


@pytest.mark.parametrize("path", ["user", "resources"])
@pytest.mark.parametrize(("wrong", "status"), [("", 200), ("-", 401)])
async def test_an_account_is_for_who_has_its_token(
    plex_tv: SimulatedPlexTv,
    session: aiohttp.ClientSession,
    path: str,
    wrong: str,
    status: int,
) -> None:
    headers = {"X-Plex-Token": plex_tv.token + wrong}
    url = f"{plex_tv.url}/api/v2/{path}"
    async with session.get(url, headers=headers) as response:
        assert response.status == status


async def test_a_server_of_the_account_can_be_reached(
    plex: SimulatedPlex, plex_tv: SimulatedPlexTv, session: aiohttp.ClientSession
) -> None:
    plex_tv.add_server(plex)
    plex_tv.add_server(plex, owned=False, token="guest")["presence"] = False
    headers = {"X-Plex-Token": plex_tv.token}
    url = f"{plex_tv.url}/api/v2/resources"
    async with session.get(url, headers=headers) as response:
        own, shared = await response.json()
    assert (shared["owned"], shared["sourceTitle"]) == (False, "friend")
    assert shared["presence"] is False
    assert own["clientIdentifier"] == plex.world.identity.machine_identifier
    headers = {"X-Plex-Token": own["accessToken"]}
    async with session.get(own["connections"][0]["uri"], headers=headers) as response:
        assert response.status == 200


async def test_it_can_fail_as_a_server_can(
    plex_tv: SimulatedPlexTv, session: aiohttp.ClientSession
) -> None:
    url = f"{plex_tv.url}/api/v2/pins"
    with plex_tv.faults.status(429):
        async with session.post(url) as response:
            assert response.status == 429
    async with plex_tv.unreachable():
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.post(url)
    assert [request.method for request in plex_tv.requests] == ["POST"]
