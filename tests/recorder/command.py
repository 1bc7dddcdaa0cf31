"""The recorder as a process of its own, for tests."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable
import os
from pathlib import Path
import sys
from typing import Protocol

from tests.simulator import DEFAULT_TOKEN, Transport

PROJECT = Path(__file__).parents[2]
FILE = "plex-recording.jsonl"


class Start(Protocol):
    """Starts the recorder in an empty folder."""

    def __call__(
        self, *arguments: str, token: str | None = DEFAULT_TOKEN, stdin: int = ...
    ) -> Awaitable[Process]:
        """Return the process; without a token it has to ask."""


async def start_in(
    folder: Path, *arguments: str, token: str | None, stdin: int
) -> Process:
    """Start the recorder in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    environment.pop("PLEX_TOKEN", None)
    if token is not None:
        environment["PLEX_TOKEN"] = token
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "tests.recorder",
        *arguments,
        cwd=folder,
        env=environment,
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
        # Without a terminal but for the one that it is given.
        start_new_session=True,
    )


async def said(process: Process) -> tuple[str, str]:
    """Return what a process says until its end, and what it complains of."""
    output, errors = await process.communicate()
    return output.decode(), errors.decode()


async def is_recording(process: Process) -> None:
    """Wait until both streams are open."""
    assert process.stdout is not None
    for _ in Transport:
        await process.stdout.readuntil(b" opened\n")


def files(folder: Path) -> set[str]:
    """Return the names of the files in a folder."""
    return {path.name for path in folder.iterdir()}
