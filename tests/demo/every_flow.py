"""Every flow that somebody can begin or be asked to finish, over HTTP.

The way by hand is how the demo sets its own server up (see `integration`). Discovery is
left out: nothing but an announcement in the network begins it, and there is no request
that stands for one.
"""

from .flow import Flow
from .home_assistant import Json
from .patience import MissingError, say
from .stage import Stage
from .surroundings import ATTIC, CELLAR, Surroundings, machine_identifier

OPTIONS = {"quiet_types": ["butler"], "settle_seconds": 3, "stalled_minutes": 7}
"""Each is another one than before."""


async def see_every_flow(ready: Stage, around: Surroundings) -> None:
    """Go through the flows, one after the other, or fail with what is missing."""
    async with ready.patience.awaiting("a server by signing in with Plex"):
        entry_id = await _see_sign_in(ready, around)
    async with ready.patience.awaiting("a server that is taken over"):
        await _see_take_over(ready)
    async with ready.patience.awaiting("another address of a server"):
        await _see_reconfigure(ready, around, entry_id)
    async with ready.patience.awaiting("other options"):
        await _see_options(ready, entry_id)
    async with ready.patience.awaiting("another token"):
        await _see_reauthentication(ready, around, entry_id)


async def _see_sign_in(ready: Stage, around: Surroundings) -> str:
    """Enter the code that is shown, and choose one of the account's servers."""
    flow = await (await Flow.begin(ready.home_assistant)).choose("link")
    flow.expect("a code", type="progress", progress_action="wait_for_link")
    code = flow.step["description_placeholders"]["code"]
    around.plex_tv.link(code)
    await flow.wait()
    flow.expect("a choice of servers", type="form", step_id="link_server")
    await flow.send(server=machine_identifier(around.attic))
    flow.expect("a server of the account", type="create_entry", title=ATTIC)
    entry_id: str = flow.step["result"]["entry_id"]
    await _until_loaded(ready, entry_id)
    say(f"seen: signing in with the code {code} sets {ATTIC} up")
    return entry_id


async def _see_take_over(ready: Stage) -> None:
    """Take over what Home Assistant's own integration knows."""
    flow = await (await Flow.begin(ready.home_assistant)).choose("core_plex")
    flow.expect("a choice of servers", type="form", step_id="core_plex", errors={})
    (choice,) = flow.step["data_schema"]
    await flow.send(server=choice["default"])
    flow.expect("the server taken over", type="create_entry", title=CELLAR)
    await _until_loaded(ready, flow.step["result"]["entry_id"])
    say(f"seen: {CELLAR} is taken over from Home Assistant's own integration")


async def _see_reconfigure(ready: Stage, around: Surroundings, entry_id: str) -> None:
    """Enter the address of another server by mistake, and then the right one."""
    flow = await Flow.begin(ready.home_assistant, entry_id=entry_id)
    flow.expect("a form for the address", type="form", step_id="reconfigure")
    await flow.send(url=around.cellar.url, verify_ssl=True)
    flow.expect("a refusal", type="abort", reason="unique_id_mismatch")
    flow = await Flow.begin(ready.home_assistant, entry_id=entry_id)
    await flow.send(url=around.attic.url, verify_ssl=False)
    flow.expect("the address", type="abort", reason="reconfigure_successful")
    await _until_loaded(ready, entry_id)
    say(f"seen: {ATTIC} is reconfigured, but not into {CELLAR}")


async def _see_options(ready: Stage, entry_id: str) -> None:
    """Change the options, and find them changed when they are looked at again."""
    flow = await Flow.options(ready.home_assistant, entry_id)
    flow.expect("a form for the options", type="form", step_id="init")
    if not OPTIONS.items().isdisjoint(_defaults(flow).items()):
        raise MissingError(f"options that are the usual ones; there is {flow.step}")
    await flow.send(**OPTIONS)
    flow.expect("the options", type="create_entry")
    flow = await Flow.options(ready.home_assistant, entry_id)
    if _defaults(flow) != OPTIONS:
        raise MissingError(f"the new options; there is {flow.step}")
    await flow.send(**OPTIONS)  # so that it does not stay open
    await _until_loaded(ready, entry_id)
    say(f"seen: the options of {ATTIC} are changed")


async def _see_reauthentication(
    ready: Stage, around: Surroundings, entry_id: str
) -> None:
    """Take the token back, and enter another one where Home Assistant asks for it."""

    async def asked() -> Json | None:
        flows = await ready.home_assistant.command("config_entries/flow/progress")
        of_entry = {"source": "reauth", "entry_id": entry_id}.items()
        return next((one for one in flows if of_entry <= one["context"].items()), None)

    # While it is disabled, so that it finds out when it is set up: a poll might do so
    # first, or might not, and would say something else in the log.
    await _disable(ready, entry_id, "user")
    around.attic.world.token = "another-token"
    await _disable(ready, entry_id, None)
    begun = await ready.patience.until("a question for another token", asked)
    flow = await Flow.begun(ready.home_assistant, begun["flow_id"])
    flow.expect("a menu of ways", type="menu", step_id="reauth_confirm")
    await flow.choose("manual")
    await flow.send(url=around.attic.url, token=around.attic.token, verify_ssl=True)
    flow.expect("the token", type="abort", reason="reauth_successful")
    await _until_loaded(ready, entry_id)
    say(f"seen: {ATTIC} refused its token, and has got another one")


async def _disable(ready: Stage, entry_id: str, by: str | None) -> None:
    await ready.home_assistant.command(
        "config_entries/disable", entry_id=entry_id, disabled_by=by
    )


async def _until_loaded(ready: Stage, entry_id: str) -> None:
    async def loaded() -> bool | None:
        answer = await ready.home_assistant.command(
            "config_entries/get_single", entry_id=entry_id
        )
        return answer["config_entry"]["state"] == "loaded" or None

    await ready.patience.until("a config entry that is loaded", loaded)


def _defaults(flow: Flow) -> dict[str, Json]:
    """Return what a form is filled in with."""
    return {field["name"]: field.get("default") for field in flow.step["data_schema"]}
