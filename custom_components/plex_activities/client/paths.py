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
        inner, outer = posixpath.normpath(path), posixpath.normpath(folder)
        return PurePosixPath(inner).is_relative_to(outer)
    inner, outer = ntpath.normpath(path), ntpath.normpath(folder)
    return PureWindowsPath(inner).is_relative_to(outer)
