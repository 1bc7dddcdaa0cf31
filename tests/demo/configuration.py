"""The folder of a Home Assistant that nobody has to answer questions in."""

import json
from pathlib import Path

# What the page needs, without what default_config brings: much of that looks for
# devices in the network.
CONFIGURATION = """\
homeassistant:
  name: Demo
  country: GB
  currency: GBP
  language: en
  unit_system: metric

automation:
config:
frontend:
history:
logbook:
recorder:
"""


def write_configuration(folder: Path, integrations: Path, port: int) -> None:
    """Write what Home Assistant finds when it starts for the first time."""
    (folder / "configuration.yaml").write_text(CONFIGURATION)
    (folder / "custom_components").symlink_to(integrations)
    (folder / ".storage").mkdir()
    # Every question of the first visit but the one for a user.
    done = ["core_config", "analytics", "integration"]
    _store(folder, "onboarding", 4, {"done": done})
    # Not in configuration.yaml: Home Assistant would ask whether that works, in front
    # of everything else on its page, and restart without it after five minutes.
    _store(folder, "http", 1, {"server_host": ["127.0.0.1"], "server_port": port})
    # Its HTTP client is ready to look up names with mDNS: not in anybody's network.
    _store(folder, "core.network", 1, {"configured_adapters": ["lo", "lo0"]})


def write_config_entries(folder: Path, *entries: dict[str, object]) -> None:
    """Write what has been set up before Home Assistant starts.

    In the oldest form that it can read, which leaves out what came later.
    """
    _store(folder, "core.config_entries", 1, {"entries": entries})


def _store(folder: Path, key: str, version: int, data: dict[str, object]) -> None:
    content = {"key": key, "version": version, "minor_version": 1, "data": data}
    (folder / ".storage" / key).write_text(json.dumps(content))
