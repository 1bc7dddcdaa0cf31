"""Days go by, and leave nothing behind.

One of them, unless `SOAK_DAYS` says otherwise. `SOAK_RESULT` names a file for what was
counted, as JSON.
"""

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta
import json
import logging
import os
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.plex_activities import coordinator, feed
from custom_components.plex_activities.const import TIMING

from .conftest import QUICK
from .footprint import left_behind
from .server import Server
from .soak import Soak

DAYS = int(os.environ.get("SOAK_DAYS", "1"))
RESULT = Path(os.environ.get("SOAK_RESULT", os.devnull))

# A day takes seconds: what happens every minute is to happen several times. But an end
# that is told must not be overtaken by a poll, however slow the machine is.
HURRIED = replace(
    QUICK,
    poll_with_stream=timedelta(seconds=1),
    poll_without_stream=timedelta(seconds=1),
    libraries=0.0,
    wait_for_ended=TIMING.wait_for_ended,
    write_list=timedelta(seconds=1),
)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "INTERVAL", 0.05)
    monkeypatch.setattr(coordinator, "SAVE_DELAY", 0.1)


@pytest.fixture
async def soak(
    hass: HomeAssistant,
    server: Server,
    hass_ws_client: WebSocketGenerator,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> Soak:
    """Return a server that is set up, and on which time is to pass."""
    # What is logged stays with pytest, and with it the errors and all that they hold.
    caplog.set_level(logging.CRITICAL)
    await server.set_up()
    return Soak(server, await hass_ws_client(hass), hass_storage)


@pytest.mark.timeout(60 * DAYS)
@pytest.mark.parametrize("timing", [HURRIED])
@pytest.mark.parametrize("server", [{"settle_seconds": 1}], indirect=True)
async def test_days_leave_nothing_behind(soak: Soak) -> None:
    """Home Assistant runs for months, and what grows a little each day ends it."""
    result = await soak.run(DAYS)
    await asyncio.to_thread(RESULT.write_text, json.dumps(asdict(result)))
    assert result.mistakes == []
    assert left_behind(result.idle[0], result.idle[-1]) == []
    assert left_behind(result.away[0], result.away[-1]) == []
    # Of an entry that is not loaded there is nothing at all.
    assert result.away[-1].objects == {}
    assert result.counts.scans > 250 * DAYS
    assert result.counts.messages > 2000 * DAYS
    assert result.counts.restarts == DAYS
