"""How the world looks on the wire: JSON objects, XML elements, stream frames.

Every answer is built once, as JSON. The XML is derived from it the way Plex's own
two formats correspond: scalars are attributes, booleans "0" or "1", objects and
lists child elements. So the two cannot drift apart.
"""

import json
from xml.etree.ElementTree import Element, SubElement, tostring

from .models import Notification, Payload

NOTIFICATION_KEYS: dict[str, str] = {
    "account": "AccountUpdateNotification",
    "activity": "ActivityNotification",
    "backgroundProcessingQueue": "BackgroundProcessingQueueEventNotification",
    "log": "LogNotification",
    "playing": "PlaySessionStateNotification",
    "preference": "Setting",
    "progress": "ProgressNotification",
    "reachability": "ReachabilityNotification",
    "status": "StatusNotification",
    "timeline": "TimelineEntry",
}
"""Under which key each type of notification carries its content."""


def to_json(payload: Payload | list[Payload]) -> bytes:
    """Return the payload as JSON."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def to_xml(payload: Payload) -> bytes:
    """Return the payload as XML, its only key the root element."""
    ((tag, content),) = payload.items()
    root = Element(tag)
    _fill(root, content)
    xml: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return xml


def _fill(element: Element, content: Payload) -> None:
    """Put scalars into attributes, and all else into child elements."""
    for key, value in content.items():
        match value:
            case dict():
                _fill(SubElement(element, key), value)
            case list():
                for row in value:
                    _fill(SubElement(element, key), row)
            case None:
                pass
            case bool():
                element.set(key, str(int(value)))
            case _:
                element.set(key, str(value))


def websocket_frame(notification: Notification) -> bytes:
    """Return a notification as a WebSocket says it: a container with a list."""
    content = {
        "type": notification.type,
        "size": 1,
        notification.key: [notification.body],
    }
    return to_json({"NotificationContainer": content})


def eventsource_frame(notification: Notification) -> bytes:
    """Return a notification as an EventSource says it: one object, no container."""
    data = to_json({notification.key: notification.body})
    return b"event: %s\ndata: %s\n\n" % (notification.type.encode(), data)


EVENTSOURCE_PING = b"event: ping\ndata: {}\n\n"
