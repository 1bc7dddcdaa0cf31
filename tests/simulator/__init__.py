"""A simulated Plex Media Server, for the tests and for the demo.

It is an aiohttp server on a real socket. There is one world; REST, WebSocket,
EventSource, JSON and XML are views of it, and everything that can go wrong is a
declared fault:

    async with SimulatedPlex(token="secret") as plex:
        ...                                        # a client meets plex.url
        await plex.subscribers(1)                  # a fact, not a sleep

        scan = plex.world.scan("1")                # started: "Scanning", no Context
        plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=40)
        plex.world.end(scan)                       # ended, at 100

        plex.world.cancelling = Cancelling.IGNORED
        with plex.faults.half_json(path="/activities"):
            ...
        async with plex.restarting(version="1.44.0"):
            ...                                    # connections are refused
        assert plex.requests.to("DELETE", "/activities/")

    await lively(plex)                             # a story, see `scenarios`

`python -m tests.simulator` runs it alone. It knows nothing of Home Assistant or of any
client. What a request starts runs until the world is told otherwise, unless there is
an `autopilot` (see `work`); what is not known of Plex is a knob: `world.cancelling`,
`world.guide_reloads_silently`, `world.task_activities`,
`streams.shared_users_hear_all`, `rest.shared_users_cancel_own`, `rest.dvr_key`.
`SimulatedPlexTv` is where one signs in and finds servers.
`FAULTS` is a table of everything that can go wrong, to make tests from.
"""

from .clock import Clock
from .faults import FAULTS, FaultCase, FaultGroup, Faults, faults_of
from .frames import BAD_FRAMES, EVENTSOURCE_STYLES, ODD_FRAMES, Frame, Transport
from .models import (
    OWNER_ID,
    Account,
    Activity,
    Cancelling,
    Identity,
    Library,
    Notification,
    Work,
)
from .plextv import SimulatedPlexTv
from .requests import Request, Requests
from .server import DEFAULT_TOKEN, SimulatedPlex
from .world import PlexWorld
from .wrong_shapes import ODD_ACTIVITIES, WRONG_SHAPES

__all__ = [
    "BAD_FRAMES",
    "DEFAULT_TOKEN",
    "EVENTSOURCE_STYLES",
    "FAULTS",
    "ODD_ACTIVITIES",
    "ODD_FRAMES",
    "OWNER_ID",
    "WRONG_SHAPES",
    "Account",
    "Activity",
    "Cancelling",
    "Clock",
    "FaultCase",
    "FaultGroup",
    "Faults",
    "Frame",
    "Identity",
    "Library",
    "Notification",
    "PlexWorld",
    "Request",
    "Requests",
    "SimulatedPlex",
    "SimulatedPlexTv",
    "Transport",
    "Work",
    "faults_of",
]
