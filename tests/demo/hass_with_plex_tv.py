"""Home Assistant, where plex.tv is somewhere else for Plex Activities.

`python -m tests.demo.hass_with_plex_tv URL --config ...` instead of `homeassistant`.
The integration itself has no setting for that, and nothing that listens to one: an
address to which accounts are sent is not for anybody to change.
"""

import sys
from unittest.mock import patch

from homeassistant.__main__ import main

from custom_components.plex_activities import connection
from custom_components.plex_activities.client import PlexTv


def run() -> int:
    """Take the address off the command line; the rest is Home Assistant's."""
    url = sys.argv.pop(1)
    plex_tv = PlexTv(pins=url, resources=url, link=f"{url}/link")
    with patch.object(connection, "PLEX_TV", plex_tv):
        return main()


if __name__ == "__main__":
    sys.exit(run())
