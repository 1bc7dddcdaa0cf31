"""Records what a Plex Media Server says about its activities, for a bug report.

The token is read from the environment variable PLEX_TOKEN, or asked for. Titles, names,
folders, ids and addresses are replaced before anything is saved, and you are shown what
is left.
"""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
import asyncio
from contextlib import suppress
from getpass import getpass
from itertools import count
import os
from pathlib import Path
import signal
import sys
from typing import Never

from custom_components.plex_activities.client import PlexError
from tests.simulator.recordings import (
    ENDED,
    FAILED,
    HTTP,
    OPENED,
    RecordingError,
    read,
    to_text,
)

from .anonymiser import Anonymiser, anonymised
from .capture import Wanted, capture
from .drift import drift
from .summary import summary
from .tape import Hear, Heard, Tape

DEFAULT_NAME = "plex-recording.jsonl"
DEFAULT_SECONDS = 300.0


def main() -> None:
    """Read the command line, and do what it says."""
    parser = _parser()
    options = parser.parse_args()
    # A shell lets what it runs in the background ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if options.check is not None:
        _check(options.check)
    elif options.url is None:
        parser.error("the address of a server is needed")
    else:
        _record(options)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="scripts/record", description=__doc__)
    parser.add_argument("url", nargs="?", help="such as http://192.168.1.2:32400")
    parser.add_argument(
        "--for",
        dest="seconds",
        type=_seconds,
        default=DEFAULT_SECONDS,
        metavar="SECONDS",
        help="default: %(default)g; Ctrl-C ends it earlier, and loses nothing",
    )
    parser.add_argument(
        "--every",
        type=_seconds,
        default=5.0,
        metavar="SECONDS",
        help="how often to ask for the list of activities; default: %(default)g",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help=f"a new file; default: {DEFAULT_NAME}, with a number if there is one",
    )
    parser.add_argument(
        "--no-verify-ssl",
        action="store_true",
        help="do not verify the server's certificate",
    )
    parser.add_argument("--yes", action="store_true", help="save without asking")
    parser.add_argument(
        "--check",
        type=Path,
        metavar="FILE",
        help="record nothing; tell what in a recording is unknown to this project",
    )
    return parser


def _record(options: Namespace) -> None:
    """Record, show what there is, and save it."""
    output: Path | None = options.output
    if output is not None and output.exists():
        _stop(f"{output} is there already: please name another file")
    folder = (output or Path(DEFAULT_NAME)).parent
    if not os.access(folder, os.W_OK):
        _stop(f"nothing can be saved in {folder.absolute()}")
    if not (options.yes or sys.stdin.isatty()):
        _stop("nobody can be asked here: --yes saves without asking")
    token = _token()
    tape = Tape(_teller(options.seconds))
    wanted = Wanted(
        url=options.url,
        token=token,
        verify_ssl=not options.no_verify_ssl,
        seconds=options.seconds,
        ask_every=options.every,
    )
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(capture(wanted, tape))
    except PlexError as err:
        _stop(str(err))
    if not len(tape):
        _stop("it ended before the server had said anything")
    anonymiser = Anonymiser(token)
    rows = list(anonymised(tape, anonymiser))
    # Before a word is said about it: who reads that may have left.
    saved = _save(output, to_text(rows)) if options.yes else None
    for line in summary(rows, anonymiser):
        print(line)
    if saved is None and _agreed():
        saved = _save(output, to_text(rows))
    print("Nothing was saved." if saved is None else f"Saved as {saved}")


def _token() -> str:
    """Return the token. One that is not there may not be needed."""
    if (token := os.environ.get("PLEX_TOKEN")) is not None:
        return token.strip()
    if not sys.stdin.isatty():
        _stop("the token is needed: put it into the environment as PLEX_TOKEN")
    try:
        return getpass("Plex token (it is not shown): ").strip()
    except EOFError, KeyboardInterrupt:
        _stop("there is no token")


def _teller(seconds: float) -> Hear:
    """Return what says how the streams do, while there is nothing else to see."""
    last: dict[str, str] = {}

    def tell(heard: Heard) -> None:
        if heard.transport == HTTP or heard.kind not in {ENDED, FAILED, OPENED}:
            return
        if not last:
            print(f"Recording for {seconds:g} s. Ctrl-C ends it earlier.", flush=True)
        status = heard.status and f"status {heard.status}"
        why = "".join(f": {said}" for said in (status, heard.note) if said)
        line = f"{heard.transport} {heard.kind}{why}"
        if last.get(heard.transport) != line:
            print(f"  {heard.at:6.1f} s  {line}", flush=True)
        last[heard.transport] = line

    return tell


def _agreed() -> bool:
    """Ask whether that may be saved."""
    with suppress(EOFError, KeyboardInterrupt):
        return input("Save it? [y/N] ").strip().lower() in {"y", "yes"}
    print()
    return False


def _save(wanted: Path | None, text: str) -> Path:
    """Write a file that was not there, and return which."""
    name = wanted or Path(DEFAULT_NAME)
    others = (name.with_stem(f"{name.stem}-{number}") for number in count(2))
    path = name
    while True:
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            path = next(others)
        else:
            return path


def _check(path: Path) -> None:
    """Tell what is unknown; exit with 1 if anything is."""
    try:
        rows = read(path)
    except RecordingError as err:
        _stop(str(err))
    result = asyncio.run(drift(rows))
    for finding in result.findings.values():
        print(finding)
    print(f"{result.compared} lines were compared with what this project knows.")
    if result.other:
        print(f"{result.other} lines are about something else, or XML.")
    if result.findings:
        sys.exit(1)
    print("Nothing in them is new.")


def _seconds(text: str) -> float:
    """Return a time that is one."""
    if not 0 < (seconds := float(text)) < float("inf"):
        raise ArgumentTypeError("time has to pass")
    return seconds


def _stop(why: str) -> Never:
    sys.exit(f"record: {why}")


if __name__ == "__main__":
    main()
