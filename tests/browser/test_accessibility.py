"""The card for those who do not see it, and in other themes and directions."""

from importlib.resources import files
from typing import Any

from playwright.async_api import Locator, expect
import pytest

from tests.simulator import SimulatedPlex

from .browsing import Browsing
from .conftest import take_picture

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
PHONE = {"width": 360, "height": 740}


def make_results(plex: SimulatedPlex) -> None:
    """Leave results behind that ended in different ways."""
    world = plex.world
    world.end(world.start("media.generate.loudness", title="Analysing loudness"))
    guide = world.start("provider.epg.load", title="Refreshing EPG", progress=30)
    world.end(guide, progress=31)


def make_busy(plex: SimulatedPlex) -> None:
    """Run what there is in real life."""
    world = plex.world
    scan = world.scan("1")
    world.progress_scan(scan, subtitle="Heat (1995)", progress=42)
    world.start(
        "media.generate.credits",
        title="Detecting credits",
        subtitle="The Wire - S01 E03 - The Buys",
        progress=-1,
    )
    world.start(
        "media.download",
        title="Downloading for offline viewing",
        subtitle="Everything Everywhere All at Once (2022)",
        progress=88,
        cancellable=True,
    )


async def violations(card: Locator) -> list[Any]:
    """Return what axe finds wrong with the card."""
    await card.page.evaluate(AXE)
    found: list[Any] = await card.evaluate(
        "async card => (await axe.run(card)).violations"
        ".map(({ id, nodes }) => [id, nodes.map(node => node.html)])"
    )
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_nothing_is_wrong_with_it_in_any_state(
    browsing: Browsing, plex: SimulatedPlex, theme: str
) -> None:
    card = await browsing.card(color_scheme=theme)
    await expect(card.locator(".notice[data-kind=idle]")).to_be_visible()
    make_results(plex)
    await expect(card.locator(".result")).not_to_have_count(0)
    await take_picture(card.page, f"idle-{theme}")
    assert await violations(card) == []
    make_busy(plex)
    await expect(card.locator(".row")).to_have_count(3)
    await take_picture(card.page, f"busy-{theme}")
    assert await violations(card) == []
    download = card.locator(".row", has_text="Downloading")
    await download.locator(".cancel").click()
    await take_picture(card.page, f"asking-{theme}")
    assert await violations(card) == []
    with plex.faults.forbidden(path="/activities/", method="DELETE"):
        await download.locator(".confirm").click()
        await expect(download.locator(".dismiss")).to_be_visible()
    await take_picture(card.page, f"refused-{theme}")
    assert await violations(card) == []
    async with plex.restarting():
        await expect(card.locator(".notice[data-kind=offline]")).to_be_visible()
        await take_picture(card.page, f"offline-{theme}")
        assert await violations(card) == []


async def test_it_fits_a_phone(browsing: Browsing, plex: SimulatedPlex) -> None:
    make_results(plex)
    make_busy(plex)
    card = await browsing.card(viewport=PHONE, device_scale_factor=2)
    await expect(card.locator(".row")).to_have_count(3)
    await card.locator(".row", has_text="Downloading").locator(".cancel").click()
    await take_picture(card.page, "phone")
    assert await card.evaluate("card => card.scrollWidth <= card.clientWidth")


async def test_it_is_mirrored_where_people_write_from_right_to_left(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    make_results(plex)
    make_busy(plex)
    card = await browsing.card(language="he")
    scan = card.locator(".row", has_text="Scanning Movies")
    await expect(scan).to_be_visible()
    await expect(card).to_have_css("direction", "rtl")
    places = [
        box["x"]
        for name in (".cancel", ".words", ".icon")
        if (box := await scan.locator(name).bounding_box())
    ]
    assert places == sorted(places)
    await take_picture(card.page, "right-to-left")
    assert await violations(card) == []


async def test_the_keyboard_goes_from_row_to_row(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    """In the order in which they are read, and one sees where it is."""
    make_busy(plex)
    card = await browsing.card()
    await expect(card.locator(".row")).to_have_count(3)
    await card.locator(".row .title").first.focus()
    names = []
    for _ in range(5):
        focused = card.locator(":focus")
        names.append(await focused.evaluate("it => it.ariaLabel ?? it.textContent"))
        outline = "it => getComputedStyle(it, it.matches('.title') ? '::after' : null)"
        assert await focused.evaluate(f"{outline}.outlineStyle") != "none"
        await card.page.keyboard.press("Tab")
    assert names == [
        "Scanning Movies",
        "Cancel Scanning Movies",
        "Detecting credits",
        "Downloading for offline viewing",
        "Cancel Downloading for offline viewing",
    ]
