"""Shows the integration in a real Home Assistant, on a simulated Plex Media Server."""

from argparse import ArgumentParser, Namespace
import asyncio
from collections.abc import Coroutine
from pathlib import Path
import signal
import sys

from .check import check
from .home_assistant import PASSWORD, USER
from .patience import MissingError, Patience, say
from .program import free_port
from .stage import stage

PORT = 8123
CHECK_WITHIN = 110
START_WITHIN = 180
"""Seconds. A person can also press Ctrl-C."""


def main() -> None:
    """Read the command line, and exit with 1 if something was missing."""
    parser = ArgumentParser(prog="scripts/demo", description=__doc__)
    modes = parser.add_mutually_exclusive_group()
    modes.add_argument(
        "--check", action="store_true", help="without a person: print what is seen"
    )
    modes.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="take a picture with Chromium"
    )
    parser.add_argument(
        "--port",
        type=int,
        help=f"of the web page; default: {PORT}, and a free one where nobody looks",
    )
    options = parser.parse_args()
    try:
        asyncio.run(_until_signal(_demo(options)))
    except MissingError as missing:
        sys.exit(f"missing: {missing}")
    except asyncio.CancelledError:
        if options.check or options.screenshot:
            sys.exit("missing: the rest, because it was stopped")


async def _demo(options: Namespace) -> None:
    """Do what was asked for."""
    if options.check:
        await check(Patience(CHECK_WITHIN), options.port or free_port())
    elif options.screenshot:
        from .picture import take_picture  # noqa: PLC0415 (it takes seconds to load)

        patience = Patience(START_WITHIN)
        await take_picture(options.screenshot, patience, options.port or free_port())
    else:
        await _show(Patience(START_WITHIN), options.port or PORT)


async def _show(patience: Patience, port: int) -> None:
    """Keep the demo up until somebody has seen enough."""
    async with stage(patience, port) as ready:
        say(f"\n  {ready.dashboard_url}   user {USER}, password {PASSWORD}")
        say(f"  {ready.folder} has the logs")
        say("  Ctrl-C stops everything, and nothing of it remains\n")
        await asyncio.Event().wait()


async def _until_signal(demo: Coroutine[None, None, None]) -> None:
    """Run, and on the first signal stop in an orderly way."""
    task = asyncio.create_task(demo)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if not task.cancelling():
            say("stopping")
            task.cancel()

    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await task


if __name__ == "__main__":
    main()
