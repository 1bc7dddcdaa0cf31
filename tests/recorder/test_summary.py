"""Whoever saves a recording has been shown what is in it."""

from collections.abc import Iterator
import re

from hypothesis import given

from tests.client.strategies import FRAMES
from tests.simulator import SimulatedPlex
from tests.simulator.recordings import Recording, recordings

from .anonymiser import Anonymiser, anonymised
from .recorded import recording, tell_a_story
from .summary import summary

PLACEHOLDER = re.compile(r"text-\d+|[0-9.-]+|(?<=Scanning )/.*")
"""What takes the place of somebody's text, or says nothing about them."""


def texts(value: object) -> Iterator[str]:
    """Return what can be read in a value, part by part."""
    match value:
        case dict():
            for name, inner in value.items():
                yield from texts(name)
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)
        case str():
            yield from value.split("/") if value.startswith("/") else [value]


def shown(rows: list[Recording], anonymiser: Anonymiser) -> str:
    return "\n".join(summary(rows, anonymiser))


def words(page: str) -> set[str]:
    """Return what a summary lists."""
    return {word.strip() for line in page.splitlines() for word in line.split(", ")}


def unshown(payload: object) -> list[str]:
    """Return what is left of a payload without being in the summary."""
    anonymiser = Anonymiser()
    left = anonymiser.value(payload)
    listed = {"", "…", *words(shown([], anonymiser))}
    return [
        text for text in texts(left) if not {text, PLACEHOLDER.sub("…", text)} & listed
    ]


@given(FRAMES)
def test_all_text_that_is_left_is_shown(payload: object) -> None:
    assert unshown(payload) == []


def test_all_text_that_is_left_of_what_was_published_is_shown() -> None:
    published = recordings("websocket", "eventsource", "http-json")
    assert unshown([one.payload for one in published]) == []


async def test_it_counts_what_was_heard(plex: SimulatedPlex) -> None:
    async with recording(plex.url, ask_every=60) as recorded:
        await plex.subscribers(2)
        count = tell_a_story(plex)
        await recorded.heard_on_both(count)
    anonymiser = Anonymiser()
    page = shown(list(anonymised(recorded.tape, anonymiser)), anonymiser)
    assert "  2 answers to questions\n" in page
    assert f"  {count} messages on the WebSocket (opened: 1)\n" in page
    assert f"  {count} messages on the EventSource (opened: 1)\n" in page
    assert "  types of activity: 2\n" in page
    assert "  UUIDs: 2\n" in page
    assert "No activity" not in page


async def test_a_server_that_did_nothing_is_said_to(plex: SimulatedPlex) -> None:
    """Else the file would come with a report, and help nobody."""
    async with recording(plex.url) as recorded:
        await plex.subscribers(2)
    anonymiser = Anonymiser()
    page = shown(list(anonymised(recorded.tape, anonymiser)), anonymiser)
    assert "No activity ran in that time." in page


def test_what_was_never_said_is_no_summary_without_end() -> None:
    assert "  nothing\n" in shown([], Anonymiser())
