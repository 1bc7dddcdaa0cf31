"""The words: every text that is used is there, and every text that is there is used."""

import ast
from pathlib import Path
import re

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.plex_activities import errors
from custom_components.plex_activities.const import DOMAIN
from custom_components.plex_activities.issues import Issue
from custom_components.plex_activities.runs import RunEventType, RunState

from .contract import (
    ENGLISH,
    TRANSLATIONS,
    argument,
    keyword,
    literal,
    name_of,
    nodes,
    placeholders,
    read_json,
    strings,
    texts,
)

KEY = re.compile(r"(?!.*[_-]{2})[a-z0-9][a-z0-9_-]*(?<![_-])")
URL = re.compile(r"\w+://|\bwww\.", re.IGNORECASE)
HTML = re.compile(r"<[^>]*>?")
QUOTED_PLACEHOLDER = re.compile(r"'\{\w+\}'")
# What the helpers of a config flow end it with.
ABORTS_OF_HELPERS = {
    "_abort_if_unique_id_configured": {"already_configured"},
    "_abort_if_unique_id_mismatch": {"unique_id_mismatch"},
    "_async_abort_entries_match": {"already_configured"},
    "async_set_unique_id": {"already_in_progress"},
    "async_update_reload_and_abort": {"reauth_successful", "reconfigure_successful"},
}
# Filled in by Home Assistant where a flow is about an entry.
GIVEN_TO_FLOWS = {"name"}
# What the errors of the client are put into.
GIVEN_TO_CLIENT_ERRORS = {"server", "reason"}

in_every_language = pytest.mark.parametrize(
    "path", TRANSLATIONS, ids=lambda path: path.stem
)


@in_every_language
def test_every_language_has_the_same_texts(path: Path) -> None:
    assert strings(read_json(path)).keys() == strings(ENGLISH).keys()


@in_every_language
def test_every_language_fills_in_the_same(path: Path) -> None:
    """A placeholder that is not given makes the whole text disappear."""
    english = strings(ENGLISH)
    other = {
        key: text
        for key, text in strings(read_json(path)).items()
        if placeholders(text) != placeholders(english[key])
    }
    assert other == {}


@in_every_language
def test_texts_are_fit_to_be_shown(path: Path) -> None:
    """Addresses are filled in, so that nobody translates them; the rest is markdown."""
    for key, text in strings(read_json(path)).items():
        assert text, key
        assert text == text.strip(), key
        for unfit in (URL, HTML, QUOTED_PLACEHOLDER):
            assert not unfit.search(text), key
        assert all(name.isidentifier() for name in placeholders(text)), key
        assert all(KEY.fullmatch(part) for part in key.split(".")), key


@in_every_language
def test_a_language_is_named_as_home_assistant_names_it(path: Path) -> None:
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][A-Za-z]+)?", path.stem)


def test_every_state_has_a_word() -> None:
    entities = ENGLISH["entity"]
    activity = entities["sensor"]["activity"]["state"]
    assert activity.keys() == {state.value for state in RunState}
    attributes = entities["event"]["activity"]["state_attributes"]
    events = attributes["event_type"]["state"]
    assert events.keys() == {event.value for event in RunEventType}


def test_every_error_of_an_action_has_its_text_and_each_text_its_error() -> None:
    """And what an error is given is what its text names."""
    given = {
        key: {argument.arg for argument in call.keywords}
        for call in nodes(ast.Call)
        if name_of(call) == "user_error"
        for key in texts(call.args[0])
    }
    for call in nodes(ast.Call):
        key = literal(keyword(call, "translation_key"))
        values = keyword(call, "translation_placeholders")
        if key and isinstance(values, ast.Dict):
            given[key] = {name for one in values.keys if (name := literal(one))}
    own = {
        key: placeholders(text["message"])
        for key, text in ENGLISH["exceptions"].items()
        if key in given
    }
    assert own == given
    of_the_client = ENGLISH["exceptions"].keys() - own.keys()
    assert of_the_client == {key for _, key in errors._EXCEPTION_KEYS} - own.keys()
    for key in of_the_client:
        message = ENGLISH["exceptions"][key]["message"]
        assert placeholders(message) <= GIVEN_TO_CLIENT_ERRORS


def test_every_step_of_a_flow_has_its_texts_and_all_texts_their_step() -> None:
    progress = {
        literal(keyword(call, "step_id"))
        for call in nodes(ast.Call)
        if name_of(call) == "async_show_progress"
    }
    shown = texts(*argument("step_id")) - progress
    steps = {**ENGLISH["config"]["step"], **ENGLISH["options"]["step"]}
    assert steps.keys() == shown
    methods = {function.name for function in nodes(ast.AsyncFunctionDef)}
    for step in steps.values():
        assert step.keys() >= {"title", "description"} or step.keys() >= {"data"}
        assert step.get("data", {}).keys() == step.get("data_description", {}).keys()
        assert {
            f"async_step_{name}" for name in step.get("menu_options", ())
        } <= methods
    assert {f"async_step_{name}" for name in steps} <= methods


def test_every_error_of_a_form_has_its_text_and_each_text_its_error() -> None:
    written = {
        key
        for node in nodes(ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Name)
        and target.value.id == "errors"
        and (key := literal(node.value))
    }
    of_the_client = {key for _, key in errors._FORM_KEYS}
    assert ENGLISH["config"]["error"].keys() == of_the_client | written


def test_every_end_of_a_flow_has_its_text_and_each_text_its_end() -> None:
    ends = texts(
        *(
            keyword(call, "reason")
            for call in nodes(ast.Call)
            if name_of(call) == "async_abort"
        )
    )
    for call in nodes(ast.Call):
        ends |= ABORTS_OF_HELPERS.get(name_of(call), set())
    assert ENGLISH["config"]["abort"].keys() == ends


def test_every_progress_of_a_flow_has_its_text() -> None:
    assert ENGLISH["config"].get("progress", {}).keys() == texts(
        *argument("progress_action")
    )


def test_flows_fill_in_what_their_texts_name() -> None:
    given = {
        name
        for value in (*argument("description_placeholders"), *argument("placeholders"))
        if isinstance(value, ast.Dict)
        for key in value.keys
        if (name := literal(key))
    }
    named = [
        placeholders(text)
        for flow in ("config", "options")
        for text in strings(ENGLISH[flow]).values()
    ]
    assert set().union(*named) - GIVEN_TO_FLOWS <= given


def test_every_issue_has_its_text_and_each_text_its_issue() -> None:
    assert ENGLISH["issues"].keys() == set(Issue)
    for issue in ENGLISH["issues"].values():
        assert issue.keys() == {"title", "description"}
        assert placeholders(" ".join(issue.values())) == {"server"}


async def test_every_line_of_system_health_has_its_word(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "system_health", {})
    assert await async_setup_component(hass, DOMAIN, {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    assert ENGLISH["system_health"]["info"].keys() == info.keys()
