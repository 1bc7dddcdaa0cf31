"""What a server says, as texts of a WebSocket, and how they are handed over."""

from collections.abc import Callable, Iterable, Iterator
from typing import override

from homeassistant.util.json import json_loads

from custom_components.plex_activities.client.stream import (
    Counters,
    NotificationStream,
)
from custom_components.plex_activities.listener import NotificationListener
from tests.simulator import Notification, PlexWorld
from tests.simulator.shapes import websocket_frame
from tests.simulator.work import MOVIES

SCAN_MESSAGES = 1556
"""Of the activity, in one recorded scan of a library of movies."""
DETECTION = "media.generate.credits"


def texts_of_a_scan(messages: int = SCAN_MESSAGES) -> list[bytes]:
    """Return what is said of a scan as it was recorded, without its end."""

    def tell(world: PlexWorld) -> None:
        scan = world.scan("1")
        for number in range(messages - 1):
            world.progress_scan(
                scan,
                subtitle=MOVIES[number % len(MOVIES)],
                progress=number * 100 // messages,
            )

    return _texts(tell)


def texts_of_a_leaping_scan(messages: int) -> list[bytes]:
    """Return what is said of a scan that is always further than a moment ago."""

    def tell(world: PlexWorld) -> None:
        scan = world.scan("1")
        for number in range(messages - 1):
            title = MOVIES[number % len(MOVIES)]
            world.progress_scan(scan, subtitle=title, progress=number % 100)

    return _texts(tell, seed=1)


def texts_of_a_detection(messages: int) -> list[bytes]:
    """Return what is said of work that always has a new subtitle and no progress."""

    def tell(world: PlexWorld) -> None:
        work = world.start(DETECTION, title="Detecting credits", progress=-1)
        for number in range(messages - 1):
            world.update(work, subtitle=MOVIES[number % len(MOVIES)])

    return _texts(tell, seed=2)


def texts_of_starts(count: int) -> list[bytes]:
    """Return the starts of many activities that go on."""

    def tell(world: PlexWorld) -> None:
        for number in range(count):
            world.start("media.download", title=f"Downloading {number}")

    return _texts(tell, seed=3)


def texts_of_short_lives(lives: int, *, seed: int) -> Iterator[list[bytes]]:
    """Give what is said of activities that come and go, some hundred at a time."""
    world = PlexWorld(token="bench", seed=seed)
    said: list[Notification] = []
    world.subscribe(said.append)
    for number in range(lives):
        if number % 2:
            work = world.start("media.download", title=f"Downloading {number}")
            world.update(work, progress=50)
        else:
            work = world.scan("1")
            world.progress_scan(work, subtitle=f"File {number}", progress=50)
        world.end(work)
        if number % 250 == 249:
            yield [websocket_frame(one) for one in said if one.type == "activity"]
            said.clear()


def _texts(tell: Callable[[PlexWorld], None], *, seed: int = 0) -> list[bytes]:
    """Return what is said of activities; every seed has UUIDs of its own."""
    world = PlexWorld(token="bench", seed=seed)
    said: list[Notification] = []
    world.subscribe(said.append)
    tell(world)
    return [websocket_frame(one) for one in said if one.type == "activity"]


class Received(NotificationStream):
    """A live stream at the moment in which a text has been received."""

    def __init__(self, listener: NotificationListener) -> None:
        """Tell this listener."""
        super().__init__(json_loads, Counters())
        self._listener = listener

    def hand_over(self, texts: Iterable[bytes]) -> None:
        """Do all that the integration does with some texts."""
        for text in texts:
            self._understand(text)
            while self._unread:
                self._listener._hand_over(self._unread.popleft())

    @override
    async def _next_frame(self) -> bytes:
        raise AssertionError("all of it has been received already")
