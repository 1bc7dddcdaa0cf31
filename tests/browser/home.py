"""A Home Assistant with a simulated server and a dashboard, in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout

from tests.demo.configuration import write_configuration
from tests.demo.home_assistant import HomeAssistant, Json
from tests.demo.integration import add_server
from tests.demo.patience import Patience
from tests.demo.program import Program, free_port
from tests.simulator import SimulatedPlex

PROJECT = Path(__file__).parents[2]
START_WITHIN = 120
ONE_REQUEST = ClientTimeout(total=30)
DASHBOARD = "plex-activities"
CARD = "custom:plex-activities-card"


@dataclass(slots=True, kw_only=True)
class Home:
    """What the tests have to do with."""

    folder: Path
    url: str
    plex: SimulatedPlex
    home_assistant: HomeAssistant
    session: ClientSession
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    entry: Json = None

    @property
    def tokens(self) -> Json:
        """Return what logs a page in."""
        return self.home_assistant.tokens

    async def start(self) -> None:
        """Start Home Assistant, and wait until it has started."""
        port = self.url.rpartition(":")[2]
        assert port
        program = Program(
            "Home Assistant",
            self.folder / "console.log",
            *("-m", "homeassistant", "--config", str(self.folder)),
            *("--skip-pip", "--log-no-color"),
            cwd=self.folder,
        )
        await self.stack.enter_async_context(program)
        patience = Patience(START_WITHIN)
        if self.tokens is None:
            await patience.until("Home Assistant", self.home_assistant.answers)
            await self.home_assistant.create_user()
        else:
            await patience.until("Home Assistant", self._answers)
        await self.stack.enter_async_context(self.home_assistant.connected())
        await patience.until("all of it", self.home_assistant.version)

    async def _answers(self) -> bool | None:
        """Return True when there is somebody to talk to."""
        try:
            async with self.session.get(f"{self.url}/manifest.json") as response:
                return response.ok or None
        except ClientConnectionError:
            return None

    async def stop(self) -> None:
        """Stop Home Assistant; what it has stored stays."""
        await self.stack.aclose()

    async def tokens_of(self, name: str, group: str) -> Json:
        """Add a user to a group, log the user in, and return what logs a page in."""
        command, post = self.home_assistant.command, self.home_assistant.post
        added = await command("config/auth/create", name=name, group_ids=[group])
        login = {"username": name, "password": name}
        await command(
            "config/auth_provider/homeassistant/create",
            user_id=added["user"]["id"],
            **login,
        )
        client_id = f"{self.url}/"
        flow = await post(
            "/auth/login_flow",
            {
                "client_id": client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": client_id,
            },
        )
        step = await post(
            f"/auth/login_flow/{flow['flow_id']}", {"client_id": client_id, **login}
        )
        grant = {
            "client_id": client_id,
            "grant_type": "authorization_code",
            "code": step["result"],
        }
        tokens = await post("/auth/token", grant, form=True)
        return {**tokens, "hassUrl": self.url, "clientId": client_id}

    async def show(self, *cards: Json) -> str:
        """Put cards on the dashboard, and return its address."""
        view = {
            "type": "sections",
            "sections": [{"type": "grid", "cards": list(cards)}],
        }
        await self.home_assistant.command(
            "lovelace/config/save", url_path=DASHBOARD, config={"views": [view]}
        )
        return f"{self.url}/{DASHBOARD}"


@asynccontextmanager
async def home(folder: Path, plex: SimulatedPlex) -> AsyncIterator[Home]:
    """Put everything up."""
    port = free_port()
    # A copy, so that a test can bring another version of it.
    copytree(PROJECT / "custom_components", folder / "project")
    write_configuration(folder, folder / "project", port)
    url = f"http://127.0.0.1:{port}"
    async with ClientSession(timeout=ONE_REQUEST) as session:
        assistant = HomeAssistant(session, url)
        home = Home(
            folder=folder,
            url=url,
            plex=plex,
            home_assistant=assistant,
            session=session,
        )
        try:
            await home.start()
            home.entry = await add_server(assistant, plex.url, plex.token)
            await plex.subscribers(1)
            await assistant.add_dashboard(DASHBOARD, "Plex", {"views": []})
            yield home
        finally:
            await home.stop()
