"""A flow as the page of Home Assistant goes through it: one request for each step."""

import asyncio
from typing import Self

from .home_assistant import HomeAssistant, Json
from .integration import DOMAIN, FLOWS
from .patience import LOOK_AGAIN, MissingError

OPTIONS = "/api/config/config_entries/options/flow"


class Flow:
    """A flow that somebody is in the middle of."""

    def __init__(self, home_assistant: HomeAssistant, path: str, step: Json) -> None:
        """Go on from a step."""
        self.step = step
        self._home_assistant = home_assistant
        self._path = path

    @classmethod
    async def begin(cls, home_assistant: HomeAssistant, **about: str) -> Self:
        """Begin to add a server, or to change the entry that this is about."""
        about = {"handler": DOMAIN, **about}
        step = await home_assistant.post(FLOWS, about)
        return cls(home_assistant, f"{FLOWS}/{step['flow_id']}", step)

    @classmethod
    async def options(cls, home_assistant: HomeAssistant, entry_id: str) -> Self:
        """Begin to change options."""
        step = await home_assistant.post(OPTIONS, {"handler": entry_id})
        return cls(home_assistant, f"{OPTIONS}/{step['flow_id']}", step)

    @classmethod
    async def begun(cls, home_assistant: HomeAssistant, flow_id: str) -> Self:
        """Look at a flow that Home Assistant has begun."""
        path = f"{FLOWS}/{flow_id}"
        return cls(home_assistant, path, await home_assistant.get(path))

    async def choose(self, way: str) -> Self:
        """Choose from a menu."""
        if way not in self.step.get("menu_options", ()):
            raise MissingError(f"{way} in a menu; there is {self.step}")
        return await self.send(next_step_id=way)

    async def send(self, **form: Json) -> Self:
        """Fill in a form."""
        self.step = await self._home_assistant.post(self._path, form)
        return self

    async def wait(self) -> Self:
        """Wait for what the step itself waits for."""
        while self.step["type"] == "progress":
            await asyncio.sleep(LOOK_AGAIN)
            self.step = await self._home_assistant.get(self._path)
        return self

    def expect(self, what: str, **wanted: Json) -> Self:
        """Fail if the step is not what it should be."""
        if any(self.step.get(key) != value for key, value in wanted.items()):
            raise MissingError(f"{what}; there is {self.step}")
        return self
