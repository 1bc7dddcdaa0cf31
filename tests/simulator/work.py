"""How work goes on by itself: the life of an activity, step by step.

Scenarios are made of these; the autopilot lives them for what a client asks for.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .models import Activity, UnknownActivityError

if TYPE_CHECKING:
    from .server import SimulatedPlex

TASK_ACTIVITIES: dict[str, tuple[str, str]] = {
    "ButlerTaskGenerateCreditsMarkers": ("media.generate.credits", "Detecting Credits"),
    "LoudnessAnalysis": ("media.generate.loudness", "Generating loudness data"),
    "RefreshEpgGuides": ("provider.epg.load", "Refreshing EPG"),
}
"""Tasks whose activities have been seen. That they belong together is a guess, so
a world knows of it only if told: `world.task_activities = TASK_ACTIVITIES`."""

MOVIES = (
    "1984 (1984)",
    "Arrival (2016)",
    "Band of Brothers (2001)",
    "Conan the Barbarian (1982)",
    "Das Boot (1981)",
    "Heat (1995)",
    "Metropolis (1927)",
    "The Revenant (2015)",
    "Zatōichi (1989)",
)
EPISODES = tuple(f"Firefly S01 E{number:02}" for number in range(1, 15))


async def live_scan(
    plex: SimulatedPlex,
    scan: Activity,
    *,
    messages: int = 60,
    seconds: float = 30,
    items: Iterable[str] = MOVIES,
) -> None:
    """Scan to the end: a second without a name, then one message for each file."""
    titles = tuple(items)
    await plex.clock.sleep(1)
    for message in range(messages):
        plex.world.progress_scan(
            scan,
            subtitle=titles[message * len(titles) // messages],
            progress=message * 100 // messages,
        )
        await plex.clock.sleep(seconds / messages)
    plex.world.end(scan)


async def live_refresh(plex: SimulatedPlex, item: int, *, seconds: float = 3) -> None:
    """Refresh an item, as happens whenever somebody opens one in Plex Web."""
    key = f"/library/metadata/{item}"
    activity = plex.world.start("library.refresh.items", title="Refreshing")
    context: dict[str, object] = {"key": key}
    steps: tuple[tuple[str, int, dict[str, object]], ...] = (
        ("Checking files", 0, {}),
        ("Refreshing local metadata", 33, {"accessible": True, "exists": True}),
        ("Refreshing media analysis", 66, {"refreshed": False}),
    )
    for subtitle, progress, known in steps:
        await plex.clock.sleep(seconds / (len(steps) + 1))
        context |= known
        plex.world.update(
            activity, subtitle=subtitle, progress=progress, context=dict(context)
        )
    plex.world.end(activity, context={**context, "analyzed": False})


async def live_items(
    plex: SimulatedPlex,
    activity: Activity,
    *,
    items: Iterable[str] = EPISODES,
    seconds: float = 30,
    indeterminate: bool = False,
) -> None:
    """Go through items one by one, knowing how many there are or not."""
    titles = tuple(items)
    for number, title in enumerate(titles):
        progress = -1 if indeterminate else number * 100 // len(titles)
        plex.world.update(activity, subtitle=title, progress=progress)
        await plex.clock.sleep(seconds / len(titles))
    plex.world.end(activity, progress=-1 if indeterminate else 100)


async def live_guide(
    plex: SimulatedPlex, activity: Activity, *, seconds: float = 20
) -> None:
    """Load a programme guide."""
    airings = [f"Downloaded {count} airings" for count in range(173, 1731, 173)]
    await live_items(plex, activity, items=airings, seconds=seconds)


async def autopilot(plex: SimulatedPlex, activity: Activity) -> None:
    """Live the life of something a client has asked for, until it is stopped."""
    try:
        match activity.type:
            case "library.update.section":
                await live_scan(plex, activity)
            case "provider.epg.load":
                await live_guide(plex, activity)
            case "media.generate.credits":
                await live_items(plex, activity, indeterminate=True)
            case _:
                await live_items(plex, activity, items=("",) * 20)
    except UnknownActivityError:
        return
