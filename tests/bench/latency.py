"""How long it takes from the server's word to a state, beside the shortest way."""

from collections.abc import AsyncIterator
from functools import partial
from itertools import chain
from time import monotonic

from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)

from .barely import listening, write
from .home import add_server, home, until
from .plex import RemotePlex, remote_plex
from .report import Mark, Table, percentile
from .scale import Scale

EVERY = 0.015
"""Seconds between two starts: each has come to rest before the next begins."""


async def latency(scale: Scale) -> AsyncIterator[Table]:
    """Start things one by one, for a bare client and for ours in turn."""
    rounds, count = scale.of((6, 30), (10, 200))
    bare: list[list[float]] = []
    ours: list[list[float]] = []
    async with remote_plex() as plex, home() as hass:
        (server,) = plex.servers
        entry = await add_server(hass, server)
        await _delays(hass, plex, 20)  # the sensor has to be there
        for _ in range(rounds):
            await hass.config_entries.async_unload(entry.entry_id)
            async with listening(hass, server, partial(write, hass)):
                bare.append(await _delays(hass, plex, count))
            await hass.config_entries.async_setup(entry.entry_id)
            await until(lambda: entry.runtime_data.listener.transport)
            ours.append(await _delays(hass, plex, count))
    of_bare, of_ours = _summary(bare), _summary(ours)
    yield Table(
        title="From the server's word to a state",
        conditions="From the moment in which a server in another process starts "
        "something to the `state_changed` that says so. The bare client is aiohttp's "
        f"WebSocket and `hass.states.async_set`. {rounds} rounds of {count} in turn.",
        columns=("", "p50, ms", "p99, ms"),
        rows=[("a bare client", *of_bare), ("ours", *of_ours)],
        marks=[
            Mark(f"{name}, in the bare client's", our / their, 1.5)
            for name, our, their in zip(("p50", "p99"), of_ours, of_bare, strict=True)
        ],
    )


async def _delays(hass: HomeAssistant, plex: RemotePlex, count: int) -> list[float]:
    """Return the seconds that each of some starts took to become a state."""
    delays: list[float] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        now = monotonic()
        state = event.data["new_state"]
        # The list of what runs, and the events, say it too, but later.
        if state and state.state == "running" and "subtitle" in state.attributes:
            delays.append(now - float(state.attributes["subtitle"]))

    stop = hass.bus.async_listen("state_changed", note)
    await plex.tell("starts", count=count, every=EVERY)
    await until(lambda: len(delays) >= count)
    stop()
    return delays


def _summary(rounds: list[list[float]]) -> list[float]:
    """Return p50 and p99 in ms, of all rounds together: a p99 needs many."""
    delays = list(chain(*rounds))
    return [percentile(delays, percent) * 1e3 for percent in (50, 99)]
