"""Which folders belong to a library, on whatever system the server runs."""

from time import process_time

from hypothesis import given
import pytest

from custom_components.plex_activities.client import Library, PlexClient
from custom_components.plex_activities.client.paths import is_within
from tests.simulator import SimulatedPlex

from .strategies import JSON


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/media/Movies", "/media/Movies"),
        ("/media/Movies/", "/media/Movies"),
        ("/media/Movies", "/media/Movies/"),
        ("/media//Movies/./Heat (1995)", "/media/Movies"),
        ("/media/Movies/a/../b", "/media/Movies"),
        ("/media/Zatōichi/1989", "/media/Zatōichi"),
        ("/anything", "/"),
        ("D:\\Movies", "D:\\Movies\\"),
        ("d:/movies/heat", "D:\\Movies"),
        ("D:\\Movies\\a\\..\\b", "D:\\Movies"),
        ("D:\\anything", "D:\\"),
        ("\\\\nas\\media\\Movies\\Heat", "\\\\NAS\\media\\Movies"),
        ("//nas/media/Movies", "\\\\nas\\media"),
    ],
)
def test_a_folder_lies_within_itself_and_what_is_above_it(
    path: str, folder: str
) -> None:
    assert is_within(path, folder)


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/media/Movies 4K", "/media/Movies"),
        ("/media", "/media/Movies"),
        ("/media/Movies/../Music", "/media/Movies"),
        ("/media/movies", "/media/Movies"),
        ("media/Movies", "/media/Movies"),
        ("Movies", "/media/Movies"),
        ("", "/"),
        ("D:\\Movies", "/media/Movies"),
        ("/media/Movies", "D:\\Movies"),
        ("E:\\Movies", "D:\\Movies"),
        ("D:\\Movies 4K", "D:\\Movies"),
        ("D:\\Movies\\..\\Music", "D:\\Movies"),
        ("D:Movies", "D:\\Movies"),
        ("\\\\nas\\backup\\Movies", "\\\\nas\\media"),
    ],
)
def test_what_only_looks_alike_lies_elsewhere(path: str, folder: str) -> None:
    """The title of one folder can begin with that of another."""
    assert not is_within(path, folder)


@pytest.mark.parametrize("root", ["/", "D:\\"])
def test_however_deep_a_path_is_it_takes_no_time(root: str) -> None:
    """Who asks for a scan writes the path, and everything else waits meanwhile."""
    path = root + "a/" * 50_000
    began = process_time()
    assert is_within(path, root)
    assert not is_within(path, f"{root}b")
    assert process_time() - began < 1


async def test_a_library_has_the_folders_that_the_server_lists(
    plex: SimulatedPlex, client: PlexClient
) -> None:
    movies, *_ = await client.libraries()
    assert movies.locations == ("/media/Movies",)


@pytest.mark.parametrize(
    ("said", "locations"),
    [
        ([{"path": "/a"}, {"id": 2, "path": "/b"}], ("/a", "/b")),
        ({"id": 1, "path": "/a"}, ("/a",)),
        ([], ()),
        (None, ()),
        ("/a", ()),
        ([None, {"id": 1}, {"path": None}, {"path": ["/a"]}, {"path": "/b"}], ("/b",)),
    ],
    ids=repr,
)
def test_folders_are_read_as_far_as_they_can_be(
    said: object, locations: tuple[str, ...]
) -> None:
    library = Library.from_payload({"key": "1", "Location": said})
    assert library == Library(id="1", title="1", locations=locations)


@given(said=JSON)
def test_whatever_the_server_says_of_folders_is_still_a_library(said: object) -> None:
    """A path that a person gives is then compared with it."""
    library = Library.from_payload({"key": "1", "Location": said})
    assert library is not None
    assert library.may_contain("/media") in {True, False}


def test_any_of_the_folders_will_do() -> None:
    library = Library(id="1", title="Movies", locations=("/one", "/two"))
    assert library.may_contain("/two/Heat (1995)")
    assert not library.may_contain("/three/Heat (1995)")


def test_a_library_of_unknown_folders_may_be_anywhere() -> None:
    """Then the server is the one to say no."""
    assert Library(id="1", title="Movies").may_contain("/media")
