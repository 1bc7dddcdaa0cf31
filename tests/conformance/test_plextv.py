"""Signing in with clients that know the real plex.tv."""

import asyncio
from collections.abc import AsyncIterator

from plex_api_client import PlexAPI
from plex_api_client.models.operations import (
    GetServerResourcesRequest,
    IncludeHTTPS,
)
from plexapi.myplex import MyPlexPinLogin
import pytest
import requests

from tests.simulator import SimulatedPlex, SimulatedPlexTv


@pytest.fixture
async def plex_tv() -> AsyncIterator[SimulatedPlexTv]:
    async with SimulatedPlexTv() as plex_tv:
        yield plex_tv


async def test_plexapi_signs_in(plex_tv: SimulatedPlexTv) -> None:
    """It reads XML, and shows a code that one enters on another page."""

    class Login(MyPlexPinLogin):
        PINS = f"{plex_tv.url}/api/v2/pins"

    with requests.Session() as session:
        login = Login(session)  # type: ignore[no-untyped-call]
        code = await asyncio.to_thread(lambda: login.pin)
        assert len(code) == 4
        assert await asyncio.to_thread(login.checkLogin) is False
        plex_tv.link(code)
        assert await asyncio.to_thread(login.checkLogin) is True
    assert login.token == plex_tv.token


async def test_plex_api_client_finds_the_server(
    plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    """It refuses a resource that lacks anything."""
    plex_tv.add_server(plex)
    async with PlexAPI(token=plex_tv.token, client_identifier="client") as api:
        found = await api.plex.get_server_resources_async(
            request=GetServerResourcesRequest(include_https=IncludeHTTPS.TRUE),
            server_url=f"{plex_tv.url}/api/v2",
        )
    assert found.plex_devices is not None
    (device,) = found.plex_devices
    assert device.access_token == plex.token
    assert device.connections[0].uri == plex.url
    assert device.owned is True
