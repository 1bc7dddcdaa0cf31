"""What one message costs, from its text to the last of those who wanted to know."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Any

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import UnitOfRatio
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.entity_component import DATA_INSTANCES
import orjson

from custom_components.plex_activities.runs import NO_ATTRIBUTES, RunState
from tests.simulator import SimulatedPlex

from .home import add_server, home
from .plex import Address
from .report import Mark, Table, ratio
from .scale import Scale
from .texts import (
    SCAN_MESSAGES,
    Received,
    texts_of_a_detection,
    texts_of_a_leaping_scan,
    texts_of_a_scan,
    texts_of_starts,
)

NEVER = 3600.0
"""Seconds between two writes: none is due while the clock runs."""
RUNNING = (1, 10, 100, 1000)

type Work = Callable[[], None]


async def without_a_write(scale: Scale) -> AsyncIterator[Table]:
    """Measure messages that change nothing that is shown yet, much running beside."""
    rounds = scale.of(40, 200)
    texts = texts_of_a_scan()

    def parse() -> None:
        for text in texts:
            orjson.loads(text)

    works: dict[str, Work] = {"orjson.loads of the same text": parse}
    async with AsyncExitStack() as stack:
        hass = await stack.enter_async_context(_patient_home(NEVER))
        for number in RUNNING:
            received = await stack.enter_async_context(_server(hass, number))
            received.hand_over(texts_of_starts(number - 1))
            received.hand_over(texts)
            await hass.async_block_till_done()
            works[f"ours, {number} running"] = partial(received.hand_over, texts)
        times = _take_turns(works, rounds)
    floor, *ours = times.values()
    alone, crowded = ours[0], ours[-1]
    yield Table(
        title="One message, no write due",
        conditions=f"The {SCAN_MESSAGES} messages of a scan in turn with "
        f"`orjson.loads`, {rounds} rounds; medians. From the text to the sensors.",
        columns=("", "µs a message", "in `orjson.loads`"),
        rows=_rows(times, len(texts), floor),
        marks=(
            Mark("a message, in `orjson.loads` of its text", ratio(alone, floor), 5),
            Mark("with 1,000 running, in one with 1", ratio(crowded, alone), 1.1),
        ),
    )


async def with_a_write(scale: Scale) -> AsyncIterator[Table]:
    """Measure messages that are shown at once."""
    rounds, messages = scale.of(15, 60), 500
    detection = texts_of_a_detection(messages)
    scan = texts_of_a_leaping_scan(messages)
    async with _patient_home(0) as hass, _server(hass, 1) as received:
        for texts in (detection, scan):
            received.hand_over(texts)
            await hass.async_block_till_done()
        bare = await _bare_sensors(hass)
        works: dict[str, Work] = {
            "floor, one sensor": lambda: _write_bare(bare[:1], detection[1:]),
            "ours, one sensor": lambda: received.hand_over(detection[1:]),
            "floor, two sensors": lambda: _write_bare(bare, scan[1:]),
            "ours, two sensors": lambda: received.hand_over(scan[1:]),
        }
        for name, work in works.items():
            wanted = (messages - 1) * (2 if "two" in name else 1)
            written = _writes(hass, work)
            assert written == wanted, (name, written)
        times = _take_turns(works, rounds)
    one_bare, one, two_bare, two = times.values()
    yield Table(
        title="One message, a write due",
        conditions="The floor is `orjson.loads` and `async_write_ha_state` of bare "
        "sensors with the same attributes. Work without a progress writes one sensor, "
        f"a scan two. {rounds} rounds of {messages} messages in turn; medians.",
        columns=("", "µs a message", "in the floor of one sensor"),
        rows=_rows(times, messages - 1, one_bare),
        marks=(
            Mark("one sensor, in its floor", ratio(one, one_bare), 1.5),
            Mark("two sensors, in their floor", ratio(two, two_bare), 1.5),
        ),
    )


@asynccontextmanager
async def _patient_home(writes: float) -> AsyncIterator[HomeAssistant]:
    """Start Home Assistant, in which nothing is polled while the clock runs."""
    async with home(
        poll_with_stream=timedelta(hours=1),
        poll_without_stream=timedelta(hours=1),
        write_progress=writes,
        write_subtitle=writes,
    ) as hass:
        yield hass


@asynccontextmanager
async def _server(hass: HomeAssistant, number: int) -> AsyncIterator[Received]:
    """Set up a server, and take the place of its stream."""
    async with SimulatedPlex() as plex:
        plex.world.identity = replace(
            plex.world.identity, machine_identifier=f"{number:040x}"
        )
        entry = await add_server(hass, Address.of(plex))
        await entry.runtime_data.async_stop_listening()
        yield Received(entry.runtime_data.listener)
        await hass.config_entries.async_unload(entry.entry_id)


class BareState(SensorEntity):
    """A sensor with a state and attributes that it has been given."""

    _attr_name = "Bare state"
    _attr_unique_id = "bare_state"
    _attr_should_poll = False
    _attr_device_class = SensorDeviceClass.ENUM
    _attr_options = [state.value for state in RunState]  # noqa: RUF012 (as HA types it)


class BareNumber(SensorEntity):
    """A sensor with a number that it has been given."""

    _attr_name = "Bare number"
    _attr_unique_id = "bare_number"
    _attr_should_poll = False
    _attr_native_unit_of_measurement = UnitOfRatio.PERCENTAGE


async def _bare_sensors(hass: HomeAssistant) -> tuple[BareState, BareNumber]:
    sensors = BareState(), BareNumber()
    await hass.data[DATA_INSTANCES]["sensor"].async_add_entities(sensors)
    return sensors


def _write_bare(sensors: Sequence[SensorEntity], texts: Sequence[bytes]) -> None:
    """Write every text's state, and its number if there is somebody to show it."""
    state, *numbers = sensors
    for text in texts:
        payload = orjson.loads(text)
        row = payload["NotificationContainer"]["ActivityNotification"][0]["Activity"]
        state._attr_native_value = "running"
        state._attr_extra_state_attributes = {**NO_ATTRIBUTES, **row}
        state.async_write_ha_state()
        for number in numbers:
            number._attr_native_value = row["progress"]
            number.async_write_ha_state()


def _writes(hass: HomeAssistant, work: Work) -> int:
    """Return how many states some work writes."""
    written = 0

    @callback
    def count(_: Event[Any]) -> None:
        nonlocal written
        written += 1

    stop = hass.bus.async_listen("state_changed", count)
    work()
    stop()
    return written


def _take_turns(works: dict[str, Work], rounds: int) -> dict[str, list[float]]:
    """Return how long each took in every round."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = perf_counter()
            work()
            times[name].append(perf_counter() - start)
    return times


def _rows(
    times: dict[str, list[float]], messages: int, floor: Sequence[float]
) -> list[tuple[str, float, float]]:
    return [
        (name, sorted(took)[len(took) // 2] / messages * 1e6, ratio(took, floor))
        for name, took in times.items()
    ]
