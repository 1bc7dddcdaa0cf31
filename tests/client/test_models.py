"""The values that a server's words become."""

from collections.abc import Callable
from copy import replace
from typing import Any

from hypothesis import given
import orjson
import pytest

from custom_components.plex_activities.client import (
    Activity,
    ActivityEvent,
    ButlerTask,
    Identity,
    Library,
    Notification,
    Server,
)
from custom_components.plex_activities.client.models import parse_frame
from tests.simulator import WRONG_SHAPES

from .strategies import FRAMES, JSON, NOTIFICATIONS, ROWS

ROW = {
    "uuid": "7251fc2d",
    "type": "library.update.section",
    "cancellable": False,
    "userID": 1,
    "title": "Scanning Movies",
    "subtitle": "Conan the Barbarian (1982)",
    "progress": 33,
    "Context": {"librarySectionID": "3"},
}
SCAN = Activity(
    uuid="7251fc2d",
    type="library.update.section",
    title="Scanning Movies",
    subtitle="Conan the Barbarian (1982)",
    progress=33,
    user_id=1,
    context={"librarySectionID": "3"},
)


def test_a_complete_row_becomes_an_activity() -> None:
    assert Activity.from_payload(ROW) == SCAN


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"uuid": 17}, "uuid", "17"),
        ({"type": None}, "type", "unknown"),
        ({"type": "media.conjure"}, "type", "media.conjure"),
        ({"title": None}, "title", ""),
        ({"subtitle": 7}, "subtitle", "7"),
        ({"progress": -1}, "progress", None),
        ({"progress": None}, "progress", None),
        ({"cancellable": "1"}, "cancellable", True),
        ({"userID": "1"}, "user_id", 1),
        ({"userID": None}, "user_id", None),
        ({"Context": []}, "context", None),
        ({"Context": None}, "library_id", None),
        ({"Context": {"librarySectionID": 3}}, "library_id", "3"),
        ({"Context": {"key": "/library/metadata/1"}}, "library_id", None),
        ({"Response": {"status": "ok"}}, "response", {"status": "ok"}),
        ({"Response": "ok"}, "response", None),
        ({"type": "butler"}, "is_library_scan", False),
        ({}, "is_library_scan", True),
        ({}, "library_id", "3"),
        ({"Media": [1]}, "title", "Scanning Movies"),
    ],
)
def test_one_odd_field_costs_no_more_than_itself(
    change: dict[str, object], field: str, value: object
) -> None:
    """An activity with half its fields is still an activity that runs."""
    activity = Activity.from_payload({**ROW, **change})
    assert getattr(activity, field) == value


@pytest.mark.parametrize(
    "row",
    [None, 7, "x", [], {}, {**ROW, "uuid": None}, {**ROW, "uuid": ""}],
    ids=repr,
)
def test_what_nothing_identifies_is_no_activity(row: object) -> None:
    """It could never be told apart from the next, nor end."""
    assert Activity.from_payload(row) is None


def test_an_activity_takes_the_identity_of_its_notification_if_it_has_none() -> None:
    """The identifier stands in both places; one is enough."""
    row = {key: value for key, value in ROW.items() if key != "uuid"}
    assert Activity.from_payload(row, uuid="7251fc2d") == SCAN
    assert Activity.from_payload(ROW, uuid="another") == SCAN


def test_what_is_read_late_cannot_be_set() -> None:
    """It would differ from what the server says as soon as it is read."""
    with pytest.raises(AttributeError):
        SCAN.title = "Scanning"  # type: ignore[misc]


def test_a_changed_copy_leaves_the_first_as_it_is() -> None:
    """Two activities are the same if everything that is said of them is."""
    read = Activity.from_payload(ROW)
    assert read is not None
    later = replace(read, progress=90)
    assert later.as_dict() == {**SCAN.as_dict(), "progress": 90}
    assert read == SCAN != later
    assert read != ROW


def test_an_activity_shows_what_is_known_of_it() -> None:
    """A failing test, or a debugger, prints it."""
    assert repr(SCAN) == repr(Activity.from_payload(ROW))
    assert "title='Scanning" in repr(SCAN)


def notification(**changes: object) -> dict[str, object]:
    return {"event": "updated", "uuid": "7251fc2d", "Activity": ROW, **changes}


UPDATED = Notification(ActivityEvent.UPDATED, SCAN)


