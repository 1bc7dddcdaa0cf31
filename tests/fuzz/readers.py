"""Parsers that are functions of one value, with what is promised of each."""

from collections.abc import Mapping

from custom_components.plex_activities.client import Activity
from custom_components.plex_activities.client.address import normalise_url
from custom_components.plex_activities.client.exceptions import PlexInvalidUrlError
from custom_components.plex_activities.client.fields import (
    MAX_DEPTH,
    flag,
    identifier,
    mapping,
    paths,
    percentage,
    text,
    whole_number,
)
from custom_components.plex_activities.client.paths import is_within

from .verdict import UnsoundError, check_activity, check_depth


def read_activity(payload: object) -> Activity | None:
    """Return what a row says, checked."""
    activity = Activity.from_payload(payload, uuid=payload)
    if activity is not None:
        check_activity(activity)
    return activity


def read_fields(payload: Mapping[str, object]) -> object:
    """Return what every reader of fields makes of a value."""
    value = payload.get("value") if isinstance(payload, dict) else payload
    readers = (text, identifier, percentage, whole_number, flag, paths, mapping)
    said = [read(value) for read in readers]
    check_depth(said[-1], MAX_DEPTH + 1)
    return None if set(map(str, said)) <= {"", "None", "False", "()"} else said


def read_address(payload: object) -> str | None:
    """Return the address that something is, if it is one."""
    try:
        url = normalise_url(text(payload))
    except PlexInvalidUrlError:
        return None
    if normalise_url(url) != url:
        raise UnsoundError("an address that changes when it is read again")
    return url


def read_folder(payload: object) -> bool | None:
    """Return whether one path is in the other, if they are."""
    folders = paths(payload) or (text(payload),)
    one, other = folders[0], folders[-1]
    if not is_within(one, one):
        raise UnsoundError("a folder that is not in itself")
    return is_within(one, other) or None
