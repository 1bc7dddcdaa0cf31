"""One real scan, and many short activities: what each way costs, and what it sees."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
import sqlite3
from time import process_time
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.core import Event, HomeAssistant, callback

from .contenders import CONTENDERS
from .home import DATABASE, home
from .plex import Address, remote_plex
from .report import Mark, Table
from .scale import Scale
from .texts import SCAN_MESSAGES
from .worker import Asker, Worker

# The most rows that one scan may leave in the recorder's database.
MOST_ROWS = 110
SHORT = 200
LASTING = 0.3
COMMIT_INTERVAL = 1

type Result = dict[str, Any]


async def scan(scale: Scale) -> AsyncIterator[Table]:
    """Let all contenders watch the same server at the same time."""
    messages, seconds = scale.of((SCAN_MESSAGES // 12, 5), (SCAN_MESSAGES, 60))
    async with AsyncExitStack() as stack:
        plex = await stack.enter_async_context(remote_plex())
        (server,) = plex.servers
        workers = {}
        for name in scale.of(list(CONTENDERS)[1:4], list(CONTENDERS)):
            worker = Worker(contend, name=name, url=server.url, token=server.token)
            workers[name] = await stack.enter_async_context(worker)
        for worker in workers.values():
            await worker.hear()
        await _ask_all(workers, "begin")
        await plex.tell("scan", messages=messages, seconds=seconds)
        costs = await _ask_all(workers, "count")
        await plex.tell("bursts", count=SHORT, lasting=LASTING)
        seen = await _ask_all(workers, "seen")
        seen.pop("Home Assistant alone", None)
    yield _costs(costs, messages, seconds)
    yield _seen(seen)


async def _ask_all(workers: dict[str, Worker], told: str) -> dict[str, Any]:
    answers = await asyncio.gather(*(worker.ask(told) for worker in workers.values()))
    return dict(zip(workers, answers, strict=True))


def _costs(costs: dict[str, Result], messages: int, seconds: float) -> Table:
    ours, polled = costs["ours"], costs["`rest` sensor, every 2 s"]
    marks = [Mark("rows in the database", ours["rows"], MOST_ROWS)]
    if messages == SCAN_MESSAGES:  # of a shorter one, most are the start and the end
        share = ours["bytes"] / polled["bytes"]
        marks.append(Mark("bytes, in those of a poll every 2 s", share, 1))
    return Table(
        title="One scan of a library",
        conditions=f"{messages} messages in {seconds:g} s. Each way has a Home "
        "Assistant of its own with a recorder, all at the same time. Rows, and bytes "
        "of rows and indexes, are what the database grew by; CPU is the process's.",
        columns=("", "states written", "rows", "bytes", "CPU, s"),
        rows=[
            (name, cost["writes"], cost["rows"], cost["bytes"], cost["cpu"])
            for name, cost in costs.items()
        ],
        marks=marks,
    )


def _seen(seen: dict[str, int]) -> Table:
    return Table(
        title="What is seen of short activities",
        conditions=f"{SHORT} activities that start and end within {LASTING * 1e3:.0f} "
        "ms each, by the same contenders.",
        columns=("", "seen"),
        rows=list(seen.items()),
        marks=(Mark("seen by ours", seen["ours"], SHORT, is_at_least=True),),
    )


async def contend(asker: Asker, name: str, url: str, token: str) -> None:
    """Be one of the contenders, in a process of its own."""
    server = Address(url, token, machine_identifier=f"{0:040x}")
    config = {"recorder": {"commit_interval": COMMIT_INTERVAL}}
    async with home(config) as hass, CONTENDERS[name](hass, server) as seen:
        written = _count_writes(hass)
        asker.say("ready")
        await asker.hear()
        before = await _stored(hass)
        written.clear()
        seen.clear()
        cpu = process_time()
        asker.say("begun")
        await asker.hear()
        # What is due a while after the end belongs to the scan; a poll does not.
        await asyncio.sleep(2 * COMMIT_INTERVAL)
        seen.clear()
        cpu = process_time() - cpu
        writes = len(written)
        rows, size = await _stored(hass)
        asker.say(
            {
                "writes": writes,
                "rows": rows - before[0],
                "bytes": size - before[1],
                "cpu": cpu,
            }
        )
        await asker.hear()
        await asyncio.sleep(1)
        asker.say(len(seen))
        await asker.hear()


def _count_writes(hass: HomeAssistant) -> list[None]:
    written: list[None] = []

    @callback
    def note(_: Event[Any]) -> None:
        written.append(None)

    hass.bus.async_listen("state_changed", note)
    return written


async def _stored(hass: HomeAssistant) -> tuple[int, int]:
    """Return how many states the database holds, and its bytes."""
    await get_instance(hass).async_block_till_done()
    return await hass.async_add_executor_job(_look, Path(hass.config.path(DATABASE)))


def _look(database: Path) -> tuple[int, int]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    (rows,) = connection.execute("SELECT count(*) FROM states").fetchone()
    (size,) = connection.execute("SELECT sum(payload) FROM dbstat").fetchone()
    connection.close()
    return rows, size
