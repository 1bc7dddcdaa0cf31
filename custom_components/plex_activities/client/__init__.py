"""A client for the activities of a Plex Media Server. Knows nothing of Home Assistant.

`api` asks and acts over HTTP, at an `address`; `account` asks plex.tv; `rest` is how
both do it. `endpoint` opens a `stream`: one live connection, and an iterator that ends
with an error; `sse` decodes one of its two transports. `models` turns what they bring
into immutable values, and `tracker` decides what runs and what has changed. `wire`
knows what the network's errors mean, and `exceptions` is all that a caller has to
catch. Nothing here reconnects or retries.
"""

from .account import AccountServer, LinkCode, PlexAccount, PlexTv
from .address import normalise_url
from .api import PlexClient
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
from .models import (
    BUTLER,
    LIBRARY_SCAN,
    Activity,
    ActivityEvent,
    ButlerTask,
    Dvr,
    Identity,
    Library,
    Notification,
    Outcome,
    Server,
)
from .rest import Reply
from .stream import Counters, NotificationStream, Transport
from .tracker import ActivityTracker, Change, ChangeKind

__all__ = [
    "BUTLER",
    "LIBRARY_SCAN",
    "AccountServer",
    "Activity",
    "ActivityEvent",
    "ActivityTracker",
    "ButlerTask",
    "Change",
    "ChangeKind",
    "Counters",
    "Dvr",
    "Identity",
    "Library",
    "LinkCode",
    "Notification",
    "NotificationStream",
    "Outcome",
    "PlexAccount",
    "PlexAuthError",
    "PlexCertificateError",
    "PlexClient",
    "PlexConnectionError",
    "PlexConnectionRefusedError",
    "PlexError",
    "PlexForbiddenError",
    "PlexInvalidUrlError",
    "PlexNotFoundError",
    "PlexRejectedError",
    "PlexResponseError",
    "PlexStartingUpError",
    "PlexStreamRefusedError",
    "PlexTimeoutError",
    "PlexTv",
    "Reply",
    "Server",
    "Transport",
    "normalise_url",
]
