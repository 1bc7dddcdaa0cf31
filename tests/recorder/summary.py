"""What a recording has in it, told to the person whose server it is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.simulator import Transport
from tests.simulator.recordings import ACTIVITIES, HTTP, SAID, UNREADABLE, Recording

from .anonymiser import Anonymiser

WIDTH = 78
SOURCES = {
    HTTP: "answers to questions",
    Transport.WEBSOCKET: "messages on the WebSocket",
    Transport.EVENTSOURCE: "messages on the EventSource",
}


def summary(rows: Sequence[Recording], anonymiser: Anonymiser) -> Iterator[str]:
    """Return lines that say what there is, what was replaced and what stays."""
    yield "What was recorded:"
    for transport, name in SOURCES.items():
        said = [row for row in rows if row.transport == transport]
        kinds = Counter(row.kind for row in said)
        count = kinds.pop(SAID, 0) + kinds.get(UNREADABLE, 0)
        rest = ", ".join(f"{kind}: {number}" for kind, number in sorted(kinds.items()))
        yield f"  {count} {name}{f' ({rest})' if rest else ''}"
    types = sorted(set(_types(rows)))
    yield f"  types of activity: {len(types)}"
    if not types:
        yield "  No activity ran in that time. Start what goes wrong, and record again."
    yield "What was replaced, as different values:"
    for kind, count in sorted(anonymiser.replaced.items()):
        yield f"  {kind}: {count}"
    if not anonymiser.replaced:
        yield "  nothing"
    yield "All the text that is left, as the server wrote it:"
    for kind, texts in sorted(anonymiser.kept.items()):
        yield f"  {kind}:"
        yield from _filled(sorted(texts))


def _types(rows: Iterable[Recording]) -> Iterator[str]:
    """Return the type of every activity that was listed or told of."""
    for row in rows:
        match row.payload:
            case {"MediaContainer": {"Activity": list(listed)}} if (
                row.path == ACTIVITIES
            ):
                yield from map(_type, listed)
            case {"NotificationContainer": {"ActivityNotification": said}} | {
                "data": {"ActivityNotification": said}
            }:
                told = said if isinstance(said, list) else [said]
                yield from (
                    _type(one.get("Activity")) for one in told if isinstance(one, dict)
                )


def _type(activity: object) -> str:
    return str(activity.get("type")) if isinstance(activity, dict) else "none"


def _filled(words: Iterable[str]) -> Iterator[str]:
    """Return the words in lines that are not too long, none of them broken."""
    line = ""
    for word in words:
        if line and len(line) + len(word) > WIDTH:
            yield line
            line = ""
        line += f"{', ' if line.strip() else '    '}{word}"
    if line:
        yield line
