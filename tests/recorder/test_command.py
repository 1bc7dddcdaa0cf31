"""What a person sees of `scripts/record`, as a person starts it."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
import os
from pathlib import Path
import signal
import sys

import pytest

from tests.simulator import DEFAULT_TOKEN, SimulatedPlex, Transport
from tests.simulator.recordings import PAYLOADS, Recording, read, to_text

from .command import FILE, PROJECT, Start, files, is_recording, said
from .recorded import payloads, recording, tell_a_story


async def told_all(plex: SimulatedPlex) -> int:
    """Tell a story, and wait until somebody who polls has surely heard it."""
    count = tell_a_story(plex)
    asked = len(plex.requests.to("GET", "/activities"))
    await plex.requests.wait_for("GET", "/activities", count=asked + 3)
    return count


async def test_it_ends_by_itself_and_saves_what_it_heard(
    plex: SimulatedPlex, start: Start, tmp_path: Path
) -> None:
    plex.world.start_butler()
    output, errors = await said(await start(plex.url, "--for", "0.1", "--yes"))
    assert errors == ""
    assert output.endswith(f"Saved as {FILE}\n")
    rows = read(tmp_path / FILE)
    assert payloads(rows)[1]["MediaContainer"]["size"] == 1


async def test_ctrl_c_ends_it_and_loses_nothing(
    plex: SimulatedPlex, start: Start, tmp_path: Path
) -> None:
    process = await start(plex.url, "--every", "0.05", "--yes", "--output", "mine")
    await is_recording(process)
    count = await told_all(plex)
    process.send_signal(signal.SIGINT)
    output, errors = await said(process)
    assert (process.returncode, errors) == (0, "")
    assert f"  {count} messages on the WebSocket (opened: 1)\n" in output
    assert output.endswith("Saved as mine\n")
    rows = read(tmp_path / "mine")
    for transport in Transport:
        assert len(payloads(rows, transport)) == count


async def test_nothing_of_somebodys_is_shown_or_saved(
    plex: SimulatedPlex, start: Start, tmp_path: Path
) -> None:
    process = await start(plex.url, "--every", "0.05", "--yes")
    await is_recording(process)
    await told_all(plex)
    process.send_signal(signal.SIGINT)
    output, _ = await said(process)
    for text in (output, (tmp_path / FILE).read_text()):
        assert "Scanning" in text
        for private in (
            plex.token,
            plex.host,
            plex.world.identity.machine_identifier,
            plex.world.identity.friendly_name,
            "Movies",
            "Heat",
            "8201",
        ):
            assert private not in text


async def test_a_wrong_token_is_said(
    plex: SimulatedPlex, start: Start, tmp_path: Path
) -> None:
    process = await start(plex.url, "--yes", token="another")
    _, errors = await said(process)
    assert errors == "record: The server does not accept the token\n"
    assert process.returncode == 1
    assert files(tmp_path) == set()


async def test_a_server_that_is_not_there_is_said(
    plex: SimulatedPlex, start: Start
) -> None:
    async with plex.unreachable():
        _, errors = await said(await start(plex.url, "--yes"))
    assert errors == "record: The server refused the connection\n"


async def test_a_file_that_is_there_is_never_written_over(
    plex: SimulatedPlex, start: Start, tmp_path: Path
) -> None:
    """Nor is a server asked for what could not be saved."""
    (tmp_path / "mine").write_text("precious")
    process = await start(plex.url, "--yes", "--output", "mine")
    _, errors = await said(process)
    assert errors.startswith("record: mine is there already")
    assert (tmp_path / "mine").read_text() == "precious"
    assert len(plex.requests) == 0


async def test_a_folder_that_is_not_there_is_said_at_once(
    plex: SimulatedPlex, start: Start
) -> None:
    """And not when there is something to lose."""
    process = await start(plex.url, "--yes", "--output", "nowhere/mine")
    _, errors = await said(process)
    assert errors.startswith("record: nothing can be saved in ")
    assert len(plex.requests) == 0


async def test_the_usual_name_gets_a_number_if_it_is_taken(
    plex: SimulatedPlex, start: Start, tmp_path: Path
) -> None:
    names = [FILE, "plex-recording-2.jsonl"]
    for name in names:
        output, _ = await said(await start(plex.url, "--for", "0.01", "--yes"))
        assert output.endswith(f"Saved as {name}\n")
    assert files(tmp_path) == {*names}


async def test_a_recording_can_be_checked(start: Start, tmp_path: Path) -> None:
    process = await start("--check", str(PAYLOADS))
    output, errors = await said(process)
    assert (process.returncode, errors) == (1, "")
    assert "25 lines were compared" in output
    assert "5 lines are about something else, or XML" in output
    known = [row for row in read(PAYLOADS) if row.transport == "http-json"]
    (tmp_path / "known").write_text(to_text(known[1:4]))
    process = await start("--check", "known")
    output, _ = await said(process)
    assert process.returncode == 0
    assert output.endswith("\nNothing in them is new.\n")


async def test_what_is_no_recording_is_said(start: Start, tmp_path: Path) -> None:
    (tmp_path / "it").write_text("<html>")
    process = await start("--check", "it")
    _, errors = await said(process)
    assert process.returncode == 1
    assert errors == "record: it: line 1 is none of a recording\n"


@pytest.mark.parametrize("arguments", ["", "x --for 0", "x --for inf"])
async def test_what_makes_no_sense_is_said(start: Start, arguments: str) -> None:
    process = await start(*arguments.split())
    _, errors = await said(process)
    assert process.returncode == 2
    assert "usage: scripts/record" in errors


async def test_the_simulator_plays_a_file(
    rows: list[Recording], tmp_path: Path
) -> None:
    """As soon as somebody listens; the token is any, as for every simulator."""
    (tmp_path / FILE).write_text(to_text(rows))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.simulator",
        "--replay",
        tmp_path / FILE,
        cwd=PROJECT,
        env={**os.environ, "PLEX_TOKEN": DEFAULT_TOKEN},
        stdout=PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    async with recording(url) as recorded:
        for transport in Transport:
            await recorded.heard(transport, len(payloads(rows, transport)))
    process.terminate()
    assert await process.wait() == 0


async def test_it_takes_aiohttp_and_little_else() -> None:
    """Who reports a bug has no Home Assistant to import."""
    program = "import sys, tests.recorder.__main__; print(*sys.modules)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, cwd=PROJECT, stdout=PIPE
    )
    output, _ = await process.communicate()
    loaded = {name.partition(".")[0] for name in output.decode().split()}
    assert "aiohttp" in loaded
    assert not {"homeassistant", "pytest", "hypothesis", "orjson"} & loaded


async def test_the_script_saves_where_it_was_called(
    plex: SimulatedPlex, tmp_path: Path
) -> None:
    process = await asyncio.create_subprocess_exec(
        PROJECT / "scripts" / "record",
        plex.url,
        "--for",
        "0.01",
        "--yes",
        cwd=tmp_path,
        env={
            **os.environ,
            "PLEX_TOKEN": plex.token,
            # Where it finds what it takes, even without the project's environment.
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
        stdin=DEVNULL,
        stdout=PIPE,
    )
    output, _ = await process.communicate()
    assert output.decode().endswith(f"Saved as {FILE}\n")
    assert (tmp_path / FILE).exists()
