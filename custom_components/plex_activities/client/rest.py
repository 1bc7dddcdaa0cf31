"""One request and the answer to it: the only place that talks REST.

Who we are, and the token, travel in headers only, so that no address, and no error that
names one, can give the token away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import aiohttp

from .exceptions import PlexAuthError, PlexResponseError
from .wire import SUCCESS, answer_error, network_error, read_body

# The list of libraries of the largest servers is some hundred kilobytes.
MAX_BODY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered.

    `activity_id` names the activity that a request has set going, where the server says
    so. `payload` is None where the body is no JSON: acts are answered with nothing, or
    with a page of HTML.
    """

    status: int
    activity_id: str | None
    payload: object


class Rest:
    """Sends requests that say who we are."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        headers: Mapping[str, str],
        json_loads: Callable[[str | bytes], object],
        request_timeout: float,
    ) -> None:
        """Prepare to send; `json_loads` raises ValueError for what is no JSON."""
        self.headers = headers
        self._session = session
        self._json_loads = json_loads
        self._timeout = aiohttp.ClientTimeout(total=request_timeout)

    async def request(
        self, method: str, url: str, token: Mapping[str, str] | None = None
    ) -> Reply:
        """Send one request and return the answer to it, which is a success.

        `token` is the header that holds it, for those who are to see it.

        Raises:
            PlexError: It was none.

        """
        try:
            async with self._session.request(
                method,
                url,
                headers={**self.headers, **(token or {})},
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


def who_we_are(
    *,
    client_identifier: str,
    product: str,
    version: str,
    platform: str,
    device_name: str,
) -> dict[str, str]:
    """Return the headers of every request: without empty ones, and line breaks."""
    said = {
        "X-Plex-Client-Identifier": client_identifier,
        "X-Plex-Product": product,
        "X-Plex-Version": version,
        "X-Plex-Platform": platform,
        "X-Plex-Device-Name": device_name,
    }
    lines = {name: " ".join(text.split()) for name, text in said.items()}
    return {
        "Accept": "application/json",
        **{name: line for name, line in lines.items() if line},
    }


def token_header(token: str | None) -> dict[str, str]:
    """Return the header that holds the token; none for those who need none.

    Raises:
        PlexAuthError: The token cannot be one.

    """
    token = (token or "").strip()
    if not token.isprintable():
        raise PlexAuthError("The token holds characters that no token has")
    return {"X-Plex-Token": token} if token else {}
