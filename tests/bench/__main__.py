"""Measures everything, or some of it: `scripts/bench` runs this.

Each measurement runs in a process of its own, one after the other, and compares within
one run: a machine's own speed and noise are on both sides of a ratio. The command fails
if a mark is missed.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from multiprocessing import get_context
import os
from pathlib import Path
import platform
import sys

from .measurements import MODULES, measure
from .report import Table
from .scale import Scale

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> int:
    """Measure, print, and return whether a mark was missed."""
    parser = ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"some of: {', '.join(MODULES)}")
    scale = parser.add_mutually_exclusive_group()
    for one, meaning in (
        (Scale.QUICK, "take less than a minute"),
        (Scale.LONG, "add a million odd inputs and a week"),
    ):
        name = f"--{one.value}"
        scale.add_argument(
            name, dest="scale", action="store_const", const=one, help=meaning
        )
    parser.add_argument("--write", action="store_true", help=f"renew {RESULTS.name}")
    parser.set_defaults(scale=Scale.FULL)
    options = parser.parse_args()
    if unknown := set(options.names) - set(MODULES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    lines = list(_conditions())
    print("\n".join(lines), flush=True)
    missed = False
    for table in _tables(options.names or list(MODULES), options.scale):
        text = ["", *table.markdown()]
        print("\n".join(text), flush=True)
        lines += text
        missed |= not all(mark.is_met for mark in table.marks)
    if options.write:
        RESULTS.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return int(missed)


def _tables(names: list[str], scale: Scale) -> Iterator[Table]:
    """Measure one after the other, each in a process that has done nothing before."""
    with ProcessPoolExecutor(
        max_workers=1, mp_context=get_context("spawn"), max_tasks_per_child=1
    ) as pool:
        for name in names:
            yield from pool.submit(measure, name, scale).result()


def _conditions() -> Iterator[str]:
    """Say when this was measured, and with what."""
    packages = ("homeassistant", "aiohttp", "orjson", "plexwebsocket", "PlexAPI")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    yield "# Results"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, by `scripts/bench {' '.join(sys.argv[1:])}`"
    yield f"on {os.cpu_count()} cores, Python {platform.python_version()}, {versions}."


if __name__ == "__main__":
    sys.exit(main())
