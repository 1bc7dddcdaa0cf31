"""A subscriber of the websocket feed, and what it makes of the messages."""

import asyncio
from collections.abc import Callable
from typing import Any

from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from .server import PATIENCE


class Subscriber:
    """Puts together what it is told, as the card does."""

    def __init__(self, client: MockHAClientWebSocket, number: int) -> None:
        """Listen to a subscription that was accepted."""
        self.client = client
        self.number = number
        self.messages: list[dict[str, Any]] = []
        self.servers: dict[str, dict[str, Any]] = {}

    async def next(self) -> dict[str, Any]:
        """Wait for one message more."""
        answer = await receive(self.client, "event", self.number)
        message: dict[str, Any] = answer["event"]
        self.messages.append(message)
        for removed in message.get("removed", ()):
            del self.servers[removed]
        for said in message["servers"]:
            self._take_in(said)
        return message

    async def until(self, fact: Callable[[dict[str, dict[str, Any]]], object]) -> None:
        """Listen until what is known of the servers shows something."""
        while not fact(self.servers):
            await self.next()

    def _take_in(self, said: dict[str, Any]) -> None:
        entry_id = said["config_entry_id"]
        known = self.servers.setdefault(entry_id, {})
        running = {} if said.get("complete") else known.get("running", {})
        for uuid in said.get("gone", ()):
            del running[uuid]
        for activity in said.get("activities", ()):
            running[activity["activity_id"]] = activity
        self.servers[entry_id] = {**known, **said, "running": running}


async def receive(
    client: MockHAClientWebSocket, kind: str, number: int | None = None
) -> dict[str, Any]:
    """Wait for a message of a kind, past what other subscriptions are told."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer: dict[str, Any] = await client.receive_json()
            if answer["type"] == kind and number in {None, answer["id"]}:
                return answer


async def subscribe(
    client: MockHAClientWebSocket, entry_id: str | None = None
) -> Subscriber:
    """Subscribe, and listen to the first message."""
    request = {"type": "plex_activities/subscribe"}
    if entry_id is not None:
        request["config_entry_id"] = entry_id
    await client.send_json_auto_id(request)
    answer = await receive(client, "result")
    assert answer["success"], answer
    subscriber = Subscriber(client, answer["id"])
    await subscriber.next()
    return subscriber
