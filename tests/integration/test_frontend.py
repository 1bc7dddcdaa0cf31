"""The card is served, and pages are told to load it."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.plex_activities import card
from custom_components.plex_activities.const import DOMAIN

CARD = f"/{DOMAIN}/card/"


@pytest.fixture
async def urls(hass: HomeAssistant) -> frozenset[str]:
    """Return what pages load, once the integration is set up."""
    assert await async_setup_component(hass, "frontend", {})
    assert await async_setup_component(hass, DOMAIN, {})
    return hass.data[DATA_EXTRA_MODULE_URL].urls


async def test_pages_load_the_card(
    urls: frozenset[str], hass_client_no_auth: ClientSessionGenerator
) -> None:
    """And a browser may keep it: what is in that path never changes."""
    (url,) = (url for url in urls if url.startswith(CARD))
    client = await hass_client_no_auth()
    answer = await client.get(url)
    assert answer.status == HTTPStatus.OK
    assert answer.content_type in {"text/javascript", "application/javascript"}
    assert "max-age=" in answer.headers["Cache-Control"]


async def test_everything_in_the_folder_is_served(
    urls: frozenset[str], hass_client_no_auth: ClientSessionGenerator
) -> None:
    (url,) = (url for url in urls if url.startswith(CARD))
    client = await hass_client_no_auth()
    for file in card.FOLDER.rglob("*.js*"):
        path = f"{url.rpartition('/')[0]}/{file.relative_to(card.FOLDER).as_posix()}"
        answer = await client.get(path)
        assert answer.status == HTTPStatus.OK, path
        assert await answer.text() == file.read_text()


async def test_it_works_without_pages(hass: HomeAssistant) -> None:
    """There are installations that only automate."""
    assert await async_setup_component(hass, DOMAIN, {})
    assert "frontend" not in hass.config.components


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder that may not be there."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_any_change_to_the_card_gives_it_another_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a browser would go on with what it has kept."""
    versions = []
    for number, files in enumerate(
        (
            {"card.js": "a", "texts/en.json": "{}"},
            {"card.js": "b", "texts/en.json": "{}"},
            {"card.js": "a", "texts/de.json": "{}"},
            {"card.js": "a", "texts/en.json": "{}"},
        )
    ):
        folder = tmp_path / str(number)
        write(folder, files)
        monkeypatch.setattr(card, "FOLDER", folder)
        versions.append(card._version())
    assert versions[0] == versions[3]
    assert len(set(versions)) == 3
