"""Everything that is measured, by name, in the order in which it is reported."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from importlib import import_module
import logging

from .report import Table
from .scale import Scale

type Measurement = Callable[[Scale], AsyncIterator[Table]]

# The modules are imported where they are needed: one imports half of Home Assistant,
# another a browser's driver.
MODULES: Mapping[str, str] = {
    "without_a_write": "message_cost",
    "with_a_write": "message_cost",
    "scan": "scan",
    "latency": "latency",
    "load": "load",
    "start": "start",
    "memory": "start",
    "card": "card",
    "odd_inputs": "endurance",
    "days": "endurance",
}


def measure(name: str, scale: Scale) -> list[Table]:
    """Measure one of them, in the process that this is."""
    logging.basicConfig(level=logging.ERROR)
    module = import_module(f".{MODULES[name]}", __package__)
    return asyncio.run(_gather(getattr(module, name), scale))


async def _gather(measurement: Measurement, scale: Scale) -> list[Table]:
    return [table async for table in measurement(scale)]
