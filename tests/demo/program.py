"""A program that runs beside the demo, and never longer than it."""

import asyncio
from contextlib import suppress
import os
from pathlib import Path
import signal
import socket
import sys
from typing import Self

from .patience import MissingError

STOPPING = 20
"""Seconds a program gets to stop by itself. Home Assistant takes two or three."""
LAST_LINES = 25


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def is_taken(port: int) -> bool:
    """Return whether somebody listens on a port."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return True
    return False


class Program:
    """A Python module that runs: `async with Program("hass", log, "-m", ...)`.

    It leads a session of its own. So Ctrl-C in the terminal reaches only the demo,
    which then stops what it has started, in order; and what the program has started
    itself is stopped with it.
    """

    def __init__(self, name: str, log: Path, *arguments: str, cwd: Path) -> None:
        """Prepare to run Python with these arguments."""
        self.name = name
        self._log = log
        self._arguments = arguments
        self._cwd = cwd
        self._process: asyncio.subprocess.Process | None = None

    @property
    def output(self) -> str:
        """Return what it has printed."""
        return self._log.read_text(errors="replace")

    async def __aenter__(self) -> Self:
        """Start."""
        output = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._arguments,
                cwd=self._cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            os.close(output)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop, whatever happened, and by force if it takes too long."""
        assert self._process is not None
        self._signal(signal.SIGTERM)
        with suppress(TimeoutError):
            async with asyncio.timeout(STOPPING):
                await self._process.wait()
        self._signal(signal.SIGKILL)
        await self._process.wait()

    @property
    def status(self) -> int | None:
        """Return the exit status, once it has ended."""
        return None if self._process is None else self._process.returncode

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            os.killpg(self._process.pid, number)

    async def watch(self) -> None:
        """Wait for its end, which nobody asked for."""
        assert self._process is not None
        status = await self._process.wait()
        raise MissingError(f"{self.name}: it ended by itself, with status {status}")

    @property
    def last_words(self) -> str:
        """Return the last lines of what it printed."""
        lines = self.output.splitlines()[-LAST_LINES:]
        return "\n".join([f"{self.name} said last:", *(f"  {line}" for line in lines)])
