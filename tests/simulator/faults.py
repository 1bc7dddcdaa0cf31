"""All that can go wrong: the faults, and a table of them to make tests from."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum

from .answer_faults import AnswerFaults
from .frames import BAD_FRAMES, ODD_FRAMES
from .stream_faults import StreamFaults
from .wrong_shapes import WRONG_SHAPES


class Faults(AnswerFaults, StreamFaults):
    """Every fault is a method that returns a context manager. Several may be active."""

    def __init__(self) -> None:
        """Start without a fault."""
        AnswerFaults.__init__(self)
        StreamFaults.__init__(self)


class FaultGroup(StrEnum):
    """What a client notices of a fault."""

    AUTH = "The token is refused."
    UNREACHABLE = "There is no answer, or one that says so."
    UNREADABLE = "There is an answer that means nothing."
    ODD = "There is an answer of an unexpected shape, or one worth reading."
    SILENCE = "There is no answer for as long as one waits."
    STREAM = "The stream ends, or cannot be had."
    FRAMES = "The stream says what means nothing."
    ODD_FRAMES = "The stream says something of an unexpected shape."
    ORDER = "The stream tells too little, too much, or in another order."


type Begin = Callable[[Faults], AbstractContextManager[object]]


@dataclass(frozen=True, slots=True)
class FaultCase:
    """A row of the table: `with case.begin(plex.faults): ...`."""

    name: str
    group: FaultGroup
    begin: Begin


def _cases(group: FaultGroup, **begins: Begin) -> tuple[FaultCase, ...]:
    """Return cases of one group."""
    return tuple(FaultCase(name, group, begin) for name, begin in begins.items())


def _wrong_shape(name: str) -> Begin:
    return lambda faults: faults.wrong_shape(name, path="/activities", method="GET")


def _bad_frames(kind: str) -> Begin:
    return lambda faults: faults.bad_frames(kind)


def _odd_frames(kind: str) -> Begin:
    return lambda faults: faults.odd_frames(kind)


FAULTS: tuple[FaultCase, ...] = (
    *_cases(
        FaultGroup.AUTH,
        unauthorized=Faults.unauthorized,
        token_expired=Faults.token_expired,
    ),
    *_cases(
        FaultGroup.UNREACHABLE,
        forbidden=Faults.forbidden,
        starting_up=Faults.starting_up,
        bad_gateway=lambda faults: faults.status(502),
        not_found=lambda faults: faults.status(404),
        server_error=lambda faults: faults.status(500),
        reset=Faults.reset,
        cut_off=Faults.cut_off,
    ),
    *_cases(
        FaultGroup.UNREADABLE,
        half_json=Faults.half_json,
        malformed_json=Faults.malformed_json,
        invalid_utf8=Faults.invalid_utf8,
        empty_body=Faults.empty_body,
        html=Faults.html,
        xml=Faults.xml,
        huge=Faults.huge,
        redirect=Faults.redirect,
    ),
    *_cases(
        FaultGroup.ODD,
        **{f"wrong_shape_{name}": _wrong_shape(name) for name in WRONG_SHAPES},
    ),
    *_cases(
        FaultGroup.SILENCE,
        hanging=Faults.hanging,
        trickling=Faults.trickling,
        stream_half_open=Faults.stream_half_open,
    ),
    *_cases(
        FaultGroup.STREAM,
        upgrade_refused_400=lambda faults: faults.upgrade_refused(400),
        upgrade_refused_404=lambda faults: faults.upgrade_refused(404),
        upgrade_refused_502=lambda faults: faults.upgrade_refused(502),
        streams_refused=Faults.streams_refused,
        stream_aborted=Faults.stream_dropped,
        stream_closed=lambda faults: faults.stream_dropped(politely=True),
    ),
    *_cases(
        FaultGroup.FRAMES,
        frames_without_end=Faults.frames_without_end,
        **{f"bad_frames_{kind}": _bad_frames(kind) for kind in BAD_FRAMES},
    ),
    *_cases(
        FaultGroup.ODD_FRAMES,
        **{f"odd_frames_{kind}": _odd_frames(kind) for kind in ODD_FRAMES},
    ),
    *_cases(
        FaultGroup.ORDER,
        all_lost=Faults.notifications_lost,
        starts_lost=lambda faults: faults.notifications_lost("started"),
        updates_lost=lambda faults: faults.notifications_lost("updated"),
        ends_lost=lambda faults: faults.notifications_lost("ended"),
        duplicated=Faults.notifications_duplicated,
        reordered=Faults.notifications_reordered,
        delayed=Faults.notifications_delayed,
        filters_ignored=Faults.filters_ignored,
    ),
)
"""Every fault, once; `snapshot_in_flight` and `slow` excepted, which need a hand."""


def faults_of(*groups: FaultGroup) -> tuple[FaultCase, ...]:
    """Return the cases of some groups, for `pytest.mark.parametrize`."""
    return tuple(case for case in FAULTS if case.group in groups)
