"""Nothing of somebody's is left in a recording, and all that tells about Plex is."""

from collections.abc import Iterator
import json

from hypothesis import given, strategies as st
import pytest

from tests.client.strategies import FRAMES, JSON
from tests.simulator.recordings import SAID, UNREADABLE, recordings

from .anonymiser import Anonymiser, anonymised
from .tape import Heard

MARK = "Zwölf"
"""Stands in everything that is somebody's, and in none of the server's words."""

NAMES = st.text(max_size=20).map(lambda text: f"{text}{MARK}")
PRIVATE = st.one_of(
    NAMES,
    NAMES.map(lambda name: f"/media/{name}/{name} (1995).mkv"),
    NAMES.map(lambda name: f"C:\\{name}"),
    NAMES.map(lambda name: f"https://192-0-2-1.{name}.plex.direct:32400/?t={name}"),
    NAMES.map(lambda name: f"Scanning {name}"),
    NAMES.map(lambda name: f'Scanning the "{name}" section'),
    NAMES.map(lambda name: f"Downloaded {name} airings"),
    NAMES.map(lambda name: f"/library/metadata/{name}"),
)
FIELDS = st.one_of(
    st.sampled_from(
        ["type", "event", "title", "version", "progress", "key", "uuid", "nickname"]
    ),
    PRIVATE,
)
PRIVATE_JSON = st.recursive(
    PRIVATE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(FIELDS, inner, max_size=4)
    ),
    max_leaves=12,
)

ANY = st.one_of(FRAMES, JSON)


def anonymise(value: object) -> object:
    return Anonymiser().value(value)


def structure(value: object) -> object:
    """Return the types in a value, and how they are nested."""
    match value:
        case dict():
            return [structure(inner) for inner in value.values()]
        case list():
            return tuple(structure(inner) for inner in value)
    return type(value)


def texts(value: object) -> Iterator[str]:
    """Return all the text in a value, names of fields too."""
    match value:
        case dict():
            for name, inner in value.items():
                yield name
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)
        case str():
            yield value


@given(PRIVATE_JSON)
def test_nothing_of_somebodys_is_left(value: object) -> None:
    """Not in a value, not in the name of a field, not in a part of either."""
    assert MARK not in json.dumps(anonymise(value), ensure_ascii=False)


@given(st.lists(st.uuids().map(str), min_size=1))
def test_no_uuid_is_left(uuids: list[str]) -> None:
    left = {*texts(anonymise({"uuid": uuids, uuids[0]: uuids}))}
    assert not {*uuids} & left


@given(st.lists(st.from_regex(r"[0-9a-f]{9,40}[a-f]", fullmatch=True), min_size=1))
def test_no_id_is_left(ids: list[str]) -> None:
    """The server's and its owner's are of that kind."""
    assert not {*ids} & {*texts(anonymise({"machineIdentifier": ids}))}


@given(*[st.integers(10_000_000, 99_999_999)] * 2)
def test_all_accounts_look_the_same(one: int, another: int) -> None:
    """Except the owner's, who is 1 on every server."""
    assert anonymise({"userID": one}) == anonymise({"userID": another})
    assert anonymise({"userID": 1}) == {"userID": 1}


@given(ANY)
def test_the_structure_is_kept(value: object) -> None:
    assert structure(anonymise(value)) == structure(value)


@given(ANY)
def test_the_same_recording_gives_the_same_file(value: object) -> None:
    assert repr(anonymise(value)) == repr(anonymise(value))


@given(ANY)
def test_what_is_anonymised_stays_as_it_is(value: object) -> None:
    """So that a recording of a replay is the recording."""
    once = anonymise(value)
    assert anonymise(once) == once


@given(
    st.lists(
        st.one_of(
            PRIVATE,
            st.text(),
            st.uuids().map(str),
            st.integers().map(str),
            st.from_regex(r"[0-9a-f]{1,12}", fullmatch=True),
            st.from_regex(r"(/(library|metadata|[0-9]{1,3}|a)){1,4}", fullmatch=True),
        )
    )
)
def test_what_was_the_same_is_the_same_and_nothing_else(values: list[str]) -> None:
    """An activity can still be followed, and two are never taken for one."""
    replaced = anonymise(values)
    assert isinstance(replaced, list)
    pairs = {*zip(values, replaced, strict=True)}
    assert len(pairs) == len({*values}) == len({*replaced})


