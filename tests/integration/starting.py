"""How tests ask for work, and what they do while it goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

from aiohttp import web
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import Activity, Request

from .server import Server, until

MOVIES = "activity_library.update.section_1"
SHOWS = "activity_library.update.section_2"
STARTED = {"activity_id": None, "outcome": "started"}
NOT_SEEN = {"activity_id": None, "outcome": "not_seen"}

type Answer = dict[str, Any]


async def ask(
    server: Server, action: str, *, context: Context | None = None, **data: Any
) -> Answer:
    """Call an action and return its answer."""
    response: Any = await server.hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True, context=context
    )
    assert response.keys() == {"activity_id", "outcome"}
    answer: Answer = response
    return answer


async def scan(server: Server, **data: Any) -> Answer:
    """Have a library scanned: the first one, unless told otherwise."""
    if data.keys().isdisjoint({"entity_id", "config_entry_id", "library"}):
        data["entity_id"] = server.entity_id(MOVIES)
    return await ask(server, "scan_library", **data)


async def run(server: Server, task: str, **data: Any) -> Answer:
    """Have a task run."""
    entry_id = server.entry.entry_id
    return await ask(server, "run_task", config_entry_id=entry_id, task=task, **data)


async def refused(
    server: Server, error: type[HomeAssistantError], action: str, **data: Any
) -> HomeAssistantError:
    """Call an action, and return the error, which is exactly of that kind."""
    with pytest.raises(error) as caught:
        await ask(server, action, **data)
    assert type(caught.value) is error
    assert caught.value.translation_domain == DOMAIN
    # Its words are there, and say nothing that must not be said.
    assert str(caught.value) not in {"", caught.value.translation_key}
    assert "{" not in str(caught.value)
    assert server.plex.token not in str(caught.value)
    assert server.plex.url not in str(caught.value)
    return caught.value


async def until_live(server: Server) -> None:
    """Wait until a stream is up, which takes longer than until the server answers."""
    await until(lambda: server.coordinator.listener.transport is not None)


def scans(server: Server) -> list[Request]:
    """Return all requests for a scan."""
    requests = server.plex.requests.to("GET", "/library/sections/")
    return [request for request in requests if request.path.endswith("/refresh")]


def begin(server: Server, library: str = "1") -> Activity:
    """Start a scan that says at once which library it is of."""
    activity = server.plex.world.scan(library)
    return server.plex.world.progress_scan(activity, progress=40)


def accepted(server: Server) -> AbstractContextManager[object]:
    """Let the server accept every scan and start none: the test does."""

    async def respond(request: web.Request, handler: object) -> web.Response:
        return web.Response()

    return server.plex.faults.answer(respond, path="/library/sections/1/refresh")


@asynccontextmanager
async def waiting_for_scan(
    server: Server, **data: Any
) -> AsyncIterator[asyncio.Task[Answer]]:
    """Have a library scanned and wait for the end; go on when the server accepted."""
    waiting_for_changes = server.coordinator.book.membership_changed._callbacks
    before = len(waiting_for_changes)
    with accepted(server):
        waiting = asyncio.create_task(scan(server, wait=True, **data))
        # One collects the scans that are seen, and the other waits for ours.
        await until(lambda: waiting.done() or len(waiting_for_changes) == before + 2)
        yield waiting
        await asyncio.wait({waiting})
