"""What the server says against a cancel, and who may not ask for one at all."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import Context
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
    UnknownUser,
)
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import Faults

from .actions import cancel, deletions, refused, start
from .server import Server

DOWNLOAD = "activity_media.download"

type Fault = Callable[[Faults], AbstractContextManager[object]]


def _deleting(fault: Callable[..., AbstractContextManager[object]]) -> Fault:
    return lambda faults: fault(faults, method="DELETE")


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (_deleting(Faults.forbidden), "not_permitted"),
        (_deleting(Faults.starting_up), "starting_up"),
        (_deleting(Faults.reset), "cannot_connect"),
        (_deleting(Faults.redirect), "not_plex"),
        (lambda faults: faults.status(500, method="DELETE"), "not_plex"),
    ],
    ids=["forbidden", "starting up", "reset", "redirect", "error"],
)
async def test_what_the_server_says_against_it_is_passed_on(
    server: Server, fault: Fault, key: str
) -> None:
    await server.set_up()
    download = await start(server)
    with fault(server.plex.faults):
        error = await refused(server, HomeAssistantError, activity_id=download.uuid)
    assert error.translation_key == key
    assert error.translation_placeholders is not None
    assert error.translation_placeholders["server"] == "Simulated Plex"
    assert error.translation_placeholders["reason"] == str(error.__cause__)
    assert server.state(DOWNLOAD).state == "running"


async def test_a_cancel_that_was_refused_makes_no_end_a_cancelled_one(
    server: Server,
) -> None:
    await server.set_up()
    download = await start(server)
    with server.plex.faults.forbidden(method="DELETE"):
        await refused(server, HomeAssistantError, activity_id=download.uuid)
    server.plex.world.end(download)
    await server.until_event("finished", download.uuid)
    assert server.state(DOWNLOAD).state == "finished"


async def test_a_server_that_cannot_be_reached_is_an_error(server: Server) -> None:
    await server.set_up()
    download = await start(server)
    async with server.plex.unreachable():
        error = await refused(server, HomeAssistantError, activity_id=download.uuid)
    await server.until_state("live", "on", "binary_sensor")
    assert error.translation_key == "cannot_connect"


@pytest.mark.parametrize(
    "fault", [Faults.unauthorized, Faults.token_expired], ids=["401", "498"]
)
async def test_a_refused_token_asks_for_a_new_one(
    server: Server, fault: Callable[..., AbstractContextManager[object]]
) -> None:
    await server.set_up()
    download = await start(server)
    with fault(server.plex.faults, method="DELETE"):
        error = await refused(server, HomeAssistantError, activity_id=download.uuid)
    assert error.translation_key == "invalid_auth"
    (flow,) = server.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert flow["context"]["entry_id"] == server.entry.entry_id


async def test_what_cannot_be_cancelled_any_more_is_refused_by_the_server(
    server: Server,
) -> None:
    """Its flag changed a moment ago, and nobody has told us yet."""
    await server.set_up()
    download = await start(server)
    with server.plex.faults.notifications_lost("updated"):
        server.plex.world.update(download, cancellable=False)
    error = await refused(server, ServiceValidationError, activity_id=download.uuid)
    assert error.translation_key == "not_cancellable"
    assert server.state(DOWNLOAD).state == "running"


async def test_a_token_that_is_not_the_owners_is_told_so(server: Server) -> None:
    """Only the owner may see the butler's tasks."""
    await server.set_up()
    backup = await start(server, "butler.BackupDatabase", cancellable=False)
    with server.plex.faults.forbidden(path="/butler"):
        error = await refused(server, HomeAssistantError, activity_id=backup.uuid)
    assert error.translation_key == "not_permitted"
    assert deletions(server) == []


async def test_a_butler_task_that_does_not_run_leaves_the_row_as_it_is(
    server: Server,
) -> None:
    await server.set_up()
    backup = await start(server, "butler.BackupDatabase", cancellable=False)
    (answer,) = await cancel(server, activity_id=backup.uuid)
    assert (answer["outcome"], answer["method"]) == ("still_running", "butler_task")


async def test_it_takes_control_of_the_sensor(
    server: Server, hass_read_only_user: MockUser
) -> None:
    """Whoever may only look must not be able to stop anything."""
    await server.set_up()
    download, backup = await start(server), await start(server, "media.upload")
    context = Context(user_id=hass_read_only_user.id)
    for target in (
        {"activity_id": download.uuid},
        {"entity_id": server.entity_id(DOWNLOAD)},
    ):
        with pytest.raises(Unauthorized):
            await cancel(server, context=context, **target)
    hass_read_only_user.mock_policy(
        {"entities": {"entity_ids": {server.entity_id(DOWNLOAD): {"control": True}}}}
    )
    with pytest.raises(Unauthorized):
        await cancel(server, context=context, activity_id=[download.uuid, backup.uuid])
    assert deletions(server) == []
    (answer,) = await cancel(server, context=context, activity_id=download.uuid)
    assert answer["outcome"] == "cancelled"


async def test_what_no_sensor_shows_takes_an_administrator(
    server: Server, hass_read_only_user: MockUser, hass_admin_user: MockUser
) -> None:
    """Nobody else was ever given control of it."""
    await server.set_up()
    hass_read_only_user.mock_policy({"entities": True})
    *_, fifth = [await start(server) for _ in range(5)]
    with pytest.raises(Unauthorized):
        await cancel(
            server,
            context=Context(user_id=hass_read_only_user.id),
            activity_id=fifth.uuid,
        )
    assert deletions(server) == []
    (answer,) = await cancel(
        server, context=Context(user_id=hass_admin_user.id), activity_id=fifth.uuid
    )
    assert answer["entity_id"] is None
    assert answer["outcome"] == "cancelled"


async def test_a_user_who_no_longer_exists_may_nothing(server: Server) -> None:
    await server.set_up()
    download = await start(server)
    with pytest.raises(UnknownUser):
        await cancel(
            server, context=Context(user_id="nobody"), activity_id=download.uuid
        )
    assert deletions(server) == []
