"""What it takes to start, and what stays in memory."""

import asyncio
from collections.abc import AsyncIterator
import gc
from statistics import median
import subprocess
import sys
from time import perf_counter
import tracemalloc

from homeassistant.core import HomeAssistant

from custom_components.plex_activities.coordinator import PlexActivitiesCoordinator
from tests.simulator import SimulatedPlex

from .home import PROJECT, add_server, home, until
from .plex import Address, remote_plex
from .report import Mark, Table
from .scale import Scale
from .texts import Received, texts_of_short_lives

# More than is remembered of what has ended.
FILLING = 6_000
# By how much memory may grow while a hundred thousand activities come and go.
MOST_GROWTH_KB = 200

# What Home Assistant has imported by the time that it sets up an integration like ours.
_IMPORT = """\
from time import perf_counter
import homeassistant.bootstrap, homeassistant.components.http
import homeassistant.components.binary_sensor, homeassistant.components.button
import homeassistant.components.event, homeassistant.components.sensor
import homeassistant.components.frontend, homeassistant.components.websocket_api
import homeassistant.helpers.update_coordinator, homeassistant.helpers.trigger
import homeassistant.helpers.condition, homeassistant.helpers.template
begun = perf_counter()
from custom_components.plex_activities import (
    binary_sensor, button, condition, config_flow, event, sensor, trigger
)
print(perf_counter() - begun)
"""


async def start(scale: Scale) -> AsyncIterator[Table]:
    """Import, set up and reload several times."""
    rounds = scale.of(1, 15)
    imports = [await asyncio.to_thread(_import) for _ in range(rounds)]
    async with SimulatedPlex() as plex, home() as hass:
        begun = perf_counter()
        entry = await add_server(hass, Address.of(plex))
        first = perf_counter() - begun
        reloads = []
        for _ in range(rounds):
            begun = perf_counter()
            await hass.config_entries.async_reload(entry.entry_id)
            reloads.append(perf_counter() - begun)
            await until(lambda: entry.runtime_data.listener.transport)
    yield Table(
        title="Starting",
        conditions=f"Medians of {rounds}. The import is what Home Assistant does not "
        "import for itself; setting up includes what the server is asked.",
        columns=("", "ms"),
        rows=(
            ("import", median(imports) * 1e3),
            ("set-up of the first entry, until live", first * 1e3),
            ("reload", median(reloads) * 1e3),
        ),
    )


def _import() -> float:
    command = [sys.executable, "-c", _IMPORT]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True)
    return float(ran.stdout)


async def memory(scale: Scale) -> AsyncIterator[Table]:
    """Let activities come and go, and see what stays."""
    lives = scale.of(1_000, 100_000)
    async with remote_plex(2) as plex, home() as hass:
        tracemalloc.start()
        nothing = _traced()
        entry = await add_server(hass, plex.servers[0])
        one = _traced()
        await add_server(hass, plex.servers[1])
        two = _traced()
        coordinator = entry.runtime_data
        await coordinator.async_stop_listening()
        # Until everything that is remembered is full: of the ended, of sensors.
        await _live(hass, coordinator, FILLING, seed=1)
        full = _traced()
        await _live(hass, coordinator, lives, seed=2)
        growth = _traced() - full
        tracemalloc.stop()
    yield Table(
        title="Memory",
        conditions="What Python has allocated, after collecting garbage. First "
        f"{FILLING:,} activities come and go, until all that is bounded is full; then "
        f"{lives:,} more.",
        columns=("", "KB"),
        rows=(
            ("the first entry, idle, and what only it imports", (one - nothing) / 1024),
            ("the second entry, idle", (two - one) / 1024),
            (f"growth during {lives:,} activities", growth / 1024),
        ),
        marks=(Mark("growth, KB", growth / 1024, MOST_GROWTH_KB),),
    )


async def _live(
    hass: HomeAssistant, coordinator: PlexActivitiesCoordinator, lives: int, seed: int
) -> None:
    received = Received(coordinator.listener)
    for texts in texts_of_short_lives(lives, seed=seed):
        received.hand_over(texts)
        await hass.async_block_till_done()


def _traced() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
