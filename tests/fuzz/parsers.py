"""The client's parsers, each with the mutants that are meant for it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
import json
from random import Random
from typing import Any, override

import orjson

from custom_components.plex_activities.client import PlexConnectionError
from custom_components.plex_activities.client.account import AccountServer, LinkCode
from custom_components.plex_activities.client.fields import MAX_TEXT
from custom_components.plex_activities.client.models import (
    Activity,
    ButlerTask,
    Dvr,
    Identity,
    Library,
    Server,
    parse_frame,
)
from custom_components.plex_activities.client.sse import ServerSentEventDecoder
from custom_components.plex_activities.client.tracker import ActivityTracker
from tests.simulator.models import Dvr as SimulatedDvr, Identity as SimulatedIdentity
from tests.simulator.payloads import dvr_payload, resource_payload
from tests.simulator.recordings import recordings

from .fuzzing import MakeParser, Parser
from .mutation import Mutator
from .readers import read_activity, read_address, read_fields, read_folder
from .verdict import UnsoundError, check_activity, check_sound

# Longer ones are an error, which is to happen often enough to be tried.
MAX_EVENT = 4000
# A tracker that forgets sooner, so that it is full when memory begins to count.
REMEMBER_ENDED = 64
MAX_TOKEN = 4096

READERS = (json.loads, orjson.loads)
FRAMES = [
    recording.payload.get("data", recording.payload)
    for recording in recordings("websocket", "eventsource")
]
MESSAGES = [frame for frame in FRAMES if "ActivityNotification" in json.dumps(frame)]
ANSWERS = [recording.payload for recording in recordings("http-json")]
RESOURCE = resource_payload(
    SimulatedIdentity(),
    token="token",
    owned=False,
    host="192.168.1.5",
    port=32400,
    uri="https://192-168-1-5.abc.plex.direct:32400",
)
PIN = {
    "id": 564964751,
    "code": "ABCD",
    "clientIdentifier": "test-client",
    "expiresIn": 900,
    "authToken": "token",
}
ADDRESSES = (
    "http://192.168.1.5:32400/web/index.html#!/settings",
    "https://1-2-3-4.abc.plex.direct:32400",
    "[fd00::1%eth0]:32400",
    "müller.example/plex/",
)
FOLDERS = (
    "/data/media/Movies",
    "C:\\Media\\Movies",
    "\\\\nas\\media\\..\\Movies",
    "a/b",
)


def rows_of(answer: Mapping[str, Any], name: str) -> list[Any]:
    """Return the rows of a recorded answer, some of which are a row alone."""
    root = answer.get("MediaContainer", answer.get("ButlerTasks", {}))
    rows: list[Any] = root.get(name, [])
    return [answer] if name == "Activity" and "uuid" in answer else rows


class PayloadParser(Parser[object]):
    """One that makes of a payload what it says, or None."""

    def __init__(
        self,
        random: Random,
        recorded: Sequence[object],
        parse: Callable[[Any], object],
        *,
        max_text: int = MAX_TEXT,
    ) -> None:
        """Mutate what was recorded."""
        self._mutator = Mutator(random, recorded)
        self._parse = parse
        self._max_text = max_text

    @override
    def mutant(self) -> object:
        return self._mutator.payload()

    @override
    def take(self, mutant: object) -> bool:
        parsed = self._parse(mutant)
        check_sound(parsed, len(json.dumps(mutant)), max_text=self._max_text)
        return parsed is not None


class FrameParser(Parser[bytes]):
    """What a stream says, as text, through either reader of JSON."""

    def __init__(self, random: Random) -> None:
        """Mutate the recorded messages."""
        self._mutator = Mutator(random, FRAMES)

    @override
    def mutant(self) -> bytes:
        return self._mutator.text()

    @override
    def take(self, mutant: bytes) -> bool:
        return sum(self._is_understood(mutant, loads) for loads in READERS) > 0

    def _is_understood(self, raw: bytes, loads: Callable[[bytes], object]) -> bool:
        try:
            payload = loads(raw)
        except ValueError, RecursionError:
            return False
        parts = parse_frame(payload)
        for part in filter(None, parts):
            check_activity(part.activity)
        check_sound(parts, len(raw))
        return any(part is not None for part in parts)


class EventSourceParser(Parser[list[bytes]]):
    """An EventSource from its first byte, cut anywhere."""

    def __init__(self, random: Random) -> None:
        """Mutate streams of recorded messages."""
        self._mutator = Mutator(random, FRAMES)

    @override
    def mutant(self) -> list[bytes]:
        random = self._mutator.random
        end = random.choice((b"\n", b"\r", b"\r\n"))
        texts = [self._mutator.text() for _ in range(random.randint(1, 4))]
        events = [
            b"event: activity%sdata: %s%s%s" % (end, text, end, end) for text in texts
        ]
        return self._mutator.chunks(self._mutator.spoil(b"".join(events)))

    @override
    def take(self, mutant: list[bytes]) -> bool:
        raw = b"".join(mutant)
        heard, is_whole = self._decoded(mutant)
        others, is_other_whole = self._decoded([raw[:1], raw[1:]])
        # What comes in one piece with an event that is too large is lost with it.
        shorter = min(len(heard), len(others))
        if is_whole is not is_other_whole or heard[:shorter] != others[:shorter]:
            raise UnsoundError("other events for other chunks")
        if is_whole and heard != others:
            raise UnsoundError("more events for other chunks")
        check_sound(heard, len(raw), max_text=MAX_EVENT)
        return bool(heard)

    def _decoded(self, chunks: Sequence[bytes]) -> tuple[list[tuple[str, str]], bool]:
        """Return the events, and whether the stream was sound to its end."""
        decoder = ServerSentEventDecoder(max_event=MAX_EVENT)
        heard: list[tuple[str, str]] = []
        for chunk in chunks:
            try:
                events = decoder.feed(chunk)
            except PlexConnectionError:
                return heard, False
            heard += ((event.event, event.data) for event in events)
        return heard, True


class TrackerParser(Parser[list[object]]):
    """A tracker that hears what a stream says, and now and then sees a list."""

    def __init__(self, random: Random) -> None:
        """Mutate messages about many activities, and answers."""
        # An activity that has ended is deaf, so a few recorded ones would not do.
        texts = [json.dumps(frame) for frame in MESSAGES]
        fresh = [
            text.replace('uuid": "', f'uuid": "{number}-')
            for text in texts
            for number in range(32)
        ]
        self._messages = Mutator(random, [json.loads(text) for text in fresh])
        rows = [row for answer in ANSWERS for row in rows_of(answer, "Activity")]
        self._rows = Mutator(random, rows)
        self._random = random
        self._tracker = ActivityTracker(remember_ended=REMEMBER_ENDED)

    @override
    def mutant(self) -> list[object]:
        """Return the rows of a list, or one message alone."""
        if self._random.random() < 0.05:
            return [self._rows.payload() for _ in range(3)]
        return [self._messages.payload()]

    @override
    def take(self, mutant: list[object]) -> bool:
        tracker = self._tracker
        if len(mutant) > 1:
            as_of = tracker.mark()
            listed = filter(None, map(Activity.from_payload, mutant))
            changes = tracker.reconcile(listed, as_of=as_of)
        else:
            heard = filter(None, parse_frame(*mutant))
            changes = [change for one in heard for change in tracker.apply(one)]
        if tracker._heard.keys() != tracker.running.keys():
            raise UnsoundError("it has heard of what does not run")
        if len(tracker.ended) > REMEMBER_ENDED:
            raise UnsoundError("it remembers too much")
        return bool(changes)


def parsers_of_payloads() -> dict[str, MakeParser]:
    """Return those that make a value of an object."""
    rows = [row for answer in ANSWERS for row in rows_of(answer, "Activity")]
    roots = [one["MediaContainer"] for one in ANSWERS if "MediaContainer" in one]
    libraries = [row for one in ANSWERS for row in rows_of(one, "Directory")]
    tasks = [row for one in ANSWERS for row in rows_of(one, "ButlerTask")]
    dvrs = [dvr_payload(SimulatedDvr(key="1", uuid="abc"))]
    of_fields = [{"value": value} for row in rows for value in (row, *row.values())]
    folders = [[{"path": folder}, {"path": f"{folder}/b"}] for folder in FOLDERS]

    def parser(
        recorded: Sequence[object],
        parse: Callable[[Any], object],
        max_text: int = MAX_TEXT,
    ) -> MakeParser:
        return partial(PayloadParser, recorded=recorded, parse=parse, max_text=max_text)

    return {
        "activities": parser(rows, read_activity),
        "identity": parser(roots, Identity.from_payload),
        "server": parser(roots, Server.from_payload),
        "libraries": parser(libraries, Library.from_payload),
        "tasks": parser(tasks, ButlerTask.from_payload),
        "dvrs": parser(dvrs, Dvr.from_payload),
        "fields": parser(of_fields, read_fields),
        "account": parser([RESOURCE], AccountServer.from_payload, max_text=MAX_TOKEN),
        "code": parser([PIN], lambda payload: LinkCode.from_payload(payload, "page")),
        "addresses": parser(ADDRESSES, read_address, max_text=2 * MAX_TOKEN),
        "folders": parser(folders, read_folder),
    }


CLIENT_PARSERS: Mapping[str, MakeParser] = {
    "frames": FrameParser,
    "eventsource": EventSourceParser,
    "tracker": TrackerParser,
    **parsers_of_payloads(),
}
