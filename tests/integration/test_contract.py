"""The files of the integration against each other, and against Home Assistant's rules.

Home Assistant checks these for its own integrations, with a tool that is not published.
"""

import ast
from importlib import import_module
import re

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import validate_selector
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
import pytest
import voluptuous as vol

from custom_components.plex_activities import PLATFORMS
from custom_components.plex_activities.const import DOMAIN

from .actions import start
from .contract import (
    ENGLISH,
    ICONS,
    INTEGRATION,
    MANIFEST,
    ROOT,
    modules,
    read_json,
    read_yaml,
    strings,
)
from .server import Server

# What HACS and Home Assistant need of a custom integration.
REQUIRED_IN_MANIFEST = {
    "codeowners",
    "documentation",
    "domain",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "name",
    "version",
}
HACS_KEYS = {
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "name",
    "persistent_directory",
    "render_readme",
    "zip_release",
}
# What may be imported from without being a dependency.
FREE_TO_USE = {*Platform, "diagnostics", "frontend", "system_health", "websocket_api"}
PLATFORM_FILES = sorted(
    platform for platform in Platform if (INTEGRATION / f"{platform}.py").exists()
)
# What there may be descriptions of besides actions, and who says which there are.
AUTOMATION_PARTS = [
    name for name in ("trigger", "condition") if (INTEGRATION / f"{name}.py").exists()
]
DESCRIBED = ["services", *(f"{part}s" for part in AUTOMATION_PARTS)]


def test_the_manifest_is_complete_and_in_order() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert keys == sorted(keys, key=lambda key: (key not in {"domain", "name"}, key))
    assert set(keys) >= REQUIRED_IN_MANIFEST
    assert MANIFEST["domain"] == DOMAIN == INTEGRATION.name
    assert MANIFEST["requirements"] == []
    assert MANIFEST["loggers"] == [f"custom_components.{DOMAIN}"]
    assert all(owner.startswith("@") for owner in MANIFEST["codeowners"])
    assert re.fullmatch(r"\d+\.\d+\.\d+", MANIFEST["version"])
    assert MANIFEST["documentation"].startswith("https://")
    assert MANIFEST["issue_tracker"].startswith("https://")


async def test_home_assistant_accepts_the_manifest(hass: HomeAssistant) -> None:
    integration = await async_get_integration(hass, DOMAIN)
    assert not integration.is_built_in
    assert integration.version == MANIFEST["version"]
    assert integration.has_translations


def test_no_other_file_looks_like_a_manifest() -> None:
    """Home Assistant's check takes every file of that name for an integration."""
    found = list(ROOT.glob("[!.]*/**/manifest.json"))
    assert found == [INTEGRATION / "manifest.json"]


def test_hacs_accepts_its_file() -> None:
    content = read_json(ROOT / "hacs.json")
    assert content.keys() <= HACS_KEYS
    assert content["name"] == MANIFEST["name"]
    assert ("filename" in content) is bool(content.get("zip_release"))


def test_every_integration_that_is_used_is_a_dependency() -> None:
    depends_on = {
        *MANIFEST.get("dependencies", ()),
        *MANIFEST.get("after_dependencies", ()),
    }
    used = {
        (path.stem, parts[2])
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for name in node.names
        if (parts := f"{node.module}.{name.name}".split("."))[:2]
        == ["homeassistant", "components"]
    }
    not_named = {
        component
        for module, component in used
        if component not in FREE_TO_USE | depends_on and component != module
    }
    assert not_named == set()


def test_every_platform_that_is_there_is_set_up() -> None:
    assert sorted(PLATFORMS) == PLATFORM_FILES


@pytest.mark.parametrize("platform", PLATFORM_FILES)
def test_every_platform_says_how_many_updates_run_at_once(platform: str) -> None:
    module = import_module(f"custom_components.{DOMAIN}.{platform}")
    assert isinstance(module.PARALLEL_UPDATES, int)


