"""What the tests of the recorder share: a server, a recording and the command."""

from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from hypothesis import settings
import pytest

from tests.simulator import DEFAULT_TOKEN, SimulatedPlex
from tests.simulator.recordings import HTTP, Recording

from .command import Start, start_in
from .recorded import recording, tell_a_story

# The same examples in every run: a test that has failed once fails again.
settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, print_blob=False
)
settings.load_profile("repeatable")


@pytest.fixture
async def plex() -> AsyncIterator[SimulatedPlex]:
    async with SimulatedPlex() as server:
        yield server


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    processes: list[Process] = []

    async def start(
        *arguments: str, token: str | None = DEFAULT_TOKEN, stdin: int = DEVNULL
    ) -> Process:
        process = await start_in(tmp_path, *arguments, token=token, stdin=stdin)
        processes.append(process)
        return process

    yield start
    for process in processes:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.fixture
async def rows(plex: SimulatedPlex) -> list[Recording]:
    """Return a recording of a short story, with something left to be listed."""
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
        count = tell_a_story(plex)
        plex.world.start_butler()
        await recorded.heard_on_both(count + 1)
        await recorded.heard(HTTP, len(recorded.of(HTTP)) + 2)
    return recorded.rows
