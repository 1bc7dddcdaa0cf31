"""One Home Assistant and one browser for all tests, a page and a server for each."""

from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Page, expect
import pytest
import pytest_asyncio

from tests.simulator import Cancelling, SimulatedPlex

from .browsing import PATIENCE, Browsing, started_browser
from .home import Home, home as put_up

SHOTS = Path(__file__).parents[2] / ".screenshots"
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
    async with started_browser() as browser:
        yield browser


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


@pytest_asyncio.fixture(loop_scope="session")
async def browsing(chromium: Browser, home: Home) -> AsyncIterator[Browsing]:
    """Return what opens pages."""
    browsing = Browsing(chromium, home)
    yield browsing
    await browsing.close()
