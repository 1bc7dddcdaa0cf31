"""Ours, and what people use today: each in a Home Assistant of its own.

A contender is a context in which a server's activities become states, somehow. It gives
the set of the UUIDs that it has come to know of.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
from plexapi.server import PlexServer
from plexwebsocket import PlexWebsocket

from . import barely
from .home import add_server
from .plex import Address

type Seen = set[str]
type Message = Any
type Contender = Callable[[HomeAssistant, Address], AbstractAsyncContextManager[Seen]]


@asynccontextmanager
async def nothing(hass: HomeAssistant, server: Address) -> AsyncIterator[Seen]:
    """Home Assistant alone."""
    yield set()


@asynccontextmanager
async def ours(hass: HomeAssistant, server: Address) -> AsyncIterator[Seen]:
    """What this is all about; seen is what its event entity tells of."""
    seen: Seen = set()

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        if (
            event.data["entity_id"].startswith("event.")
            and (state := event.data["new_state"])
            and (activity := state.attributes.get("activity_id"))
        ):
            seen.add(activity)

    hass.bus.async_listen("state_changed", note)
    entry = await add_server(hass, server)
    yield seen
    await hass.config_entries.async_unload(entry.entry_id)


@asynccontextmanager
async def naive_push(hass: HomeAssistant, server: Address) -> AsyncIterator[Seen]:
    """Write every message: what a first script with a WebSocket does."""
    seen: Seen = set()

    def tell(event: str, row: barely.Row) -> None:
        seen.add(row["uuid"])
        barely.write(hass, event, row)

    async with barely.listening(hass, server, tell):
        yield seen


@asynccontextmanager
async def plexwebsocket(hass: HomeAssistant, server: Address) -> AsyncIterator[Seen]:
    """Do as Home Assistant's own integration does: it hears of the end of scans."""
    completed = 0

    @callback
    def handle(kind: str, data: Message, error: str | None) -> None:
        nonlocal completed
        if kind != "status":
            return
        if data["StatusNotification"][0]["title"] == "Library scan complete":
            completed += 1
            hass.states.async_set("sensor.plex_library", str(completed))

    plex = await hass.async_add_executor_job(PlexServer, server.url, server.token)
    websocket = PlexWebsocket(
        plex,
        handle,
        subscriptions=["playing", "status"],
        session=async_get_clientsession(hass),
    )
    hass.async_create_background_task(websocket.listen(), "plexwebsocket")
    yield set()
    websocket.close()


@asynccontextmanager
async def alert_listener(hass: HomeAssistant, server: Address) -> AsyncIterator[Seen]:
    """Listen with PlexAPI in a thread of its own, and write every message."""
    seen: Seen = set()

    def handle(data: Message) -> None:
        for said in data.get("ActivityNotification", ()):
            row = said["Activity"]
            seen.add(row["uuid"])
            hass.loop.call_soon_threadsafe(barely.write, hass, said["event"], row)

    plex = await hass.async_add_executor_job(PlexServer, server.url, server.token)
    listener = await hass.async_add_executor_job(plex.startAlertListener, handle)
    yield seen
    await hass.async_add_executor_job(listener.stop)


def rest_sensor(seconds: int) -> Contender:
    """Return a `rest` sensor that polls `/activities` so often."""

    @asynccontextmanager
    async def poll(hass: HomeAssistant, server: Address) -> AsyncIterator[Seen]:
        seen: Seen = set()

        @callback
        def note(event: Event[EventStateChangedData]) -> None:
            if state := event.data["new_state"]:
                rows = state.attributes.get("Activity") or ()
                seen.update(row["uuid"] for row in rows)

        hass.bus.async_listen("state_changed", note)
        sensor = {
            "platform": "rest",
            "name": "Plex activities",
            "resource": f"{server.url}/activities",
            "headers": {"X-Plex-Token": server.token, "Accept": "application/json"},
            "value_template": "{{ value_json.MediaContainer.size }}",
            "json_attributes_path": "$.MediaContainer",
            "json_attributes": ["Activity"],
            "scan_interval": seconds,
        }
        assert await async_setup_component(hass, "sensor", {"sensor": [sensor]})
        await hass.async_block_till_done()
        yield seen

    return poll


CONTENDERS: dict[str, Contender] = {
    "Home Assistant alone": nothing,
    "ours": ours,
    "every message written": naive_push,
    "`rest` sensor, every 2 s": rest_sensor(2),
    "`rest` sensor, every 30 s": rest_sensor(30),
    "plexwebsocket, as core uses it": plexwebsocket,
    "PlexAPI's AlertListener, every message written": alert_listener,
}
