"""The watch for secrets would notice one, wherever it got out."""

import logging

from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest

from custom_components.plex_activities.const import DOMAIN

from .conftest import unattended
from .faults import Story, Way
from .leaks import Leaks
from .server import Server, until

_LOGGER = logging.getLogger("aiohttp.somewhere")


@pytest.fixture
def secret(server: Server) -> str:
    """Return what must not get out."""
    return server.plex.token


def places(leaks: Leaks) -> set[str]:
    """Return where the secret was found."""
    return {found.partition(":")[0] for found in leaks.found}


def test_a_message_is_read(leaks: Leaks, secret: str) -> None:
    _LOGGER.debug("GET /?X-Plex-Token=%s", secret)
    assert places(leaks) == {"log"}


def test_what_a_message_was_made_of_is_read(leaks: Leaks, secret: str) -> None:
    """A program that collects logs keeps the parts as well."""
    _LOGGER.debug("%(sent)d headers", {"sent": 1, "headers": [secret]})
    assert places(leaks) == {"log"}


def test_an_error_in_the_log_is_read(leaks: Leaks, secret: str) -> None:
    try:
        int(secret)
    except ValueError:
        _LOGGER.exception("Failed")
    assert places(leaks) == {"log"}


def test_what_led_to_an_error_is_read(leaks: Leaks, secret: str) -> None:
    err = KeyError("headers")
    err.__cause__ = ValueError(secret)
    leaks.look_at_error(err)
    assert places(leaks) == {"error"}


async def test_events_and_states_are_read(
    hass: HomeAssistant, server: Server, leaks: Leaks
) -> None:
    await server.set_up()
    hass.states.async_set("sensor.any", "on", {"list": [{"deep": server.plex.token}]})
    await hass.async_block_till_done()
    assert places(leaks) == {"event"}
    await leaks.look_everywhere(server)
    assert places(leaks) == {"event", "state"}


async def test_what_the_server_tells_is_no_secret_and_what_we_keep_is_read(
    server: Server, leaks: Leaks
) -> None:
    """Whoever calls a film like the token finds it wherever films are."""
    await server.set_up()
    token = server.plex.token
    activity = server.plex.world.start("media.download", title=token, uuid=token)
    await server.until_event("started", activity.uuid)
    leaks.look_at_home_assistant(server)
    await server.unload()
    await leaks.look_everywhere(server)
    assert places(leaks) >= {"event", "state", "storage"}


async def test_addresses_and_registries_are_read(
    hass: HomeAssistant, server: Server, leaks: Leaks
) -> None:
    await server.set_up()
    await until(lambda: server.coordinator.listener.transport)
    token, entry_id = server.plex.token, server.entry.entry_id
    client = server.coordinator.client
    await client._rest.request("GET", f"{client.url}/identity?X-Plex-Token={token}")
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry_id)
    dr.async_get(hass).async_update_device(device.id, sw_version=token)
    er.async_get(hass).async_update_entity(server.entity_id("running"), name=token)
    ir.async_create_issue(
        hass,
        DOMAIN,
        token,
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key="certificate",
    )
    await leaks.look_everywhere(server)
    assert places(leaks) >= {"request", "registry"}


@pytest.mark.parametrize("timing", [unattended(Way.WEBSOCKET)], ids=["unattended"])
async def test_every_story_is_read_to_its_end(story: Story, leaks: Leaks) -> None:
    """There was something to be read in every place."""
    await story.prepare()
    story.go_on()
    await story.finish()
    await leaks.look_everywhere(story.server)
    assert leaks.read.keys() >= {"log", "event", "state", "request", "diagnostics"}
    assert leaks.read["log"] > 20
