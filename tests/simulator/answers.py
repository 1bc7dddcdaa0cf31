"""Answers that a Plex server, or a proxy before it, may give instead of the right one.

Each function takes the request and the handler that would have answered it.
"""

import asyncio
from collections.abc import Awaitable, Callable
import json
from typing import Any, Protocol

from aiohttp import web

from .access import OPEN_TO_ALL
from .facts import Facts
from .models import Payload
from .pages import JWT_EXPIRED, STARTING_UP, Handler, page
from .shapes import to_json, to_xml


class Respond(Protocol):
    """Answers a request, with or without the handler that would have."""

    async def __call__(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Return the answer."""


STREAMS = "/:/"
HUGE = 50 * 1024 * 1024
_PIECE = 1024 * 1024
_PAUSE = 0.02


def status(code: int) -> Respond:
    """Answer with Plex's page for that status."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        # What needs no token is never refused for the sake of one.
        if code in {401, 403, JWT_EXPIRED} and request.path in OPEN_TO_ALL:
            return await handler(request)
        return page(code)

    return respond


async def starting_up(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what Plex does while it starts."""
    return web.Response(status=503, content_type="text/html", text=STARTING_UP)


def slow(seconds: float) -> Respond:
    """Give the right answer, but take real time for it."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await handler(request)

    return respond


async def hanging(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Never answer, until the client gives up."""
    await asyncio.Event().wait()
    return await handler(request)


async def trickling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a byte at a time, and never come to the end, until the client gives up."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(_PAUSE)


async def reset(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Cut the connection without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def rewritten(
    rewrite: Callable[[web.Request, bytes], Awaitable[web.StreamResponse]],
) -> Respond:
    """Answer with what the function makes of the right answer, if that is JSON."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(STREAMS):
            return await rewrite(request, b"{}")
        # XML would be the right answer to a client that does not ask for JSON.
        headers = {**request.headers, "Accept": "application/json"}
        response = await handler(request.clone(headers=headers))
        body = response.body if isinstance(response, web.Response) else None
        if response.content_type != "application/json" or not isinstance(body, bytes):
            return response
        return await rewrite(request, body)

    return respond


@rewritten
async def cut_off(request: web.Request, body: bytes) -> web.StreamResponse:
    """Promise the whole body, send half, and cut the connection."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.abort()
    return response


@rewritten
async def half_json(_: web.Request, body: bytes) -> web.StreamResponse:
    """Answer with the first half of the body, as if that were all."""
    return _json(body[: len(body) // 2])


@rewritten
async def xml(_: web.Request, body: bytes) -> web.StreamResponse:
    """Answer with XML, although JSON was asked for."""
    payload = json.loads(body) or {"MediaContainer": {}}
    return web.Response(body=to_xml(payload), content_type="text/xml", charset="utf-8")


def changed(change: Callable[[Payload], Any]) -> Respond:
    """Answer with what the function makes of the right JSON."""

    @rewritten
    async def respond(_: web.Request, body: bytes) -> web.StreamResponse:
        return _json(to_json(change(json.loads(body))))

    return respond


async def malformed_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with something that is called JSON, and is not."""
    return _json(b'{"MediaContainer": {"size": 1,, }')


async def invalid_utf8(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with bytes that are no text."""
    return _json(b'{"MediaContainer": "\xff\xfe\xfa"}')


async def empty_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 200 with nothing, although there is something to say."""
    return _json(b"")


async def html(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 200 with a web page, as a portal in between would."""
    return web.Response(
        content_type="text/html", text="<html><body><h1>Welcome</h1></body></html>"
    )


def huge(size: int) -> Respond:
    """Answer with valid JSON, far too much of it, without saying how much."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"MediaContainer":{"size":0,"title":"')
        for _ in range(0, size, _PIECE):
            await response.write(b"x" * _PIECE)
        await response.write(b'"}}')
        return response

    return respond


def redirect(location: str) -> Respond:
    """Send the client somewhere else."""

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        return web.Response(status=301, headers={"Location": location})

    return respond


class Held:
    """Answers that are ready, and yet on their way."""

    def __init__(self) -> None:
        """Start with none held."""
        self._held = 0
        self._facts = Facts()
        self._released = asyncio.Event()

    async def arrived(self, count: int = 1) -> None:
        """Wait until so many answers have been computed and are held."""
        await self._facts.wait_for(lambda: self._held >= count, f"{count} held answers")

    def release(self) -> None:
        """Let them go, and hold no more."""
        self._released.set()

    async def respond(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Compute the answer now, and deliver it when released."""
        response = await handler(request)
        self._held += 1
        self._facts.changed()
        await self._released.wait()
        return response


def _json(body: bytes) -> web.Response:
    """Answer 200 with something that claims to be JSON."""
    return web.Response(body=body, content_type="application/json")
