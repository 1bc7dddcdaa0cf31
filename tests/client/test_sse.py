"""The decoder of server-sent events, against the standard and another decoder."""

from collections.abc import Iterable
from itertools import pairwise

from httpx_sse._decoders import SSEDecoder, SSELineDecoder
from hypothesis import example, given, strategies as st
import pytest

from custom_components.plex_activities.client import PlexConnectionError
from custom_components.plex_activities.client.sse import (
    ServerSentEvent,
    ServerSentEventDecoder,
)

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def decode(*chunks: bytes) -> list[tuple[str, str]]:
    decoder = ServerSentEventDecoder()
    events = [event for chunk in chunks for event in decoder.feed(chunk)]
    return [(event.event, event.data) for event in events]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        pytest.param(
            b"data: YHOO\ndata: +2\ndata: 10\n\n",
            [("message", "YHOO\n+2\n10")],
            id="data in several lines",
        ),
        pytest.param(
            b": test stream\n\ndata: first event\nid: 1\n\n"
            b"data:second event\nid\n\ndata:  third event\n\n",
            [
                ("message", "first event"),
                ("message", "second event"),
                ("message", " third event"),
            ],
            id="comment, ids and spaces",
        ),
        pytest.param(
            b"data\n\ndata\ndata\n\ndata:",
            [("message", ""), ("message", "\n")],
            id="fields without a value, and an unterminated event",
        ),
        pytest.param(
            b"data:test\n\ndata: test\n\n",
            [("message", "test"), ("message", "test")],
            id="one space is no part of the value",
        ),
    ],
)
def test_the_examples_of_the_standard_read_as_it_says(
    stream: bytes, events: list[tuple[str, str]]
) -> None:
    """They are the only definition that Plex, proxies and this decoder share."""
    assert decode(stream) == events


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        pytest.param(b"event: ping\ndata: {}\n\n", [("ping", "{}")], id="Plex's ping"),
        pytest.param(b"event: a\n\ndata: 1\n\n", [("message", "1")], id="no data"),
        pytest.param(b"event: a\nevent\ndata: 1\n\n", [("message", "1")], id="unset"),
        pytest.param(b"event: a\nevent: b\ndata: 1\n\n", [("b", "1")], id="last wins"),
        pytest.param(b"datum: 1\nDATA: 2\n data: 3\n\n", [], id="unknown fields"),
        pytest.param(b"retry: 1\nid: 2\n\n", [], id="retry and id alone"),
        pytest.param(b"data: a: b\n\n", [("message", "a: b")], id="second colon"),
        pytest.param(b"data: \xff\n\n", [("message", "\ufffd")], id="invalid UTF-8"),
        pytest.param(b"data: \xe2\x82\n\n", [("message", "\ufffd")], id="cut UTF-8"),
        pytest.param(b"data: a\x0bb\x0cc\x1cd\n\n", [("message", "a\vb\fc\x1cd")],
                     id="no line ends"),
        pytest.param("data: a\x85b\u2028c\n\n".encode(), [("message", "a\x85b\u2028c")],
                     id="no line ends beyond ASCII"),
        pytest.param(BYTE_ORDER_MARK + b"data: 1\n\n", [("message", "1")], id="BOM"),
        pytest.param(b"\n" + BYTE_ORDER_MARK + b"data: 1\n\n", [], id="late BOM"),
        pytest.param(BYTE_ORDER_MARK * 2 + b"data: 1\n\n", [], id="two BOMs"),
        pytest.param(b"data: 1", [], id="no end of line"),
        pytest.param(b"data: 1\n", [], id="no end of event"),
        pytest.param(b"", [], id="nothing"),
    ],
)  # fmt: skip
def test_every_corner_of_the_standard_is_kept(
    stream: bytes, events: list[tuple[str, str]]
) -> None:
    assert decode(stream) == events


