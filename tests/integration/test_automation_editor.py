"""What Home Assistant's automation editor is told about the triggers and conditions."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.icon import async_get_icons
from homeassistant.helpers.translation import async_get_translations
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.plex_activities.condition import CONDITIONS
from custom_components.plex_activities.const import DOMAIN
from custom_components.plex_activities.trigger import OUTCOMES, TRIGGERS

from .server import Server

OURS = {"triggers": set(TRIGGERS), "conditions": set(CONDITIONS)}
KINDS = pytest.mark.parametrize("kind", ["triggers", "conditions"])
ICON = {"triggers": "trigger", "conditions": "condition"}
FIELDS = {
    "activity_ended": {"activity_type", "library", "outcome"},
    "activity_started": {"activity_type", "library"},
    "is_running": {"activity_type", "library"},
    "server_settled": set(),
}


@pytest.fixture
async def descriptions(
    hass: HomeAssistant,
    server: Server,
    hass_ws_client: WebSocketGenerator,
    kind: str,
) -> dict[str, dict[str, Any]]:
    """Return what the editor shows of ours, by name."""
    assert await async_setup_component(hass, "automation", {})
    await server.set_up()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": f"{ICON[kind]}_platforms/subscribe"})
    assert (await client.receive_json())["success"]
    described: dict[str, dict[str, Any]] = {}
    while not {f"{DOMAIN}.{name}" for name in OURS[kind]} <= described.keys():
        described |= (await client.receive_json())["event"]
    return {
        key.removeprefix(f"{DOMAIN}."): description
        for key, description in described.items()
        if key.startswith(f"{DOMAIN}.")
    }


@KINDS
async def test_the_editor_knows_them_with_all_their_fields(
    descriptions: dict[str, dict[str, Any]], kind: str
) -> None:
    """A field that it does not know can only be written in YAML."""
    assert descriptions.keys() == OURS[kind]
    for name, description in descriptions.items():
        assert description["fields"].keys() == FIELDS[name]
        assert all("selector" in field for field in description["fields"].values())


@KINDS
async def test_the_editor_offers_them_for_the_servers_device(
    hass: HomeAssistant,
    server: Server,
    hass_ws_client: WebSocketGenerator,
    descriptions: dict[str, dict[str, Any]],
    kind: str,
) -> None:
    """Most people begin with the thing, and not with what can happen to it."""
    busy = server.entity_id("busy", "binary_sensor")
    device_id = er.async_get(hass).entities[busy].device_id
    client = await hass_ws_client(hass)
    await client.send_json_auto_id(
        {"type": f"get_{kind}_for_target", "target": {"device_id": [device_id]}}
    )
    offered = (await client.receive_json())["result"]
    assert {f"{DOMAIN}.{name}" for name in OURS[kind]} <= set(offered)


@KINDS
async def test_everything_has_a_name_a_description_and_an_icon(
    hass: HomeAssistant, descriptions: dict[str, dict[str, Any]], kind: str
) -> None:
    translations = await async_get_translations(hass, "en", kind, [DOMAIN])
    icons = await async_get_icons(hass, kind, [DOMAIN])
    wanted = set()
    for name, description in descriptions.items():
        of_name = f"component.{DOMAIN}.{kind}.{name}"
        wanted |= {f"{of_name}.name", f"{of_name}.description"}
        for field in description["fields"]:
            of_field = f"{of_name}.fields.{field}"
            wanted |= {f"{of_field}.name", f"{of_field}.description"}
        assert icons[DOMAIN][name][ICON[kind]].startswith("mdi:")
    assert wanted == translations.keys()


@KINDS
async def test_types_are_shown_by_the_names_that_the_sensors_have(
    hass: HomeAssistant, descriptions: dict[str, dict[str, Any]]
) -> None:
    """One list of names is translated; editor, options and sensors use it."""
    translations = await async_get_translations(hass, "en", "selector", [DOMAIN])
    names = f"component.{DOMAIN}.selector.activity_type.options."
    known = {key for key in translations if key.startswith(names)}
    offered = [
        field["selector"]["select"]
        for description in descriptions.values()
        if (field := description["fields"].get("activity_type"))
    ]
    assert offered
    for select in offered:
        assert select["translation_key"] == "activity_type"
        assert {names + option for option in select["options"]} == known


@pytest.mark.parametrize("kind", ["triggers"])
async def test_all_outcomes_are_offered_by_their_names(
    hass: HomeAssistant, descriptions: dict[str, dict[str, Any]]
) -> None:
    translations = await async_get_translations(hass, "en", "selector", [DOMAIN])
    outcome = descriptions["activity_ended"]["fields"]["outcome"]["selector"]["select"]
    assert set(outcome["options"]) == set(OUTCOMES)
    names = f"component.{DOMAIN}.selector.{outcome['translation_key']}.options."
    assert {names + option for option in outcome["options"]} <= translations.keys()
