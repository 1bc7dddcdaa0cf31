"""A browser, and the pages that it opens: all logged in, and none ever seen before."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
import json
import shutil
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    async_playwright,
)

from tests.demo.home_assistant import Json
from tests.demo.picture import ARGUMENTS, BROWSERS

from .home import CARD, Home

# Milliseconds. Long enough for a slow machine; nothing ever waits for it in vain.
PATIENCE = 40_000


@asynccontextmanager
async def started_browser() -> AsyncIterator[Browser]:
    """Start the browser that is installed."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert path is not None, f"there is none of {', '.join(BROWSERS)}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


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
