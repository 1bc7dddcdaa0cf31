"""Simulated servers in a process of their own, and the stories they tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from time import monotonic

from tests.simulator import SimulatedPlex
from tests.simulator.work import MOVIES

from .worker import Asker, Told, Worker

DOWNLOAD = "media.download"


@dataclass(frozen=True, slots=True)
class Address:
    """What one has to know of a server to set it up."""

    url: str
    token: str
    machine_identifier: str

    @classmethod
    def of(cls, plex: SimulatedPlex) -> Address:
        """Return the address of a server in this process."""
        return cls(plex.url, plex.token, plex.world.identity.machine_identifier)


class RemotePlex:
    """Servers in another process."""

    def __init__(self, worker: Worker, servers: list[Address]) -> None:
        """Talk to them through a worker."""
        self._worker = worker
        self.servers = servers

    async def tell(self, story: str, **arguments: Told) -> Told:
        """Have a story told, and return what is to be known of it."""
        return await self._worker.ask({"story": story, "arguments": arguments})


@asynccontextmanager
async def remote_plex(count: int = 1) -> AsyncIterator[RemotePlex]:
    """Start servers that are different ones."""
    async with Worker(serve, count=count) as worker:
        servers = [Address(**one) for one in await worker.hear()]
        yield RemotePlex(worker, servers)


async def serve(asker: Asker, count: int) -> None:
    """Tell stories for as long as somebody asks for them."""
    async with AsyncExitStack() as stack:
        plexes = []
        for number in range(count):
            plex = await stack.enter_async_context(SimulatedPlex(seed=number))
            plex.world.identity = replace(
                plex.world.identity, machine_identifier=f"{number:040x}"
            )
            plexes.append(plex)
        asker.say([asdict(Address.of(plex)) for plex in plexes])
        while asked := await asker.hear():
            story = STORIES[asked["story"]]
            told = [story(plex, **asked["arguments"]) for plex in plexes]
            asker.say(await asyncio.gather(*told))


async def scan(plex: SimulatedPlex, *, messages: int, seconds: float) -> int:
    """Scan a library as it was once recorded: a message for every file."""
    updates = messages - 2
    activity = plex.world.scan("1")
    begun = monotonic()
    for number in range(updates):
        await asyncio.sleep(begun + seconds * number / updates - monotonic())
        plex.world.progress_scan(
            activity,
            subtitle=MOVIES[number % len(MOVIES)],
            progress=number * 100 // updates,
        )
    plex.world.end(activity)
    return messages


async def bursts(plex: SimulatedPlex, *, count: int, lasting: float) -> int:
    """Do many short things, which all begin within a few seconds."""

    async def one(number: int) -> None:
        await asyncio.sleep(number * 0.02)
        activity = plex.world.start(DOWNLOAD, title=f"Downloading {number}")
        await asyncio.sleep(lasting)
        plex.world.end(activity)

    await asyncio.gather(*map(one, range(count)))
    return count


async def starts(plex: SimulatedPlex, *, count: int, every: float) -> int:
    """Start one thing after the other; the subtitle is the time of the start."""
    for _ in range(count):
        activity = plex.world.start(DOWNLOAD, subtitle=repr(monotonic()))
        await asyncio.sleep(every / 2)
        plex.world.end(activity)
        await asyncio.sleep(every / 2)
    return count


async def crowd(
    plex: SimulatedPlex, *, activities: int, a_second: float, seconds: float
) -> int:
    """Do many things at the same time that all have news several times a second."""
    running = [
        plex.world.start(DOWNLOAD, title=f"Downloading {number}")
        for number in range(activities)
    ]
    begun = monotonic()
    total = int(activities * a_second * seconds)
    for number in range(total):
        if (ahead := begun + number / (activities * a_second) - monotonic()) > 0:
            await asyncio.sleep(ahead)
        elif not number % 50:
            await asyncio.sleep(0)
        plex.world.update(
            running[number % activities],
            subtitle=f"Part {number // activities}",
            progress=min(99, number * 100 // total),
        )
    for activity in running:
        plex.world.end(activity)
    return total + 2 * activities


async def waits(plex: SimulatedPlex, *, streams: int) -> int:
    """Wait until somebody listens."""
    await plex.subscribers(streams, at_least=True)
    return len(plex.streams)


STORIES = {story.__name__: story for story in (scan, bursts, starts, crowd, waits)}
