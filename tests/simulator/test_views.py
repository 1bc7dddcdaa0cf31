"""REST, WebSocket and EventSource, JSON and XML: views of one world that agree."""

from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from . import SimulatedPlex
from .caller import Caller

PATHS = (
    "/identity",
    "/",
    "/activities",
    "/library",
    "/library/sections",
    "/library/sections/all",
    "/butler",
    "/livetv/dvrs",
    "/accounts",
    "/status/sessions",
    "/status/sessions/background",
)


def told_twice(element: Element, content: dict[str, Any]) -> bool:
    """Return whether an element says the same as a JSON object."""
    scalars = {
        key: str(int(value)) if isinstance(value, bool) else str(value)
        for key, value in content.items()
        if not isinstance(value, dict | list)
    }
    children = [
        (key, row)
        for key, value in content.items()
        if isinstance(value, dict | list)
        for row in (value if isinstance(value, list) else [value])
    ]
    return (
        element.attrib == scalars
        and [child.tag for child in element] == [key for key, _ in children]
        and all(
            told_twice(child, row)
            for child, (_, row) in zip(element, children, strict=True)
        )
    )


@pytest.fixture
def _busy(plex: SimulatedPlex) -> None:
    """Something of everything."""
    plex.world.start_butler()
    plex.world.add_dvr()
    plex.world.progress_scan(plex.world.scan("2"), subtitle='<&"> ☃', progress=7)
    plex.world.start("media.download", progress=None, response={"id": 3, "ok": True})
    plex.world.background_jobs.append(
        {"type": "transcode", "progress": 42, "title": "Jack-Jack Attack (2008)"}
    )


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize("path", PATHS)
async def test_xml_and_json_agree(plex: SimulatedPlex, ask: Caller, path: str) -> None:
    in_json = await ask("GET", path)
    in_xml = await ask("GET", path, Accept="*/*")
    assert in_json.content_type == "application/json"
    assert in_xml.content_type == "text/xml"
    root = fromstring(in_xml.text)  # noqa: S314 - we wrote it ourselves
    ((tag, content),) = in_json.json.items()
    # Time passes between two looks at the root.
    root.attrib.pop("updatedAt", None)
    content.pop("updatedAt", None)
    assert root.tag == tag
    assert told_twice(root, content)


async def test_an_activity_reads_in_xml_as_plexs_example_does(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.start(
        "provider.epg.load",
        title="Refreshing EPG",
        subtitle="Downloaded 173 airings",
        progress=7,
        uuid="d6199ba1-fb5e-4cae-bf17-1a5369c1cf1e",
        context={"name": "value"},
        response={"name": "value"},
    )
    reply = await ask("GET", "/activities", Accept="application/xml")
    assert reply.text == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<MediaContainer size="1">'
        '<Activity uuid="d6199ba1-fb5e-4cae-bf17-1a5369c1cf1e"'
        ' type="provider.epg.load" cancellable="0" userID="1" title="Refreshing EPG"'
        ' subtitle="Downloaded 173 airings" progress="7">'
        '<Context name="value" /><Response name="value" />'
        "</Activity></MediaContainer>"
    )


async def test_without_activities_the_key_is_absent(ask: Caller) -> None:
    assert (await ask("GET", "/activities")).json == {"MediaContainer": {"size": 0}}


async def test_all_views_show_the_same_activity(
    plex: SimulatedPlex, ask: Caller
) -> None:
    websocket = await ask.websocket("?filters=activity")
    eventsource = await ask.eventsource("?filters=activity")
    await plex.subscribers(2)
    scan = plex.world.scan("1")
    plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=40)

    (row,) = (await ask("GET", "/activities")).json["MediaContainer"]["Activity"]
    for event in ("started", "updated"):
        container = (await websocket.next())["NotificationContainer"]
        (from_websocket,) = container["ActivityNotification"]
        name, data = await eventsource.next()
        assert name == "activity"
        assert data == {"ActivityNotification": from_websocket}
        assert from_websocket["event"] == event
    assert from_websocket == {"event": "updated", "uuid": scan.uuid, "Activity": row}
