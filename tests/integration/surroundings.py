"""What a config flow meets, besides the one server that every test has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import plex_activities
from custom_components.plex_activities import connection, link_flow
from custom_components.plex_activities.client import PlexTv
from custom_components.plex_activities.const import TIMING
from tests.simulator import SimulatedPlex, SimulatedPlexTv

SERVICE = "_plexmediasvr._tcp.local."
# Where nothing ever listens.
NOWHERE = "http://127.0.0.1:9"


@asynccontextmanager
async def plex_tv_with(
    plex: SimulatedPlex, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SimulatedPlexTv]:
    """Run a plex.tv in the place of the real one; its account has the server."""
    async with SimulatedPlexTv() as plex_tv:
        where = PlexTv(pins=plex_tv.url, resources=plex_tv.url)
        monkeypatch.setattr(connection, "PLEX_TV", where)
        monkeypatch.setattr(link_flow, "POLL_INTERVAL", 0.01)
        monkeypatch.setattr(link_flow, "RETRY_DELAY", 0.01)
        plex_tv.add_server(plex)
        yield plex_tv


@asynccontextmanager
async def another_server() -> AsyncIterator[SimulatedPlex]:
    """Run a second server, which is another one."""
    async with SimulatedPlex(token="other") as other:
        other.world.identity = replace(
            other.world.identity, machine_identifier="other", friendly_name="Other"
        )
        yield other


def in_core(
    hass: HomeAssistant, plex: SimulatedPlex, **changes: Any
) -> MockConfigEntry:
    """Add the entry that the core integration would have for a server."""
    config = {
        "url": plex.url,
        "token": plex.token,
        "client_id": "client-of-the-core-integration",
        "verify_ssl": True,
    }
    identity = plex.world.identity
    entry = MockConfigEntry(
        domain="plex",
        title=plex.url,
        unique_id=identity.machine_identifier,
        data={
            "server": identity.friendly_name,
            "server_id": identity.machine_identifier,
            "server_config": config | changes,
        },
    )
    entry.add_to_hass(hass)
    return entry


class SetUps:
    """What stands in for setting an entry up, where only the flow matters."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the place of the real thing, and do not wait long for any answer."""
        self.done: list[ConfigEntry] = []
        monkeypatch.setattr(connection, "TIMING", replace(TIMING, request=1.5))
        monkeypatch.setattr(plex_activities, "async_setup_entry", self._set_up)
        monkeypatch.setattr(plex_activities, "async_unload_entry", self._unload)

    async def _set_up(self, _: HomeAssistant, entry: ConfigEntry) -> bool:
        self.done.append(entry)
        return True

    async def _unload(self, _: HomeAssistant, __: ConfigEntry) -> bool:
        return True


def announced(port: int | None, address: str = "127.0.0.1") -> ZeroconfServiceInfo:
    """Return what Home Assistant hears of a server."""
    return ZeroconfServiceInfo(
        ip_address=ip_address(address),
        ip_addresses=[ip_address(address)],
        port=port,
        hostname="nas.local.",
        type=SERVICE,
        name=f"My <b>NAS</b>.{SERVICE}",
        properties={},
    )
