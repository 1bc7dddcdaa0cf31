"""Asks the server for its libraries now and then."""

import logging
from time import monotonic

from .client import PlexClient, PlexError
from .fanout import Fanout
from .libraries import LibraryChanges, LibraryList

_LOGGER = logging.getLogger(__name__)


class LibraryWatch:
    """Keeps a list of libraries up to date."""

    def __init__(
        self,
        client: PlexClient,
        libraries: LibraryList,
        *,
        interval: float,
    ) -> None:
        """Prepare to ask, every `interval` seconds at most."""
        self.changed: Fanout[LibraryChanges] = Fanout()
        self._client = client
        self._libraries = libraries
        self._interval = interval
        self._asked: float | None = None

    def ask_again(self) -> None:
        """Have the next update ask in any case."""
        self._asked = None

    async def async_update(self) -> None:
        """Ask if it is time to.

        That this fails is no failure of the poll it belongs to: a server whose database
        is busy answers late, or not at all, just while the scans run that matter.
        """
        if self._asked is not None and monotonic() - self._asked < self._interval:
            return
        self._asked = monotonic()
        try:
            listed = await self._client.libraries()
        except PlexError as err:
            _LOGGER.debug("No list of libraries: %s", err)
        else:
            self.changed.tell(self._libraries.update(listed))
