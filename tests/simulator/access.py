"""Who may ask what: tokens, the owner, and everybody else."""

from aiohttp import web
from aiohttp.typedefs import Middleware

from .inventory import Inventory
from .models import Account
from .pages import Handler, page

ACCOUNT = web.RequestKey("account", Account)
OPEN_TO_ALL = frozenset({"/identity"})
REDIRECT_SCRIPT = '<script>window.location = "/web/index.html"</script>'


def token_required(inventory: Inventory) -> Middleware:
    """Return a middleware that finds out who asks, and answers 401 to strangers."""

    @web.middleware
    async def authenticate(
        request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if request.path in OPEN_TO_ALL:
            return await handler(request)
        # Plex takes every header of its own in the query as well.
        token = request.headers.get("X-Plex-Token", request.query.get("X-Plex-Token"))
        if (account := inventory.account(token)) is None:
            return page(401, script=REDIRECT_SCRIPT if request.path == "/" else "")
        request[ACCOUNT] = account
        return await handler(request)

    return authenticate


def owner_only(handler: Handler) -> Handler:
    """Answer 403 to everybody but the owner of the server."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return await handler(request) if request[ACCOUNT].is_owner else page(403)

    return handle
