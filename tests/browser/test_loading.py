"""The card is there whenever somebody opens a dashboard, however slowly things load."""

import asyncio
import re

from playwright.async_api import Page, Route, expect
import pytest

from .conftest import Browsing
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
