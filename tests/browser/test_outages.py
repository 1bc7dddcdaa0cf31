"""What the card shows while something is down, and that it comes back by itself."""

from playwright.async_api import Locator, expect

from tests.simulator import SimulatedPlex

from .browsing import Browsing
from .home import Home

CREDITS = "media.generate.credits"


def notice(card: Locator, kind: str) -> Locator:
    """Return what says that something is wrong."""
    return card.locator(f".notice[data-kind={kind}]")


async def test_a_restart_of_the_server_is_seen_and_survived(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    activity = plex.world.start(CREDITS, title="Detecting credits", cancellable=True)
    card = await browsing.card()
    row = card.locator(".row", has_text="Detecting credits")
    await expect(row.locator(".cancel")).to_be_visible()
    async with plex.restarting():
        await expect(notice(card, "offline")).to_be_visible()
        await expect(row).to_be_visible()
        await expect(row.locator(".cancel")).to_be_hidden()
    await expect(notice(card, "idle")).to_be_visible()
    result = card.locator(".result", has_text=activity.title)
    await expect(result).to_contain_text("Interrupted")


async def test_a_reload_is_survived(
    home: Home, browsing: Browsing, plex: SimulatedPlex
) -> None:
    plex.world.start(CREDITS, title="Before", progress=10)
    card = await browsing.card({"config_entry_id": home.entry["entry_id"]})
    await expect(card.locator(".row", has_text="Before")).to_be_visible()
    entry = f"/api/config/config_entries/entry/{home.entry['entry_id']}"
    await home.home_assistant.post(f"{entry}/reload", {})
    plex.world.start(CREDITS, title="After", progress=10)
    await expect(card.locator(".row", has_text="After")).to_be_visible()
    await expect(card.locator(".row", has_text="Before")).to_be_visible()


async def test_lost_live_updates_are_said_to_be(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    card = await browsing.card()
    await expect(notice(card, "idle")).to_be_visible()
    with plex.faults.status(404, path="/:/"):
        plex.streams.drop()
        await expect(notice(card, "polling")).to_be_visible()
    await expect(notice(card, "idle")).to_be_visible()


async def test_a_restart_of_home_assistant_is_survived(
    home: Home, browsing: Browsing, plex: SimulatedPlex
) -> None:
    """Without a hand on the page, which subscribes before there is anything to hear."""
    card = await browsing.card()
    await expect(notice(card, "idle")).to_be_visible()
    await home.stop()
    await home.start()
    await plex.subscribers(1)
    plex.world.start(CREDITS, title="After", progress=10)
    await expect(card.locator(".row", has_text="After")).to_be_visible()
