"""Holds events back while nobody could hear them."""

from .fanout import Fanout
from .runs import RunEvent


class EventGate:
    """Passes events on in their order: now if it is open, else when it opens.

    It is closed until Home Assistant has started, because automations load late, and
    while the server's entities are unavailable, because an event that brings one back
    to life looks like a mere return.
    """

    def __init__(self) -> None:
        """Start closed."""
        self.passed: Fanout[RunEvent] = Fanout()
        self._held: list[RunEvent] = []
        self._is_open = False

    def announce(self, event: RunEvent) -> None:
        """Pass an event on, now or when the gate opens."""
        if self._is_open:
            self.passed.tell(event)
        else:
            self._held.append(event)

    def open(self) -> None:
        """Pass on what was held back, and what comes from now on."""
        self._is_open = True
        held, self._held = self._held, []
        for event in held:
            self.passed.tell(event)

    def close(self) -> None:
        """Hold back what comes from now on."""
        self._is_open = False
