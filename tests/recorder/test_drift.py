"""What is new in a recording is found, and nothing that is not."""

from math import inf

import pytest

from tests.simulator import SimulatedPlex, Transport
from tests.simulator.models import Payload
from tests.simulator.payloads import activity_payload
from tests.simulator.recordings import (
    ACTIVITIES,
    HTTP,
    PAYLOADS,
    SAID,
    UNREADABLE,
    Recording,
    read,
)
from tests.simulator.scenarios import Scenario, big_scan, night

from .drift import drift
from .known import known
from .recorded import on_both, recording


async def found(*rows: Recording) -> list[tuple[str, str]]:
    """Return where something is new, and what it is."""
    result = await drift(rows)
    return [(one.where, one.what) for one in result.findings]


def row() -> Payload:
    """Return an activity that has nothing new."""
    plex = SimulatedPlex()
    return activity_payload(
        plex.world.start("library.update.section", title="Scanning", progress=7)
    )


def listed(**changes: object) -> Recording:
    """Return a list of an activity that has something else."""
    return Recording(
        transport=HTTP,
        kind=SAID,
        path=ACTIVITIES,
        payload={"MediaContainer": {"size": 1, "Activity": [row() | changes]}},
    )


def told(transport: str, **changes: object) -> Recording:
    """Return a message about an activity, itself changed."""
    said = {"event": "updated", "uuid": row()["uuid"], "Activity": row()} | changes
    payload: Payload = {"event": "activity", "data": {"ActivityNotification": said}}
    if transport == Transport.WEBSOCKET:
        content = {"type": "activity", "size": 1, "ActivityNotification": [said]}
        payload = {"NotificationContainer": content}
    return Recording(transport=transport, kind=SAID, payload=payload)


@pytest.mark.parametrize("scenario", [night, big_scan])
async def test_nothing_is_new_in_what_the_simulator_says(scenario: Scenario) -> None:
    """Whatever it says: only a real server can surprise us."""
    count = 0

    def heard(_: object) -> None:
        nonlocal count
        count += 1

    async with SimulatedPlex(speed=inf) as plex, recording(plex.url) as recorded:
        await plex.subscribers(2)
        plex.world.subscribe(lambda one: heard(one) if one.type == "activity" else None)
        await scenario(plex)
        await recorded.heard_on_both(count)
    assert await found(*recorded.rows) == []


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"nickname": "text-1"}, "nickname", "a field that is new, text"),
        ({"parent": None}, "parent", "a field that is new, null"),
        ({"Children": [{"a": 1}]}, "Children", "a field that is new, a list"),
        ({"title": ["text-1"]}, "title", "a shape that is new, a list"),
        ({"title": None}, "title", "a shape that is new, null"),
        ({"progress": "66"}, "progress", "a shape that is new, a number as text"),
        (
            {"progress": 250},
            "progress",
            "a shape that is new, a number outside -1 to 100",
        ),
        ({"cancellable": "1"}, "cancellable", "a shape that is new, a number as text"),
        ({"cancellable": 0}, "cancellable", "a shape that is new, a whole number"),
        ({"uuid": "7251fc2d"}, "uuid", "a shape that is new, a hexadecimal id"),
        ({"uuid": 7}, "uuid", "a shape that is new, a whole number"),
        ({"Context": []}, "Context", "a shape that is new, a list"),
        (
            {"Context": {"librarySectionID": 3}},
            "Context.librarySectionID",
            "a shape that is new, a whole number",
        ),
        (
            {"Context": {"deviceID": "text-1"}},
            "Context.deviceID",
            "a field that is new, text",
        ),
        ({"Response": {"ok": True}}, "Response.ok", "a field that is new, yes or no"),
        ({"type": "library.mystery"}, "type", "a word that is new, library.mystery"),
    ],
)
async def test_what_is_new_about_an_activity_is_found(
    change: Payload, where: str, what: str
) -> None:
    assert await found(listed(**change)) == [(f"Activity.{where}", what)]


@on_both
async def test_an_activity_is_the_same_wherever_it_is_told_of(transport: str) -> None:
    """One new field is one finding, not three."""
    planted = {**row(), "nickname": "text-1"}
    rows = (listed(nickname="text-1"), told(transport, Activity=planted))
    assert await found(*rows) == [("Activity.nickname", "a field that is new, text")]


@on_both
async def test_an_event_that_is_new_is_found(transport: str) -> None:
    """And that the integration does not know what to do."""
    result = await drift([told(transport, event="paused")])
    assert [one.what for one in result.findings] == [
        "a message",
        "a word that is new, paused",
    ]
    assert {one.verdict for one in result.findings} == {
        "The integration does not understand it, and goes on."
    }


@on_both
async def test_a_field_around_an_activity_is_found(transport: str) -> None:
    [(where, what)] = await found(told(transport, serial=1))
    assert where.replace("[]", "").endswith("ActivityNotification.serial")
    assert what == "a field that is new, a whole number"


async def test_a_notification_that_is_new_is_found() -> None:
    payload = {"event": "mystery", "data": {}}
    row = Recording(transport=Transport.EVENTSOURCE, kind=SAID, payload=payload)
    assert await found(row) == [("eventsource", "a notification that is new, mystery")]


async def test_what_could_not_be_read_is_found() -> None:
    row = Recording(transport=Transport.WEBSOCKET, kind=UNREADABLE, size=7)
    assert await found(row) == [("websocket", "what is no JSON")]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"nickname": "text-1"}, "The integration takes no notice of it."),
        ({"title": ["text-1"]}, "The integration takes no notice of it."),
        ({"progress": "66"}, "The integration takes it in."),
        ({"Context": {"deviceID": "text-1"}}, "The integration takes it in."),
        ({"type": "library.mystery"}, "The integration takes it in."),
    ],
)
async def test_the_integration_itself_is_asked_what_it_makes_of_it(
    change: Payload, verdict: str
) -> None:
    """A field that is read needs a test; one that is not may be worth reading."""
    result = await drift([listed(**change)])
    assert [one.verdict for one in result.findings] == [verdict]


async def test_what_is_there_often_is_listed_once() -> None:
    result = await drift([listed(), listed(nickname="text-1"), listed(nickname="a")])
    [finding] = result.findings.values()
    assert (finding.count, finding.line) == (2, 2)
    assert '2 times, first in line 2: "text-1"' in str(finding)


async def test_what_was_published_is_known_but_for_how_it_was_written_down() -> None:
    """Some recorders take the container off, and one has shortened the UUIDs."""
    result = await drift(read(PAYLOADS))
    assert [(one.where, one.what) for one in result.findings] == [
        ("websocket", "a shape that is new, a message without NotificationContainer"),
        (
            "eventsource.data.ActivityNotification.uuid",
            "a shape that is new, a hexadecimal id",
        ),
        ("Activity.uuid", "a shape that is new, a hexadecimal id"),
    ]
    assert (result.compared, result.other) == (25, 5)


async def test_the_words_are_those_of_the_integration() -> None:
    words = (await known()).words
    assert "library.update.section" in words["Activity.type"]
    assert {*map(frozenset, words.values())} >= {
        frozenset({"started", "updated", "ended"})
    }
