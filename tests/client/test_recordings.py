"""What real servers were recorded to say, through models and through real sockets."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from aiohttp import web
import pytest

from custom_components.plex_activities.client import (
    Activity,
    ActivityEvent,
    ButlerTask,
    Identity,
    Notification,
    PlexClient,
    Transport,
)
from custom_components.plex_activities.client.models import parse_frame
from tests.simulator import Notification as SaidBySimulator, SimulatedPlex
from tests.simulator.answers import Respond
from tests.simulator.recordings import (
    Recording,
    recorded_notifications,
    recordings,
)

from .conftest import Handler, on_both

ABOUT_ACTIVITIES = [one for one in recorded_notifications() if one.type == "activity"]
ABOUT_OTHERS = [one for one in recorded_notifications() if one.type != "activity"]


def rows(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the activities of a recorded answer, some of which are a row alone."""
    container: dict[str, Any] = payload.get("MediaContainer", {"Activity": [payload]})
    activities: list[dict[str, Any]] = container.get("Activity", [])
    return activities


def reading(row: dict[str, Any]) -> dict[str, Any]:
    """Return what a recorded row says, spelt out once more and by hand."""
    return {
        "uuid": row["uuid"],
        "type": row["type"],
        "title": row["title"],
        "subtitle": row["subtitle"],
        "progress": None if row["progress"] == -1 else row["progress"],
        "cancellable": row["cancellable"],
        "user_id": row["userID"],
        "context": row.get("Context"),
        "response": row.get("Response"),
    }


ROWS = [
    row
    for recording in recordings("http-json")
    for row in rows(recording.payload)
    if "uuid" in row
]


def test_the_recordings_are_there() -> None:
    """All that follows is made from them."""
    assert len(recordings("http-json", "http-xml", "websocket", "eventsource")) == 30
    assert (len(ROWS), len(ABOUT_ACTIVITIES), len(ABOUT_OTHERS)) == (5, 14, 6)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["uuid"])
def test_a_recorded_row_is_understood_completely(row: dict[str, Any]) -> None:
    assert Activity.from_payload(row) == Activity(**reading(row))


@pytest.mark.parametrize("recording", recordings("websocket", "eventsource"))
def test_a_recorded_message_is_understood_as_it_was_recorded(
    recording: Recording,
) -> None:
    """With its container or without, as an object or a list."""
    payload = recording.payload.get("data", recording.payload)
    assert None not in parse_frame(payload)


def as_frame(notification: SaidBySimulator) -> Notification:
    row = notification.body["Activity"]
    return Notification(
        ActivityEvent(notification.body["event"]), Activity(**reading(row))
    )


@on_both
async def test_every_recorded_notification_arrives_as_it_was_said(
    plex: SimulatedPlex, client: PlexClient, transport: Transport
) -> None:
    """In the wrapping of either transport, among what is said of other subjects."""
    async with client.notifications(transport) as stream:
        with plex.faults.filters_ignored():
            for notification in recorded_notifications():
                plex.replay(notification)
        heard = [await anext(stream) for _ in ABOUT_ACTIVITIES]
    assert heard == [as_frame(notification) for notification in ABOUT_ACTIVITIES]
    assert client.counters.not_understood == 0


@pytest.fixture
def answer_recorded(plex: SimulatedPlex) -> Iterator[Callable[[str], None]]:
    """Let the server answer everything with a recorded answer."""
    with ExitStack() as stack:

        def answer(source: str) -> None:
            [recording] = [
                one for one in recordings("http-json") if source in one.source
            ]
            stack.enter_context(plex.faults.answer(payload(recording)))

        yield answer


def payload(recording: Recording) -> Respond:
    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.json_response(recording.payload)

    return respond


async def test_plexs_own_example_of_activities_is_read(
    client: PlexClient, answer_recorded: Callable[[str], None]
) -> None:
    answer_recorded("GET /activities example")
    guide, credits_ = await client.activities()
    assert (guide.type, guide.progress) == ("provider.epg.load", 7)
    assert (credits_.type, credits_.progress) == ("media.generate.credits", None)


async def test_plexs_own_example_of_an_identity_is_read(
    client: PlexClient, answer_recorded: Callable[[str], None]
) -> None:
    answer_recorded("GET /identity")
    assert await client.identity() == Identity(
        machine_identifier="0123456789abcdef0123456789abcdef",
        version="1.40.2.8395-c67dce28e",
    )


async def test_plexs_own_example_of_a_server_is_read(
    client: PlexClient, answer_recorded: Callable[[str], None]
) -> None:
    answer_recorded("GET / example")
    server = await client.server()
    assert (server.name, server.platform) == ("Server Name", "MacOSX")


async def test_plexs_own_example_of_libraries_is_read(
    client: PlexClient, answer_recorded: Callable[[str], None]
) -> None:
    """It says that there is one, and lists three."""
    answer_recorded("GET /library/sections")
    libraries = await client.libraries()
    assert [(library.id, library.title, library.type) for library in libraries] == [
        ("1", "Movies", "movie"),
        ("2", "TV Shows", "show"),
        ("3", "Music", "artist"),
    ]


async def test_plexs_own_example_of_tasks_is_read(
    client: PlexClient, answer_recorded: Callable[[str], None]
) -> None:
    answer_recorded("GET /butler")
    tasks = await client.butler_tasks()
    assert len(tasks) == 22
    assert tasks[1] == ButlerTask(
        name="BackupDatabase", title="Backup Database", enabled=True
    )


def test_xml_is_not_taken_for_anything() -> None:
    """Servers answer in it when they are not asked for JSON; we ask."""
    [recording] = recordings("http-xml")
    assert Activity.from_payload(recording.payload) is None
