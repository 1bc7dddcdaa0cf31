"""Which sensor shows which activity."""

import pytest

from custom_components.plex_activities.slots import (
    MAX_KINDS,
    MAX_ORDINAL,
    Kind,
    Slot,
    SlotTable,
)

SCAN = "library.update.section"
CREDITS = Kind("media.generate.credits")


@pytest.mark.parametrize(
    ("slot", "suffix"),
    [
        pytest.param(Slot(Kind.of("butler", None)), "butler", id="plain"),
        pytest.param(Slot(Kind.of("butler", "3")), "butler", id="library-not-counted"),
        pytest.param(Slot(Kind.of(SCAN, "3")), f"{SCAN}_3", id="scan"),
        pytest.param(Slot(Kind.of(SCAN, None)), f"{SCAN}_none", id="scan-of-none"),
        pytest.param(Slot(Kind.of(SCAN, "3"), 2), f"{SCAN}_3_2", id="second-scan"),
        pytest.param(Slot(Kind.of("butler", None), 4), "butler_4", id="fourth"),
    ],
)
def test_a_slot_is_identified_by_what_the_work_is_about(
    slot: Slot, suffix: str
) -> None:
    """Unique ids are made of it, and dashboards of those."""
    assert slot.suffix == suffix


def test_an_odd_type_cannot_pose_as_another_slot() -> None:
    """Two entities with one unique id would be one entity too few."""
    assert Slot(Kind.of("butler_2", None)).suffix != Slot(CREDITS, 2).suffix
    assert "_" not in Kind.of("a_b<c>/d", None).type
    assert Kind.of(SCAN, "3_2") == Kind.of(SCAN, "3-2")


def test_the_first_free_ordinal_is_reused_first() -> None:
    """Else the sensors of a busy night would be numbered at random."""
    table = SlotTable()
    slots = [table.take(CREDITS, str(number)) for number in range(3)]
    assert [slot and slot.ordinal for slot in slots] == [1, 2, 3]
    assert table.free(Slot(CREDITS, 2)) is None
    assert table.free(Slot(CREDITS, 1)) is None
    assert table.take(CREDITS, "again") == Slot(CREDITS, 1)
    assert table.take(CREDITS, "once more") == Slot(CREDITS, 2)


def test_who_finds_no_slot_gets_the_next_that_becomes_free() -> None:
    """An activity is without a sensor only while its kind has no free ordinal."""
    table = SlotTable()
    for number in range(MAX_ORDINAL):
        table.take(CREDITS, str(number))
    assert table.take(CREDITS, "fifth") is None
    assert table.take(CREDITS, "sixth") is None
    assert table.free(Slot(CREDITS, 3)) == "fifth"
    assert table.free(Slot(CREDITS, 3)) == "sixth"
    assert table.free(Slot(CREDITS, 3)) is None


def test_who_ended_while_waiting_gets_nothing() -> None:
    """A slot that shows what is over would block it for good."""
    table = SlotTable()
    for number in range(MAX_ORDINAL):
        table.take(CREDITS, str(number))
    table.take(CREDITS, "fifth")
    table.stop_waiting(CREDITS, "fifth")
    table.stop_waiting(Kind("butler"), "never waited")
    assert table.free(Slot(CREDITS, 1)) is None


def test_a_reserved_slot_is_not_given_away() -> None:
    """What ran before a restart of Home Assistant still holds its slot."""
    table = SlotTable()
    table.reserve(Slot(CREDITS, 1))
    assert table.take(CREDITS, "new") == Slot(CREDITS, 2)


def test_a_server_that_makes_up_types_fills_no_registry() -> None:
    """Nothing that a server sends may grow without bound."""
    table = SlotTable()
    for number in range(MAX_KINDS):
        assert table.take(Kind(f"type.{number}"), str(number))
    assert table.take(Kind("one.too.many"), "last") is None
    assert table.take(Kind("type.0"), "a known one") == Slot(Kind("type.0"), 2)
