"""How often an entity writes its state: as seldom as the reason to write allows."""

from asyncio import TimerHandle
from collections.abc import Callable

from homeassistant.core import HomeAssistant, callback


class WriteThrottle:
    """Writes at once, or as soon as enough time has passed since the last write.

    A library scan sends a message for every file. Each write is a row in the recorder's
    database, so most of them must not become one.
    """

    def __init__(self, hass: HomeAssistant, write: Callable[[], None]) -> None:
        """Prepare to write with the given function; the last write is taken as now."""
        self._loop = hass.loop
        self._write = write
        self._last = hass.loop.time()
        self._timer: TimerHandle | None = None
        self._due = 0.0

    @callback
    def write_now(self) -> None:
        """Write at once, and drop what was to be written later."""
        self.cancel()
        self._last = self._loop.time()
        self._write()

    @callback
    def write_within(self, seconds: float) -> None:
        """Write when the last write is this long ago, unless that happens sooner."""
        when = self._last + seconds
        if self._timer is not None:
            if when >= self._due:
                return
            self.cancel()
        if when <= (now := self._loop.time()):
            self._last = now
            self._write()
        else:
            self._timer = self._loop.call_at(when, self.write_now)
            self._due = when

    @callback
    def cancel(self) -> None:
        """Forget what was to be written later."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
