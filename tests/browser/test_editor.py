"""The card in Home Assistant's own editor."""

from playwright.async_api import Page, expect

from tests.simulator import SimulatedPlex

from .browsing import Browsing
from .conftest import take_picture
from .home import CARD, DASHBOARD, Home


async def edit(page: Page) -> None:
    """Begin to edit the dashboard."""
    await page.goto(f"{page.url}?edit=1")
    await page.locator("hui-card-edit-mode, hui-grid-section").first.wait_for()


async def test_the_editor_changes_the_card(
    home: Home, browsing: Browsing, plex: SimulatedPlex
) -> None:
    card = await browsing.card(viewport={"width": 1200, "height": 900})
    page = card.page
    await edit(page)
    await page.locator("hui-card-edit-mode").hover()
    await page.locator(
        "hui-card-edit-mode .edit, hui-card-edit-mode .control"
    ).first.click()
    dialog = page.locator("hui-dialog-edit-card")
    form = dialog.locator("hui-form-editor, ha-form").first
    await expect(form).to_contain_text("Allow to cancel")
    await take_picture(page, "editor")
    await dialog.locator("[name=title] input").fill("Living room")
    await expect(dialog.locator("plex-activities-card h2")).to_have_text("Living room")
    await dialog.get_by_role("button", name="Save").click()
    title = page.locator("#view plex-activities-card h2")
    await expect(title).to_have_text("Living room")
    saved = await home.home_assistant.command("lovelace/config", url_path=DASHBOARD)
    (section,) = saved["views"][0]["sections"]
    assert section["cards"][0]["title"] == "Living room"
    assert section["cards"][0]["type"] == CARD


async def test_the_card_is_in_the_picker_and_suggested(
    home: Home, browsing: Browsing
) -> None:
    card = await browsing.card()
    known = await card.page.evaluate(
        """() => {
          const hass = document.querySelector("home-assistant").hass;
          const card = window.customCards.find(
            ({ type }) => type === "plex-activities-card",
          );
          const ids = Object.keys(hass.entities);
          const suggestions = ids.flatMap(
            (id) => card.getEntitySuggestion(hass, id) ?? [],
          );
          return { preview: card.preview, total: ids.length, suggestions };
        }"""
    )
    assert known["preview"]
    assert 0 < len(known["suggestions"]) < known["total"]
    config = {"type": CARD, "config_entry_id": home.entry["entry_id"]}
    assert known["suggestions"][0] == {"config": config}
