"""One Home Assistant and one browser for all tests, a page and a server for each."""

from collections.abc import AsyncIterator, Mapping
import json
from pathlib import Path
import shutil
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    async_playwright,
    expect,
)
import pytest
import pytest_asyncio

from tests.demo.home_assistant import Json
from tests.demo.picture import ARGUMENTS, BROWSERS
from tests.simulator import Cancelling, SimulatedPlex

from .home import CARD, Home, home as put_up

SHOTS = Path(__file__).parents[2] / ".screenshots"
# Milliseconds. Long enough for a slow machine; nothing ever waits for it in vain.
PATIENCE = 40_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test time, and the one loop in which everything lives."""
    for item in items:
        item.add_marker(pytest.mark.timeout(180))
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[SimulatedPlex]:
    """Return the simulated server that Home Assistant has."""
    async with SimulatedPlex() as plex:
        yield plex


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def home(
    server: SimulatedPlex, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Home]:
    """Return Home Assistant, with the server set up."""
    async with put_up(tmp_path_factory.mktemp("home"), server) as home:
        yield home


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Return the browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path is not None, f"there is none of {', '.join(BROWSERS)}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def plex(server: SimulatedPlex) -> AsyncIterator[SimulatedPlex]:
    """Return the server, on which nothing runs."""
    server.world.cancelling = Cancelling.ENDS
    yield server
    for activity in server.world.activities:
        server.world.end(activity)


async def take_picture(page: Page, name: str) -> None:
    """Keep a picture of the page, for people to look at."""
    SHOTS.mkdir(exist_ok=True)
    await page.wait_for_load_state("networkidle")  # icons come one by one
    await page.screenshot(path=SHOTS / f"{name}.png", animations="disabled")


class Browsing:
    """Opens pages that are logged in."""

    def __init__(self, chromium: Browser, home: Home) -> None:
        """Open nothing yet."""
        self._chromium = chromium
        self._home = home
        self._contexts: list[BrowserContext] = []

    async def card(
        self,
        config: Mapping[str, Any] | None = None,
        *,
        tokens: Json = None,
        language: str = "en",
        **options: Any,
    ) -> Locator:
        """Open a dashboard with a card, and return the card."""
        url = await self._home.show({"type": CARD, **(config or {})})
        page = await self.page(tokens=tokens, language=language, **options)
        await page.goto(url)
        card = page.locator("plex-activities-card")
        await card.locator("ha-card").wait_for()
        return card

    async def page(
        self, *, tokens: Json = None, language: str = "en", **options: Any
    ) -> Page:
        """Open a page of a browser that has never been here."""
        options = {"viewport": {"width": 560, "height": 800}, **options}
        context = await self._chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        settings = {
            "hassTokens": tokens or self._home.tokens,
            "dockedSidebar": "always_hidden",
            "selectedLanguage": language,
        }
        for key, value in settings.items():
            text = json.dumps(json.dumps(value))
            await context.add_init_script(
                f"localStorage.setItem({json.dumps(key)}, {text})"
            )
        return await context.new_page()

    async def close(self) -> None:
        """Close all of them."""
        for context in self._contexts:
            await context.close()
        self._contexts.clear()


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(chromium: Browser, home: Home) -> AsyncIterator[Browsing]:
    """Return what opens pages."""
    browsing = Browsing(chromium, home)
    yield browsing
    await browsing.close()
