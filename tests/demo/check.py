"""The demo without a person: what it sees, fact by fact.

First the life of activities, then every flow that can be gone through over HTTP.
"""

from .dashboard import SCAN, SUBSCRIPTIONS
from .every_flow import see_every_flow
from .home_assistant import State
from .integration import DOMAIN
from .patience import MissingError, Patience, say
from .stage import Stage, stage
from .surroundings import surroundings

SPEED = 3
"""Simulated seconds per real second, since nobody looks."""
TOO_LATE_TO_CANCEL = 80
"""Percent: what is as far as that may end by itself before the cancel arrives."""


async def check(patience: Patience, port: int) -> None:
    """See the facts, one after the other, or fail with what is missing."""
    async with (
        surroundings() as around,
        stage(patience, port, speed=SPEED, around=around) as ready,
    ):
        await _see_live_updates(ready)
        scan = await _see_scan(ready)
        await _see_cancel(ready)
        await _see_finish(ready, scan)
        await see_every_flow(ready, around)
    say(f"everything was seen within {patience.spent:.1f} s")


async def _see_live_updates(ready: Stage) -> None:
    def live() -> State | None:
        state = ready.state("live")
        return state if state.state == "on" else None

    state = await ready.until("live updates", live)
    say(f"seen: live updates, by {state.attributes['transport']}")


async def _see_scan(ready: Stage) -> State:
    """Wait for a scan that tells how far it is."""

    def running() -> State | None:
        scans = (ready.state(key) for key in ready.entities if key.startswith(SCAN))
        return next(
            (one for one in scans if one.state == "running" and one.progress), None
        )

    scan = await ready.until("a running scan", running)
    say(
        f"seen: a scan of {scan.attributes['library']} is running: "
        f"{scan.attributes['subtitle']}, {scan.progress:.0f} %"
    )
    return scan


async def _see_cancel(ready: Stage) -> None:
    """Cancel an activity as a script would, and wait until its sensor says so."""

    def cancellable() -> State | None:
        state = ready.state(SUBSCRIPTIONS)
        is_early = state.progress is not None and state.progress < TOO_LATE_TO_CANCEL
        return (
            state
            if state.state == "running" and state.attributes["cancellable"] and is_early
            else None
        )

    activity = await ready.until("a cancellable activity", cancellable)
    async with ready.patience.awaiting("an answer to the cancel"):
        answer = await ready.home_assistant.post(
            f"/api/services/{DOMAIN}/cancel_activity?return_response",
            {"entity_id": activity.entity_id},
        )
    (outcome,) = answer["service_response"]["activities"]
    if (outcome["activity_id"], outcome["outcome"]) != (_id(activity), "cancelled"):
        raise MissingError(f"a cancel of {activity.entity_id}; the answer is {answer}")
    await _see_state(ready, activity, "cancelled")
    say(
        f"seen: {activity.attributes['title']} was cancelled at "
        f"{activity.progress:.0f} %"
    )


async def _see_finish(ready: Stage, scan: State) -> None:
    """Wait until the scan is announced as finished, and its sensor says the same."""

    def announced() -> State | None:
        return next(
            (
                state
                for state in ready.home_assistant.seen
                if state.entity_id == ready.entities["event"]
                and state.attributes["event_type"] == "finished"
                and _id(state) == _id(scan)
            ),
            None,
        )

    event = await ready.until("an event about the finish of the scan", announced)
    await _see_state(ready, scan, "finished")
    say(
        f"seen: the scan of {event.attributes['library']} finished "
        f"after {event.attributes['duration']} s"
    )


async def _see_state(ready: Stage, activity: State, wanted: str) -> None:
    """Wait until the sensor of an activity has shown some state of it."""

    def shown() -> bool | None:
        return (
            any(
                state.entity_id == activity.entity_id
                and state.state == wanted
                and _id(state) == _id(activity)
                for state in ready.home_assistant.seen
            )
            or None
        )

    await ready.until(f"{activity.entity_id} at {wanted}", shown)


def _id(state: State) -> str | None:
    activity_id: str | None = state.attributes.get("activity_id")
    return activity_id
