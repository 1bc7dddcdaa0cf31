"""Whatever goes wrong, in whatever way news arrive: four things stay true.

See `faults` for what they are. And the token stays where it belongs, see `leaks`.
"""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.plex_activities.const import Timing
from tests.simulator import FAULTS, FaultCase, FaultGroup
from tests.simulator.answer_faults import AnswerFault

from .conftest import unattended
from .faults import Story, Way
from .server import until

STREAMS = [Way.WEBSOCKET, Way.EVENTSOURCE]
# What an activity looks like has nothing to do with how it comes.
WAYS = {
    FaultGroup.ODD: [Way.WEBSOCKET, Way.POLLING],
    FaultGroup.ODD_FRAMES: [Way.WEBSOCKET],
    FaultGroup.FRAMES: STREAMS,
    FaultGroup.ORDER: STREAMS,
}
DROPPING = {"stream_aborted", "stream_closed"}
OF_STREAMS = {"streams_refused", "stream_half_open", *DROPPING}
# The server says, so that it cannot be doubted, that less runs than does.
LIES = {
    "wrong_shape_container_empty",
    "wrong_shape_one_row_not_a_list",
    "wrong_shape_uuid_number",
}
OUTCOMES = {
    "starting_up": "interrupted",
    "odd_frames_progress_string": "cancelled",
    "odd_frames_progress_float": "cancelled",
}


def ways(case: FaultCase) -> list[Way]:
    """Return the ways on which a fault can be met."""
    if case.group in WAYS:
        return WAYS[case.group]
    if case.name.startswith("upgrade_refused"):
        return [Way.WEBSOCKET]
    return STREAMS if case.name in OF_STREAMS else list(Way)


@pytest.fixture(autouse=True)
def _swift(hass: HomeAssistant) -> None:
    """Do without the debugging of the loop, which is half of the time."""
    hass.loop.set_debug(False)


TABLE = [
    pytest.param(case, way, id=f"{case.name}-{way}")
    for case in FAULTS
    for way in ways(case)
]


@pytest.fixture
def timing(case: FaultCase, way: Way) -> Timing:
    """Lose patience quickly where the fault is silence."""
    return unattended(way, patience=1 if case.group is FaultGroup.SILENCE else 20)


@pytest.mark.parametrize(("case", "way"), TABLE)
async def test_after_any_fault_everything_is_true_and_was_told_once(
    story: Story, case: FaultCase, way: Way
) -> None:
    """Nothing that a server says or does not say may stop us, or make us lie."""
    await story.prepare()
    opened = story.plex.streams.opened
    with case.begin(story.plex.faults) as fault:
        if isinstance(fault, AnswerFault) and case.group is not FaultGroup.ODD:
            # Whoever answers like that has not kept the streams either.
            story.plex.streams.drop()
        story.go_on(OUTCOMES.get(case.name, "finished"))
        if isinstance(fault, AnswerFault):
            # A poll asks twice at most: by the third time it has made something of the
            # first answer. But a stream is not tried again where there is another way.
            enough = 1 if case.group is FaultGroup.STREAM else 3
            await until(lambda: fault.answered >= enough)
        if case.name in DROPPING:
            await story.plex.opened(opened + 4)
    story.is_believed = case.name not in LIES
    await story.finish()
