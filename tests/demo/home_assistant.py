"""Home Assistant as its web page talks to it: HTTP, and the websocket for states."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from aiohttp import (
    ClientConnectionError,
    ClientSession,
    ClientWebSocketResponse,
    WSMsgType,
)

from .patience import MissingError

USER = "demo"
PASSWORD = "demo"
REMEMBERED = 10_000
"""States: those of an hour. A demo that somebody looks at may run for days."""

type Json = Any
"""What JSON can hold; the demo looks at little of it."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of an entity."""

    entity_id: str
    state: str
    attributes: dict[str, Json]

    @property
    def progress(self) -> float | None:
        """Return how far an activity is."""
        progress: float | None = self.attributes.get("progress")
        return progress

    @classmethod
    def of(cls, data: Json) -> State:
        """Read a state."""
        return cls(data["entity_id"], data["state"], data["attributes"])


class HomeAssistant:
    """A running Home Assistant that has one user, who is logged in."""

    def __init__(self, session: ClientSession, url: str) -> None:
        """Talk to the Home Assistant at that address."""
        self.url = url
        self.tokens: Json = None
        self.states: dict[str, State] = {}
        self.seen: deque[State] = deque(maxlen=REMEMBERED)
        """The states there have been, also those that lasted for a moment."""
        self._session = session
        self._ids = count(1)
        self._answers: dict[int, asyncio.Future[Json]] = {}
        self._socket: ClientWebSocketResponse | None = None
        self._changed = asyncio.Event()

    async def answers(self) -> bool | None:
        """Return True when it has come so far that it can be asked for a user."""
        try:
            async with self._session.get(f"{self.url}/api/onboarding") as response:
                return response.ok or None
        except ClientConnectionError:
            return None

    async def post(self, path: str, data: Json, *, form: bool = False) -> Json:
        """Post JSON, or a form, and return the answer."""
        content: Json = {"data": data} if form else {"json": data}
        return await self._request("POST", path, **content)

    async def get(self, path: str) -> Json:
        """Return what is there."""
        return await self._request("GET", path)

    async def _request(self, method: str, path: str, **content: Json) -> Json:
        headers = self.tokens and {
            "Authorization": f"Bearer {self.tokens['access_token']}"
        }
        url = f"{self.url}{path}"
        async with self._session.request(
            method, url, headers=headers, **content
        ) as response:
            if not response.ok:
                raise MissingError(
                    f"a good answer to {method} {path}; it was {response.status} "
                    f"{await response.text()}"
                )
            return await response.json()

    async def create_user(self) -> None:
        """Create the first user, as the page does at the very first visit."""
        client_id = f"{self.url}/"
        user = {
            "client_id": client_id,
            "name": USER.capitalize(),
            "username": USER,
            "password": PASSWORD,
            "language": "en",
        }
        created = await self.post("/api/onboarding/users", user)
        grant = {
            "client_id": client_id,
            "grant_type": "authorization_code",
            "code": created["auth_code"],
        }
        tokens = await self.post("/auth/token", grant, form=True)
        self.tokens = {**tokens, "hassUrl": self.url, "clientId": client_id}

    # The websocket.

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Follow all states for a while; commands can be sent meanwhile."""
        url = f"{self.url}/api/websocket"
        async with self._session.ws_connect(url, max_msg_size=0) as socket:
            await socket.receive_json()
            token = self.tokens["access_token"]
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.receive_json()
            self._socket = socket
            reader = asyncio.create_task(self._read(socket))
            try:
                await self._follow_states()
                yield
            finally:
                reader.cancel()
                self._socket = None

    async def command(self, kind: str, **fields: Json) -> Json:
        """Send a command and return its result."""
        assert self._socket is not None
        number = next(self._ids)
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        await self._socket.send_json({"id": number, "type": kind, **fields})
        message = await answer
        if not message["success"]:
            raise MissingError(f"a good answer to {kind}; it was {message['error']}")
        return message["result"]

    async def version(self) -> str | None:
        """Return the version, when it has started."""
        config = await self.command("get_config")
        version: str = config["version"]
        return version if config["state"] == "RUNNING" else None

    async def until[T](self, look: Callable[[], T | None]) -> T:
        """Look at the states whenever one changes, until they show it."""
        while (found := look()) is None:
            self._changed.clear()
            await self._changed.wait()
        return found

    async def add_dashboard(self, url_path: str, title: str, config: Json) -> None:
        """Add a dashboard to the sidebar, and show it first."""
        await self.command(
            "lovelace/dashboards/create",
            url_path=url_path,
            title=title,
            icon="mdi:plex",
            show_in_sidebar=True,
            require_admin=False,
        )
        await self.command("lovelace/config/save", url_path=url_path, config=config)
        first = {"default_panel": url_path}
        await self.command("frontend/set_user_data", key="core", value=first)

    async def _follow_states(self) -> None:
        await self.command("subscribe_events", event_type="state_changed")
        for data in await self.command("get_states"):
            if data["entity_id"] not in self.states:  # where no newer one has come
                self._note(State.of(data))

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            data = message.json()
            if data["type"] == "result":
                self._answers.pop(data["id"]).set_result(data)
            elif data["type"] == "event":
                changed = data["event"]["data"]
                if changed["new_state"] is None:
                    self.states.pop(changed["entity_id"], None)
                else:
                    self._note(State.of(changed["new_state"]))

    def _note(self, state: State) -> None:
        self.states[state.entity_id] = state
        self.seen.append(state)
        self._changed.set()
