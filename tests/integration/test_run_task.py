"""Running maintenance: what there is, which call it takes, and who may."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Context
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
from homeassistant.util.json import load_json_object
from homeassistant.util.yaml import load_yaml_dict
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components import plex_activities
from custom_components.plex_activities.tasks import form_name
from tests.simulator import Faults
from tests.simulator.models import ButlerTask

from .server import Server
from .starting import STARTED, ask, refused, run

FOLDER = Path(plex_activities.__file__).parent


def started(server: Server) -> list[str]:
    """Return the paths of all calls that were to start something."""
    return [request.path for request in server.plex.requests.to("POST", "/")]


@pytest.mark.parametrize(
    ("task", "name"),
    [
        ("BackupDatabase", "BackupDatabase"),
        ("backup_database", "BackupDatabase"),
        ("butler_task_generate_ad_markers", "ButlerTaskGenerateAdMarkers"),
        ("RefreshEpgGuides", "RefreshEpgGuides"),
    ],
)
async def test_a_task_is_known_by_the_servers_name_and_by_ours(
    server: Server, task: str, name: str
) -> None:
    """Names in forms are translated, and such names are written in small letters."""
    await server.set_up()
    assert await run(server, task) == STARTED
    assert server.plex.world.running_tasks == {name}
    assert started(server) == [f"/butler/{name}"]


async def test_a_task_that_nobody_has_heard_of_can_be_run_too(server: Server) -> None:
    """Plex invents new ones faster than we learn of them."""
    await server.set_up()
    server.plex.world.butler_tasks.append(ButlerTask(name="DustTheShelves"))
    assert await run(server, "DustTheShelves") == STARTED


async def test_a_task_that_runs_already_is_not_started_again(server: Server) -> None:
    await server.set_up()
    await run(server, "backup_database")
    assert await run(server, "backup_database") == {
        "activity_id": None,
        "outcome": "already_running",
    }


async def test_every_task_is_in_the_form_and_has_a_name(server: Server) -> None:
    """The form offers what the server has, in words."""
    services = load_yaml_dict(str(FOLDER / "services.yaml"))
    select = services["run_task"]["fields"]["task"]["selector"]["select"]
    tasks = {form_name(task.name) for task in server.plex.world.butler_tasks}
    assert set(select["options"]) == tasks | {"process_subscriptions", "refresh_guide"}
    assert select["custom_value"] is True
    for translation in (FOLDER / "translations").glob("*.json"):
        texts: Any = load_json_object(translation)
        assert texts["selector"]["task"]["options"].keys() == set(select["options"])


async def test_an_unknown_task_is_told_from_those_that_exist(server: Server) -> None:
    await server.set_up()
    error = await refused(
        server,
        ServiceValidationError,
        "run_task",
        config_entry_id=server.entry.entry_id,
        task="BackUpTheDatabase",
    )
    assert error.translation_key == "unknown_task"
    assert "BackupDatabase" in str(error)
    assert "UpgradeMediaAnalysis, process_subscriptions, refresh_guide" in str(error)
    assert started(server) == []


async def test_subscriptions_are_processed_as_an_activity(server: Server) -> None:
    """One of the few answers that say which."""
    await server.set_up()
    answer = await run(server, "process_subscriptions")
    (activity,) = server.plex.world.activities
    assert answer == {"activity_id": activity.uuid, "outcome": "started"}


async def test_the_guides_of_all_dvrs_are_reloaded(server: Server) -> None:
    """The answer has room for one activity; it is the first."""
    await server.set_up()
    server.plex.world.add_dvr("28")
    server.plex.world.add_dvr("29")
    answer = await run(server, "refresh_guide")
    assert started(server) == [
        "/livetv/dvrs/28/reloadGuide",
        "/livetv/dvrs/29/reloadGuide",
    ]
    first, _ = server.plex.world.activities
    assert answer == {"activity_id": first.uuid, "outcome": "started"}


@pytest.mark.parametrize("dvr_id", ["29", 29], ids=repr)
async def test_the_guide_of_one_dvr_is_reloaded_alone(
    server: Server, dvr_id: object
) -> None:
    await server.set_up()
    server.plex.world.add_dvr("28")
    server.plex.world.add_dvr("29")
    await run(server, "refresh_guide", dvr_id=dvr_id)
    assert started(server) == ["/livetv/dvrs/29/reloadGuide"]


async def test_a_guide_may_be_reloaded_without_an_activity(server: Server) -> None:
    """Real servers do so."""
    await server.set_up()
    server.plex.world.add_dvr("28")
    server.plex.world.guide_reloads_silently = True
    assert await run(server, "refresh_guide") == STARTED


@pytest.mark.parametrize(
    ("dvrs", "data", "reason"),
    [
        ([], {"task": "refresh_guide"}, "no_dvr"),
        ([], {"task": "refresh_guide", "dvr_id": "28"}, "no_dvr"),
        (["28"], {"task": "refresh_guide", "dvr_id": "29"}, "unknown_dvr"),
        (["28"], {"task": "backup_database", "dvr_id": "28"}, "dvr_without_guide"),
        (["28"], {"task": "process_subscriptions", "dvr_id": ""}, "dvr_without_guide"),
    ],
    ids=repr,
)
async def test_what_cannot_be_meant_starts_nothing(
    server: Server, dvrs: list[str], data: dict[str, str], reason: str
) -> None:
    await server.set_up()
    for dvr in dvrs:
        server.plex.world.add_dvr(dvr)
    error = await refused(
        server,
        ServiceValidationError,
        "run_task",
        config_entry_id=server.entry.entry_id,
        **data,
    )
    assert error.translation_key == reason
    assert started(server) == []


@pytest.mark.parametrize("missing", ["config_entry_id", "task"])
async def test_a_task_is_one_of_a_server(server: Server, missing: str) -> None:
    await server.set_up()
    data: dict[str, Any] = {
        "config_entry_id": server.entry.entry_id,
        "task": "backup_database",
    }
    del data[missing]
    with pytest.raises(vol.Invalid):
        await ask(server, "run_task", **data)


@pytest.mark.parametrize(
    "task", ["backup_database", "process_subscriptions", "refresh_guide"]
)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Faults.forbidden, "not_permitted"),
        (Faults.starting_up, "starting_up"),
        (Faults.reset, "cannot_connect"),
        (Faults.redirect, "not_plex"),
    ],
    ids=["forbidden", "starting_up", "reset", "redirect"],
)
async def test_the_server_says_why_not(
    server: Server,
    fault: Callable[[Faults], AbstractContextManager[Any]],
    reason: str,
    task: str,
) -> None:
    """A backup that was not made must not look like one that was."""
    await server.set_up()
    with fault(server.plex.faults):
        error = await refused(
            server,
            HomeAssistantError,
            "run_task",
            config_entry_id=server.entry.entry_id,
            task=task,
        )
    assert error.translation_key == reason


async def test_a_refused_token_asks_for_a_new_one(server: Server) -> None:
    await server.set_up()
    with server.plex.faults.unauthorized(path="/butler"):
        error = await refused(
            server,
            HomeAssistantError,
            "run_task",
            config_entry_id=server.entry.entry_id,
            task="backup_database",
        )
    assert error.translation_key == "invalid_auth"
    await server.hass.async_block_till_done()
    assert list(server.entry.async_get_active_flows(server.hass, {SOURCE_REAUTH}))


async def test_only_administrators_run_tasks(
    server: Server, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """Tasks are about the whole server; no sensor stands for one."""
    await server.set_up()
    hass_read_only_user.mock_policy({"entities": True})
    with pytest.raises(Unauthorized):
        await run(
            server, "backup_database", context=Context(user_id=hass_read_only_user.id)
        )
    with pytest.raises(UnknownUser):
        await run(server, "backup_database", context=Context(user_id="nobody"))
    assert started(server) == []
    context = Context(user_id=hass_admin_user.id)
    assert await run(server, "backup_database", context=context) == STARTED
