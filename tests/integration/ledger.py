"""What is to be announced against what is announced: each of it exactly once."""

from collections import Counter

from homeassistant.core import Event, EventStateChangedData, callback

from tests.simulator import Activity

from .server import Server, until

type _Entry = tuple[str, str]
"""An activity's id, and the type of an event."""


class Ledger:
    """Counts both sides of one server's events."""

    def __init__(self, server: Server) -> None:
        """Begin to listen to the server's event entity, which is there."""
        self._due: Counter[_Entry] = Counter()
        self._told = 0
        self._entity_id = server.entity_id("event", "event")
        self._latest: tuple[str, ...] = ()
        server.hass.bus.async_listen("state_changed", self._note)

    def expect(self, activity: Activity, event: str) -> None:
        """Have something announced, some time before or after this."""
        self._enter((activity.uuid, event), 1)

    async def settled(self, *, but: int = 0) -> None:
        """Wait until all but so many have been announced."""
        await until(lambda: sum(due > 0 for due in self._due.values()) <= but)

    def mistakes(self) -> list[str]:
        """Return what was announced too often, or not at all."""
        return [
            f"{event} of {uuid}: {-due} times too often"
            if due < 0
            else f"{event} of {uuid}: never"
            for (uuid, event), due in self._due.items()
        ]

    def close(self) -> int:
        """Forget everything, and return how much was announced."""
        told, self._told = self._told, 0
        self._due.clear()
        return told

    def _enter(self, entry: _Entry, more: int) -> None:
        self._due[entry] += more
        if not self._due[entry]:
            del self._due[entry]

    @callback
    def _note(self, event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if state is None or state.entity_id != self._entity_id:
            return
        if (activity_id := state.attributes.get("activity_id")) is None:
            return
        # The entity comes back with its latest event after it was unavailable.
        kind = state.attributes["event_type"]
        entry = (state.state, activity_id, kind)
        if state.state != "unavailable" and entry != self._latest:
            self._latest = entry
            self._told += 1
            self._enter((activity_id, kind), -1)
