"""The README is held to the code: its names, its links and its examples.

People copy from it, so a wrong word there is a fault like any other.
"""

from collections.abc import AsyncIterator, Iterator
import json
from pathlib import Path
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import homeassistant
from homeassistant.components import automation, script
from homeassistant.components.automation.config import (
    async_validate_config_item as async_validate_automation,
)
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.components.script.config import (
    async_validate_config_item as async_validate_script,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.template import Template
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
import pytest

from custom_components.plex_activities import const, options_flow, runs, services
from custom_components.plex_activities.cancellation import CancelOutcome, Method
from custom_components.plex_activities.client import Outcome, Transport
from custom_components.plex_activities.condition import CONDITIONS
from custom_components.plex_activities.const import DOMAIN
from custom_components.plex_activities.coordinator import POLLING
from custom_components.plex_activities.scanning import ScanOutcome
from custom_components.plex_activities.tasks import TaskOutcome
from custom_components.plex_activities.trigger import ACTIVITY_ATTRIBUTES, TRIGGERS
from tests.simulator import SimulatedPlex

from .server import Server

PROJECT = Path(__file__).parents[2]
INTEGRATION = PROJECT / "custom_components" / DOMAIN
BLUEPRINTS = sorted(PROJECT.glob(f"blueprints/automation/{DOMAIN}/*.yaml"))
PAGES = ("README.md", "info.md", ".github/CONTRIBUTING.md", ".github/ARCHITECTURE.md")
README = (PROJECT / "README.md").read_text()

HOME = "https://github.com/plex-activities/plex-activities"
FILES = (
    f"{HOME}/blob/main/",
    "https://raw.githubusercontent.com/plex-activities/plex-activities/main/",
)
IMPORT = "https://my.home-assistant.io/redirect/blueprint_import/"

TEXTS: dict[str, Any] = json.loads((INTEGRATION / "translations/en.json").read_text())
CARD_TEXTS = json.loads((INTEGRATION / "frontend/texts/en.json").read_text())
ACTIONS = load_yaml_dict(str(INTEGRATION / "services.yaml"))
TYPE_NAMES: dict[str, str] = TEXTS["selector"]["activity_type"]["options"]

EXAMPLES: dict[str, list[str]] = {
    language: re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    for language in ("yaml", "jinja", "shell")
}
NAMES = {
    "actions": [f"{DOMAIN}.{name}" for name in ACTIONS],
    "fields": [field for action in ACTIONS.values() for field in action["fields"]],
    "tasks": ACTIONS["run_task"]["fields"]["task"]["selector"]["select"]["options"],
    "answers": [*CancelOutcome, *Method, *ScanOutcome, *TaskOutcome],
    "triggers": [f"{DOMAIN}.{name}" for name in (*TRIGGERS, *CONDITIONS)],
    "options of triggers": ["activity_type", "library", "outcome", *Outcome],
    "states": [*runs.RunState],
    "attributes": [*runs.NO_ATTRIBUTES, "activities", "quiet", "transport"],
    "transports": [*Transport, POLLING],
    "event types": [*runs.RunEventType],
    "attributes of events": [*ACTIVITY_ATTRIBUTES, "event_type"],
    "types": [*options_flow.KNOWN_TYPES],
    "parameters": [
        *TEXTS["config"]["step"]["manual"]["data"],
        *TEXTS["config"]["step"]["link_server"]["data"],
    ],
    "options": [*TEXTS["options"]["step"]["init"]["data"]],
    "options of the card": [
        text.removeprefix("form.")
        for text in CARD_TEXTS
        if text.startswith("form.") and not text.endswith(".help")
    ],
}
NUMBERS = {
    "settle_seconds": f"| {const.DEFAULT_SETTLE_SECONDS} s |",
    "stalled_minutes": f"| {const.DEFAULT_STALLED_MINUTES} min |",
    "(`settle_seconds`": f"0 to {options_flow.MAX_SETTLE_SECONDS}",
    "(`stalled_minutes`": f"0 to {options_flow.MAX_STALLED_MINUTES}",
    "wait for the end": f"default {services.DEFAULT_TIMEOUT}, at most"
    f" {services.MAX_TIMEOUT}",
    "For how many seconds": f"default {services.DEFAULT_SCAN_TIMEOUT}, at most"
    f" {services.MAX_SCAN_TIMEOUT}",
}


@pytest.fixture
async def plex() -> AsyncIterator[SimulatedPlex]:
    """Return a server with the name that it has in the README."""
    async with SimulatedPlex() as plex:
        plex.world.rename("Plex")
        yield plex


def links(page: str) -> Iterator[str]:
    """Return what a page links to."""
    yield from re.findall(r"\]\(([^)\s]+)\)", (PROJECT / page).read_text())


def anchors(page: str) -> set[str]:
    """Return what can be linked to within a page."""
    headings = re.findall(r"^#+ (.*)$", (PROJECT / page).read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def target(link: str, page: str) -> Path | None:
    """Return the file of the repository that a link leads to, if it leads to one."""
    if link.startswith(IMPORT):
        (link,) = parse_qs(urlsplit(link).query)["blueprint_url"]
    for prefix in FILES:
        if link.startswith(prefix):
            return PROJECT / unquote(link.removeprefix(prefix))
    is_elsewhere = urlsplit(link).scheme or link.startswith("#")
    return None if is_elsewhere else (PROJECT / page).parent / link


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Nobody can click on the ones of a page that is not published yet."""
    within = {link.removeprefix("#") for link in links(page) if link.startswith("#")}
    assert within <= anchors(page)
    files = [path for link in links(page) if (path := target(link, page)) is not None]
    assert [path for path in files if not path.exists()] == []


def test_other_pages_link_to_headings_of_the_readme() -> None:
    """The forms for issues do."""
    forms = (PROJECT / ".github/ISSUE_TEMPLATE").iterdir()
    linked = [
        anchor
        for form in forms
        for anchor in re.findall(rf"{HOME}#([\w-]+)", form.read_text())
    ]
    assert linked
    assert {*linked} <= anchors("README.md")


@pytest.mark.parametrize("what", NAMES)
def test_every_name_is_described(what: str) -> None:
    """Who writes an automation should not have to read the code."""
    missing = [name for name in NAMES[what] if f"`{name}`" not in README]
    assert missing == []


def test_every_type_is_listed_with_the_name_that_people_see() -> None:
    """Sensors have the name, automations the type."""
    missing = [
        kind
        for kind in options_flow.KNOWN_TYPES
        if f"| `{kind}` | {TYPE_NAMES[kind.replace('.', '_')]} |" not in README
    ]
    assert missing == []


@pytest.mark.parametrize("near", NUMBERS)
def test_numbers_are_those_of_the_code(near: str) -> None:
    lines = [line for line in README.splitlines() if near in line]
    assert any(NUMBERS[near] in line for line in lines)


def test_no_name_is_made_up() -> None:
    """What once had another name is easily forgotten here."""
    known = {*NAMES["actions"], *NAMES["triggers"]}
    named = re.findall(rf"(?<![\w/.]){DOMAIN}\.(?!zip)\w+", README)
    assert {*named} == known


async def test_every_entity_that_is_named_exists(
    hass: HomeAssistant, server: Server
) -> None:
    """And each kind of entity is named at least once."""
    await server.set_up()
    named = {*re.findall(r"\b(?:binary_sensor|button|event|sensor)\.plex_\w+", README)}
    assert named <= {*hass.states.async_entity_ids()}
    registry = er.async_get(hass)
    kinds = {
        (entity_id.partition(".")[0], registry.entities[entity_id].translation_key)
        for entity_id in named
    }
    assert kinds == {
        (platform, key)
        for platform, entities in TEXTS["entity"].items()
        for key in entities
    }


@pytest.mark.parametrize("example", EXAMPLES["yaml"])
async def test_examples_are_valid(
    hass: HomeAssistant, server: Server, example: str
) -> None:
    """They are copied as they are."""
    assert await async_setup_component(hass, automation.DOMAIN, {})
    assert await async_setup_component(hass, script.DOMAIN, {})
    await server.set_up()
    config = parse_yaml(example)
    assert isinstance(config, dict)
    if "triggers" in config:
        assert await async_validate_automation(hass, "example", config)
    elif "sequence" in config:
        assert await async_validate_script(hass, "example", config)
    else:
        assert config["type"] == "button"
    for name in re.findall(rf"action: {DOMAIN}\.(\w+)", example):
        assert hass.services.has_service(DOMAIN, name)


@pytest.mark.parametrize("example", EXAMPLES["jinja"])
async def test_templates_say_what_runs(
    hass: HomeAssistant, server: Server, example: str
) -> None:
    await server.set_up()
    template = Template(example, hass)
    assert template.async_render() == "Nothing runs."
    server.plex.world.start_butler()
    server.plex.world.start(
        "media.generate.credits",
        title="Detecting Credits",
        subtitle="Show S01",
        progress=-1,
    )
    await server.until_state("running", "1")
    assert template.async_render() == "- Detecting Credits (… %): Show S01"


def test_every_blueprint_can_be_imported_from_here() -> None:
    """A blueprint without a link is one that nobody finds."""
    imports = [link for link in links("README.md") if link.startswith(IMPORT)]
    assert {target(link, "README.md") for link in imports} == {*BLUEPRINTS}
    for path in BLUEPRINTS:
        assert BLUEPRINT_SCHEMA(load_yaml_dict(str(path)))


@pytest.mark.parametrize("command", EXAMPLES["shell"])
def test_commands_exist(command: str) -> None:
    for line in command.splitlines():
        assert (PROJECT / line.split()[0]).is_file()


def test_the_quality_scale_has_every_rule() -> None:
    """A rule that is left out looks as if it were met."""
    core = Path(homeassistant.__file__).parent / "components"
    theirs = core / "overseerr/quality_scale.yaml"
    ours = load_yaml_dict(str(INTEGRATION / "quality_scale.yaml"))
    assert {*ours["rules"]} == {*load_yaml_dict(str(theirs))["rules"]}
