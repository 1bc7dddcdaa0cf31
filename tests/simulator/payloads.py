"""What the server says about each of the things it has, as JSON objects."""

from collections.abc import Iterable

from .defaults import RESOURCE_FEATURES, SERVER_FEATURES
from .models import (
    Account,
    Activity,
    ButlerTask,
    Dvr,
    Identity,
    Library,
    Payload,
)


def activity_payload(activity: Activity) -> Payload:
    """Return an activity as a row of `GET /activities` and as a notification."""
    row: Payload = {
        "uuid": activity.uuid,
        "type": activity.type,
        "cancellable": activity.cancellable,
        "userID": activity.user_id,
        "title": activity.title,
        "subtitle": activity.subtitle,
    }
    if activity.progress is not None:
        row["progress"] = activity.progress
    if activity.context is not None:
        row["Context"] = dict(activity.context)
    if activity.response is not None:
        row["Response"] = dict(activity.response)
    return row


def container(key: str, rows: Iterable[Payload], **attributes: object) -> Payload:
    """Return a MediaContainer. Without rows it has no such key at all."""
    children = list(rows)
    content: Payload = {"size": len(children), **attributes}
    if children:
        content[key] = children
    return {"MediaContainer": content}


def identity_payload(identity: Identity) -> Payload:
    """Return what anybody may know about the server."""
    return container(
        "",
        (),
        claimed=identity.claimed,
        machineIdentifier=identity.machine_identifier,
        version=identity.version,
    )


def root_payload(identity: Identity, *, updated_at: int) -> Payload:
    """Return what `GET /` says to somebody with a token."""
    return container(
        "Directory",
        (
            {"count": 1, "key": key, "title": key}
            for key in ("activities", "butler", "identity", "library")
        ),
        **SERVER_FEATURES,
        friendlyName=identity.friendly_name,
        machineIdentifier=identity.machine_identifier,
        myPlex=identity.claimed,
        myPlexUsername=identity.my_plex_username,
        platform=identity.platform,
        platformVersion=identity.platform_version,
        updatedAt=updated_at,
        version=identity.version,
    )


def library_payload(library: Library, *, refreshing: bool) -> Payload:
    """Return a library as a row of `GET /library/sections`."""
    return {
        "allowSync": True,
        "art": f"/:/resources/{library.type}-fanart.jpg",
        "composite": (
            f"/library/sections/{library.key}/composite/{library.updated_at}"
        ),
        "filters": True,
        "refreshing": refreshing,
        "thumb": f"/:/resources/{library.type}.png",
        "key": library.key,
        "type": library.type,
        "title": library.title,
        "agent": library.agent,
        "scanner": library.scanner,
        "language": "en-US",
        "uuid": library.uuid,
        "updatedAt": library.updated_at,
        "createdAt": library.updated_at,
        "scannedAt": library.scanned_at,
        "content": True,
        "directory": True,
        "contentChangedAt": library.content_changed_at,
        "hidden": False,
        "Location": [
            {"id": number, "path": path}
            for number, path in enumerate(library.locations, start=1)
        ],
    }


def butler_payload(tasks: Iterable[ButlerTask]) -> Payload:
    """Return the butler's tasks. Their root is not a MediaContainer."""
    return {"ButlerTasks": {"ButlerTask": [_task_payload(task) for task in tasks]}}


def _task_payload(task: ButlerTask) -> Payload:
    """Return a task; many have neither title nor description."""
    row: Payload = {
        "name": task.name,
        "interval": task.interval,
        "scheduleRandomized": task.schedule_randomized,
        "enabled": task.enabled,
    }
    if task.title is not None:
        row["title"] = task.title
    if task.description is not None:
        row["description"] = task.description
    return row


def dvr_payload(dvr: Dvr) -> Payload:
    """Return a DVR as a row of `GET /livetv/dvrs`."""
    return {
        "key": dvr.key,
        "language": dvr.language,
        "lineup": dvr.lineup,
        "uuid": dvr.uuid,
    }


def account_payload(account: Account) -> Payload:
    """Return an account as a row of `GET /accounts`."""
    return {
        "id": account.id,
        "key": f"/accounts/{account.id}",
        "name": account.name,
        "defaultAudioLanguage": "en",
        "autoSelectAudio": True,
        "defaultSubtitleLanguage": "",
        "subtitleMode": 0,
        "thumb": "",
    }


def resource_payload(
    identity: Identity, *, token: str, owned: bool, host: str, port: int, uri: str
) -> Payload:
    """Return a server as plex.tv lists it, with the one way to reach it."""
    return {
        **RESOURCE_FEATURES,
        "name": identity.friendly_name,
        "productVersion": identity.version,
        "platform": identity.platform,
        "platformVersion": identity.platform_version,
        "clientIdentifier": identity.machine_identifier,
        "ownerId": None if owned else 10_000_002,
        "sourceTitle": None if owned else "friend",
        "accessToken": token,
        "owned": owned,
        "connections": [
            {
                "protocol": uri.partition(":")[0],
                "address": host,
                "port": port,
                "uri": uri,
                "local": True,
                "relay": False,
                "IPv6": False,
            }
        ],
    }
