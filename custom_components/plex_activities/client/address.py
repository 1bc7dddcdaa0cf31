"""The address of a server, from what a person wrote or copied."""

import ipaddress
import re
from urllib.parse import urlsplit

from .exceptions import PlexInvalidUrlError

DEFAULT_PORT = 32400

_HOST_NAME = re.compile(r"[\w.-]+")
# Where a browser shows Plex; people copy the address from there.
_WEB_APP = re.compile(r"/web(/.*)?$", re.DOTALL)


def normalise_url(text: str) -> str:
    """Return the address in the one form that is stored and used.

    Without a scheme it is a host on the local network, at Plex's own port. A path is
    kept for reverse proxies; of one into Plex's web app, what comes before is kept.

    Raises:
        PlexInvalidUrlError: This cannot be the address of a server.

    """
    written = text.strip()
    has_scheme = "://" in written
    try:
        parts = urlsplit(written if has_scheme else f"http://{_bracketed(written)}")
        host, port = _checked_host(parts.hostname), parts.port
    except ValueError:
        raise PlexInvalidUrlError("This is not the address of a server") from None
    if parts.scheme not in {"http", "https"} or port == 0:
        raise PlexInvalidUrlError("This is not the address of a server")
    if "@" in parts.netloc:
        raise PlexInvalidUrlError("An address must not hold a user name or password")
    path = _WEB_APP.sub("", parts.path).rstrip("/")
    if port is None and not has_scheme and not path:
        port = DEFAULT_PORT
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{path}"


def _bracketed(text: str) -> str:
    """Return the text, with the brackets that a bare IPv6 address lacks."""
    try:
        return f"[{ipaddress.IPv6Address(text)}]"
    except ValueError:
        return text


def _checked_host(host: str | None) -> str:
    """Return the host as an address has it, or raise ValueError."""
    if host and ":" in host:
        return f"[{ipaddress.IPv6Address(host)}]"
    if not host or not _HOST_NAME.fullmatch(host):
        raise ValueError
    host.encode("idna")  # Raises for labels that are empty or too long.
    return host