@pytest.mark.parametrize("newline", [b"\n", b"\r", b"\r\n"], ids=["LF", "CR", "CRLF"])
def test_bytes_may_be_cut_anywhere(newline: bytes) -> None:
    """TCP and proxies cut where they like, in the middle of a letter or a line end."""
    lines = [BYTE_ORDER_MARK + b": life", "data: Amélie €".encode(), b"event: a", b""]
    stream = newline.join([*lines, *lines, b""])
    whole = decode(stream)
    in_two = [decode(stream[:at], stream[at:]) for at in range(len(stream))]
    one_by_one = decode(*(bytes([byte]) for byte in stream))
    with_nothing_between = decode(
        *(piece for byte in stream for piece in (bytes([byte]), b""))
    )

    assert whole == [("a", "Amélie €")] * 2
    assert all(
        events == whole for events in [*in_two, one_by_one, with_nothing_between]
    )


def test_an_event_is_given_out_at_once() -> None:
    """A carriage return alone ends a line; to wait for more would delay the event."""
    decoder = ServerSentEventDecoder()
    assert decoder.feed(b"data: 1\r\r") == [ServerSentEvent("message", "1")]
    assert decoder.feed(b"\ndata: 2\r\n\r\n") == [ServerSentEvent("message", "2")]


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(b"data: " + b"x" * 100, id="an endless line"),
        pytest.param(b": " + b"x" * 100, id="an endless comment"),
        pytest.param(b"data: x\n" * 15, id="endless lines"),
        pytest.param(b"data\n" * 30, id="endless empty lines"),
        pytest.param(b"event: " + b"x" * 100 + b"\n", id="a name too long"),
        pytest.param(b"data: " + b"x" * 100 + b"\n\n", id="an event too long"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_an_event_without_end_is_an_error(stream: bytes, size: int) -> None:
    """It would fill the memory of a machine that has better uses for it."""
    decoder = ServerSentEventDecoder(max_event=99)
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    with pytest.raises(PlexConnectionError, match="too large"):
        list(map(decoder.feed, pieces))


def test_the_limit_is_for_one_event() -> None:
    """A stream goes on for months; only what is unfinished takes up memory."""
    decoder = ServerSentEventDecoder(max_event=20)
    events = decoder.feed(b": a comment\ndata: 12345\n\n" * 1000)
    assert len(events) == 1000


def other_decoder(chunks: Iterable[str]) -> list[tuple[str, str]]:
    """Decode as httpx-sse does, which deviates from the standard in three ways.

    It keeps a byte order mark, so none is put in here. It reports events without data
    if they have an id or a retry: those are left out. And it calls the type of an event
    without one "" instead of "message".
    """
    lines, events = SSELineDecoder(), SSEDecoder()
    found = []
    for chunk in chunks:
        for line in lines.decode(chunk):
            has_data = bool(events._data)
            event = events.decode(line)
            if event is not None and has_data:
                found.append((event.event or "message", event.data))
    return found


LINES = st.one_of(
    st.sampled_from(["data", "data:", "data: ", "event: a", "event:", "id: 1", "id",
                     ":", "retry: 5", "retry: x", "", "", ""]),
    st.builds("{}{}{}".format,
              st.sampled_from(["data", "event", "id", "other", ""]),
              st.sampled_from([":", ": ", ":  ", ""]),
              st.text(st.characters(exclude_categories=["Cs"]), max_size=8)),
)  # fmt: skip
STREAMS = st.lists(
    st.tuples(LINES, st.sampled_from(["\n", "\r", "\r\n"])), max_size=30
).map(lambda lines: "".join(line + end for line, end in lines))


@given(
    stream=STREAMS.filter(lambda text: not text.startswith("\ufeff")),
    cuts=st.lists(st.integers(0, 300), max_size=20),
)
@example(stream="data: 1\r\r\n\n", cuts=[8])
def test_another_decoder_reads_the_same(stream: str, cuts: list[int]) -> None:
    """Whoever wrote the other one read the standard with other eyes."""
    raw = stream.encode()
    ends = sorted({0, len(raw), *(min(cut, len(raw)) for cut in cuts)})
    chunks = [raw[start:end] for start, end in pairwise(ends)]
    # A carriage return at the very end is, to the other decoder, not yet a line end.
    assert decode(*chunks) == other_decoder([stream, "x"])


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_at_all_are_an_error_or_depend_on_how_they_were_cut(
    chunks: list[bytes],
) -> None:
    """What a broken proxy mixes into the stream must not end it."""
    assert decode(*chunks) == decode(b"".join(chunks))
