"""The websocket command that the dashboard card lives on."""

from functools import partial
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
import voluptuous as vol

from .card import CARD_VERSION
from .const import DOMAIN
from .feed import Feed


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the command. It is there as long as Home Assistant runs."""
    websocket_api.async_register_command(hass, _handle_subscribe)


@callback
@websocket_api.websocket_command(
    {
        vol.Required("type"): f"{DOMAIN}/subscribe",
        vol.Optional(ATTR_CONFIG_ENTRY_ID): str,
    }
)
def _handle_subscribe(
    hass: HomeAssistant,
    connection: websocket_api.ActiveConnection,
    msg: dict[str, Any],
) -> None:
    """Tell what the servers run, and from then on what changes."""
    entry_id: str | None = msg.get(ATTR_CONFIG_ENTRY_ID)
    if entry_id is not None:
        entry = hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.domain != DOMAIN:
            connection.send_error(
                msg["id"], websocket_api.ERR_NOT_FOUND, "There is no such server"
            )
            return
    send = partial(connection.send_event, msg["id"])
    feed = Feed(hass, connection.user, entry_id, send)
    connection.subscriptions[msg["id"]] = feed.stop
    connection.send_result(msg["id"])
    feed.start(card=hass.data.get(CARD_VERSION))
