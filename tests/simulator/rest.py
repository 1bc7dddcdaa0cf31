"""The REST view of the world: `GET /activities` and what else Plex can be asked."""

from collections.abc import Callable, Iterable

from aiohttp import web

from . import payloads, shapes
from .access import ACCOUNT, owner_only
from .models import (
    Account,
    Activity,
    Library,
    NotCancellableError,
    Payload,
    UnknownActivityError,
)
from .pages import empty_page, page
from .world import PlexWorld

ACTIVITY_HEADER = "X-Plex-Activity"


class RestView:
    """Answers requests with what the world is like when they arrive."""

    def __init__(
        self, world: PlexWorld, *, on_started: Callable[[Activity], None]
    ) -> None:
        """Show that world; `on_started` hears of every activity asked for."""
        self._world = world
        self._on_started = on_started
        self.shared_users_cancel_own = False
        """Plex's documentation contradicts itself on this."""
        self.dvr_key = "Dvr"
        """Plex's documentation has `DVR` in the schema and `Dvr` in the example."""

    def routes(self) -> Iterable[web.RouteDef]:
        """Return all routes."""
        scan = owner_only(self._scan)
        stop_scan = owner_only(self._stop_scan)
        guide = "/livetv/dvrs/{dvr}/reloadGuide"
        section = "/library/sections/{key}/refresh"
        return (
            web.get("/identity", self._identity),
            web.get("/", self._root),
            web.get("/activities", self._activities),
            web.delete("/activities/{uuid}", self._cancel),
            web.get("/library", owner_only(self._library)),
            web.get("/library/sections", self._libraries),
            web.get("/library/sections/", self._libraries),
            web.get("/library/sections/all", self._libraries),
            web.get(section, scan),
            web.post(section, scan),
            web.delete(section, stop_scan),
            web.get("/butler", owner_only(self._butler)),
            web.delete("/butler", owner_only(self._stop_butler)),
            web.post("/butler/{task}", owner_only(self._run_task)),
            web.delete("/butler/{task}", owner_only(self._stop_task)),
            web.post("/media/subscriptions/process", self._process_subscriptions),
            web.get("/livetv/dvrs", self._dvrs),
            web.post(guide, owner_only(self._reload_guide)),
            web.delete(guide, owner_only(self._stop_guide)),
            web.get("/accounts", owner_only(self._accounts)),
            web.get("/status/sessions", owner_only(self._sessions)),
            web.get("/status/sessions/background", owner_only(self._background)),
        )

    # The server.

    async def _identity(self, request: web.Request) -> web.StreamResponse:
        return answer(request, payloads.identity_payload(self._world.identity))

    async def _root(self, request: web.Request) -> web.StreamResponse:
        world = self._world
        payload = payloads.root_payload(world.identity, updated_at=world.tick())
        return answer(request, payload)

    async def _accounts(self, request: web.Request) -> web.StreamResponse:
        rows = map(payloads.account_payload, self._world.accounts)
        return answer(request, payloads.container("Account", rows))

    async def _sessions(self, request: web.Request) -> web.StreamResponse:
        return answer(request, payloads.container("Metadata", ()))

    async def _background(self, request: web.Request) -> web.StreamResponse:
        rows = self._world.background_jobs
        return answer(request, payloads.container("TranscodeJob", rows))

    # Activities.

    async def _activities(self, request: web.Request) -> web.StreamResponse:
        account = request[ACCOUNT]
        rows = (
            payloads.activity_payload(activity)
            for activity in self._world.activities
            if account.is_owner or account.id == activity.user_id
        )
        return answer(request, payloads.container("Activity", rows))

    async def _cancel(self, request: web.Request) -> web.StreamResponse:
        try:
            activity = self._world.activity(request.match_info["uuid"])
            if not self._may_cancel(request[ACCOUNT], activity):
                return page(403)
            self._world.cancel(activity)
        except UnknownActivityError:
            return page(404)
        except NotCancellableError:
            return page(400)
        return empty_page()

    def _may_cancel(self, account: Account, activity: Activity) -> bool:
        """Return whether somebody may cancel an activity."""
        return account.is_owner or (
            self.shared_users_cancel_own and account.id == activity.user_id
        )

    # Libraries.

    async def _library(self, request: web.Request) -> web.StreamResponse:
        rows = [{"key": "sections", "title": "Library Sections"}]
        payload = payloads.container(
            "Directory",
            rows,
            identifier="com.plexapp.plugins.library",
            title1="Plex Library",
        )
        return answer(request, payload)

    async def _libraries(self, request: web.Request) -> web.StreamResponse:
        rows = (
            payloads.library_payload(
                library, refreshing=self._world.is_refreshing(library.key)
            )
            for library in self._world.libraries
        )
        payload = payloads.container(
            "Directory", rows, allowSync=True, title1="Plex Library"
        )
        return answer(request, payload)

    async def _scan(self, request: web.Request) -> web.StreamResponse:
        for library in self._chosen_libraries(request):
            self._on_started(self._world.scan(library))
        return empty_page()

    async def _stop_scan(self, request: web.Request) -> web.StreamResponse:
        for library in self._chosen_libraries(request):
            self._world.stop_work("library", library.key)
        return empty_page()

    def _chosen_libraries(self, request: web.Request) -> tuple[Library, ...]:
        """Return the library in the path, which may be `all` of them."""
        libraries = self._world.libraries
        key = request.match_info["key"]
        if key == "all":
            return libraries
        chosen = tuple(library for library in libraries if library.key == key)
        if not chosen:
            raise web.HTTPNotFound
        return chosen

    # The butler.

    async def _butler(self, request: web.Request) -> web.StreamResponse:
        return answer(request, payloads.butler_payload(self._world.butler_tasks))

    async def _run_task(self, request: web.Request) -> web.StreamResponse:
        task = request.match_info["task"]
        if task in self._world.running_tasks:
            return empty_page(202)
        try:
            activity = self._world.run_task(task)
        except KeyError:
            return page(404)
        if activity is not None:
            self._on_started(activity)
        return empty_page()

    async def _stop_task(self, request: web.Request) -> web.StreamResponse:
        stopped = self._world.stop_task(request.match_info["task"])
        return empty_page() if stopped else page(404)

    async def _stop_butler(self, _request: web.Request) -> web.StreamResponse:
        for task in tuple(self._world.running_tasks):
            self._world.stop_task(task)
        return empty_page()

    # Television. Only these calls answer with the UUID of what they started.

    async def _process_subscriptions(self, request: web.Request) -> web.StreamResponse:
        account = request[ACCOUNT]
        if not (account.is_owner or account.may_record):
            return page(403)
        return self._started(self._world.process_subscriptions(user_id=account.id))

    async def _dvrs(self, request: web.Request) -> web.StreamResponse:
        rows = map(payloads.dvr_payload, self._world.dvrs)
        return answer(request, payloads.container(self.dvr_key, rows))

    async def _reload_guide(self, request: web.Request) -> web.StreamResponse:
        try:
            return self._started(self._world.reload_guide(request.match_info["dvr"]))
        except KeyError:
            return page(404)

    async def _stop_guide(self, request: web.Request) -> web.StreamResponse:
        self._world.stop_work("guide", request.match_info["dvr"])
        return empty_page()

    def _started(self, activity: Activity | None) -> web.Response:
        """Answer with the activity that was started, if one was."""
        response = empty_page()
        if activity is not None:
            response.headers[ACTIVITY_HEADER] = activity.uuid
            self._on_started(activity)
        return response


def answer(request: web.Request, payload: Payload) -> web.Response:
    """Answer with XML, or with JSON to those who ask for it."""
    if "application/json" in request.headers.get("Accept", ""):
        return web.Response(
            body=shapes.to_json(payload), content_type="application/json"
        )
    return web.Response(
        body=shapes.to_xml(payload), content_type="text/xml", charset="utf-8"
    )