@pytest.mark.parametrize(
    ("frame", "parts"),
    [
        pytest.param(
            {
                "NotificationContainer": {
                    "type": "activity",
                    "size": 1,
                    "ActivityNotification": [notification()],
                }
            },
            [UPDATED],
            id="a WebSocket's",
        ),
        pytest.param(
            {"ActivityNotification": notification()}, [UPDATED], id="an EventSource's"
        ),
        pytest.param(
            {"ActivityNotification": [notification(), notification()]},
            [UPDATED, UPDATED],
            id="several",
        ),
        pytest.param(
            {"ActivityNotification": [notification(event="paused"), notification()]},
            [None, UPDATED],
            id="one of two not understood",
        ),
        pytest.param({"ActivityNotification": []}, [], id="none"),
        pytest.param({}, [], id="a ping"),
        pytest.param({"TimelineEntry": {}}, [], id="another subject"),
        pytest.param(
            {"NotificationContainer": {"type": "timeline", "TimelineEntry": []}},
            [],
            id="another subject in a container",
        ),
        pytest.param(
            {"NotificationContainer": {"type": "activity"}}, [None], id="no content"
        ),
        pytest.param({"NotificationContainer": []}, [None], id="no container"),
        pytest.param(["activity"], [None], id="no object"),
        pytest.param({"ActivityNotification": "x"}, [None], id="no notification"),
        pytest.param(
            {"ActivityNotification": notification(event=["updated"])},
            [None],
            id="no event",
        ),
        pytest.param(
            {"ActivityNotification": notification(Activity=None)},
            [None],
            id="no activity",
        ),
    ],
)
def test_a_frame_is_read_part_by_part(
    frame: object, parts: list[Notification | None]
) -> None:
    """What is not understood must cost neither its neighbours nor the connection."""
    assert parse_frame(frame) == parts


@pytest.mark.parametrize("event", ["started", "updated", "ended"])
def test_every_event_that_was_ever_seen_is_known(event: str) -> None:
    [part] = parse_frame({"ActivityNotification": notification(event=event)})
    assert part == Notification(ActivityEvent(event), SCAN)


@pytest.mark.parametrize(
    ("model", "payload", "value"),
    [
        pytest.param(
            Identity,
            {"machineIdentifier": "abc", "version": "1.43", "claimed": True},
            Identity(machine_identifier="abc", version="1.43"),
            id="identity",
        ),
        pytest.param(
            Identity,
            {"machineIdentifier": "abc"},
            Identity(machine_identifier="abc", version=""),
            id="identity without a version",
        ),
        pytest.param(Identity, {"version": "1.43"}, None, id="nobody"),
        pytest.param(Identity, None, None, id="no identity"),
        pytest.param(
            Server,
            {"machineIdentifier": "a", "friendlyName": "Attic", "platform": "Linux"},
            Server(
                identity=Identity(machine_identifier="a", version=""),
                name="Attic",
                platform="Linux",
            ),
            id="server",
        ),
        pytest.param(
            Server,
            {"machineIdentifier": "a"},
            Server(identity=Identity(machine_identifier="a", version=""), name="a"),
            id="server without a name",
        ),
        pytest.param(Server, {"friendlyName": "Attic"}, None, id="server that is none"),
        pytest.param(Server, [], None, id="no server"),
        pytest.param(
            Library,
            {"key": "1", "title": "Movies", "type": "movie"},
            Library(id="1", title="Movies", type="movie"),
            id="library",
        ),
        pytest.param(
            Library,
            {"key": 1},
            Library(id="1", title="1"),
            id="library without a title",
        ),
        pytest.param(Library, {"title": "Movies"}, None, id="library without a key"),
        pytest.param(Library, "Movies", None, id="no library"),
        pytest.param(
            ButlerTask,
            {"name": "BackupDatabase", "title": "Backup", "enabled": True},
            ButlerTask(name="BackupDatabase", title="Backup", enabled=True),
            id="task",
        ),
        pytest.param(ButlerTask, {"title": "Backup"}, None, id="task without a name"),
        pytest.param(ButlerTask, 1, None, id="no task"),
    ],
)
def test_the_rest_of_the_server_becomes_values(
    model: type[Identity | Server | Library | ButlerTask],
    payload: object,
    value: object,
) -> None:
    assert model.from_payload(payload) == value


@pytest.mark.parametrize("change", WRONG_SHAPES.values(), ids=WRONG_SHAPES)
def test_every_shape_that_the_simulator_knows_can_be_read(
    change: Callable[[dict[str, Any]], Any],
) -> None:
    """As a frame too, where it makes no sense at all."""
    changed = change({"MediaContainer": {"size": 1, "Activity": [dict(ROW)]}})
    assert isinstance(parse_frame(changed), list)
    assert Activity.from_payload(changed) is None


READERS = (
    Activity.from_payload,
    Notification.from_payload,
    Identity.from_payload,
    Server.from_payload,
    Library.from_payload,
    ButlerTask.from_payload,
)


@given(payload=JSON | ROWS | NOTIFICATIONS)
def test_any_json_at_all_can_be_read(payload: object) -> None:
    """A server can stop, or lie; it must never be able to stop us by what it says."""
    for read in READERS:
        orjson.dumps(read(payload), default=Activity.as_dict)


@given(frame=FRAMES)
def test_any_frame_at_all_can_be_read_and_sent_on(frame: object) -> None:
    """What comes out becomes states and events, which are written as JSON."""
    parts = parse_frame(frame)
    written = orjson.dumps(parts, default=Activity.as_dict)
    assert len(orjson.loads(written)) == len(parts)
