"""Processes that take part in a measurement, and what they tell each other.

Home Assistant and the server that it watches must not share a thread, or each would be
charged with the other's time. A worker is a Python process that runs one function of
this package; both sides talk in lines of JSON.
"""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
import json
from pathlib import Path
import sys
from typing import Any, Self

PROJECT = Path(__file__).parents[2]
PATIENCE = 300
"""Seconds. Nothing waits for it in vain."""

type Told = Any
"""What JSON can hold."""
type Work = Callable[..., Awaitable[None]]


class Worker:
    """The side that asks: `async with Worker(function, **arguments) as worker`."""

    def __init__(self, function: Work, **arguments: Told) -> None:
        """Prepare to run a function, which stands in a module of its own."""
        self._name = f"{function.__module__}:{function.__name__}"
        self._arguments = arguments
        self._process: asyncio.subprocess.Process

    async def __aenter__(self) -> Self:
        """Start the process."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __spec__.name, self._name),
            json.dumps(self._arguments),
            cwd=PROJECT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=2**24,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """End it, whatever it does."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.communicate()

    async def hear(self) -> Told:
        """Wait for what it says next."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            line = await self._process.stdout.readline()
        if not line:
            said = (await self._process.stderr.read()).decode()
            raise RuntimeError(f"{self._name} ended:\n{said}")
        return json.loads(line)

    def say(self, told: Told) -> None:
        """Tell it something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(told).encode() + b"\n")

    async def ask(self, told: Told) -> Told:
        """Tell it something and wait for the answer."""
        self.say(told)
        return await self.hear()


class Asker:
    """The side that is asked, as its function sees it."""

    def __init__(self, answers: asyncio.StreamReader) -> None:
        """Read the other side's words from a stream."""
        self._answers = answers

    def say(self, told: Told) -> None:
        """Tell the other side something."""
        print(json.dumps(told), flush=True)

    async def hear(self) -> Told:
        """Wait for what the other side says next; None when it is gone."""
        line = await self._answers.readline()
        return json.loads(line) if line else None


async def _main(name: str, arguments: str) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    module, _, function = name.partition(":")
    work: Work = getattr(import_module(module), function)
    await work(Asker(reader), **json.loads(arguments))


if __name__ == "__main__":
    asyncio.run(_main(*sys.argv[1:]))
