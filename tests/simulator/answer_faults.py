"""Faults of the answers: which requests they hit, and what those get instead."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypedDict, Unpack

from aiohttp import web

from . import answers
from .answers import Held, Respond
from .pages import JWT_EXPIRED, Handler
from .wrong_shapes import WRONG_SHAPES

WEBSOCKET_PATH = "/:/websockets/"
EVENTSOURCE_PATH = "/:/eventsource/"


type Fault = AbstractContextManager[AnswerFault]


class Limits(TypedDict, total=False):
    """Which requests a fault is about; without limits it is all of them."""

    path: str
    """How their path begins."""
    method: str


@dataclass(slots=True, eq=False)
class AnswerFault:
    """What some of the requests get instead of the right answer."""

    respond: Respond
    path: str
    method: str | None
    answered: int = 0
    """How many requests have got it."""

    def hits(self, request: web.Request) -> bool:
        """Return whether this fault is about a request."""
        return request.path.startswith(self.path) and self.method in {
            None,
            request.method,
        }


class AnswerFaults:
    """The faults of the answers; each one lasts as long as its `with`.

    All can be limited to paths that begin in a certain way, and to one method.
    Of several, the one that began last is asked first.
    """

    def __init__(self) -> None:
        """Start without a fault."""
        self._active: list[AnswerFault] = []

    @contextmanager
    def answer(
        self, respond: Respond, **limits: Unpack[Limits]
    ) -> Iterator[AnswerFault]:
        """Answer requests in a way of one's own."""
        fault = AnswerFault(respond, limits.get("path", ""), limits.get("method"))
        self._active.append(fault)
        try:
            yield fault
        finally:
            self._active.remove(fault)

    def status(self, code: int, **limits: Unpack[Limits]) -> Fault:
        """Answer with an error page."""
        return self.answer(answers.status(code), **limits)

    def unauthorized(self, **limits: Unpack[Limits]) -> Fault:
        """Answer 401, as if the token were worth nothing."""
        return self.status(401, **limits)

    def forbidden(self, **limits: Unpack[Limits]) -> Fault:
        """Answer 403, as if the token were not the owner's."""
        return self.status(403, **limits)

    def token_expired(self, **limits: Unpack[Limits]) -> Fault:
        """Answer 498, as plex.tv does for a token that has run out."""
        return self.status(JWT_EXPIRED, **limits)

    def upgrade_refused(self, code: int = 400) -> Fault:
        """Refuse WebSockets, as proxies do with 400, 404 or 502."""
        return self.status(code, path=WEBSOCKET_PATH)

    def eventsource_refused(self, code: int = 404) -> Fault:
        """Refuse EventSources as well."""
        return self.status(code, path=EVENTSOURCE_PATH)

    def streams_refused(self, code: int = 404) -> Fault:
        """Refuse both kinds of stream."""
        return self.status(code, path=answers.STREAMS)

    def starting_up(self, **limits: Unpack[Limits]) -> Fault:
        """Answer 503, as Plex does while it starts."""
        return self.answer(answers.starting_up, **limits)

    def slow(self, seconds: float, **limits: Unpack[Limits]) -> Fault:
        """Answer rightly, after that many real seconds."""
        return self.answer(answers.slow(seconds), **limits)

    def hanging(self, **limits: Unpack[Limits]) -> Fault:
        """Never answer."""
        return self.answer(answers.hanging, **limits)

    def trickling(self, **limits: Unpack[Limits]) -> Fault:
        """Answer a byte at a time, without end."""
        return self.answer(answers.trickling, **limits)

    def reset(self, **limits: Unpack[Limits]) -> Fault:
        """Cut the connection instead of answering."""
        return self.answer(answers.reset, **limits)

    def cut_off(self, **limits: Unpack[Limits]) -> Fault:
        """Cut the connection in the middle of the answer."""
        return self.answer(answers.cut_off, **limits)

    def half_json(self, **limits: Unpack[Limits]) -> Fault:
        """Answer with half of the JSON."""
        return self.answer(answers.half_json, **limits)

    def malformed_json(self, **limits: Unpack[Limits]) -> Fault:
        """Answer with JSON that is none."""
        return self.answer(answers.malformed_json, **limits)

    def invalid_utf8(self, **limits: Unpack[Limits]) -> Fault:
        """Answer with bytes that are no text."""
        return self.answer(answers.invalid_utf8, **limits)

    def empty_body(self, **limits: Unpack[Limits]) -> Fault:
        """Answer 200 with nothing."""
        return self.answer(answers.empty_body, **limits)

    def html(self, **limits: Unpack[Limits]) -> Fault:
        """Answer 200 with somebody else's web page."""
        return self.answer(answers.html, **limits)

    def xml(self, **limits: Unpack[Limits]) -> Fault:
        """Answer with XML although JSON was asked for."""
        return self.answer(answers.xml, **limits)

    def huge(self, size: int = answers.HUGE, **limits: Unpack[Limits]) -> Fault:
        """Answer with far too much."""
        return self.answer(answers.huge(size), **limits)

    def redirect(
        self, location: str = "/web/index.html", **limits: Unpack[Limits]
    ) -> Fault:
        """Send the client somewhere else."""
        return self.answer(answers.redirect(location), **limits)

    def wrong_shape(self, name: str, **limits: Unpack[Limits]) -> Fault:
        """Answer with one of WRONG_SHAPES."""
        return self.answer(answers.changed(WRONG_SHAPES[name]), **limits)

    @contextmanager
    def snapshot_in_flight(
        self, *, path: str = "/activities", method: str = "GET"
    ) -> Iterator[Held]:
        """Compute answers when asked, and deliver them when released."""
        held = Held()
        with self.answer(held.respond, path=path, method=method):
            try:
                yield held
            finally:
                held.release()

    @web.middleware
    async def interfere(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Let the faults that are about a request answer it."""
        for fault in tuple(self._active):
            if fault.hits(request):
                fault.answered += 1
                handler = partial(fault.respond, handler=handler)
        return await handler(request)
