"""The same as after any fault, where the trouble is with a whole life.

The server's, when it restarts, or when another one has the same ids; an activity's,
when somebody wants to cancel it. For ours see `test_fault_reloads`.
"""

import asyncio

from aiohttp import web
import pytest

from custom_components.plex_activities.const import Timing
from tests.simulator import Cancelling, SimulatedPlex
from tests.simulator.answers import Held
from tests.simulator.pages import Handler

from .actions import cancel
from .conftest import unattended
from .faults import Story, Way, only_by
from .server import Server, until

every_way = pytest.mark.parametrize("way", Way)
both_streams = pytest.mark.parametrize("way", [Way.WEBSOCKET, Way.EVENTSOURCE])


@pytest.fixture
def timing(way: Way) -> Timing:
    """Return how long things take where nobody helps."""
    return unattended(way)


# The server's.


@every_way
async def test_a_server_restarts_in_the_middle_of_a_scan(story: Story) -> None:
    """It says nothing of what it has forgotten."""
    await story.prepare()
    async with story.plex.restarting():
        story.forget()
        await until(lambda: not story.server.coordinator.last_update_success)
    story.again()
    await story.finish()


@every_way
async def test_a_server_restarts_before_anybody_notices(story: Story) -> None:
    """With an update it is another version that is back."""
    await story.prepare()
    story.plex.world.restart(version="9.9.9")
    story.plex.streams.drop()
    story.forget()
    story.again()
    await story.finish()


@every_way
async def test_a_server_is_switched_off_and_on(story: Story) -> None:
    """What it still works on afterwards goes on; what is gone was interrupted."""
    await story.prepare()
    async with story.plex.unreachable():
        story.go_on("interrupted")
        await until(lambda: not story.server.coordinator.last_update_success)
    await story.finish()


@both_streams
async def test_a_stream_breaks_between_opening_and_its_snapshot(story: Story) -> None:
    """What is said meanwhile is in neither of the two."""
    await story.prepare()
    opened = story.plex.streams.opened
    streams, snapshot = story.plex.streams, Held()

    async def hold(request: web.Request, handler: Handler) -> web.StreamResponse:
        if streams.opened == opened:
            return await handler(request)
        return await snapshot.respond(request, handler)

    with story.plex.faults.answer(hold, path="/activities"):
        streams.drop()
        await snapshot.arrived()
        streams.drop()
        story.go_on()
        snapshot.release()
    await story.finish()


@both_streams
async def test_a_server_repeats_in_its_stream_what_a_snapshot_has_ended(
    story: Story,
) -> None:
    """A queue on the way can be longer than the poll's interval."""
    await story.prepare()
    with story.plex.faults.notifications_delayed():
        ended = story.go_on()
        await story.server.until_event("finished", ended.uuid)
    await story.finish()


@every_way
async def test_a_redirect_takes_nobody_elsewhere(
    story: Story, other: SimulatedPlex
) -> None:
    """Whoever it names would get the token."""
    await story.prepare()
    with story.plex.faults.redirect(f"{other.url}/activities") as fault:
        story.plex.streams.drop()
        story.go_on()
        await until(lambda: fault.answered >= 3)
    await story.finish()
    assert len(other.requests) == 0


# Somebody else's.


@every_way
async def test_two_servers_use_the_same_ids(
    story: Story, way: Way, other: SimulatedPlex
) -> None:
    """They are made at random, but nobody promises that they are unique."""
    with only_by(way, other):
        second = Server(story.server.hass, other)
        await second.set_up(live=False)
        twin = Story(second, way, story.records)
        await twin.until_live()
        await twin.prepare()
        await story.prepare()
        ids = {activity.uuid for activity in other.world.activities}
        assert ids & {activity.uuid for activity in story.plex.world.activities}
        story.go_on()
        async with story.plex.restarting():
            story.forget()
            await until(lambda: not story.server.coordinator.last_update_success)
        twin.go_on()
        await twin.finish()
        await second.unload()
    story.again()
    await story.finish()


# An activity's.


@every_way
async def test_a_cancel_stops_nothing(story: Story) -> None:
    """It is said to run on; and what ends so soon after was cancelled all the same."""
    await story.prepare()
    story.plex.world.cancelling = Cancelling.IGNORED
    download = await story.begin("media.download", cancellable=True)
    (answer,) = await cancel(story.server, activity_id=download.uuid, timeout=0.2)
    assert answer["outcome"] == "still_running"
    story.end(download, outcome="cancelled")
    story.go_on()
    await story.finish()


@every_way
async def test_an_end_overtakes_the_cancel(story: Story) -> None:
    """By the time that the server looks for it, it is gone."""
    await story.prepare()
    download = await story.begin("media.download", cancellable=True)
    is_over = asyncio.Event()

    async def late(request: web.Request, handler: Handler) -> web.StreamResponse:
        await is_over.wait()
        return await handler(request)

    with story.plex.faults.answer(late, method="DELETE") as fault:
        cancelling = asyncio.create_task(
            cancel(story.server, activity_id=download.uuid)
        )
        await until(lambda: fault.answered)
        # Nobody can know at that moment that it would have ended anyway.
        story.end(download, outcome="cancelled")
        await story.server.until_event("cancelled", download.uuid)
        is_over.set()
        (answer,) = await cancelling
    assert answer["outcome"] == "finished"
    story.go_on()
    await story.finish()


@every_way
async def test_an_end_overtakes_the_answer_to_the_cancel(story: Story) -> None:
    """The two come by different connections."""
    await story.prepare()
    download = await story.begin("media.download", cancellable=True, progress=40)
    with story.plex.faults.snapshot_in_flight(
        path="/activities/", method="DELETE"
    ) as answer_on_its_way:
        cancelling = asyncio.create_task(
            cancel(story.server, activity_id=download.uuid)
        )
        await answer_on_its_way.arrived()
        story.expect(download, "cancelled")
        await story.server.until_event("cancelled", download.uuid)
        answer_on_its_way.release()
        (answer,) = await cancelling
    assert answer["outcome"] == "cancelled"
    story.go_on()
    await story.finish()
