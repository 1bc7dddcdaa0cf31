"""httpx-sse: knows the EventSource standard, and nothing of Plex."""

import httpx
from httpx_sse import aconnect_sse
import pytest

from tests.simulator import EVENTSOURCE_STYLES, SimulatedPlex


@pytest.mark.parametrize("style", EVENTSOURCE_STYLES)
async def test_it_understands_every_spelling(plex: SimulatedPlex, style: str) -> None:
    url = f"{plex.url}/:/eventsource/notifications?filters=activity"
    headers = {"X-Plex-Token": plex.token}
    with plex.faults.eventsource_style(style), plex.faults.eventsource_in_pieces(7):
        async with (
            httpx.AsyncClient(headers=headers) as client,
            aconnect_sse(client, "GET", url) as source,
        ):
            await plex.subscribers(1)
            butler = plex.world.start_butler()
            events = source.aiter_sse()
            event = await anext(events)
            while event.event == "ping":
                event = await anext(events)
    assert event.event == "activity"
    assert event.json()["ActivityNotification"]["uuid"] == butler.uuid


async def test_it_hears_that_the_server_is_still_there(plex: SimulatedPlex) -> None:
    url = f"{plex.url}/:/eventsource/notifications?filters=activity"
    async with (
        httpx.AsyncClient(params={"X-Plex-Token": plex.token}) as client,
        aconnect_sse(client, "GET", url) as source,
    ):
        event = await anext(source.aiter_sse())
    assert (event.event, event.json()) == ("ping", {})
