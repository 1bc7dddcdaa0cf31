"""A week in the life of a server, in seconds, and what is left of it afterwards.

A day brings some hundred scans, each with several messages, and other work among them;
the stream breaks now and then, somebody cancels something, looks at a dashboard, and
reloads the entry; and the server is restarted once, every other time with an update.
What was announced is counted against what the server did.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from homeassistant.helpers.storage import Store
from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import Activity

from .deeds import Counts, Deeds
from .footprint import Footprint, footprint, left_behind
from .listening import Subscriber, receive, subscribe
from .server import PATIENCE, Server, until

# Together about 300 scans.
ROUNDS_A_DAY = 4
WORK_A_ROUND = 12


@dataclass(slots=True, kw_only=True)
class SoakResult:
    """What was lived through, and what there was before and after it.

    `idle` is while the server is followed and nothing runs; `away` is with the entry
    unloaded and the server off. The first of each is from after half a day, which has
    brought about all that is to stay.
    """

    days: int = 0
    seconds: float = 0.0
    counts: Counts = field(default_factory=Counts)
    announced: int = 0
    told_to_dashboards: int = 0
    mistakes: list[str] = field(default_factory=list)
    idle: list[Footprint] = field(default_factory=list)
    away: list[Footprint] = field(default_factory=list)


class Soak:
    """Lets days pass."""

    def __init__(
        self,
        server: Server,
        client: MockHAClientWebSocket,
        storage: Mapping[str, Any],
    ) -> None:
        """Prepare to live with a server that is set up."""
        self.result = SoakResult()
        self._server = server
        self._client = client
        self._storage = storage
        self._deeds = Deeds(server)

    async def run(self, days: int) -> SoakResult:
        """Live through half a day, and then through as many whole ones."""
        await self._day(rounds=ROUNDS_A_DAY // 2)
        self._deeds.counts = Counts()
        idle, away = self.result.idle, self.result.away
        self.result = SoakResult(idle=idle, away=away, counts=self._deeds.counts)
        began = monotonic()
        for _ in range(days):
            await self._day(rounds=ROUNDS_A_DAY)
            self.result.days += 1
        self.result.seconds = monotonic() - began
        return self.result

    async def _day(self, *, rounds: int) -> None:
        """Let a day pass, and look at what is there at its end."""
        await self._live(rounds=rounds)
        await self._come_to_rest()
        await self._look(self.result.idle)
        await self._deeds.reload()
        await self._come_to_rest()
        await self._put_away()

    async def _live(self, *, rounds: int) -> None:
        """Let things happen while somebody looks at a dashboard, again and again."""
        deeds = self._deeds
        for _ in range(rounds):
            subscriber = await subscribe(self._client)
            for do in (deeds.drop, deeds.cancel, deeds.ask_for_scan):
                for _ in range(WORK_A_ROUND):
                    await deeds.work()
                await do()
            await self._stop_looking(subscriber, await deeds.crowd())
        await deeds.restart()

    async def _stop_looking(self, subscriber: Subscriber, latest: Activity) -> None:
        """Listen until the latest result is told, and no longer."""
        entry_id = self._server.entry.entry_id
        await subscriber.until(
            lambda servers: (
                latest.uuid
                in {run["activity_id"] for run in servers[entry_id]["recent"]}
            )
        )
        self.result.told_to_dashboards += len(subscriber.messages)
        await self._client.send_json_auto_id(
            {"type": "unsubscribe_events", "subscription": subscriber.number}
        )
        assert (await receive(self._client, "result"))["success"]

    async def _come_to_rest(self) -> None:
        """Wait until all that goes on by itself has come to its end."""
        server = self._server
        await server.until_state("running", "0")
        await server.until_state("busy", "off", "binary_sensor")
        key = f"{DOMAIN}.{server.entry.entry_id}"
        await until(lambda: not self._storage[key]["data"]["running"])
        await server.hass.async_block_till_done()
        self.result.mistakes += self._deeds.ledger.mistakes()
        self.result.announced += self._deeds.ledger.close()
        # What the tests take down of all this is not what is left of it.
        server.events.clear()
        server._heard.clear()
        server.plex.requests.clear()
        Store._async_write_data.reset_mock()  # type: ignore[attr-defined]

    async def _put_away(self) -> None:
        """Unload the entry and switch the server off; then have both back."""
        await self._server.unload()
        async with self._server.plex.unreachable():
            await self._look(self.result.away)
        await self._server.set_up()

    async def _look(self, footprints: list[Footprint]) -> None:
        """Look at what there is, when what is merely on its way has gone."""
        now = footprint(self._server.hass, self._storage)
        deadline = monotonic() + PATIENCE
        while footprints and left_behind(footprints[0], now) and monotonic() < deadline:
            await asyncio.sleep(0.1)
            now = footprint(self._server.hass, self._storage)
        footprints.append(now)
