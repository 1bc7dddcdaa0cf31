"""A dashboard: what people make of the entities, and the card. Data only.

Nothing in it names an entity by itself, so that it shows whatever a server has.
"""

from collections.abc import Iterator, Mapping

from .home_assistant import Json

TITLE = "Plex Activities"
URL_PATH = "plex-activities"

SCAN = "activity_library.update.section_"
SCAN_PROGRESS = "progress_library.update.section_"
CREDITS = "activity_media.generate.credits"
LOUDNESS = "activity_media.generate.loudness"
SUBSCRIPTIONS = "activity_provider.subscriptions.process"

OTHERS = (CREDITS, LOUDNESS, SUBSCRIPTIONS)
WANTED = {"busy", "event", "live", "running", f"{SCAN}1", *OTHERS}
"""What has to be there before the dashboard can be made."""

ENTITY_NAME = {"type": "entity"}
"""The entity's own name, without that of the server before it."""


def dashboard(entities: Mapping[str, str]) -> Json:
    """Return the configuration of the dashboard."""
    sections = [
        [*_libraries(entities), *_others(entities)],
        [*_server(entities), *_running_now(), _cancel_button(entities)],
        [*_past(entities)],
    ]
    view = {
        "title": TITLE,
        "type": "sections",
        "max_columns": len(sections),
        "sections": [{"type": "grid", "cards": cards} for cards in sections],
    }
    return {"views": [view]}


def _libraries(entities: Mapping[str, str]) -> Iterator[Json]:
    """Show each library's scan, and a bar while one runs."""
    yield _heading("Libraries", "mdi:bookshelf")
    for scan in _scans(entities):
        entity_id = entities[scan]
        yield _tile(entity_id, columns=12, state_content=["state", "subtitle"])
        while_it_runs = {
            "condition": "state",
            "entity": entity_id,
            "state": ["running", "stalled"],
        }
        yield _tile(
            entities[scan.replace(SCAN, SCAN_PROGRESS)],
            columns=12,
            name="Progress",
            color="amber",
            features=[{"type": "bar-gauge"}],
            features_position="inline",
            visibility=[while_it_runs],
        )


def _others(entities: Mapping[str, str]) -> Iterator[Json]:
    """List some activities that are no scans."""
    yield _heading("Other activities", "mdi:format-list-checks")
    rows = [
        {
            "entity": entities[key],
            "name": ENTITY_NAME,
            "secondary_info": "last-changed",
        }
        for key in OTHERS
    ]
    yield {"type": "entities", "entities": rows}


def _server(entities: Mapping[str, str]) -> Iterator[Json]:
    """Show how the server is as a whole, and what happened last."""
    live = {"type": "entity", "entity": entities["live"], "show_state": True}
    yield _heading("Server", "mdi:server", badges=[live])
    yield _tile(entities["busy"], color="amber")
    yield _tile(entities["running"])
    yield _tile(
        entities["event"], columns=12, state_content=["event_type", "title", "state"]
    )


def _running_now() -> Iterator[Json]:
    """Show what runs on the card that the integration brings."""
    yield _heading("Running now", "mdi:progress-clock")
    yield {"type": "custom:plex-activities-card", "title": "", "show_recent": 2}


def _cancel_button(entities: Mapping[str, str]) -> Json:
    """Offer to cancel what can be cancelled."""
    return {
        "type": "button",
        "name": "Cancel subscription processing",
        "icon": "mdi:cancel",
        "icon_height": "28px",
        "tap_action": {
            "action": "perform-action",
            "perform_action": "plex_activities.cancel_activity",
            "data": {"entity_id": entities[SUBSCRIPTIONS]},
            "confirmation": {"text": "Cancel the processing of subscriptions?"},
        },
        "grid_options": {"columns": 12, "rows": 2},
    }


def _past(entities: Mapping[str, str]) -> Iterator[Json]:
    """List what started and ended."""
    yield _heading("What happened", "mdi:history")
    shown = [entities[key] for key in (*_scans(entities), CREDITS, LOUDNESS)]
    yield {
        "type": "logbook",
        "target": {"entity_id": shown},
        "hours_to_show": 24,
        "grid_options": {"columns": 12, "rows": 8},
    }


def _scans(entities: Mapping[str, str]) -> list[str]:
    return [key for key in sorted(entities) if key.startswith(SCAN)]


def _heading(text: str, icon: str, **options: Json) -> Json:
    return {"type": "heading", "heading": text, "icon": icon, **options}


def _tile(entity_id: str, *, columns: int = 6, **options: Json) -> Json:
    return {
        "type": "tile",
        "entity": entity_id,
        "name": ENTITY_NAME,
        "grid_options": {"columns": columns},
        **options,
    }
