"""Five servers that never stop talking: what is lost, and who has to wait for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from time import process_time

from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)

from .home import add_server, home, until
from .plex import remote_plex
from .report import Mark, Table, percentile
from .scale import Scale

SERVERS = 5
ACTIVITIES = 200
A_SECOND = 5
TICK = 0.005
# How long other parts of Home Assistant may have to wait for the event loop.
LONGEST_DELAY_MS = 20


async def load(scale: Scale) -> AsyncIterator[Table]:
    """Let everything talk at the same time, and look at how the loop fares."""
    seconds = scale.of(4, 30)
    async with remote_plex(SERVERS) as plex, home() as hass:
        entries = [await add_server(hass, server) for server in plex.servers]
        heard = _count_events(hass)
        delays: list[float] = []
        watch = asyncio.create_task(_watch_loop(delays))
        cpu = process_time()
        told = await plex.tell(
            "crowd", activities=ACTIVITIES, a_second=A_SECOND, seconds=seconds
        )
        await until(
            lambda: not any(entry.runtime_data.book.running for entry in entries)
        )
        cpu = process_time() - cpu
        watch.cancel()
        counters = [entry.runtime_data.client.counters for entry in entries]
        received = sum(counter.notifications for counter in counters)
    lost = sum(told) - received
    wanted = SERVERS * ACTIVITIES
    delay = percentile(delays, 99) * 1e3
    yield Table(
        title="Much at the same time",
        conditions=f"{SERVERS} servers in another process, each with {ACTIVITIES} "
        f"activities that have {A_SECOND} messages a second, for {seconds} s. The "
        f"loop's delay is by how much a sleep of {TICK * 1e3:g} ms takes longer.",
        columns=("", "value"),
        rows=(
            ("messages", received),
            ("messages a second", received / seconds),
            ("messages lost", lost),
            ("loop delay p50, ms", percentile(delays, 50) * 1e3),
            ("loop delay p99, ms", delay),
            ("loop delay, longest, ms", max(delays) * 1e3),
            ("CPU, share of one core", cpu / seconds),
        ),
        marks=(
            Mark("messages lost", lost, 0),
            Mark("starts and ends that were not told once", _missing(heard, wanted), 0),
            Mark("loop delay p99, ms", delay, LONGEST_DELAY_MS),
        ),
    )


def _count_events(hass: HomeAssistant) -> Counter[str]:
    """Count what the event entities tell of, by kind."""
    heard: Counter[str] = Counter()

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state and "observed" in state.attributes:
            heard[state.attributes["event_type"]] += 1

    hass.bus.async_listen("state_changed", note)
    return heard


def _missing(heard: Counter[str], wanted: int) -> int:
    ends = heard["finished"] + heard["cancelled"] + heard["interrupted"]
    return abs(wanted - heard["started"]) + abs(wanted - ends)


async def _watch_loop(delays: list[float]) -> None:
    """Note by how much every short sleep is too long."""
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        await asyncio.sleep(TICK)
        delays.append(max(0.0, loop.time() - begun - TICK))