def test_icons_are_material_design_icons() -> None:
    """Home Assistant has no others without a package from elsewhere."""
    odd = {
        path: icon
        for path, icon in strings(ICONS).items()
        if not re.fullmatch(r"mdi:[a-z0-9]+(-[a-z0-9]+)*", icon)
    }
    assert odd == {}


async def test_entities_have_names_and_icons_and_these_have_entities(
    server: Server,
) -> None:
    await server.set_up()
    await start(server)
    entries = er.async_entries_for_config_entry(
        er.async_get(server.hass), server.entry.entry_id
    )
    keys = {(entry.domain, entry.translation_key) for entry in entries}
    for content in (ENGLISH, ICONS):
        described = {
            (domain, key) for domain, of in content["entity"].items() for key in of
        }
        assert described == keys
    for entry in entries:
        capabilities = entry.capabilities or {}
        states = ENGLISH["entity"][entry.domain][entry.translation_key].get("state", {})
        assert states.keys() >= set(capabilities.get("options", ()))


@pytest.mark.parametrize("section", DESCRIBED)
def test_what_can_be_chosen_in_an_automation_is_named(section: str) -> None:
    descriptions = read_yaml(f"{section}.yaml")
    named = ENGLISH[section]
    assert descriptions.keys() == named.keys() == ICONS[section].keys()
    for key, description in descriptions.items():
        assert {"name", "description"} <= named[key].keys()
        fields = (description or {}).get("fields", {})
        assert fields.keys() == named[key].get("fields", {}).keys()
        for words in named[key].get("fields", {}).values():
            assert words.keys() == {"name", "description"}


@pytest.mark.parametrize("section", DESCRIBED)
def test_fields_have_selectors_that_work_and_whose_options_are_named(
    section: str,
) -> None:
    for description in read_yaml(f"{section}.yaml").values():
        # What is null is hidden in the editor.
        assert isinstance(description, dict)
        # Devices cannot be filtered in a target any more.
        assert description.get("target", {}).keys() <= {"entity"}
        for field in description.get("fields", {}).values():
            validate_selector(field["selector"])
            ((_, config),) = field["selector"].items()
            key = (config or {}).get("translation_key")
            named = ENGLISH["selector"].get(key, {}).get("options", {})
            assert key is None or named.keys() == set(config["options"])


async def test_actions_are_described_as_they_are_registered(
    hass: HomeAssistant,
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    actions = hass.services.async_services_for_domain(DOMAIN)
    descriptions = read_yaml("services.yaml")
    assert actions.keys() == descriptions.keys()
    for name, action in actions.items():
        assert isinstance(action.schema, vol.Schema)
        markers = action.schema.schema
        fields = descriptions[name].get("fields", {})
        assert fields.keys() == {str(marker) for marker in markers}
        required = {str(one) for one in markers if isinstance(one, vol.Required)}
        assert required == {
            key for key, field in fields.items() if field.get("required")
        }
        defaults = {
            str(one): one.default()
            for one in markers
            if not isinstance(one.default, vol.Undefined)
        }
        assert defaults == {
            key: field["default"] for key, field in fields.items() if "default" in field
        }


@pytest.mark.parametrize("part", AUTOMATION_PARTS)
async def test_triggers_and_conditions_are_described_as_they_are(
    hass: HomeAssistant, part: str
) -> None:
    """The examples are valid, and so are all fields; anything else is refused."""
    module = import_module(f"custom_components.{DOMAIN}.{part}")
    classes = await getattr(module, f"async_get_{part}s")(hass)
    descriptions = read_yaml(f"{part}s.yaml")
    assert classes.keys() == descriptions.keys()
    for key, kind in classes.items():
        fields = descriptions[key].get("fields", {})
        options = {name: field["example"] for name, field in fields.items()}
        assert await kind.async_validate_config(hass, {"options": options})
        with pytest.raises(vol.Invalid):
            await kind.async_validate_config(hass, {"options": {"surprise": 1}})
