"""Values that several modules share, each with its reason."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

DOMAIN: Final = "plex_activities"

CONF_CLIENT_IDENTIFIER: Final = "client_identifier"
CONF_QUIET_TYPES: Final = "quiet_types"
CONF_SETTLE_SECONDS: Final = "settle_seconds"
CONF_STALLED_MINUTES: Final = "stalled_minutes"

# Plex Web starts a refresh whenever somebody opens an item, subscriptions are processed
# as often as every minute, and the butler's row stands there on an idle server.
DEFAULT_QUIET_TYPES: Final = (
    "library.refresh.items",
    "provider.subscriptions.process",
    "butler",
)
# Scans of one night follow each other within seconds; a scan is followed by analysis
# that starts a moment later.
DEFAULT_SETTLE_SECONDS: Final = 30
# Detecting the credits of one long film shows no progress for many minutes.
DEFAULT_STALLED_MINUTES: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things take. Seconds where a plain number stands.

    One object, so that tests can be quick without replacing anybody's sleep.
    """

    # Without a stream, polling is all there is; with one it only keeps it honest.
    poll_without_stream: timedelta = timedelta(seconds=15)
    poll_with_stream: timedelta = timedelta(seconds=60)
    # An ended activity is missing from a snapshot a moment before its `ended` has come
    # through the other connection. The snapshot waits this long for it.
    wait_for_ended: float = 1.0
    # Libraries change about once a year, but a new one is expected to appear soon.
    libraries: float = 55.0
    # A request that takes longer than this is a server that cannot be reached.
    request: float = 10.0
    # The stream is dead after this long without a frame, ping or pong.
    silence: float = 45.0
    # Reconnecting: the first wait, the longest one, and for how long a stream must have
    # been up before its loss starts again with the first wait.
    retry_minimum: float = 1.0
    retry_maximum: float = 60.0
    retry_reset: float = 30.0
    # How often to ask what came of an action: there may be no stream that would tell.
    poll_after_action: float = 1.0
    # A scan that was asked for shows within this long, or nobody can tell which it is.
    scan_shows: float = 10.0
    # How often a sensor may write, if only this changed.
    write_progress: float = 2.0
    write_subtitle: float = 10.0
    write_count: float = 0.5
    write_list: timedelta = timedelta(seconds=10)


TIMING: Final = Timing()
