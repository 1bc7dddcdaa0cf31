"""What the flows lead to: an account at plex.tv, and servers that are known already.

All of it runs within the check, which has to turn things that no request can turn: it
enters a code, and takes a token back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from tests.simulator import SimulatedPlex, SimulatedPlexTv

from .home_assistant import Json

ATTIC = "Attic"
CELLAR = "Cellar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What there is besides the server that everything else is shown on."""

    plex_tv: SimulatedPlexTv
    attic: SimulatedPlex
    """A server that only the account knows."""
    cellar: SimulatedPlex
    """A server of the same account, which Home Assistant's own integration has."""

    @property
    def core_entry(self) -> dict[str, Json]:
        """Return the config entry of Home Assistant's own integration.

        It is disabled: nothing is to depend on whether PlexAPI is installed, and to
        take a server over it is enough that it is written down.
        """
        server = {
            "url": self.cellar.url,
            "token": self.cellar.token,
            "client_id": "core",
            "verify_ssl": True,
        }
        data = {
            "server": CELLAR,
            "server_id": machine_identifier(self.cellar),
            "server_config": server,
        }
        return {
            "data": data,
            "disabled_by": "user",
            "domain": "plex",
            "entry_id": "core-plex",
            "source": "user",
            "title": CELLAR,
            "unique_id": machine_identifier(self.cellar),
            "version": 1,
        }


@asynccontextmanager
async def surroundings() -> AsyncIterator[Surroundings]:
    """Put up an account with two servers."""
    async with (
        SimulatedPlexTv() as plex_tv,
        _server(ATTIC, seed=1) as attic,
        _server(CELLAR, seed=2) as cellar,
    ):
        plex_tv.add_server(attic)
        plex_tv.add_server(cellar)
        yield Surroundings(plex_tv=plex_tv, attic=attic, cellar=cellar)


def machine_identifier(plex: SimulatedPlex) -> str:
    """Return what tells a server from all others."""
    return plex.world.identity.machine_identifier


def _server(name: str, *, seed: int) -> SimulatedPlex:
    plex = SimulatedPlex(token=f"token-of-{name.lower()}", seed=seed)
    plex.world.identity = replace(
        plex.world.identity, machine_identifier=name.lower(), friendly_name=name
    )
    return plex
