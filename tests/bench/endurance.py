"""What holds for a moment, tried for long: odd inputs by the million, and days."""

import asyncio
from collections.abc import AsyncIterator, Mapping
import json
import os
import sys
from tempfile import NamedTemporaryFile
from typing import Any

from tests.fuzz.fuzzing import fuzz
from tests.fuzz.parsers import CLIENT_PARSERS
from tests.fuzz.remembered import MEMORY_PARSERS

from .home import PROJECT
from .report import Mark, Table
from .scale import Scale

SEED = 20261123
# Objects of Python's that may be more at the end than when the fuzzer was warm.
MOST_BLOCKS = 5_000
SOAK = "tests/integration/test_soak.py"

type Counted = dict[str, Any]


async def odd_inputs(scale: Scale) -> AsyncIterator[Table]:
    """Feed every parser with mutants of what was recorded."""
    inputs = scale.of(5_000, 50_000, 1_000_000)
    result = fuzz({**CLIENT_PARSERS, **MEMORY_PARSERS}, inputs, SEED)
    yield Table(
        title="Odd inputs",
        conditions=f"{inputs:,} mutants of recorded payloads, seed {SEED}, in turn to "
        f"every parser; {result.seconds:.0f} s of CPU. Growth is that of the last "
        "three quarters, in blocks of Python's allocator.",
        columns=("parser", "inputs", "of them understood", "slowest, ms"),
        rows=[
            (name, tally.inputs, tally.understood, tally.slowest * 1e3)
            for name, tally in result.tallies.items()
        ],
        marks=(
            Mark("promises broken", len(result.failures), 0),
            Mark("growth, blocks", result.blocks_grown, MOST_BLOCKS),
        ),
    )


async def days(scale: Scale) -> AsyncIterator[Table]:
    """Let days pass; a test that knows how finds what they leave behind."""
    wanted = scale.of(0, 1, 7)
    if not wanted:
        return
    passed, soak = await _soak(wanted)
    counts, before, after = soak["counts"], soak["idle"][0], soak["idle"][-1]
    yield Table(
        title="Days on end",
        conditions=f"{soak['days']} days of a server in {soak['seconds']:.0f} s, each "
        "with a restart, lost streams, reloads and cancels. First what happened; then "
        "what there was, idle, before and after.",
        columns=("", "before", "after"),
        rows=[
            *((f"{name} that happened", "", counts[name]) for name in counts),
            ("mistakes in what was announced", "", len(soak["mistakes"])),
            *((name, _total(before[name]), _total(after[name])) for name in after),
        ],
        marks=(Mark("tests that found something", int(not passed), 0),),
    )


async def _soak(wanted: int) -> tuple[bool, Counted]:
    with NamedTemporaryFile("r", encoding="utf-8") as result:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "pytest", "--quiet", SOAK),
            cwd=PROJECT,
            env={**os.environ, "SOAK_DAYS": str(wanted), "SOAK_RESULT": result.name},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        if not (counted := result.read()):
            raise RuntimeError(f"{SOAK} came to no result:\n{said.decode()}")
        return process.returncode == 0, json.loads(counted)


def _total(counted: int | Mapping[str, int]) -> int:
    return counted if isinstance(counted, int) else sum(counted.values())
