"""Which libraries there are, and which one a scan means."""

import pytest

from custom_components.plex_activities.client import Activity, Library
from custom_components.plex_activities.libraries import (
    MISSES_UNTIL_GONE,
    LibraryChanges,
    LibraryList,
)

TV = Library(id="1", title="TV")
TV_SHOWS = Library(id="2", title="TV Shows")
MOVIES = Library(id="3", title="Movies")


@pytest.fixture
def libraries() -> LibraryList:
    """Return the libraries of a server."""
    libraries = LibraryList()
    libraries.update([TV, TV_SHOWS, MOVIES])
    return libraries


def scan(title: str, **context: object) -> Activity:
    """Return the scan of a library."""
    return Activity(
        uuid="u",
        type="library.update.section",
        title=title,
        context=context or None,
    )


def test_a_library_is_gone_after_three_lists_without_it(libraries: LibraryList) -> None:
    """One short answer of a busy server must not remove anybody's sensors."""
    for _ in range(MISSES_UNTIL_GONE - 1):
        assert libraries.update([TV, TV_SHOWS]) == LibraryChanges()
    assert libraries.update([TV, TV_SHOWS]).gone == (MOVIES,)
    assert MOVIES.id not in libraries.known


def test_a_library_that_is_back_in_time_was_never_away(libraries: LibraryList) -> None:
    """Only misses in a row count."""
    for _ in range(MISSES_UNTIL_GONE):
        assert libraries.update([TV, TV_SHOWS]) == LibraryChanges()
        assert libraries.update([TV, TV_SHOWS, MOVIES]) == LibraryChanges()


def test_new_and_renamed_libraries_are_told(libraries: LibraryList) -> None:
    """They have sensors, and sensors have names."""
    films = Library(id="3", title="Films")
    music = Library(id="4", title="Music")
    changes = libraries.update([TV, TV_SHOWS, films, music])
    assert changes == LibraryChanges(added=(music,), renamed=(films,))


@pytest.mark.parametrize(
    ("activity", "library"),
    [
        pytest.param(scan("Scanning", librarySectionID="3"), MOVIES, id="named"),
        pytest.param(scan("Scanning", librarySectionID=3), MOVIES, id="as-a-number"),
        pytest.param(scan("Scanning TV"), TV, id="by-title"),
        pytest.param(scan("Scanning TV Shows"), TV_SHOWS, id="longest-title"),
        pytest.param(
            scan("Scanning TV Shows", librarySectionID="3"), MOVIES, id="id-wins"
        ),
        pytest.param(
            scan("Scanning", librarySectionID="9"),
            Library(id="9", title="9"),
            id="not-known-yet",
        ),
        pytest.param(scan("Scanning"), None, id="not-said"),
        pytest.param(
            Activity(uuid="u", type="media.download", title="Movies"),
            None,
            id="only-scans-by-title",
        ),
        pytest.param(
            Activity(uuid="u", type="x", context={"librarySectionID": "1"}),
            TV,
            id="others-by-id",
        ),
    ],
)
def test_the_library_of_an_activity_is_what_the_server_says(
    libraries: LibraryList, activity: Activity, library: Library | None
) -> None:
    assert libraries.of(activity) == library


def test_a_server_cannot_make_up_libraries_without_end(libraries: LibraryList) -> None:
    """Each of them has sensors and a button."""
    made_up = [Library(id=f"x{number}", title="X") for number in range(10_000)]
    libraries.update(made_up)
    assert len(libraries.known) < 1000
