"""Signing in with Plex: the code, and what can go wrong with it."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from aiohttp import web
from homeassistant.core import HomeAssistant
import pytest

from custom_components.plex_activities import link_flow
from tests.simulator import SimulatedPlex, SimulatedPlexTv
from tests.simulator.answer_faults import AnswerFaults
from tests.simulator.answers import Respond
from tests.simulator.pages import Handler

from .flows import Flow, sign_in
from .surroundings import SetUps

WAYS = ["link", "manual"]


@pytest.fixture(autouse=True)
def set_ups(monkeypatch: pytest.MonkeyPatch) -> SetUps:
    return SetUps(monkeypatch)


# The code.


async def test_a_server_is_set_up_by_entering_a_code(
    hass: HomeAssistant, plex: SimulatedPlex, plex_tv: SimulatedPlexTv
) -> None:
    flow = await (await Flow.begin(hass)).choose("link")
    (pin,) = plex_tv.pins
    assert (flow.step, flow.page["progress_action"]) == ("link", "wait_for_link")
    assert flow.page["description_placeholders"] == {
        "code": pin.code,
        "url": f"https://plex.tv/link/?pin={pin.code}",
    }
    await plex_tv.requests.wait_for("GET", "/api/v2/pins/", count=3)
    plex_tv.link(pin.code)
    await flow.wait()
    assert flow.entry.title == "Simulated Plex"
    assert flow.entry.unique_id == plex.world.identity.machine_identifier
    assert dict(flow.entry.data) == {
        "url": plex.url,
        "token": plex.token,
        "verify_ssl": True,
        "client_identifier": pin.client_identifier,
    }


async def test_the_page_can_be_looked_at_again(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    """It has still the same code: somebody may be typing it."""
    flow = await (await Flow.begin(hass)).choose("link")
    again = await hass.config_entries.flow.async_configure(flow.page["flow_id"])
    assert again["description_placeholders"] == flow.page["description_placeholders"]
    assert len(plex_tv.pins) == 1
    hass.config_entries.flow.async_abort(flow.page["flow_id"])


async def test_whoever_closes_the_page_waits_for_nothing(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    flow = await (await Flow.begin(hass)).choose("link")
    await plex_tv.requests.wait_for("GET", "/api/v2/pins/")
    hass.config_entries.flow.async_abort(flow.page["flow_id"])
    await asyncio.sleep(0)
    assert not [task for task in asyncio.all_tasks() if "sign-in" in task.get_name()]


async def test_a_code_that_has_expired_is_said_and_another_one_helps(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    flow = await (await Flow.begin(hass)).choose("link")
    plex_tv.expire(plex_tv.pins[0].code)
    await flow.wait()
    assert (flow.step, flow.ways) == ("link_expired", WAYS)
    await sign_in(flow, plex_tv)
    assert flow.entry.title == "Simulated Plex"


async def test_a_code_that_nobody_enters_expires_whatever_plex_says(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    """It may as well go on to say that nobody has entered it."""
    plex_tv.lifetime = 0.05
    flow = await (await Flow.begin(hass)).choose("link")
    await flow.wait()
    assert flow.step == "link_expired"
    plex_tv.lifetime = 900
    await sign_in(flow, plex_tv)
    assert flow.entry.title == "Simulated Plex"


async def test_in_one_flow_plex_always_sees_the_same_client(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv
) -> None:
    """Each new one would stand in the account's list of devices for ever."""
    flow = await (await Flow.begin(hass)).choose("link")
    plex_tv.expire(plex_tv.pins[0].code)
    await sign_in(await flow.wait(), plex_tv)
    clients = {
        request.headers["x-plex-client-identifier"] for request in plex_tv.requests
    }
    assert clients == {flow.entry.data["client_identifier"]}


# When plex.tv fails.


type Failure = Callable[..., AbstractContextManager[object]]


FAILURES = pytest.mark.parametrize(
    ("failure", "step"),
    [
        (AnswerFaults.reset, "link_offline"),
        (AnswerFaults.hanging, "link_offline"),
        (partial(AnswerFaults.status, code=429), "link_refused"),
        (AnswerFaults.starting_up, "link_refused"),
        (AnswerFaults.html, "link_refused"),
        (AnswerFaults.unauthorized, "link_refused"),
    ],
    ids=["reset", "hanging", "too many", "unavailable", "a web page", "unauthorized"],
)


@FAILURES
async def test_without_a_code_one_can_try_again(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv, failure: Failure, step: str
) -> None:
    flow = await Flow.begin(hass)
    with failure(plex_tv.faults):
        await flow.choose("link")
    assert (flow.step, flow.ways) == (step, WAYS)
    await sign_in(flow, plex_tv)
    assert flow.entry.title == "Simulated Plex"


@FAILURES
@pytest.mark.parametrize("path", ["/api/v2/pins/", "/api/v2/resources"])
async def test_when_plex_is_lost_on_the_way_one_can_try_again(
    hass: HomeAssistant,
    plex_tv: SimulatedPlexTv,
    path: str,
    failure: Failure,
    step: str,
) -> None:
    flow = await Flow.begin(hass)
    with failure(plex_tv.faults, path=path):
        await sign_in(flow, plex_tv)
    assert (flow.step, flow.ways) == (step, WAYS)
    await sign_in(flow, plex_tv)
    assert flow.entry.title == "Simulated Plex"


@pytest.mark.parametrize("path", ["/api/v2/pins/", "/api/v2/resources"])
async def test_a_code_survives_that_plex_is_busy_for_a_moment(
    hass: HomeAssistant, plex_tv: SimulatedPlexTv, path: str
) -> None:
    """The code may have been entered already: a new one would be a new start."""
    flow = await (await Flow.begin(hass)).choose("link")
    plex_tv.link(plex_tv.pins[0].code)
    with plex_tv.faults.answer(busy(times=link_flow.ATTEMPTS - 1), path=path):
        await flow.wait()
    assert flow.entry.title == "Simulated Plex"


def busy(*, times: int) -> Respond:
    """Return what answers "too many requests" for so many times."""
    refused = 0

    async def respond(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal refused
        if refused == times:
            return await handler(request)
        refused += 1
        return web.Response(status=429)

    return respond
