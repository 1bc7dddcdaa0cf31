"""A Plex Media Server's HTTP interface: nouns read, verbs act."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
import json
from urllib.parse import quote, urlencode

import aiohttp

from .address import normalise_url
from .endpoint import Endpoint
from .exceptions import PlexNotFoundError, PlexResponseError
from .fields import whole_number
from .models import Activity, ButlerTask, Dvr, Identity, Library, Server
from .rest import Reply, Rest, token_header, who_we_are
from .stream import Counters, NotificationStream, Transport


class PlexClient:
    """One Plex Media Server."""

    def __init__(  # noqa: PLR0913 - settings, each by its name
        self,
        session: aiohttp.ClientSession,
        url: str,
        token: str | None,
        *,
        client_identifier: str,
        product: str = "Plex Activities",
        version: str = "",
        platform: str = "",
        device_name: str = "",
        json_loads: Callable[[str | bytes], object] = json.loads,
        request_timeout: float = 10.0,
        silence: float = 45.0,
    ) -> None:
        """Prepare to talk to the server; nothing is sent yet.

        Args:
            session: What carries the requests; it stays the caller's.
            url: The server's address, as a person may write it.
            token: The token, or None for a server that asks for none.
            client_identifier: Who we are to the server, the same for ever.
            product: What we are, as the server shows it, like the next three.
            version: Of the product.
            platform: What the product runs on.
            device_name: How its owner calls it.
            json_loads: Turns JSON into objects, and raises ValueError if it is none.
            request_timeout: Seconds until a request, or opening a stream, has failed.
            silence: Seconds without a sign of life after which a stream is dead.

        Raises:
            PlexInvalidUrlError: The address cannot be one.
            PlexAuthError: The token cannot be one.

        """
        self.url = normalise_url(url)
        self.counters = Counters()
        self._token = token_header(token)
        self._rest = Rest(
            session,
            headers=who_we_are(
                client_identifier=client_identifier,
                product=product,
                version=version,
                platform=platform,
                device_name=device_name,
            ),
            json_loads=json_loads,
            request_timeout=request_timeout,
        )
        self._endpoint = Endpoint(
            session=session,
            url=self.url,
            headers={**self._rest.headers, **self._token},
            json_loads=json_loads,
            counters=self.counters,
            open_timeout=request_timeout,
            silence=silence,
        )

    async def identity(self) -> Identity:
        """Return who the server is. Anybody may ask: no token is sent."""
        reply = await self._request("GET", "identity", with_token=False)
        return _known(Identity.from_payload(_root(reply, "MediaContainer")))

    async def server(self) -> Server:
        """Return how the server describes itself to the owner of the token."""
        reply = await self._request("GET")
        return _known(Server.from_payload(_root(reply, "MediaContainer")))

    async def libraries(self) -> tuple[Library, ...]:
        """Return the libraries that the token may see."""
        reply = await self._request("GET", "library", "sections")
        rows = _rows(_root(reply, "MediaContainer"), "Directory")
        return self._understood(rows, Library.from_payload)

    async def activities(self) -> tuple[Activity, ...]:
        """Return the activities that run now and that the token may see."""
        reply = await self._request("GET", "activities")
        rows = _rows(_root(reply, "MediaContainer"), "Activity")
        return self._understood(rows, Activity.from_payload)

    async def butler_tasks(self) -> tuple[ButlerTask, ...]:
        """Return the maintenance tasks; the server tells only its owner."""
        reply = await self._request("GET", "butler")
        rows = _rows(_root(reply, "ButlerTasks"), "ButlerTask")
        return self._understood(rows, ButlerTask.from_payload)

    async def dvrs(self) -> tuple[Dvr, ...]:
        """Return the DVRs, each with a programme guide of its own."""
        reply = await self._request("GET", "livetv", "dvrs")
        root = _root(reply, "MediaContainer")
        # Plex's documentation has one name in the schema and the other in the example.
        rows = _rows(root, "Dvr", "DVR")
        return self._understood(rows, Dvr.from_payload)

    async def start_library_scan(
        self, library_id: str, path: str | None = None, *, force: bool = False
    ) -> Reply:
        """Ask the server to scan a library, or a folder of it.

        `force` has it look at what has not changed as well. It is a GET although Plex
        documents a POST: that is what every program sends, so every server knows it.
        """
        query = {"path": path, "force": "1" if force else None}
        segments = "library", "sections", library_id, "refresh"
        return await self._request("GET", *segments, query=query)

    async def run_butler_task(self, name: str) -> Reply:
        """Ask the server to run a maintenance task; 202 means that it does already."""
        return await self._request("POST", "butler", name)

    async def process_subscriptions(self) -> Reply:
        """Ask the server to look for what is to be recorded or downloaded."""
        return await self._request("POST", "media", "subscriptions", "process")

    async def reload_guide(self, dvr_id: str) -> Reply:
        """Ask the server to load the programme guide of a DVR again."""
        return await self._request("POST", "livetv", "dvrs", dvr_id, "reloadGuide")

    async def cancel_activity(self, activity_id: str) -> Reply:
        """Ask the server to stop an activity. That it agrees does not mean it stops."""
        return await self._request("DELETE", "activities", activity_id)

    async def stop_library_scan(self, library_id: str) -> Reply:
        """Ask the server to stop scanning a library."""
        segments = "library", "sections", library_id, "refresh"
        return await self._request("DELETE", *segments)

    async def stop_butler_task(self, name: str) -> Reply:
        """Ask the server to stop a maintenance task."""
        return await self._request("DELETE", "butler", name)

    def notifications(
        self, transport: Transport
    ) -> AbstractAsyncContextManager[NotificationStream]:
        """Return a context that opens one live stream, and closes it.

        Raises:
            PlexStreamRefusedError: This transport is refused; another may not be.
            PlexError: Neither this transport nor another can be had now.

        """
        return self._endpoint.open(transport)

    async def _request(
        self,
        method: str,
        *segments: str,
        query: Mapping[str, str | None] | None = None,
        with_token: bool = True,
    ) -> Reply:
        """Send one request and return the answer to it, which is a success.

        Raises:
            PlexError: It was none.

        """
        url = self.url + _path(segments) + _query(query or {})
        return await self._rest.request(
            method, url, self._token if with_token else None
        )

    def _understood[T](
        self, rows: list[object], parse: Callable[[object], T | None]
    ) -> tuple[T, ...]:
        understood = tuple(one for row in rows if (one := parse(row)) is not None)
        self.counters.rows_not_understood += len(rows) - len(understood)
        if rows and not understood:
            # As with a list that is none: nothing of it is not the same as nothing.
            raise PlexResponseError("The answer is not that of a Plex Media Server")
        return understood


def _path(segments: Iterable[str]) -> str:
    """Return the path to something; what names it can come from the server, or a user.

    An empty name would mean the whole collection (to stop a task without a name is to
    stop all of them), and one of dots what is above it.
    """
    quoted = [quote(segment, safe="") for segment in segments]
    if not {"", ".", ".."}.isdisjoint(quoted):
        raise PlexNotFoundError("The server does not have what was asked for")
    return "/" + "/".join(quoted)


def _query(said: Mapping[str, str | None]) -> str:
    """Return what stands behind the path, without what is not said."""
    pairs = [(name, value) for name, value in said.items() if value is not None]
    # Not every server takes a "+" for a space.
    return f"?{urlencode(pairs, quote_via=quote, safe='')}" if pairs else ""


def _root(reply: Reply, name: str) -> dict[str, object]:
    payload = reply.payload
    root = payload.get(name) if isinstance(payload, dict) else None
    if not isinstance(root, dict):
        raise PlexResponseError("The answer is not that of a Plex Media Server")
    return root


def _rows(root: Mapping[str, object], *names: str) -> list[object]:
    """Return the rows of a list, which is left out where there are none."""
    match next((root[name] for name in names if root.get(name)), None):
        case None if not whole_number(root.get("size")):
            return []
        case list() as rows:
            return rows
        case dict() as row:
            return [row]
    # To read anything else as "none" would end all that runs.
    raise PlexResponseError("The answer is not that of a Plex Media Server")


def _known[T](noun: T | None) -> T:
    if noun is None:
        raise PlexResponseError("The answer is not that of a Plex Media Server")
    return noun
