"""The HTML that Plex answers with where a client hoped for JSON."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STARTING_UP = (
    "<html><head><title>Service Unavailable</title></head><body>"
    "<h1>503 Service Unavailable</h1>"
    "<p>The server is still starting up. Please retry later.</p></body></html>"
)
JWT_EXPIRED = 498
"""Not a status of HTTP, but Plex's own."""


def page(status: int, *, script: str = "") -> web.Response:
    """Return Plex's page for an error."""
    phrase = "Token Expired" if status == JWT_EXPIRED else HTTPStatus(status).phrase
    return web.Response(
        status=status,
        content_type="text/html",
        text=(
            f"<html><head>{script}<title>{phrase}</title></head>"
            f"<body><h1>{status} {phrase}</h1></body></html>"
        ),
    )


def empty_page(status: int = HTTPStatus.OK) -> web.Response:
    """Return what Plex answers to a command it has accepted: nothing, as HTML."""
    return web.Response(status=status, content_type="text/html")


@web.middleware
async def errors_as_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer Plex's page where aiohttp would answer its own text."""
    try:
        return await handler(request)
    except web.HTTPException as err:
        return page(err.status)
    except ConnectionError:
        # Whoever asked has gone in the middle of the answer: nothing to report.
        return web.Response()
