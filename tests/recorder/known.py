"""What the simulator says, and the words that the integration has names for."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
import json
from math import inf

from custom_components.plex_activities.client import ActivityEvent
from custom_components.plex_activities.client.sse import ServerSentEventDecoder
from tests.alone import FOLDER
from tests.simulator import Activity, Notification, SimulatedPlex, Transport
from tests.simulator.models import Payload
from tests.simulator.payloads import activity_payload, container, identity_payload
from tests.simulator.recordings import ACTIVITIES, HTTP, IDENTITY, SAID, Recording
from tests.simulator.scenarios import lively
from tests.simulator.shapes import (
    EVENTSOURCE_PING,
    eventsource_frame,
    websocket_frame,
)

from .shapes import ACTIVITY, fields

# Everything that a progress can be.
PROGRESSES = (None, -1, 0, 33.5)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known, by the path of the field."""

    shapes: dict[str, set[str]]
    words: dict[str, set[str]]
    """Of fields that can only say certain things."""


async def known() -> Known:
    """Let the simulator say what it can, and return what that is made of."""
    shapes: defaultdict[str, set[str]] = defaultdict(set)
    for recording in await _samples():
        for one in fields(recording):
            shapes[one.path].add(one.shape)
    return Known(dict(shapes), _words())


async def _samples() -> list[Recording]:
    """Return what the simulator answers, and what it tells in a lively hour."""
    plex = SimulatedPlex(speed=inf)
    told: list[Notification] = []
    plex.world.subscribe(told.append)
    rows = [activity_payload(activity) for activity in _activities()]
    answers = {
        ACTIVITIES: (container("Activity", rows), container("Activity", ())),
        IDENTITY: (identity_payload(plex.world.identity),),
    }
    plex.world.notify(
        "activity", {"event": "updated", "uuid": rows[0]["uuid"], "Activity": rows[0]}
    )
    await lively(plex, rounds=1)
    return [
        *(
            Recording(transport=HTTP, kind=SAID, path=path, payload=payload)
            for path, payloads in answers.items()
            for payload in payloads
        ),
        *_messages(told),
    ]


def _activities() -> Iterator[Activity]:
    """Return activities that have every field, in every way."""
    for progress in PROGRESSES:
        yield Activity(
            uuid="d6199ba1-fb5e-4cae-bf17-1a5369c1cf1e",
            type="provider.epg.load",
            title="Refreshing EPG",
            subtitle="Downloaded 173 airings",
            progress=progress,
            context={},
            response={},
        )


def _messages(told: list[Notification]) -> Iterator[Recording]:
    """Return notifications as both streams say them."""
    for one in told:
        payload: Payload = json.loads(websocket_frame(one))
        yield Recording(transport=Transport.WEBSOCKET, kind=SAID, payload=payload)
    decoder = ServerSentEventDecoder()
    data = b"".join(map(eventsource_frame, told))
    for event in decoder.feed(data + EVENTSOURCE_PING):
        payload = {"event": event.event, "data": json.loads(event.data)}
        yield Recording(transport=Transport.EVENTSOURCE, kind=SAID, payload=payload)


def _words() -> dict[str, set[str]]:
    """Return what the integration can name."""
    names = json.loads((FOLDER / "translations" / "en.json").read_text("utf-8"))
    types = names["selector"]["activity_type"]["options"]
    events = {*ActivityEvent}
    return {
        f"{ACTIVITY}.type": {kind.replace("_", ".") for kind in types},
        f"{Transport.WEBSOCKET}.NotificationContainer.ActivityNotification[].event": (
            events
        ),
        f"{Transport.EVENTSOURCE}.data.ActivityNotification.event": events,
    }
