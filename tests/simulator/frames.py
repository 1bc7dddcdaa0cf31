"""Frames of a stream, and the many ways in which one can be spoilt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
import json

from aiohttp import WSMsgType

from .models import Notification, Payload
from .shapes import eventsource_frame, to_json, websocket_frame
from .wrong_shapes import ODD_ACTIVITIES, Change

TOO_BIG = 5 * 1024 * 1024
"""More than an aiohttp client accepts in one message, unless told otherwise."""
PIECE = 64 * 1024
"""How much of a message without end is sent at a time."""


class Transport(StrEnum):
    """The two kinds of stream."""

    WEBSOCKET = "websocket"
    EVENTSOURCE = "eventsource"


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes for a stream; an EventSource knows no opcode.

    One without end repeats its data until the client has gone.
    """

    data: bytes
    opcode: WSMsgType = WSMsgType.TEXT
    is_endless: bool = False


def frame(notification: Notification, transport: Transport) -> Frame:
    """Return a notification as a frame of such a stream."""
    encode = websocket_frame if transport is Transport.WEBSOCKET else eventsource_frame
    return Frame(encode(notification))


type Spoil = Callable[[Notification, Transport], Frame]
"""Makes a frame of a notification, but not the frame that it should be."""


def _text(data: bytes) -> Spoil:
    """Say the same, whatever there is to say."""

    def spoil(notification: Notification, transport: Transport) -> Frame:
        if transport is Transport.WEBSOCKET:
            return Frame(data)
        return Frame(b"event: %s\ndata: %s\n\n" % (notification.type.encode(), data))

    return spoil


def _half(notification: Notification, transport: Transport) -> Frame:
    """Say half of it; an EventSource frame still ends like one."""
    data = frame(notification, transport).data
    ending = b"" if transport is Transport.WEBSOCKET else b"\n\n"
    return Frame(data[: len(data) // 2] + ending)


def _binary(notification: Notification, transport: Transport) -> Frame:
    """Send bytes that mean nothing."""
    return Frame(bytes(range(256)), WSMsgType.BINARY)


def endless(notification: Notification, transport: Transport) -> Frame:
    """Begin to say something, and never come to the end of it."""
    begin = b"" if transport is Transport.WEBSOCKET else b"data: "
    return Frame(begin + b"x" * PIECE, is_endless=True)


def _changed(change: Callable[[Payload], Payload]) -> Spoil:
    """Say something else about the activity."""

    def spoil(notification: Notification, transport: Transport) -> Frame:
        content = change(json.loads(to_json(notification.body)))
        if transport is Transport.EVENTSOURCE:
            data = to_json({notification.key: content})
        else:
            container = {
                "type": notification.type,
                "size": 1,
                notification.key: [content],
            }
            data = to_json({"NotificationContainer": container})
        return _text(data)(notification, transport)

    return spoil


def _odd_activity(change: Change) -> Spoil:
    """Say something odd about the activity, which is still one."""
    return _changed(lambda body: {**body, "Activity": change(body["Activity"])})


BAD_FRAMES: Mapping[str, Spoil] = {
    "not_json": _text(b"this is not JSON"),
    "half_json": _half,
    "empty": _text(b""),
    "scalar": _text(b"42"),
    "null": _text(b"null"),
    "list": _text(b"[]"),
    "no_container": _text(b'{"type":"activity"}'),
    "null_container": _text(b'{"NotificationContainer":null}'),
    "no_content": _text(b'{"NotificationContainer":{"type":"activity","size":1}}'),
    "null_content": _text(
        b'{"NotificationContainer":'
        b'{"type":"activity","size":1,"ActivityNotification":null}}'
    ),
    "no_activity": _changed(lambda body: {**body, "Activity": None}),
    "list_for_activity": _changed(lambda body: {**body, "Activity": []}),
    "unknown_event": _changed(lambda body: {**body, "event": "exploded"}),
    "no_event": _changed(lambda body: {"Activity": body["Activity"]}),
    "deep": _text(b'{"a":' * 100_000),
    "huge_number": _text(b"9" * 10_000),
    "binary": _binary,
    "invalid_utf8": _text(b'{"NotificationContainer":"\xff\xfe\xfa"}'),
    "oversized": _text(b'"' + b"x" * TOO_BIG + b'"'),
}
"""Frames that no client may trip over, by what is wrong with them."""

ODD_FRAMES: Mapping[str, Spoil] = {
    name: _odd_activity(change) for name, change in ODD_ACTIVITIES.items()
}
"""Frames that still make sense, by what is odd about their activity."""


def _other_newlines(newline: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(b"\n", newline)


EVENTSOURCE_STYLES: Mapping[str, Callable[[bytes], bytes]] = {
    "crlf": _other_newlines(b"\r\n"),
    "cr": _other_newlines(b"\r"),
    "comments": lambda data: b": a comment\n" + data,
    "id_and_retry": lambda data: b"id: 7\nretry: 10000\n" + data,
    "no_space": lambda data: data.replace(b": ", b":", 2),
    "data_in_lines": lambda data: data.replace(b',"', b',\ndata: "'),
}
"""Other spellings of the same frame that the EventSource standard allows."""
