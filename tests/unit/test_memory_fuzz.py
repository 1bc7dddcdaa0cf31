"""What is read back after a restart, whatever has become of it on the disk."""

from typing import Any

import pytest

from custom_components.plex_activities.memory import Memory, dump_memory, load_memory
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.remembered import MEMORY_PARSERS, Desk, written_down

MEMORY = written_down()
RUNNING = MEMORY["running"][0]


def test_whatever_is_on_the_disk_can_be_gone_on_with() -> None:
    """A set-up that fails on it would fail for ever."""
    result = fuzz(MEMORY_PARSERS, 1000, seed=1)
    assert result.failures == []
    assert result.tallies["memory"].understood > 900


def test_what_is_well_is_read_as_it_was_written() -> None:
    assert dump_memory(load_memory(MEMORY)) == MEMORY
    assert len(MEMORY["running"]) == 5


# What the fuzzer found.


@pytest.mark.parametrize(
    "data", [None, [], "memory", 7, {}, {"slots": None, "running": 7, "ended": {}}]
)
def test_what_is_no_memory_is_none(data: object) -> None:
    assert load_memory(data) == Memory()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "dancing"},
        {"state": ["running"]},
        {"state": None},
        {"state": "idle"},
        {"state": "finished"},
        {"ended_at": "2026-01-01T00:00:00+00:00"},
        {"started_at": "2026-01-01T00:00:00"},
        {"started_at": "2026-02-30T00:00:00+00:00"},
        {"started_at": "\ud83d"},
        {"started_at": 7},
        {"activity": {"type": "butler"}},
        {"activity": "butler"},
    ],
    ids=repr,
)
def test_a_run_that_cannot_be_read_is_forgotten_and_nothing_else(
    change: dict[str, Any],
) -> None:
    """It would be shown for ever, or fail the day that it ends."""
    others = MEMORY["running"][1:]
    memory = load_memory({**MEMORY, "running": [{**RUNNING, **change}, *others]})
    assert [run.activity.uuid for run in memory.running] == [
        row["activity"]["uuid"] for row in others
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": ["butler"]},
        {"ordinal": 0},
        {"ordinal": 5},
        {"ordinal": "1"},
        {"ordinal": [1]},
    ],
    ids=repr,
)
def test_a_slot_that_cannot_be_read_is_forgotten(change: dict[str, Any]) -> None:
    """Its sensor would have an id that no sensor has."""
    first, *others = MEMORY["slots"]
    memory = load_memory({**MEMORY, "slots": [{**first, **change}, *others, "slot"]})
    assert len(memory.shown) == len(others)


def test_what_a_slot_showed_last_is_over() -> None:
    """Nothing would ever end it."""
    slot = {"type": "butler", "section": None, "ordinal": 1}
    last = {**RUNNING, "slot": slot}
    memory = load_memory({"slots": [{**slot, "last": last}]})
    assert [*memory.shown.values()] == [None]


def test_what_is_there_twice_runs_once() -> None:
    """Otherwise the server would be busy for ever."""
    desk = Desk(load_memory({**MEMORY, "running": [RUNNING] * 3}))
    assert desk.book.busy_count == 1
    desk.see()
    assert desk.book.busy_count == 0


def test_what_runs_has_not_ended() -> None:
    """Its end would go unheard."""
    memory = load_memory({**MEMORY, "ended": [RUNNING["activity"]["uuid"], "b", [], 7]})
    assert memory.ended == ("b", "7")


def test_what_has_a_sensor_gets_no_second_one() -> None:
    memory = load_memory({"running": [{**RUNNING, "is_placed": False}]})
    assert memory.running[0].is_placed
