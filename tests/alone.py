"""Lets parts of the integration be imported without what is around them."""

from pathlib import Path
import sys
from types import ModuleType

NAME = "custom_components.plex_activities"
FOLDER = Path(__file__).parent.parent.joinpath(*NAME.split("."))


def import_without_home_assistant() -> None:
    """Keep imports from running the integration's own `__init__`.

    It imports half of Home Assistant, which takes seconds and warns of much that is
    not ours. Where the test plugin of Home Assistant is at work, all that is there
    already, and wanted.
    """
    if "pytest_homeassistant_custom_component" not in sys.modules:
        stand_in = ModuleType(NAME)
        stand_in.__path__ = [str(FOLDER)]
        sys.modules.setdefault(NAME, stand_in)
