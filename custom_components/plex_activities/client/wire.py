"""What the network says, put into the client's own errors: the one place that does.

aiohttp's errors stay inside the client. Their `repr` holds the headers of the request,
and so the token; therefore ours are raised without a cause, and carry the system's own
words where they have some.
"""

from contextlib import suppress
import errno
import os
import ssl

import aiohttp

from .exceptions import (
    PlexAuthError,
    PlexCertificateError,
    PlexConnectionError,
    PlexConnectionRefusedError,
    PlexError,
    PlexForbiddenError,
    PlexInvalidUrlError,
    PlexNotFoundError,
    PlexRejectedError,
    PlexResponseError,
    PlexStartingUpError,
    PlexStreamRefusedError,
    PlexTimeoutError,
)

SUCCESS = range(200, 300)
_REDIRECTION = range(300, 400)

# Error pages are some hundred bytes. A proxy's can be longer, and says nothing we seek.
_MAX_ERROR_BODY = 64 * 1024
_STARTING_UP = b"still starting up"

type _Meaning = tuple[type[PlexError], str]

# The first that fits: some of aiohttp's errors are several of these at once.
_FAILURES: tuple[tuple[tuple[type[Exception], ...], _Meaning], ...] = (
    (
        (aiohttp.InvalidURL,),
        (PlexInvalidUrlError, "The address is not valid"),
    ),
    (
        (aiohttp.ClientConnectorCertificateError, ssl.SSLCertVerificationError),
        (PlexCertificateError, "The server's certificate could not be verified"),
    ),
    (
        (aiohttp.ClientConnectorDNSError,),
        (PlexConnectionError, "The server's name could not be resolved"),
    ),
    (
        (TimeoutError,),
        (PlexTimeoutError, "The server did not answer in time"),
    ),
    (
        (aiohttp.ClientSSLError, ssl.SSLError),
        (PlexConnectionError, "A secure connection could not be made"),
    ),
    (
        (aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError),
        (PlexConnectionError, "The server closed the connection"),
    ),
)
_SYSTEM_FAILURES: dict[int, _Meaning] = {
    errno.ECONNREFUSED: (
        PlexConnectionRefusedError,
        "The server refused the connection",
    ),
    errno.ETIMEDOUT: (PlexTimeoutError, "The server did not answer in time"),
}
_STATUSES: dict[int, _Meaning] = {
    400: (PlexRejectedError, "The server rejects the request"),
    401: (PlexAuthError, "The server does not accept the token"),
    403: (PlexForbiddenError, "The server does not permit this with this token"),
    404: (PlexNotFoundError, "The server does not have what was asked for"),
    498: (PlexAuthError, "The token has expired"),
    503: (PlexStartingUpError, "The server is still starting up"),
}


def network_error(err: aiohttp.ClientError | OSError) -> PlexError:
    """Return what it means that a request or a connection failed."""
    for kinds, (meaning, sentence) in _FAILURES:
        if isinstance(err, kinds):
            return meaning(sentence)
    number = err.errno if isinstance(err, OSError) else None
    if number is None:
        return PlexConnectionError("The connection failed")
    said = f"The connection failed: {os.strerror(number)}"
    meaning, sentence = _SYSTEM_FAILURES.get(number, (PlexConnectionError, said))
    return meaning(sentence)


async def answer_error(response: aiohttp.ClientResponse) -> PlexError:
    """Return what an answer means that is not a success."""
    if response.status in _REDIRECTION:
        return PlexResponseError("The server redirects to another address")
    said = f"The server answered with status {response.status}"
    meaning, sentence = _STATUSES.get(response.status, (PlexResponseError, said))
    if await _is_starting_up(response):
        meaning, sentence = _STATUSES[503]
    return meaning(sentence)


async def refusal(response: aiohttp.ClientResponse) -> PlexError:
    """Return why a stream is refused: by the server, or by something on the way."""
    match await answer_error(response):
        case PlexAuthError() | PlexForbiddenError() | PlexStartingUpError() as err:
            return err
    return PlexStreamRefusedError(
        f"The live stream was refused with status {response.status}"
    )


async def read_body(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the body. If it is longer than the limit, there was more of it."""
    body = bytearray()
    while len(body) <= limit and (chunk := await response.content.readany()):
        body += chunk
    return bytes(body)


async def _is_starting_up(response: aiohttp.ClientResponse) -> bool:
    body = b""
    # The status has been said already: a connection that breaks now takes nothing back.
    with suppress(aiohttp.ClientError, OSError):
        body = await read_body(response, _MAX_ERROR_BODY)
    return _STARTING_UP in body.lower()
