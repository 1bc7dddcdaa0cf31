"""A list of callbacks, so that a change reaches only those who asked for it."""

from collections.abc import Callable


class Fanout[*Args]:
    """Tells everyone who connected, in the order in which they did."""

    __slots__ = ("_callbacks", "_present")

    def __init__(self) -> None:
        """Start with nobody."""
        self._callbacks: dict[object, Callable[[*Args], None]] = {}
        # Made anew whenever somebody comes or goes, which is seldom. A call needs
        # something that stays as it is meanwhile, and there is a call every message.
        self._present: tuple[Callable[[*Args], None], ...] = ()

    def connect(self, call: Callable[[*Args], None]) -> Callable[[], None]:
        """Have `call` called from now on, until the returned function is called."""
        key = object()
        self._callbacks[key] = call
        self._present = tuple(self._callbacks.values())

        def disconnect() -> None:
            self._callbacks.pop(key, None)
            self._present = tuple(self._callbacks.values())

        return disconnect

    def tell(self, *args: *Args) -> None:
        """Call everyone who is connected at this moment, with these arguments."""
        for call in self._present:
            call(*args)
