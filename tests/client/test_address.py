"""The address of a server, however somebody writes it."""

from urllib.parse import urlsplit

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.plex_activities.client import PlexInvalidUrlError, normalise_url


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("192.168.1.5", "http://192.168.1.5:32400"),
        ("  plex.local \n", "http://plex.local:32400"),
        ("192.168.1.5:32401", "http://192.168.1.5:32401"),
        ("http://192.168.1.5", "http://192.168.1.5"),
        ("http://192.168.1.5:32400/", "http://192.168.1.5:32400"),
        ("https://plex.example.com", "https://plex.example.com"),
        ("HTTPS://Plex.Example.COM", "https://plex.example.com"),
        ("https://plex.example.com:443", "https://plex.example.com:443"),
        ("https://home.example.com/plex/", "https://home.example.com/plex"),
        ("home.example.com/plex", "http://home.example.com/plex"),
        ("http://plex:32400/web/index.html#!/settings", "http://plex:32400"),
        ("plex:32400/web", "http://plex:32400"),
        ("plex/web/", "http://plex:32400"),
        ("https://home.example.com/plex/web/index.html", "https://home.example.com/plex"),
        ("https://home.example.com/webcam", "https://home.example.com/webcam"),
        ("http://plex:32400/?X-Plex-Token=secret", "http://plex:32400"),
        ("http://plex:32400/#top", "http://plex:32400"),
        ("http://1-2-3-4.abc.plex.direct:32400", "http://1-2-3-4.abc.plex.direct:32400"),
        ("http://[fd00::1]:32400", "http://[fd00::1]:32400"),
        ("fd00:0:0::1", "http://[fd00::1]:32400"),
        ("[::1]", "http://[::1]:32400"),
        ("http://müller.example", "http://müller.example"),
        ("http://plex_server:32400", "http://plex_server:32400"),
    ],
)  # fmt: skip
def test_what_people_write_and_copy_becomes_an_address(written: str, url: str) -> None:
    """From a router's page, a browser's address bar, a proxy's configuration."""
    assert normalise_url(written) == url


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "http://",
        "http:///web",
        "ftp://plex:32400",
        "file:///etc/passwd",
        "http://plex:0",
        "http://plex:99999",
        "http://plex:port",
        "http://[fd00::1",
        "http://[plex]",
        "http://[fd00::zz]",
        "my server",
        "http://my server:32400",
        "http://plex<script>",
        "http://a..b",
        "http://" + "a" * 64 + ".local",
        "%",
    ],
)
def test_what_cannot_be_an_address_is_refused(written: str) -> None:
    """Said while somebody still looks at the form, and not by the first request."""
    with pytest.raises(PlexInvalidUrlError, match="not the address"):
        normalise_url(written)


@pytest.mark.parametrize("written", ["http://me:pw@plex", "http://@plex", "me@plex"])
def test_an_address_holds_no_password(written: str) -> None:
    """An address is shown, stored and logged; a password must not be."""
    with pytest.raises(PlexInvalidUrlError, match="user name or password") as caught:
        normalise_url(written)
    assert "pw" not in str(caught.value)


PIECES = st.one_of(
    st.sampled_from(["http://", "https://", "://", "//", "/", ":", "@", "[", "]", "?",
                     "#", "%", "\\", ".", "..", "plex", "32400", "::1", "10.0.0.1",
                     "/web"]),
    st.text(max_size=3),
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map("".join))
def test_an_address_is_an_address_for_everybody(written: str) -> None:
    """It is normalised again whenever it is used, and other libraries must agree."""
    try:
        url = normalise_url(written)
    except PlexInvalidUrlError:
        return
    assert normalise_url(url) == url
    assert URL(url).host
    parts = urlsplit(url)
    assert (parts.query, parts.fragment, parts.username) == ("", "", None)
