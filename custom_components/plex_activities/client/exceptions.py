"""Everything that can go wrong between us and a Plex Media Server.

A message is written for a person and says what was seen. It never holds an address, a
header or a body: those can carry the token, titles or paths.
"""


class PlexError(Exception):
    """Base of all errors that the client raises."""


class PlexInvalidUrlError(PlexError):
    """The address cannot be the address of a server."""


class PlexConnectionError(PlexError):
    """The server could not be reached, or the connection broke."""


class PlexConnectionRefusedError(PlexConnectionError):
    """Nothing listens on the server's port: the server itself is not running."""


class PlexTimeoutError(PlexConnectionError):
    """The server, or the way to it, did not answer in time."""


class PlexCertificateError(PlexConnectionError):
    """The TLS certificate could not be verified for this address."""


class PlexResponseError(PlexError):
    """Something answered, but not as a Plex Media Server does."""


class PlexStartingUpError(PlexError):
    """The server says that it is still starting up."""


class PlexAuthError(PlexError):
    """The token is missing, wrong, revoked or expired (401, 498)."""


class PlexForbiddenError(PlexError):
    """The token is valid but may not do this (403)."""


class PlexNotFoundError(PlexError):
    """What was asked for does not exist, or does no longer (404)."""


class PlexRejectedError(PlexError):
    """The server refuses the request as it stands (400)."""


class PlexStreamRefusedError(PlexError):
    """The live stream was refused although something answers: try another transport."""
