"""A Home Assistant in this process, with little more than what is measured."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant import bootstrap, loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import async_initialize_recorder
from homeassistant.setup import async_setup_component

from custom_components import plex_activities
from custom_components.plex_activities.const import DOMAIN, TIMING
from tests.demo.configuration import write_configuration
from tests.demo.program import free_port

from .plex import Address

PROJECT = Path(__file__).parents[2]
PATIENCE = 60
DATABASE = "home-assistant_v2.db"


@asynccontextmanager
async def home(
    config: Mapping[str, Any] | None = None, **timing: Any
) -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant with a configuration; `timing` replaces some of ours."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        write_configuration(folder, PROJECT / "custom_components", free_port())
        timings = replace(TIMING, **timing)
        stack.enter_context(patch.object(plex_activities, "TIMING", timings))
        hass = HomeAssistant(str(folder))
        hass.config.skip_pip = True
        loader.async_setup(hass)
        hass.config_entries = ConfigEntries(hass, {})
        try:
            await _set_up(hass, config or {})
            await hass.async_start()
            yield hass
        finally:
            await hass.async_stop(force=True)


async def _set_up(hass: HomeAssistant, config: Mapping[str, Any]) -> None:
    await loader.async_get_custom_components(hass)
    assert await bootstrap.async_load_base_functionality(hass)
    hass.auth = await auth_manager_from_config(hass, [], [])
    if "recorder" in config:
        async_initialize_recorder(hass)
    for domain in ("homeassistant", "network", *config):
        assert await async_setup_component(hass, domain, dict(config)), domain


async def add_server(hass: HomeAssistant, server: Address) -> ConfigEntry[Any]:
    """Set up a server, as the config flow would have stored it, and wait for it."""
    entry: ConfigEntry[Any] = ConfigEntry(
        data={
            "url": server.url,
            "token": server.token,
            "verify_ssl": True,
            "client_identifier": "11111111-2222-4333-8444-555555555555",
        },
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source=SOURCE_USER,
        subentries_data=(),
        title="Bench",
        unique_id=server.machine_identifier,
        version=1,
    )
    await hass.config_entries.async_add(entry)
    await hass.async_block_till_done()
    await until(lambda: entry.runtime_data.listener.transport is not None)
    return entry


async def until(fact: Callable[[], object]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not fact():  # noqa: ASYNC110 (a fact is anything; nothing tells of all)
            await asyncio.sleep(0.002)
