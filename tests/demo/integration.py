"""Setting up the integration, over HTTP, by the steps of its own config flow."""

from .home_assistant import HomeAssistant, Json
from .patience import MissingError, say

DOMAIN = "plex_activities"
FLOWS = "/api/config/config_entries/flow"

type Entities = dict[str, str]
"""Entity ids by what their unique ids say after the id of the server."""


async def add_server(home_assistant: HomeAssistant, url: str, token: str) -> Json:
    """Add a server, with a slip of the pen at first, and return its config entry."""
    flow = await _open_form(home_assistant)
    form = {"url": url, "token": "wrong", "verify_ssl": True}
    step = await home_assistant.post(flow, form)
    if step.get("errors") != {"base": "invalid_auth"}:
        raise MissingError(f"a form that refuses a wrong token; there is {step}")
    say("seen: a wrong token is refused")
    step = await home_assistant.post(flow, form | {"token": token})
    if step["type"] != "create_entry" or step["result"]["state"] != "loaded":
        raise MissingError(f"a config entry that is loaded; there is {step}")
    return step["result"]


async def _open_form(home_assistant: HomeAssistant) -> str:
    """Go to where one enters an address and a token, and return the flow's path."""
    step = await home_assistant.post(FLOWS, {"handler": DOMAIN})
    flow = f"{FLOWS}/{step['flow_id']}"
    if step["type"] == "menu":
        step = await home_assistant.post(flow, {"next_step_id": "manual"})
    if step["type"] != "form" or step["step_id"] != "manual":
        raise MissingError(f"the form for an address and a token; there is {step}")
    return flow


async def entities_of(home_assistant: HomeAssistant, entry: Json) -> Entities:
    """Return the enabled entities of a server, as they are now."""
    rows = await home_assistant.command("config/entity_registry/list")
    return {
        row["unique_id"].partition("_")[2]: row["entity_id"]
        for row in rows
        if row["config_entry_id"] == entry["entry_id"] and row["disabled_by"] is None
    }
