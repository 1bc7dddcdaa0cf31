"""How tests call the actions, and start what these are about."""

from typing import Any

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.plex_activities.const import DOMAIN
from tests.simulator import Activity

from .server import Server, until

DOWNLOAD = "media.download"


async def start(server: Server, kind: str = DOWNLOAD, **details: Any) -> Activity:
    """Start an activity that says it can be cancelled, and wait until it is known."""
    details = {"cancellable": True, "progress": 40, **details}
    activity = server.plex.world.start(kind, **details)
    await until_known(server, activity)
    return activity


async def start_scan(server: Server, library: str) -> Activity:
    """Start the scan of a library, and wait until it is known which."""
    scan = server.plex.world.scan(library)
    server.plex.world.progress_scan(scan, progress=40)
    await until(lambda: server.coordinator.book.running.get(scan.uuid))
    await until(lambda: server.coordinator.book.running[scan.uuid].library)
    return scan


async def until_known(server: Server, *activities: Activity) -> None:
    """Wait until Home Assistant knows that these run, and has the sensors for them."""
    running = server.coordinator.book.running
    await until(lambda: {activity.uuid for activity in activities} <= running.keys())
    await server.hass.async_block_till_done()


async def call(
    server: Server, action: str, *, context: Context | None = None, **data: Any
) -> list[dict[str, Any]]:
    """Call an action that answers with activities, and return them."""
    response: Any = await server.hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True, context=context
    )
    assert response.keys() == {"activities"}
    activities: list[dict[str, Any]] = response["activities"]
    return activities


async def cancel(
    server: Server, *, context: Context | None = None, **data: Any
) -> list[dict[str, Any]]:
    """Cancel something, and return what became of it."""
    return await call(server, "cancel_activity", context=context, **data)


async def refused(
    server: Server, error: type[HomeAssistantError], **data: Any
) -> HomeAssistantError:
    """Try to cancel something, and return the error, which is exactly of that kind."""
    with pytest.raises(error) as caught:
        await cancel(server, **data)
    assert type(caught.value) is error
    assert caught.value.translation_domain == DOMAIN
    # Its words are there and say nothing that must not be said.
    assert str(caught.value) not in {"", caught.value.translation_key}
    assert server.plex.token not in str(caught.value)
    assert server.plex.url not in str(caught.value)
    return caught.value


def deletions(server: Server) -> list[str]:
    """Return the paths of all calls that were to stop something."""
    return [request.path for request in server.plex.requests.to("DELETE", "/")]
