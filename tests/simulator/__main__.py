"""Runs the simulator alone: `python -m tests.simulator --scenario lively`.

With `--replay FILE` it says instead what `scripts/record` has recorded.
"""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
import asyncio
import os
from pathlib import Path
import signal

from .recordings import RecordingError, read
from .replay import Replay
from .scenarios import SCENARIOS, Scenario
from .server import DEFAULT_TOKEN, SimulatedPlex
from .work import autopilot


def main() -> None:
    """Read the command line and run until interrupted."""
    parser = ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument(
        "--token", help=f"the owner's token; default: PLEX_TOKEN, or {DEFAULT_TOKEN}"
    )
    parser.add_argument("--name", help="the server's friendly name")
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--scenario", choices=SCENARIOS, default="lively")
    told.add_argument(
        "--replay",
        type=_replay,
        metavar="FILE",
        help="a recording: it begins when somebody listens",
    )
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="simulated seconds per real second"
    )
    asyncio.run(_run(parser.parse_args()))


async def _run(options: Namespace) -> None:
    """Serve until a signal comes; when the scenario is over, keep serving."""
    stopped = asyncio.Event()

    def failed(scenario: asyncio.Task[None]) -> None:
        if not scenario.cancelled() and scenario.exception() is not None:
            stopped.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    plex = SimulatedPlex(
        token=options.token or os.environ.get("PLEX_TOKEN", DEFAULT_TOKEN),
        host=options.host,
        port=options.port,
        speed=options.speed,
        autopilot=autopilot,
    )
    if options.name:
        plex.world.rename(options.name)
    plex.world.add_dvr()
    scenario_of: Scenario = options.replay or SCENARIOS[options.scenario]
    async with plex:
        print(f"Simulated Plex Media Server at {plex.url}", flush=True)
        scenario = plex.run(scenario_of(plex))
        scenario.add_done_callback(failed)
        await stopped.wait()


def _replay(text: str) -> Scenario:
    """Return the replay of a file."""
    try:
        return Replay(read(Path(text))).tell
    except RecordingError as err:
        raise ArgumentTypeError(str(err)) from None


def _speed(text: str) -> float:
    """Return a speed above zero."""
    if (speed := float(text)) <= 0:
        raise ArgumentTypeError("time has to pass")
    return speed


if __name__ == "__main__":
    main()
