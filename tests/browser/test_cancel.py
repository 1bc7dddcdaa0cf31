"""Cancelling from the card: asked for, done, refused, or without effect."""

from playwright.async_api import Locator, expect

from tests.demo.home_assistant import Json
from tests.simulator import Cancelling, SimulatedPlex

from .browsing import Browsing
from .home import Home

CREDITS = "media.generate.credits"
TITLE = "Detecting credits"


async def open_row(
    browsing: Browsing, plex: SimulatedPlex, tokens: Json = None
) -> Locator:
    """Start something that says it can be cancelled, and return its row."""
    plex.world.start(CREDITS, title=TITLE, progress=42, cancellable=True)
    card = await browsing.card(tokens=tokens)
    row = card.locator(".row", has_text=TITLE)
    await row.get_by_role("button", name=f"Cancel {TITLE}").wait_for()
    return row


async def ask(row: Locator) -> None:
    """Press the button that asks."""
    await row.get_by_role("button", name=f"Cancel {TITLE}").click()
    await expect(row.get_by_role("status")).to_have_text("Cancel this activity?")


async def confirm(row: Locator) -> None:
    """Press both buttons that it takes."""
    await ask(row)
    await row.get_by_role("button", name="Cancel activity").click()


async def test_it_asks_and_then_cancels(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    row = await open_row(browsing, plex)
    await confirm(row)
    result = row.page.locator("plex-activities-card .result", has_text=TITLE)
    await expect(result).to_contain_text("Cancelled")
    await expect(row).to_have_count(0)
    assert plex.requests.to("DELETE", "/activities/")


async def test_who_says_no_cancels_nothing(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    """By mouse or by keyboard, which is back where it was."""
    before = len(plex.requests.to("DELETE", "/activities/"))
    row = await open_row(browsing, plex)
    await ask(row)
    await row.get_by_role("button", name="Keep running").click()
    await expect(row.get_by_role("status")).to_be_hidden()
    await ask(row)
    await row.page.keyboard.press("Escape")
    await expect(row.get_by_role("status")).to_be_hidden()
    await expect(row.get_by_role("button", name=f"Cancel {TITLE}")).to_be_focused()
    assert len(plex.requests.to("DELETE", "/activities/")) == before


async def test_the_keyboard_is_enough(browsing: Browsing, plex: SimulatedPlex) -> None:
    row = await open_row(browsing, plex)
    keyboard = row.page.keyboard
    await row.get_by_role("button", name=TITLE, exact=True).focus()
    await keyboard.press("Tab")
    await expect(row.get_by_role("button", name=f"Cancel {TITLE}")).to_be_focused()
    await keyboard.press("Enter")
    await expect(row.get_by_role("button", name="Keep running")).to_be_focused()
    await keyboard.press("Tab")
    await expect(row.get_by_role("button", name="Cancel activity")).to_be_focused()
    await keyboard.press("Enter")
    await expect(row).to_have_count(0)


async def test_a_refused_cancel_says_why(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    row = await open_row(browsing, plex)
    with plex.faults.forbidden(path="/activities/", method="DELETE"):
        await confirm(row)
        await expect(row.get_by_role("status")).to_contain_text("does not permit this")
    await row.get_by_role("button", name="Dismiss").click()
    await expect(row.get_by_role("status")).to_be_hidden()


async def test_a_cancel_without_effect_is_said_to_be(
    browsing: Browsing, plex: SimulatedPlex
) -> None:
    """Plex accepts, and may go on all the same."""
    plex.world.cancelling = Cancelling.IGNORED
    row = await open_row(browsing, plex)
    await confirm(row)
    status = row.get_by_role("status")
    await expect(status).to_have_text("Cancelling…")
    await expect(status).to_have_text("The server accepted, but it is still running.")


async def test_who_may_only_look_is_refused(
    home: Home, browsing: Browsing, plex: SimulatedPlex
) -> None:
    tokens = await home.tokens_of("guest", "system-read-only")
    row = await open_row(browsing, plex, tokens=tokens)
    await confirm(row)
    await expect(row.get_by_role("status")).to_have_text(
        "You are not permitted to cancel this."
    )
    assert plex.world.activities
