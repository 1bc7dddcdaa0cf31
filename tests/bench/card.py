"""What a hundred running activities cost the browser that shows them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, Page

from tests.browser.browsing import Browsing, started_browser
from tests.browser.home import home as browser_home
from tests.simulator import Activity, SimulatedPlex

from .report import Mark, Table
from .scale import Scale

RUNNING = 100
MOST_OF_A_CORE = 0.1
# A frame in which rows changed is laid out once; the clock's tick is another frame.
MOST_LAYOUTS_A_SECOND = 4
DOWNLOAD = "media.download"
TRACED = ("devtools.timeline", "disabled-by-default-devtools.timeline.stack")

type Metrics = dict[str, float]


async def card(scale: Scale) -> AsyncIterator[Table]:
    """Show them in Chromium, idle first and then with an update each a second."""
    if scale is Scale.QUICK:
        return  # starting the page alone takes half of the time that there is
    seconds = 30
    async with _shown_card() as (chromium, page, plex):
        running = [
            plex.world.start(DOWNLOAD, title=f"Downloading {number}", progress=0)
            for number in range(RUNNING)
        ]
        await page.locator(".row").nth(RUNNING - 1).wait_for()
        still = await _measure(page, asyncio.sleep(seconds))
        busy = await _measure(page, _update(plex, running, seconds))
        forced = await _forced_layouts(chromium, page, _update(plex, running, 5))
    share = busy["TaskDuration"] / seconds
    layouts = busy["LayoutCount"] / seconds
    columns = (
        "TaskDuration",
        "ScriptDuration",
        "LayoutDuration",
        "RecalcStyleDuration",
    )
    yield Table(
        title="The card in the browser",
        conditions=f"{RUNNING} running activities in headless Chromium, for "
        f"{seconds} s: first nothing changes but the time, then each has an update "
        "a second. Seconds of the main thread for each second, from the DevTools "
        "protocol; forced layouts from a trace of 5 s.",
        columns=("", "nothing changes", "an update each a second"),
        rows=[
            *((one, still[one] / seconds, busy[one] / seconds) for one in columns),
            ("layouts a second", still["LayoutCount"] / seconds, layouts),
            ("layouts forced by a script", "", forced),
        ],
        marks=(
            Mark("share of one core in the main thread", share, MOST_OF_A_CORE),
            Mark("layouts a second", layouts, MOST_LAYOUTS_A_SECOND),
            Mark("layouts forced by a script", forced, 0),
        ),
    )


@asynccontextmanager
async def _shown_card() -> AsyncIterator[tuple[Browser, Page, SimulatedPlex]]:
    with TemporaryDirectory() as folder:
        async with (
            SimulatedPlex() as plex,
            browser_home(Path(folder), plex) as home,
            started_browser() as chromium,
        ):
            browsing = Browsing(chromium, home)
            shown = await browsing.card()
            yield chromium, shown.page, plex
            await browsing.close()


async def _update(plex: SimulatedPlex, running: list[Activity], seconds: int) -> None:
    """Let every activity go on once a second, one shortly after the other."""
    for second in range(seconds):
        for activity in running:
            plex.world.update(
                activity, progress=second * 99 // seconds, subtitle=f"Part {second}"
            )
            await asyncio.sleep(1 / len(running))


async def _measure(page: Page, doing: Awaitable[None]) -> Metrics:
    session = await page.context.new_cdp_session(page)
    # CPU time of the thread: what else this machine does meanwhile is not the card's.
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def metrics() -> Metrics:
        said = await session.send("Performance.getMetrics")
        return {one["name"]: one["value"] for one in said["metrics"]}

    before = await metrics()
    await doing
    after = await metrics()
    await session.detach()
    return {name: value - before[name] for name, value in after.items()}


async def _forced_layouts(browser: Browser, page: Page, doing: Awaitable[None]) -> int:
    """Return how many times a script asked for what only a layout can tell."""
    await browser.start_tracing(page=page, categories=list(TRACED))
    await doing
    trace = json.loads(await browser.stop_tracing())
    return sum(
        event["name"] == "Layout" and bool(event["args"]["beginData"].get("stackTrace"))
        for event in trace["traceEvents"]
        if "beginData" in event.get("args", {})
    )
