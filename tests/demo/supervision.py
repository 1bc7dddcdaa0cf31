"""Programs from their start to an orderly end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
import re

from .integration import DOMAIN
from .patience import MissingError, say
from .program import Program
from .surroundings import ATTIC

# What Home Assistant itself warns of says more about the machine: that something was
# slow, or that the integration is not its own. And one server refuses its token because
# the check has taken it back; from any other it would be a complaint.
COMPLAINT = re.compile(
    rf"^.* WARNING .*\[custom_components\.{DOMAIN}"
    rf"(?!\] Config entry '{ATTIC}' .* could not authenticate: ).*$"
    rf"|^.* (?:ERROR|CRITICAL) .*{DOMAIN}.*$"
    rf"|^ +File .*/{DOMAIN}/.*$",
    re.MULTILINE,
)


@asynccontextmanager
async def supervised(*programs: Program) -> AsyncIterator[None]:
    """Start programs, watch that they run, stop them, and see that all was well."""
    try:
        async with AsyncExitStack() as stack:
            for program in programs:
                await stack.enter_async_context(program)
            await stack.enter_async_context(_watched(*programs))
            yield
    except MissingError:
        for program in programs:
            say(program.last_words)
        raise
    _see_clean_end(*programs)


@asynccontextmanager
async def _watched(*programs: Program) -> AsyncIterator[None]:
    """Fail as soon as a program ends by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            watchers = [group.create_task(program.watch()) for program in programs]
            yield
            for watcher in watchers:
                watcher.cancel()
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _see_clean_end(*programs: Program) -> None:
    """See that each program stopped, and that nobody complained of the integration."""
    for program in programs:
        if program.status != 0:
            raise MissingError(
                f"an orderly stop of {program.name}; its status was {program.status}"
            )
        if complaints := COMPLAINT.findall(program.output):
            lines = "\n  ".join(complaints)
            raise MissingError(f"a clean log of {program.name}; it has\n  {lines}")
    say("seen: everything stopped, and the logs are clean")
