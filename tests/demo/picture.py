"""A picture of the dashboard, as a browser without a screen shows it."""

import json
from pathlib import Path
import shutil

from playwright.async_api import Error, Page, ViewportSize, async_playwright

from .dashboard import SCAN
from .patience import MissingError, Patience, say
from .stage import Stage, stage

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox, because there may be no user but root; and nothing from the network.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SPEED = 2
"""Simulated seconds per real second: it takes a while until much has happened."""
SIZE = ViewportSize(width=1280, height=720)
IN_THE_MIDDLE = range(25, 75)
"""Percent of a scan whose bar makes a good picture."""


async def take_picture(file: Path, patience: Patience, port: int) -> None:
    """Take a picture when there is much to see."""
    if (browser := next(filter(None, map(shutil.which, BROWSERS)), None)) is None:
        raise MissingError(f"a browser: none of {', '.join(BROWSERS)} is on the PATH")
    async with (
        stage(patience, port, speed=SPEED) as ready,
        async_playwright() as playwright,
    ):
        chromium = playwright.chromium
        try:
            running = await chromium.launch(executable_path=browser, args=ARGUMENTS)
            page = await running.new_page(viewport=SIZE, color_scheme="light")
            await _open_dashboard(page, ready)
            await _wait_for_good_moment(ready)
            await page.locator("ha-logbook .entry").first.wait_for()
            await page.screenshot(path=file, animations="disabled")
            await running.close()
        except Error as err:
            raise MissingError(f"a picture ({err})") from err
    say(f"the picture is in {file}")


async def _open_dashboard(page: Page, ready: Stage) -> None:
    """Open the dashboard as the user who is logged in, without the sidebar."""
    settings = {
        "hassTokens": ready.home_assistant.tokens,
        "dockedSidebar": "always_hidden",
    }
    for key, value in settings.items():
        await page.add_init_script(
            f"localStorage.setItem({json.dumps(key)}, {json.dumps(json.dumps(value))})"
        )
    await page.goto(ready.dashboard_url)
    for loaded_late in ("hui-tile-card", "plex-activities-card .row", "ha-logbook"):
        await page.locator(loaded_late).first.wait_for()
    await page.wait_for_load_state("networkidle")  # icons come one by one


async def _wait_for_good_moment(ready: Stage) -> None:
    """Wait until two scans are in the middle, and another one has finished."""

    def is_good() -> bool | None:
        scans = [ready.state(key) for key in ready.entities if key.startswith(SCAN)]
        bars = [round(one.progress or 0) for one in scans if one.state == "running"]
        has_finished = any(one.state == "finished" for one in scans)
        return (has_finished and sum(bar in IN_THE_MIDDLE for bar in bars) > 1) or None

    await ready.until("two scans in the middle, and one that finished", is_good)
