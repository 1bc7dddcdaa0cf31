"""How tests write automations, and hear what these do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component

from .server import Server, until

# What an automation says of an activity, in templates as people write them.
ABOUT_THE_ACTIVITY = {
    "activity": "{{ trigger.activity }}",
    "outcome": "{{ trigger.outcome }}",
    "entity_id": "{{ trigger.entity_id }}",
}


async def until_live(server: Server) -> None:
    """Wait until the server is reached again, and tells what happens."""
    await server.until_state("live", "on", "binary_sensor")
    await server.hass.async_block_till_done()


async def automate(
    hass: HomeAssistant,
    *triggers: Mapping[str, Any],
    say: Mapping[str, str] = ABOUT_THE_ACTIVITY,
    actions: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Set up an automation, and return the list of what it will say when it runs."""
    said: list[dict[str, Any]] = []

    @callback
    def hear(event: Event) -> None:
        said.append(dict(event.data))

    hass.bus.async_listen("automation_ran", hear)
    automation = {
        "alias": "A test",
        "mode": "queued",
        "max": 100,
        "triggers": list(triggers),
        "actions": actions
        or [{"event": "automation_ran", "event_data_template": dict(say)}],
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: automation})
    await hass.async_block_till_done()
    assert hass.states.get("automation.a_test") is not None
    return said


async def ask_whether(
    hass: HomeAssistant, condition: Mapping[str, Any]
) -> Callable[[], Awaitable[bool]]:
    """Return a function that has an automation test a condition, at that moment."""
    answers = await automate(
        hass,
        {"trigger": "event", "event_type": "asked"},
        actions=[
            {
                "if": [condition],
                "then": {"event": "automation_ran", "event_data": {"answer": True}},
                "else": {"event": "automation_ran", "event_data": {"answer": False}},
            }
        ],
    )

    async def ask() -> bool:
        answers.clear()
        hass.bus.async_fire("asked")
        await until(lambda: answers)
        return bool(answers[0]["answer"])

    return ask
