"""Paths on the server, which may run on another system than we do."""

import ntpath
from pathlib import PurePosixPath, PureWindowsPath
import posixpath


def is_within(path: str, folder: str) -> bool:
    """Return whether a path is a folder or lies below it, as the server writes both.

    The folder tells which system the server runs on. On Windows upper and lower case
    are the same, and so are both slashes.
    """
    if folder.startswith("/"):
        inner = PurePosixPath(posixpath.normpath(path)).parts
        outer = PurePosixPath(posixpath.normpath(folder)).parts
    else:
        inner = PureWindowsPath(ntpath.normpath(path.lower())).parts
        outer = PureWindowsPath(ntpath.normpath(folder.lower())).parts
    # Not `is_relative_to`, which reads every parent to its end: what is nested absurdly
    # deep would take seconds.
    return inner[: len(outer)] == outer
