"""What every demo stands on: the simulator, Home Assistant, and the two connected."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, ClientTimeout

from tests.simulator import DEFAULT_TOKEN

from .configuration import write_config_entries, write_configuration
from .dashboard import TITLE, URL_PATH, WANTED, dashboard
from .home_assistant import HomeAssistant, State
from .integration import Entities, add_server, entities_of
from .patience import MissingError, Patience, say
from .program import Program, free_port, is_taken
from .supervision import supervised
from .surroundings import Surroundings

PROJECT = Path(__file__).parents[2]
ONE_REQUEST = ClientTimeout(total=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A demo that is ready, with everything in it."""

    patience: Patience
    home_assistant: HomeAssistant
    entities: Entities
    folder: Path

    @property
    def dashboard_url(self) -> str:
        """Return where the dashboard is."""
        return f"{self.home_assistant.url}/{URL_PATH}"

    def state(self, key: str) -> State:
        """Return the state of an entity."""
        return self.home_assistant.states[self.entities[key]]

    async def until[T](self, what: str, look: Callable[[], T | None]) -> T:
        """Wait until the states show what is looked for."""
        async with self.patience.awaiting(what):
            return await self.home_assistant.until(look)


@asynccontextmanager
async def stage(
    patience: Patience,
    port: int,
    *,
    speed: float = 1,
    around: Surroundings | None = None,
) -> AsyncIterator[Stage]:
    """Put everything up; when it is left, nothing remains of it."""
    if is_taken(port):
        raise MissingError(f"port {port}: it is taken (--port chooses another)")
    say("starting Home Assistant and a simulated Plex Media Server")
    url = f"http://127.0.0.1:{port}"
    plex_url = f"http://127.0.0.1:{free_port()}"
    with TemporaryDirectory(prefix="plex-activities-demo-") as name:
        folder = Path(name)
        simulator = _simulator(folder, plex_url, speed)
        hass = _home_assistant(folder, url, around)
        async with (
            supervised(simulator, hass),
            ClientSession(timeout=ONE_REQUEST) as session,
        ):
            home_assistant = HomeAssistant(session, url)
            await patience.until("an answer of Home Assistant", home_assistant.answers)
            async with patience.awaiting("a user"):
                await home_assistant.create_user()
            async with home_assistant.connected():
                yield await _set_up(home_assistant, plex_url, patience, folder)


def _simulator(folder: Path, url: str, speed: float) -> Program:
    port = url.rpartition(":")[2]
    return Program(
        "the simulator",
        folder / "simulator.log",
        *("-m", "tests.simulator", "--scenario", "lively", "--name", "Plex"),
        *("--port", port, "--speed", str(speed)),
        cwd=PROJECT,
    )


def _home_assistant(folder: Path, url: str, around: Surroundings | None) -> Program:
    port = int(url.rpartition(":")[2])
    write_configuration(folder, PROJECT / "custom_components", port)
    module, cwd = ["homeassistant"], folder
    if around is not None:
        write_config_entries(folder, around.core_entry)
        module, cwd = ["tests.demo.hass_with_plex_tv", around.plex_tv.url], PROJECT
    return Program(
        "Home Assistant",
        folder / "console.log",
        *("-m", *module, "--config", str(folder)),
        *("--skip-pip", "--log-no-color"),
        cwd=cwd,
    )


async def _set_up(
    home_assistant: HomeAssistant, plex_url: str, patience: Patience, folder: Path
) -> Stage:
    """Add the server by its config flow, and make the dashboard."""

    async def complete() -> Entities | None:
        entities = await entities_of(home_assistant, entry)
        have_states = home_assistant.states.keys() >= {*entities.values()}
        return entities if entities.keys() >= WANTED and have_states else None

    version = await patience.until("Home Assistant", home_assistant.version)
    say(f"seen: Home Assistant is up ({version}, {patience.spent:.1f} s)")
    async with patience.awaiting("a config entry"):
        entry = await add_server(home_assistant, plex_url, DEFAULT_TOKEN)
    say(f"seen: the server is set up ({entry['title']})")
    entities = await patience.until(f"all of {', '.join(sorted(WANTED))}", complete)
    say(f"seen: it has {len(entities)} entities")
    async with patience.awaiting("a dashboard"):
        await home_assistant.add_dashboard(URL_PATH, TITLE, dashboard(entities))
    return Stage(
        patience=patience,
        home_assistant=home_assistant,
        entities=entities,
        folder=folder,
    )
