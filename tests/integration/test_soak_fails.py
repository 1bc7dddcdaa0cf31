"""That the soak can fail: what somebody could forget, and what it says of that."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
import socket
from threading import Event, Thread

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest

from custom_components.plex_activities.client import Activity
from custom_components.plex_activities.const import DOMAIN

from .footprint import footprint, left_behind
from .ledger import Ledger
from .server import Server


def forget_task(hass: HomeAssistant, end: ExitStack) -> object:
    end.callback(hass.async_create_background_task(asyncio.sleep(600), "x").cancel)
    return None


def forget_timer(hass: HomeAssistant, end: ExitStack) -> object:
    end.callback(hass.loop.call_later(600, print).cancel)
    return None


def forget_listener(hass: HomeAssistant, end: ExitStack) -> object:
    end.callback(hass.bus.async_listen("state_changed", print))
    return None


def forget_thread(hass: HomeAssistant, end: ExitStack) -> object:
    ended = Event()
    thread = Thread(target=ended.wait, name="forgotten")
    thread.start()
    end.callback(thread.join)
    end.callback(ended.set)
    return None


def forget_socket(hass: HomeAssistant, end: ExitStack) -> object:
    return end.enter_context(socket.socket())


def forget_state(hass: HomeAssistant, end: ExitStack) -> object:
    hass.states.async_set("sensor.forgotten", "1")
    return None


def forget_entity(hass: HomeAssistant, end: ExitStack) -> object:
    return er.async_get(hass).async_get_or_create("sensor", DOMAIN, "forgotten")


def forget_device(hass: HomeAssistant, end: ExitStack) -> object:
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "forgotten")}
    )


def forget_issue(hass: HomeAssistant, end: ExitStack) -> object:
    ir.async_create_issue(
        hass,
        DOMAIN,
        "forgotten",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="certificate",
    )
    return None


def forget_activities(hass: HomeAssistant, end: ExitStack) -> object:
    return [Activity(uuid=f"{number}", type="butler") for number in range(50)]


def forget_texts(hass: HomeAssistant, end: ExitStack) -> object:
    return [f"{number} of many" for number in range(9000)]


@pytest.mark.parametrize(
    ("kind", "forget"),
    [
        ("tasks", forget_task),
        ("timers", forget_timer),
        ("listeners", forget_listener),
        ("threads", forget_thread),
        ("files", forget_socket),
        ("states", forget_state),
        ("entities", forget_entity),
        ("devices", forget_device),
        ("issues", forget_issue),
        ("objects", forget_activities),
        ("blocks", forget_texts),
    ],
)
async def test_what_is_left_behind_is_found(
    hass: HomeAssistant,
    server: Server,
    kind: str,
    forget: Callable[[HomeAssistant, ExitStack], object],
) -> None:
    with ExitStack() as end:
        before = footprint(hass, {})
        forgotten = forget(hass, end)
        found = left_behind(before, footprint(hass, {}))
        assert kind in {one.partition(":")[0] for one in found}
        del forgotten


async def test_a_memory_that_grows_is_found(hass: HomeAssistant) -> None:
    stored = {f"{DOMAIN}.1": {"ended": ["x" * 40] * 1000}}
    (found,) = left_behind(footprint(hass, {}), footprint(hass, stored))
    assert found.startswith("stored: 4")


async def test_what_is_announced_twice_or_never_is_found(server: Server) -> None:
    await server.set_up()
    ledger = Ledger(server)
    twice, never = (server.plex.world.start("media.download") for _ in range(2))
    await server.until_event("started", never.uuid)
    state = server.state("event", "event")
    attributes = {**state.attributes, "activity_id": twice.uuid}
    server.hass.states.async_set(state.entity_id, "2026-01-01", attributes)
    ledger.expect(twice, "started")
    ledger.expect(never, "started")
    ledger.expect(never, "finished")
    await server.hass.async_block_till_done()
    assert sorted(ledger.mistakes()) == sorted(
        [
            f"started of {twice.uuid}: 1 times too often",
            f"finished of {never.uuid}: never",
        ]
    )
