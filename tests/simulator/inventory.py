"""What the server has, whether or not anything runs on it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
import random
import uuid

from . import defaults
from .models import OWNER_ID, Account, Dvr, Identity, Library, Payload


def uuid_source(seed: int) -> Callable[[], str]:
    """Return a function that makes the same UUIDs in the same order every time."""
    source = random.Random(seed)
    return lambda: str(uuid.UUID(int=source.getrandbits(128), version=4))


class Inventory:
    """Identity, accounts, libraries, butler tasks and DVRs."""

    def __init__(self, *, token: str, new_uuid: Callable[[], str]) -> None:
        """Create a claimed server with an owner and three libraries."""
        self.new_uuid = new_uuid
        self.identity = Identity()
        self.accounts = [Account(id=OWNER_ID, name="owner", token=token)]
        self.butler_tasks = list(defaults.BUTLER_TASKS)
        self.dvrs: list[Dvr] = []
        self.background_jobs: list[Payload] = []
        self._libraries: dict[str, Library] = {}
        self._library_keys = count(1)
        self._time = 1_700_000_000
        for title, kind in defaults.LIBRARIES:
            self.add_library(title, kind=kind)

    def rename(self, friendly_name: str) -> None:
        """Give the server another name."""
        self.identity = replace(self.identity, friendly_name=friendly_name)

    def tick(self) -> int:
        """Return the next time stamp: here, time passes when something happens."""
        self._time += 1
        return self._time

    @property
    def token(self) -> str:
        """The owner's token. A new one makes the old one worthless."""
        return next(account.token for account in self.accounts if account.is_owner)

    @token.setter
    def token(self, token: str) -> None:
        self.accounts = [
            replace(account, token=token) if account.is_owner else account
            for account in self.accounts
        ]

    def account(self, token: str | None) -> Account | None:
        """Return whose token this is."""
        return next((one for one in self.accounts if one.token == token), None)

    def add_account(
        self,
        name: str,
        *,
        token: str,
        account_id: int | None = None,
        may_record: bool = False,
    ) -> Account:
        """Share the server with somebody."""
        account = Account(
            id=account_id or 10_000_000 + len(self.accounts),
            name=name,
            token=token,
            may_record=may_record,
        )
        self.accounts.append(account)
        return account

    @property
    def libraries(self) -> tuple[Library, ...]:
        """All libraries, the oldest first."""
        return tuple(self._libraries.values())

    def library(self, key: str) -> Library:
        """Return a library, or raise KeyError."""
        return self._libraries[key]

    def add_library(
        self, title: str, *, kind: str = "movie", key: str | None = None
    ) -> Library:
        """Add a library. Keys are numbered, and never used twice."""
        agent, scanner = defaults.AGENTS[kind]
        now = self.tick()
        library = Library(
            key=key or str(next(self._library_keys)),
            title=title,
            type=kind,
            uuid=self.new_uuid(),
            agent=agent,
            scanner=scanner,
            locations=(f"/media/{title}",),
            scanned_at=now,
            updated_at=now,
            content_changed_at=now,
        )
        self._libraries[library.key] = library
        return library

    def rename_library(self, key: str, title: str) -> Library:
        """Give a library another title."""
        library = replace(self.library(key), title=title, updated_at=self.tick())
        self._libraries[key] = library
        return library

    def remove_library(self, key: str) -> None:
        """Remove a library."""
        del self._libraries[key]

    def add_dvr(self, key: str = "28") -> Dvr:
        """Add a DVR, with a guide that can be reloaded."""
        dvr = Dvr(key=key, uuid=self.new_uuid())
        self.dvrs.append(dvr)
        return dvr

    def _note_scan(self, key: str) -> None:
        """Remember that a library has just been scanned."""
        if key in self._libraries:
            now = self.tick()
            self._libraries[key] = replace(
                self._libraries[key], scanned_at=now, content_changed_at=now
            )
