"""A person is asked, and nobody else is."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import os
from pathlib import Path

import pytest

from tests.simulator import DEFAULT_TOKEN, SimulatedPlex

from .command import FILE, Start, files, said


@pytest.mark.parametrize(
    ("arguments", "token", "why"),
    [
        ([], DEFAULT_TOKEN, "nobody can be asked here"),
        (["--yes"], None, "put it into the environment as PLEX_TOKEN"),
    ],
    ids=["whether to save", "for the token"],
)
async def test_nobody_is_asked_where_nobody_is(
    plex: SimulatedPlex,
    start: Start,
    arguments: list[str],
    token: str | None,
    why: str,
) -> None:
    """In a script, it would wait for ever, or lose what it has recorded."""
    _, errors = await said(await start(plex.url, *arguments, token=token))
    assert why in errors
    assert len(plex.requests) == 0


@contextmanager
def terminal() -> Iterator[tuple[int, int]]:
    """Return where a person types, and what a process reads from."""
    person, process = os.openpty()
    try:
        yield person, process
    finally:
        os.close(person)
        os.close(process)


def read_from(terminal: int) -> bytes:
    """Return what a person has seen on a terminal so far."""
    os.set_blocking(terminal, False)
    with suppress(BlockingIOError):
        return os.read(terminal, 1000)
    return b""


@pytest.mark.parametrize(
    ("reply", "end"),
    [
        (b"y\n", f"Saved as {FILE}\n"),
        (b"n\n", "Nothing was saved.\n"),
        (b"\n", "Nothing was saved.\n"),
        (b"\x04", "\nNothing was saved.\n"),
    ],
    ids=["yes", "no", "enter", "end of file"],
)
async def test_a_person_is_asked_for_the_token_and_before_it_is_saved(
    plex: SimulatedPlex,
    start: Start,
    tmp_path: Path,
    reply: bytes,
    end: str,
) -> None:
    """The token is not shown as it is typed."""
    with terminal() as (person, stdin):
        process = await start(plex.url, "--for", "0.01", token=None, stdin=stdin)
        assert process.stdout is not None
        assert process.stderr is not None
        await process.stderr.readuntil(b"(it is not shown): ")
        os.write(person, f"{plex.token}\n".encode())
        shown = await process.stdout.readuntil(b"Save it? [y/N] ")
        os.write(person, reply)
        output, errors = await said(process)
        echoed = read_from(person)
    assert output == end
    assert (FILE in files(tmp_path)) == end.startswith("Saved")
    for text in (shown, output.encode(), errors.encode(), echoed):
        assert plex.token.encode() not in text
