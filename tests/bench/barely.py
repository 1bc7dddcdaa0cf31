"""The shortest way from a server to a state, which is where people begin."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util.json import json_loads

from .plex import Address

STATE = "sensor.plex_activity"

type Row = dict[str, Any]


@asynccontextmanager
async def listening(
    hass: HomeAssistant, server: Address, tell: Callable[[str, Row], None]
) -> AsyncIterator[None]:
    """Call a function for everything that a server says of activities."""
    url = f"{server.url}/:/websockets/notifications?filters=activity"
    headers = {"X-Plex-Token": server.token}
    async with async_get_clientsession(hass).ws_connect(url, headers=headers) as socket:

        async def listen() -> None:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                payload: Any = json_loads(message.data)
                for said in payload["NotificationContainer"]["ActivityNotification"]:
                    tell(said["event"], said["Activity"])

        task = hass.async_create_background_task(listen(), "bare client")
        yield
        task.cancel()


def write(hass: HomeAssistant, event: str, row: Row) -> None:
    """Write everything that is said of an activity, as soon as it is said."""
    state = "idle" if event == "ended" else "running"
    hass.states.async_set(STATE, state, row, force_update=True)
