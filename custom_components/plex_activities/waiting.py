"""Waiting for something to be true of what runs, as actions do that were told to."""

import asyncio
from collections.abc import Callable

from .coordinator import PlexActivitiesCoordinator

type Fact = Callable[[], bool]


async def async_wait_until(
    fact: Fact, coordinator: PlexActivitiesCoordinator, seconds: float
) -> bool:
    """Wait for a fact, but not for longer than that; return whether it is true.

    Facts become true when something starts or ends.
    """
    happened = asyncio.Event()

    def check() -> None:
        if fact():
            happened.set()

    disconnect = coordinator.book.membership_changed.connect(check)
    try:
        check()
        async with asyncio.timeout(seconds):
            await happened.wait()
    except TimeoutError:
        return fact()
    finally:
        disconnect()
    return True


async def async_ask_until(
    fact: Fact, coordinator: PlexActivitiesCoordinator, seconds: float
) -> bool:
    """Wait for a fact, and ask the server now and then as well.

    There may be no stream that would tell, and what a stream tells can be lost.
    """
    loop = coordinator.hass.loop
    deadline = loop.time() + seconds
    interval = coordinator.timing.poll_after_action
    while not fact() and (left := deadline - loop.time()) > 0:
        if not await async_wait_until(fact, coordinator, min(left, interval)):
            await async_poll(coordinator, deadline - loop.time())
    return fact()


async def async_poll(coordinator: PlexActivitiesCoordinator, seconds: float) -> None:
    """Poll, but wait for the answer no longer than that.

    The poll itself goes on: one that is cancelled would look like one that failed.
    """
    poll = coordinator.config_entry.async_create_background_task(
        coordinator.hass, coordinator.async_refresh(), name="poll for an action"
    )
    await asyncio.wait({poll}, timeout=max(0.0, seconds))