@given(ANY, st.sampled_from(["secret", "type.token", "Token"]))
def test_a_token_is_left_nowhere(value: object, token: str) -> None:
    """Not even where it looks like a word of the server."""
    said = {"type": token, "event": f"a{token}", token: {"title": value}}
    assert token not in json.dumps(Anonymiser(token).value(said))


def test_a_number_is_the_same_as_number_and_as_text() -> None:
    """Plex writes the id of a library in both ways."""
    said = {"sectionID": 43, "librarySectionID": "43", "key": "/library/sections/43"}
    assert anonymise(said) == {
        "sectionID": 10,
        "librarySectionID": "10",
        "key": "/library/sections/10",
    }


@pytest.mark.parametrize(
    ("field", "said", "left"),
    [
        ("type", "library.update.section", "library.update.section"),
        ("type", "Mr. Smith", "text-1"),
        ("event", "updated", "updated"),
        ("version", "1.43.3.10828-4a1bb6b12", "1.43.3.10828-4a1bb6b12"),
        ("version", "Mine", "text-1"),
        ("progress", 66, 66),
        ("progress", 33.5, 33.5),
        ("progress", -1, -1),
        ("progress", "67", "67"),
        ("progress", 123456, 100000),
        ("cancellable", True, True),
        ("cancellable", "1", "1"),
        ("Context", None, None),
        ("title", "", ""),
        ("title", "Detecting Credits", "Detecting Credits"),
        ("title", "Scanning", "Scanning"),
        ("title", "Scanning Movies", "Scanning text-1"),
        ("title", 'Scanning the "Movies" section', 'Scanning the "text-1" section'),
        ("title", "Movies werden gescannt", "text-1"),
        ("subtitle", "Downloaded 173 airings", "Downloaded 100 airings"),
        ("subtitle", "Firefly S01 E05", "text-1"),
        ("subtitle", "/data/Movies/Heat.mkv", "/text-1/text-2/text-3"),
        ("key", "/library/metadata/8201", "/library/metadata/1000"),
        ("uuid", "7251fc2d", "00000001"),
        ("itemID", 86099, 10000),
        ("itemID", -86099, -10000),
        ("rating", 7.5, 1001.5),
        ("nickname", "plex", "text-1"),
    ],
)
def test_what_is_left_of_a_field(field: str, said: object, left: object) -> None:
    assert anonymise({field: said}) == {field: left}


@pytest.mark.parametrize(
    "name", ["7251fc2d", "Mr. Smith", "a@example.com", "/data", "a" * 50, "Zoë"]
)
def test_the_name_of_a_field_may_be_somebodys(name: str) -> None:
    assert anonymise({name: 0}) != {name: 0}


def heard(raw: bytes, event: str | None = None) -> Heard:
    return Heard(at=0, transport="websocket", kind=SAID, raw=raw, event=event)


@pytest.mark.parametrize(
    "raw",
    [
        b"<html>Zw",
        b"",
        b'{"a":NaN}',
        b'"\xff"',
        b"9" * 5000,
        b'{"a":' * 100_000,
        b"[" * 60 + b"]" * 60,
    ],
    ids=["a page", "nothing", "NaN", "no UTF-8", "a huge number", "half", "deep"],
)
def test_of_what_cannot_be_read_only_its_length_is_left(raw: bytes) -> None:
    [row] = anonymised([heard(raw)], Anonymiser())
    assert (row.kind, row.size, row.payload) == (UNREADABLE, len(raw), None)


def test_what_was_published_keeps_what_it_says_about_plex() -> None:
    """The types, the events and the progress of real recordings, word for word."""
    published = [
        one.payload
        for one in recordings("websocket", "eventsource")
        if "ActivityNotification" in json.dumps(one.payload)
    ]

    def plex_own(value: object) -> Iterator[object]:
        match value:
            case dict():
                for name, inner in value.items():
                    if name in {"type", "event", "progress", "cancellable"}:
                        yield name, inner
                    yield from plex_own(inner)
            case list():
                for inner in value:
                    yield from plex_own(inner)

    assert [*plex_own(anonymise(published))] == [*plex_own(published)]
