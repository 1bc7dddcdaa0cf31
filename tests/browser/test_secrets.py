"""What a page is told, a person who looks over a shoulder can read."""

from playwright.async_api import Page, WebSocket

from tests.simulator import SimulatedPlex

from .browsing import Browsing
from .home import CARD, Home


class Overheard:
    """What a page is told and what it asks for; all but files goes over WebSockets."""

    def __init__(self, page: Page) -> None:
        """Listen from now on."""
        self.texts: list[str] = []
        page.on("websocket", self._follow)
        page.on("request", lambda request: self.texts.append(request.url))

    def _follow(self, socket: WebSocket) -> None:
        for event in ("framereceived", "framesent"):
            socket.on(event, lambda data: self.texts.append(str(data)))


async def test_no_page_is_ever_told_the_token(
    browsing: Browsing, plex: SimulatedPlex, home: Home
) -> None:
    """Not by the card's feed, nor where servers are set up."""
    scan = plex.world.scan("1")
    plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=42)
    page = await browsing.page()
    overheard = Overheard(page)
    for url, shown in (
        (await home.show({"type": CARD}), page.locator("plex-activities-card .row")),
        (
            f"{home.url}/config/integrations/integration/plex_activities",
            page.get_by_text(plex.world.identity.friendly_name),
        ),
    ):
        await page.goto(url)
        await shown.first.wait_for()
        overheard.texts.append(await page.content())
    assert any(scan.uuid in text for text in overheard.texts)
    assert not any(plex.token in text for text in overheard.texts)
