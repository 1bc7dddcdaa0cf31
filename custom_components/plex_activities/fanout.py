"""A list of callbacks, so that a change reaches only those who asked for it."""

from collections.abc import Callable


class Fanout[*Args]:
    """Calls everyone who connected, in the order in which they did."""

    __slots__ = ("_callbacks",)

    def __init__(self) -> None:
        """Start with nobody."""
        self._callbacks: dict[object, Callable[[*Args], None]] = {}

    def connect(self, call: Callable[[*Args], None]) -> Callable[[], None]:
        """Have `call` called from now on, until the returned function is called."""
        key = object()
        self._callbacks[key] = call

        def disconnect() -> None:
            self._callbacks.pop(key, None)

        return disconnect

    def __call__(self, *args: *Args) -> None:
        """Call everyone who is connected at this moment."""
        for call in tuple(self._callbacks.values()):
            call(*args)
