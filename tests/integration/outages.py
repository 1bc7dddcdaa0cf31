"""What the log says of outages: one line when one begins, and one when it is over."""

import gc
import logging
import re

from custom_components.plex_activities.const import DOMAIN

from .server import Server

OURS = "custom_components.plex_activities"
MISSED = "No live updates"
BEGINNING = re.compile(f"Error fetching|Authentication failed while fetching|{MISSED}")
END = re.compile(r"Fetching .* data recovered|Live updates .* are back")


class OutageLog:
    """The lines about one server."""

    def __init__(
        self,
        server: Server,
        records: list[logging.LogRecord],
        *,
        has_streams: bool,
    ) -> None:
        """Read what is logged; without streams it is said once that they are missed."""
        self.lives = 1
        """How often the integration was set up."""
        self._server = server
        self._records = records
        self._has_streams = has_streams

    @property
    def has_said_all(self) -> bool:
        """Return whether what is missed for ever was said, and all else is over."""
        if not self._has_streams and not self._missed():
            return False
        lines = self._lines()
        return sum(map(bool, map(BEGINNING.match, lines))) == sum(
            map(bool, map(END.match, lines))
        )

    def assert_quiet(self) -> None:
        """Assert that nothing was said but that one outage began and was over."""
        # An error that nobody asks for is logged when its task is collected.
        gc.collect(1)
        lines = self._lines()
        assert len(lines) in {0, 2}, lines
        for line, expected in zip(lines, (BEGINNING, END), strict=False):
            assert expected.match(line), lines
        if not self._has_streams:
            assert len(self._missed()) <= self.lives

    def _missed(self) -> list[str]:
        return [line for line in self._written() if line.startswith(MISSED)]

    def _lines(self) -> list[str]:
        if self._has_streams:
            return self._written()
        return [line for line in self._written() if not line.startswith(MISSED)]

    def _written(self) -> list[str]:
        """Return what we have written, and every error, whoever it is of."""
        entries = self._server.hass.config_entries.async_entries(DOMAIN)
        others = {entry.title for entry in entries} - {self._server.entry.title}
        lines = [
            record.getMessage()
            for record in self._records
            if record.levelno >= logging.ERROR
            or (record.levelno >= logging.INFO and record.name.startswith(OURS))
        ]
        return [line for line in lines if not any(name in line for name in others)]
