"""Config and options flows, as somebody in front of the page goes through them."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any, Self, cast, override

from homeassistant.config_entries import SOURCE_ZEROCONF, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowManager, FlowResultType
from homeassistant.helpers.data_entry_flow import FlowManagerResourceView
from homeassistant.helpers.json import json_bytes

from custom_components import plex_activities
from custom_components.plex_activities.const import DOMAIN
from tests.simulator import SimulatedPlexTv

from .server import until
from .surroundings import announced

TEXTS = json.loads(
    (Path(plex_activities.__file__).parent / "translations/en.json").read_text("utf-8")
)


class Flow:
    """One config flow. Every page that it shows must have all its texts."""

    texts = TEXTS["config"]

    def __init__(self, hass: HomeAssistant, result: Mapping[str, Any]) -> None:
        """Look at the first page. `sent` is what the browser gets to see."""
        self.hass = hass
        self.pages: list[Mapping[str, Any]] = []
        self.sent: list[str] = []
        self._turn_to(result)

    @classmethod
    async def begin(
        cls, hass: HomeAssistant, source: str = "user", data: object = None
    ) -> Self:
        """Begin to set up a server."""
        return cls(
            hass,
            await hass.config_entries.flow.async_init(
                DOMAIN, context={"source": source}, data=data
            ),
        )

    @property
    def manager(self) -> FlowManager[Any, Any]:
        """What runs flows like this one."""
        return self.hass.config_entries.flow

    @property
    def page(self) -> Mapping[str, Any]:
        """The page that is shown, as Home Assistant describes it to the browser."""
        return self.pages[-1]

    @property
    def step(self) -> str:
        """Which page it is."""
        step: str = self.page["step_id"]
        return step

    @property
    def error(self) -> str | None:
        """What the form says that is wrong."""
        assert self.page["type"] is FlowResultType.FORM
        errors: dict[str, str] = self.page["errors"] or {}
        return errors.get("base")

    @property
    def aborted(self) -> str:
        """Why it is over, when it is and nothing was made."""
        assert self.page["type"] is FlowResultType.ABORT
        reason: str = self.page["reason"]
        return reason

    @property
    def entry(self) -> ConfigEntry:
        """What was made."""
        assert self.page["type"] is FlowResultType.CREATE_ENTRY
        entry: ConfigEntry = self.page["result"]
        return entry

    @property
    def ways(self) -> list[str]:
        """What the menu offers."""
        assert self.page["type"] is FlowResultType.MENU
        return list(self.page["menu_options"])

    @property
    def defaults(self) -> dict[str, Any]:
        """What the form has filled in."""
        filled: dict[str, Any] = {}
        for field in self.page["data_schema"].schema:
            suggested = (field.description or {}).get("suggested_value")
            if suggested is not None:
                filled[field.schema] = suggested
            elif callable(getattr(field, "default", None)):
                filled[field.schema] = field.default()
        return filled

    def labels(self, field: str) -> list[str]:
        """Return what a field of the form lets one choose from."""
        options = self.page["data_schema"].schema[field].config["options"]
        return [option["label"] for option in options]

    async def choose(self, way: str) -> Self:
        """Choose from a menu."""
        assert way in self.ways
        return await self._go_on({"next_step_id": way})

    async def submit(self, **answers: Any) -> Self:
        """Send the form."""
        assert self.page["type"] is FlowResultType.FORM
        return await self._go_on(answers)

    async def wait(self) -> Self:
        """Wait for the end of what is in progress, and look at what comes then."""
        assert self.page["type"] is FlowResultType.SHOW_PROGRESS
        step, flow_id = self.step, self.page["flow_id"]
        await until(lambda: self.manager.async_get(flow_id)["step_id"] != step)
        return await self._go_on(None)

    async def _go_on(self, answers: dict[str, Any] | None) -> Self:
        self._turn_to(await self.manager.async_configure(self.page["flow_id"], answers))
        # A page that ends the flow may have set a server up, or have it loaded again.
        await self.hass.async_block_till_done()
        return self

    def _turn_to(self, page: Mapping[str, Any]) -> None:
        self.pages.append(page)
        if page["type"] is not FlowResultType.CREATE_ENTRY:
            view = FlowManagerResourceView(self.manager)
            sent = view._prepare_result_json(cast("Any", page))
            self.sent.append(json_bytes(sent).decode())
            _check_texts(self.texts, sent)


class OptionsFlow(Flow):
    """The flow that changes options."""

    texts = TEXTS["options"]

    @classmethod
    async def open(cls, hass: HomeAssistant, entry: ConfigEntry) -> Self:
        """Open the options of an entry."""
        return cls(hass, await hass.config_entries.options.async_init(entry.entry_id))

    @property
    @override
    def manager(self) -> FlowManager[Any, Any]:
        return self.hass.config_entries.options


def _check_texts(texts: Mapping[str, Any], page: Mapping[str, Any]) -> None:
    """Fail if a page would show the name of a text in place of the text."""
    placeholders = page.get("description_placeholders") or {}
    match page["type"]:
        case FlowResultType.ABORT:
            assert page["reason"] in texts["abort"]
        case FlowResultType.SHOW_PROGRESS:
            texts["progress"][page["progress_action"]].format(**placeholders)
        case FlowResultType.MENU:
            step = texts["step"][page["step_id"]]
            assert step["title"]
            step["description"].format(**placeholders)
            assert set(page["menu_options"]) <= set(step["menu_options"])
        case FlowResultType.FORM:
            step = texts["step"][page["step_id"]]
            assert step["title"]
            step.get("description", "").format(**placeholders)
            assert set((page["errors"] or {}).values()) <= set(texts.get("error", ()))
            fields = {field["name"] for field in page["data_schema"]}
            assert fields == set(step.get("data", ()))
            assert fields == set(step.get("data_description", ()))


async def sign_in(flow: Flow, plex_tv: SimulatedPlexTv) -> Flow:
    """Choose to sign in, and do what the page says."""
    await flow.choose("link")
    plex_tv.link(flow.page["description_placeholders"]["code"])
    return await flow.wait()


async def discover(hass: HomeAssistant, port: int | None) -> Flow:
    """Let Home Assistant hear of a server."""
    return await Flow.begin(hass, SOURCE_ZEROCONF, announced(port))
