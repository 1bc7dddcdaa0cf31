"""How much is measured: enough to see a fault at once, or enough to be believed."""

from enum import Enum


class Scale(Enum):
    """How long somebody is ready to wait."""

    QUICK = "quick"
    FULL = "full"
    LONG = "long"

    def of[T](self, quick: T, full: T, long: T | None = None) -> T:
        """Return one of the amounts; a long measurement is mostly just a full one."""
        if self is Scale.LONG and long is not None:
            return long
        return quick if self is Scale.QUICK else full
