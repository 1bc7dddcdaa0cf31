"""Whatever goes wrong: afterwards everything is true again, and was told once."""

from dataclasses import replace

import pytest

from custom_components.plex_activities.const import Timing
from tests.simulator import FAULTS, FaultCase

from .conftest import QUICK
from .server import Server, until

CREDITS = "media.generate.credits"


@pytest.fixture
def timing() -> Timing:
    """Lose patience quickly: some of the faults are silence."""
    return replace(QUICK, request=0.5, silence=0.6)


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in FAULTS])
async def test_after_any_fault_everything_is_true_and_was_told_once(
    server: Server, case: FaultCase, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing that a server says or does not say may stop us, or make us lie."""
    await server.set_up()
    world = server.plex.world
    before = world.start(CREDITS)
    await server.until_event("started", before.uuid)

    opened = server.plex.streams.opened
    with case.begin(server.plex.faults):
        during = world.start("media.download", progress=10)
        world.update(before, progress=50)
        await server.coordinator.async_refresh()
        world.end(before)
    server.plex.streams.drop()
    await server.plex.opened(opened + 1)
    after = world.start("provider.epg.load")

    await until(
        lambda: (
            server.coordinator.last_update_success
            and server.coordinator.listener.transport
            and server.coordinator.book.running.keys() == {during.uuid, after.uuid}
        )
    )
    world.end(during)
    world.end(after)
    await until(lambda: not server.coordinator.book.running)
    await server.until_event("finished", after.uuid)
    for activity in (before, during, after):
        start, end = server.events_of(activity.uuid)
        assert start["event_type"] == "started"
        assert end["event_type"] in {"finished", "cancelled", "interrupted"}
    loud = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components") and record.levelname != "DEBUG"
    ]
    # One line when it begins, one when it is over, for the server and for its stream.
    assert len(loud) <= 4
    assert not any("Unexpected" in line or "Could not handle" in line for line in loud)
