"""The card shows what the server does."""

from playwright.async_api import Locator, expect
import pytest

from tests.simulator import Activity, SimulatedPlex

from .browsing import Browsing
from .home import Home

CREDITS = "media.generate.credits"


def row(card: Locator, text: str) -> Locator:
    """Return the row with a certain text in it."""
    return card.locator(".row", has_text=text)


def scan_movies(plex: SimulatedPlex) -> Activity:
    """Start a scan that tells how far it is."""
    scan = plex.world.scan("1")
    plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=42)
    return scan


async def test_a_scan_moves_the_bar_until_it_is_a_result(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    card = await browsing.card()
    await expect(card.locator(".notice[data-kind=idle]")).to_be_visible()
    scan = scan_movies(plex)
    scanning = row(card, "Scanning Movies")
    bar = scanning.get_by_role("progressbar", name="Scanning Movies")
    await expect(bar).to_have_attribute("aria-valuenow", "42")
    plex.world.progress_scan(scan, subtitle="Ronin (1998)", progress=60.8)
    await expect(bar).to_have_attribute("aria-valuenow", "60")
    await expect(scanning).to_contain_text("60%")
    await expect(scanning).to_contain_text("Ronin (1998)")
    plex.world.end(scan)
    await expect(card.locator(".result").first).to_contain_text("Finished")
    await expect(scanning).to_have_count(0)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
async def test_a_bar_without_a_progress_moves_unless_that_disturbs(
    browsing: Browsing, plex: SimulatedPlex, motion: str
) -> None:
    plex.world.start(CREDITS, title="Detecting credits", progress=-1)
    card = await browsing.card(reduced_motion=motion)
    bar = row(card, "Detecting credits").get_by_role("progressbar")
    await expect(bar).not_to_have_attribute("aria-valuenow", "0")
    animations = await bar.evaluate("bar => bar.firstChild.getAnimations().length")
    assert animations == (1 if motion == "no-preference" else 0)


async def test_a_row_opens_what_home_assistant_knows_of_it(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    scan_movies(plex)
    card = await browsing.card()
    # Anywhere on it.
    await row(card, "Scanning Movies").click(position={"x": 300, "y": 50})
    dialog = card.page.locator("ha-more-info-dialog")
    await expect(dialog).to_contain_text("Library scan Movies")


BAD_TITLES = {
    "markup": "<b>bold</b><img src=x onerror=\"document.title='hacked'\">",
    "right to left": "\u05e1\u05e8\u05d9\u05e7\u05d4 \u202e of Movies",
    "long": "Scanning " + "x" * 300,
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 60,
}


async def test_titles_are_text_whatever_is_in_them(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    """They come from files that somebody downloaded."""
    for title in BAD_TITLES.values():
        plex.world.start(CREDITS, title=title, subtitle=title, progress=500)
    card = await browsing.card(viewport={"width": 360, "height": 700})
    await expect(card.locator(".row")).to_have_count(len(BAD_TITLES))
    await expect(card.locator(".row b, .row img")).to_have_count(0)
    await expect(card.get_by_text(BAD_TITLES["markup"]).first).to_be_visible()
    assert await card.page.title() != "hacked"
    assert await card.evaluate("card => card.scrollWidth <= card.clientWidth")
    for bar in await card.get_by_role("progressbar").all():
        await expect(bar).to_have_attribute("aria-valuenow", "100")


async def test_five_hundred_activities_are_scrolled_within_the_card(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    for number in range(500):
        plex.world.start(CREDITS, title=f"Episode {number}", progress=number % 100)
    card = await browsing.card()
    await expect(card.locator(".row")).to_have_count(500)
    await expect(card.locator(".count")).to_contain_text("500")
    box = await card.bounding_box()
    assert box is not None
    assert box["height"] < 800
    last = row(card, "Episode 499")
    await last.scroll_into_view_if_needed()
    await expect(last).to_be_in_viewport()


async def test_settings_choose_what_shows(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    scan_movies(plex)
    plex.world.process_subscriptions()
    plex.world.start("media.download", title="Downloading", progress=5)
    types = ["library.update.section", "provider.subscriptions.process"]
    card = await browsing.card(
        {"title": "Box", "types": types, "show_quiet": True, "allow_cancel": False}
    )
    await expect(card.get_by_role("heading", name="Box")).to_be_visible()
    await expect(card.locator(".row")).to_have_count(2)
    await expect(card.locator(".cancel:visible")).to_have_count(0)


async def test_a_server_that_is_gone_is_said_to_be(browsing: Browsing) -> None:
    card = await browsing.card({"config_entry_id": "gone"})
    await expect(card).to_contain_text("not set up any more")


async def test_a_configuration_that_means_nothing_is_shown_as_wrong(
    home: Home, browsing: Browsing
) -> None:
    page = await browsing.page()
    await page.goto(
        await home.show({"type": "custom:plex-activities-card", "types": 5})
    )
    await expect(page.locator("hui-error-card")).to_be_visible()
