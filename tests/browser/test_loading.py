"""The card is there whenever somebody opens a dashboard, however slowly things load."""

import asyncio
import re

from playwright.async_api import Page, Route, expect
import pytest

from .browsing import Browsing
from .home import CARD, Home

LOADS = 20
MODULE = re.compile(r"/plex-activities-card\.js$")
APPLICATION = re.compile(r"/frontend_latest/app\.[^/]*\.js$")
ERROR = "hui-error-card"


async def is_there(page: Page) -> None:
    """Wait for the card, and see that no error is in its place."""
    await expect(page.locator("plex-activities-card .header")).to_be_visible()
    await expect(page.locator(ERROR)).to_have_count(0)


async def test_it_shows_in_every_one_of_many_first_visits(
    home: Home, browsing: Browsing
) -> None:
    """A browser that has never been here loads everything at once, in any order."""
    url = await home.show({"type": CARD})
    for _ in range(LOADS):
        page = await browsing.page()
        await page.goto(url)
        await is_there(page)
        await browsing.close()


@pytest.mark.parametrize(
    ("late", "early"),
    [(APPLICATION, MODULE), (MODULE, APPLICATION)],
    ids=["the application is late", "the card is late"],
)
async def test_it_shows_whichever_comes_last(
    home: Home, browsing: Browsing, late: re.Pattern[str], early: re.Pattern[str]
) -> None:
    """The application replaces the browser's registry of elements when it comes."""
    url = await home.show({"type": CARD})
    page = await browsing.page(service_workers="block")
    has_come = asyncio.Event()

    async def hold_back(route: Route) -> None:
        await has_come.wait()
        # What has come is evaluated, or the dashboard shown, some time after that.
        await asyncio.sleep(4)
        await route.continue_()

    await page.route(late, hold_back)
    async with page.expect_request_finished(
        lambda request: early.search(request.url) is not None
    ):
        await page.goto(url, wait_until="commit")
    has_come.set()
    await is_there(page)


async def test_a_new_version_reaches_a_browser_that_keeps_the_old_one(
    home: Home, browsing: Browsing
) -> None:
    """The service worker shows the page that it has, and fetches the new one meanwhile.

    So a first reload may still show the old card; a second one never does.
    """
    # It works on https and on localhost only.
    url = (await home.show({"type": CARD})).replace("127.0.0.1", "localhost")
    here = home.url.replace("127.0.0.1", "localhost")
    tokens = {**home.tokens, "hassUrl": here, "clientId": f"{here}/"}
    page = await browsing.page(tokens=tokens)
    card = page.locator("plex-activities-card")
    await page.goto(url)
    await expect(card).to_contain_text("Nothing is running")
    await page.wait_for_function("navigator.serviceWorker.controller")
    texts = home.folder / "project/plex_activities/frontend/texts/en.json"
    texts.write_text(texts.read_text().replace("Nothing is running", "All is quiet"))
    await home.stop()
    await home.start()
    for _ in range(2):
        await page.reload()
        await expect(card.locator(".notice[data-kind=idle]")).to_be_visible()
        if await card.get_by_text("All is quiet").count():
            break
        await page.wait_for_load_state("networkidle")
    else:
        pytest.fail("the old card is still there")
