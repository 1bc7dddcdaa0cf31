"""What the simulator says has the shape of what real servers were recorded to say."""

from collections.abc import Iterable
from typing import Any

import pytest

from . import Notification, SimulatedPlex
from .caller import Caller
from .models import Payload
from .recordings import Recording, recorded_notifications, recordings
from .work import live_refresh

ROWS = [
    row
    for recording in recordings("http-json")
    for row in (
        recording.payload.get("MediaContainer", {}).get("Activity", ())
        or [recording.payload]
    )
    if "cancellable" in row
]


def numbered(rows: Iterable[object]) -> list[Any]:
    """Return parameters that are told apart by their number."""
    return [pytest.param(row, id=str(number)) for number, row in enumerate(rows)]


def shape(value: object) -> object:
    """Reduce a payload to its keys and the types of its values."""
    match value:
        case dict():
            return {key: shape(content) for key, content in value.items()}
        case list():
            return [shape(row) for row in value]
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case _:
            return type(value).__name__


def example_of(key: str, root: str = "MediaContainer") -> Payload:
    """Return Plex's own example of a container with such content."""
    found: Payload = next(
        recording.payload[root]
        for recording in recordings("http-json")
        if key in recording.payload.get(root, ())
    )
    return found


def start_recorded(plex: SimulatedPlex, row: Payload) -> None:
    """Start an activity that is like a recorded one."""
    plex.world.start(
        row["type"],
        title=row["title"],
        subtitle=row["subtitle"],
        progress=row["progress"],
        cancellable=row["cancellable"],
        user_id=row["userID"],
        uuid=row["uuid"],
        context=row.get("Context"),
    )


@pytest.mark.parametrize("row", numbered(ROWS))
async def test_a_recorded_row_can_be_said_exactly(
    plex: SimulatedPlex, ask: Caller, row: Payload
) -> None:
    start_recorded(plex, row)
    assert (await ask("GET", "/activities")).json == {
        "MediaContainer": {"size": 1, "Activity": [row]}
    }


@pytest.mark.parametrize(
    "recorded",
    numbered(
        one for one in recorded_notifications() if one.body.get("event") == "started"
    ),
)
def test_a_recorded_start_can_be_said_exactly(
    plex: SimulatedPlex, recorded: Notification
) -> None:
    told: list[Notification] = []
    plex.world.subscribe(told.append)
    start_recorded(plex, recorded.body["Activity"])
    assert told[0].body == recorded.body
    assert (told[0].type, told[0].key) == (recorded.type, recorded.key)


def lives(notifications: list[Notification], kind: str) -> list[Payload]:
    """Return what was said about activities of a type, whatever their UUID."""
    return [
        {
            "event": one.body["event"],
            "Activity": {**one.body["Activity"], "uuid": "…"},
        }
        for one in notifications
        if one.type == "activity" and one.body["Activity"]["type"] == kind
    ]


async def test_refreshing_an_item_says_what_was_recorded(plex: SimulatedPlex) -> None:
    """Five messages of one real life, the context growing on the way."""
    told: list[Notification] = []
    plex.world.subscribe(told.append)
    await live_refresh(plex, 513)
    recorded = lives(recorded_notifications(), "library.refresh.items")
    assert lives(told, "library.refresh.items") == recorded[-5:]


def test_scanning_says_what_was_recorded(plex: SimulatedPlex) -> None:
    """The first message names no library, and the last keeps what was known."""
    told: list[Notification] = []
    plex.world.subscribe(told.append)
    plex.world.remove_library("3")
    plex.world.add_library("Movies", key="3")
    scan = plex.world.scan("3")
    plex.world.progress_scan(scan, subtitle="Conan the Barbarian (1982)")
    plex.world.progress_scan(scan, subtitle="The Revenant (2015)", progress=1)
    plex.world.update(scan, subtitle="1984 (1984)", progress=99)
    plex.world.end(scan)

    said = lives(told, "library.update.section")
    recorded = lives(recorded_notifications(), "library.update.section")
    assert [*said[:3], said[-1]] == recorded
    assert [one.body for one in told if one.type == "status"] == [
        one.body for one in recorded_notifications() if one.type == "status"
    ]


@pytest.mark.parametrize("recorded", numbered(recorded_notifications()))
async def test_a_recorded_notification_can_be_replayed(
    plex: SimulatedPlex, ask: Caller, recorded: Notification
) -> None:
    websocket = await ask.websocket()
    eventsource = await ask.eventsource()
    await plex.subscribers(2)
    plex.replay(recorded)
    assert await websocket.next() == {
        "NotificationContainer": {
            "type": recorded.type,
            "size": 1,
            recorded.key: [recorded.body],
        }
    }
    assert await eventsource.next() == (recorded.type, {recorded.key: recorded.body})


@pytest.mark.parametrize(
    "recording",
    numbered(
        one for one in recordings("eventsource") if one.payload["event"] != "ping"
    ),
)
async def test_an_eventsource_wraps_as_was_recorded(
    plex: SimulatedPlex, ask: Caller, recording: Recording
) -> None:
    eventsource = await ask.eventsource()
    await plex.subscribers(1)
    plex.replay(recording.notification)
    event, data = await eventsource.next()
    assert {"event": event, "data": data} == recording.payload


@pytest.mark.parametrize(
    "recording",
    numbered(
        one
        for one in recordings("websocket")
        if "NotificationContainer" in one.payload  # else its recorder took it off
    ),
)
async def test_a_websocket_wraps_as_was_recorded(
    plex: SimulatedPlex, ask: Caller, recording: Recording
) -> None:
    websocket = await ask.websocket()
    await plex.subscribers(1)
    plex.replay(recording.notification)
    assert await websocket.next() == recording.payload


async def test_the_identity_has_the_documented_shape(ask: Caller) -> None:
    said = (await ask("GET", "/identity")).json["MediaContainer"]
    example = next(
        recording.payload["MediaContainer"]
        for recording in recordings("http-json")
        if set(recording.payload.get("MediaContainer", ())) == set(said)
    )
    assert shape(said) == shape(example)


async def test_the_root_has_the_documented_shape(ask: Caller) -> None:
    """It need not say all, but what it says has the documented type."""
    said = (await ask("GET", "/")).json["MediaContainer"]
    example = example_of("friendlyName")
    # The documentation has a stray quote in this key, and placeholders in Directory.
    example["ownerFeatures"] = example['ownerFeatures"']
    del said["Directory"], example["Directory"]
    assert shape(said) == shape({key: example[key] for key in said})


async def test_a_library_has_the_documented_shape(ask: Caller) -> None:
    """Real servers send a uuid as well, which the documentation forgets."""
    (said, *_) = (await ask("GET", "/library/sections")).json["MediaContainer"][
        "Directory"
    ]
    del said["uuid"]
    example = next(
        recording.payload["MediaContainer"]["Directory"][0]
        for recording in recordings("http-json")
        if recording.payload.get("MediaContainer", {}).get("title1") == "Plex Library"
    )
    assert shape(said) == shape(example)


async def test_the_butler_says_the_documented_example(ask: Caller) -> None:
    said = (await ask("GET", "/butler")).json
    assert said == {"ButlerTasks": example_of("ButlerTask", root="ButlerTasks")}
