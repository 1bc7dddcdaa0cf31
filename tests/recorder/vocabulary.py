"""The server's own words: what may stay in a recording as it is.

Everything else that is text is somebody's: titles, names, folders. A word is here if it
stands in Plex's documentation or in a public recording, or if its form can hold nothing
but a word of the protocol.
"""

from dataclasses import dataclass
import re

FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
"""What the key of an object may look like to stay. Anything else could be a value."""

ENUMERATIONS = {
    # Of activities and notifications, such as `library.update.section`.
    "type": re.compile(r"(?=.{1,64}$)[a-z]+[A-Za-z]*(\.[A-Za-z]+)*"),
    "event": re.compile(r"(?=.{1,64}$)[a-z]+[A-Za-z]*(\.[A-Za-z]+)*"),
    "version": re.compile(r"\d{1,6}(\.\d{1,6}){1,4}(-[0-9a-f]{1,12})?"),
    "progress": re.compile(r"-?\d{1,3}(\.\d{1,6})?"),
}
"""The fields whose text tells about Plex and not about its owner, and its form."""

NUMBERS = frozenset({"progress", "size"})
"""The fields whose numbers stay, within reason."""

SENTENCES = frozenset(
    {
        "Augmenting metadata",
        "Checking files",
        "Detecting Credits",
        "Detecting intros",
        "Extra information may still be downloading from the Internet",
        "Generating loudness data",
        "LIBRARY_UPDATE",
        "Library scan complete",
        "Processing subscriptions",
        "Refreshing",
        "Refreshing EPG",
        "Refreshing local metadata",
        "Refreshing media analysis",
        "Scanning",
    }
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence of the server that has something of somebody's in it."""

    before: str
    after: str = ""

    def inside(self, text: str) -> str | None:
        """Return what a text has in the place that is somebody's, if it is this."""
        if not (text.startswith(self.before) and text.endswith(self.after)):
            return None
        return text[len(self.before) : len(text) - len(self.after)] or None


PHRASES = (
    Phrase('Scanning the "', '" section'),
    Phrase("Scanning "),
    Phrase("Downloaded ", " airings"),
)

PATH_WORDS = frozenset(
    {
        "activities",
        "butler",
        "children",
        "collections",
        "dvrs",
        "library",
        "livetv",
        "media",
        "metadata",
        "parts",
        "playlists",
        "sections",
        "subscriptions",
    }
)
"""Of the paths in Plex's own interface; those of files often begin alike."""
