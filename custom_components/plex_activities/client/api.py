"""A Plex Media Server's HTTP interface: nouns read, verbs act.

`_request()` is the only place that talks REST. Who we are, and the token, travel in
headers only, so that no address, and no error that names one, can give the token away.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
import json
from urllib.parse import quote

import aiohttp

from .address import normalise_url
from .endpoint import Endpoint
from .exceptions import PlexAuthError, PlexNotFoundError, PlexResponseError
from .models import Activity, ButlerTask, Identity, Library, Server
from .stream import Counters, NotificationStream, Transport
from .wire import SUCCESS, answer_error, network_error, read_body

# The list of libraries of the largest servers is some hundred kilobytes.
MAX_BODY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answered.

    `activity_id` names the activity that a request has set going, where the server says
    so. `payload` is None where the body is no JSON: acts are answered with nothing, or
    with a page of HTML.
    """

    status: int
    activity_id: str | None
    payload: object


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
        self._session = session
        self._json_loads = json_loads
        self._timeout = aiohttp.ClientTimeout(total=request_timeout)
        said = {
            "X-Plex-Client-Identifier": client_identifier,
            "X-Plex-Product": product,
            "X-Plex-Version": version,
            "X-Plex-Platform": platform,
            "X-Plex-Device-Name": device_name,
        }
        self._headers = {"Accept": "application/json", **_printable(said)}
        self._headers_with_token = {**self._headers, **_token_header(token)}
        self._endpoint = Endpoint(
            session=session,
            url=self.url,
            headers=self._headers_with_token,
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

    async def cancel_activity(self, activity_id: str) -> Reply:
        """Ask the server to stop an activity. That it agrees does not mean it stops."""
        return await self._request("DELETE", "activities", activity_id)

    async def stop_library_scan(self, library_id: str) -> Reply:
        """Ask the server to stop scanning a library."""
        return await self._request(
            "DELETE", "library", "sections", library_id, "refresh"
        )

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
        self, method: str, *segments: str, with_token: bool = True
    ) -> Reply:
        """Send one request and return the answer to it, which is a success.

        Raises:
            PlexError: It was none.

        """
        try:
            async with self._session.request(
                method,
                self.url + _path(segments),
                headers=self._headers_with_token if with_token else self._headers,
                timeout=self._timeout,
                # A redirect would take the token along, to anywhere.
                allow_redirects=False,
            ) as response:
                if response.status not in SUCCESS:
                    raise await answer_error(response)
                body = await read_body(response, MAX_BODY)
        except (aiohttp.ClientError, OSError) as err:
            raise network_error(err) from None
        if len(body) > MAX_BODY:
            raise PlexResponseError("The server's answer is too large")
        activity_id = response.headers.get("X-Plex-Activity") or None
        return Reply(response.status, activity_id, self._decoded(body))

    def _decoded(self, body: bytes) -> object:
        try:
            return self._json_loads(body)
        except ValueError, RecursionError:
            return None

    def _understood[T](
        self, rows: list[object], parse: Callable[[object], T | None]
    ) -> tuple[T, ...]:
        understood = tuple(one for row in rows if (one := parse(row)) is not None)
        self.counters.rows_not_understood += len(rows) - len(understood)
        return understood


def _printable(said: Mapping[str, str]) -> dict[str, str]:
    """Return headers without those that are empty, and without line breaks."""
    return {
        name: line for name, text in said.items() if (line := " ".join(text.split()))
    }


def _token_header(token: str | None) -> dict[str, str]:
    token = (token or "").strip()
    if not token.isprintable():
        raise PlexAuthError("The token holds characters that no token has")
    return {"X-Plex-Token": token} if token else {}


def _path(segments: Iterable[str]) -> str:
    """Return the path to something; what names it can come from the server, or a user.

    An empty name would mean the whole collection (to stop a task without a name is to
    stop all of them), and one of dots what is above it.
    """
    quoted = [quote(segment, safe="") for segment in segments]
    if not {"", ".", ".."}.isdisjoint(quoted):
        raise PlexNotFoundError("The server does not have what was asked for")
    return "/" + "/".join(quoted)


def _root(reply: Reply, name: str) -> dict[str, object]:
    payload = reply.payload
    root = payload.get(name) if isinstance(payload, dict) else None
    if not isinstance(root, dict):
        raise PlexResponseError("The answer is not that of a Plex Media Server")
    return root


def _rows(root: Mapping[str, object], name: str) -> list[object]:
    """Return the rows of a list, which is left out where there are none."""
    match root.get(name):
        case None:
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
