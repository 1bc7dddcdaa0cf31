"""What becomes of entities, events and the log when the server, or the way, fails."""

from dataclasses import replace
from datetime import timedelta

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.plex_activities.runs import Run
from tests.simulator import SimulatedPlex

from .conftest import QUICK
from .server import Server, until

CREDITS = "media.generate.credits"
SENSOR = f"activity_{CREDITS}"


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the integration has written, from INFO upwards."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.plex_activities")
        and record.levelname != "DEBUG"
    ]


async def test_a_server_that_goes_away_is_told_once_and_once_when_it_is_back(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that sleeps at night must not fill anybody's log."""
    await server.set_up()
    async with server.plex.unreachable():
        await server.until_state("running", "unavailable")
        assert server.state("live", "binary_sensor").state == "off"
        assert server.state("live", "binary_sensor").attributes["transport"] is None
    await server.until_state("running", "0")
    await server.until_state("live", "on", "binary_sensor")
    down, up = messages(caplog)
    assert "refused the connection" in down
    assert "recovered" in up
    assert server.plex.token not in caplog.text


async def test_what_ran_when_the_server_restarted_was_interrupted(
    server: Server,
) -> None:
    """The server says nothing about it: it has forgotten it."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS, progress=-1)
    await server.until_event("started", activity.uuid)
    async with server.plex.restarting():
        await server.until_state(SENSOR, "unavailable")
    event = await server.until_event("interrupted", activity.uuid)
    assert event["observed"] is False
    assert (await server.until_state(SENSOR, "interrupted")).attributes["ended_at"]


async def test_another_version_is_a_restart_that_nobody_saw(server: Server) -> None:
    """An update can be over before we notice that the stream is gone."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    await server.until_event("started", activity.uuid)
    server.plex.world.restart(version="9.9.9")
    server.plex.streams.drop()
    await server.until_event("interrupted", activity.uuid)


async def test_a_stream_that_breaks_loses_no_end(server: Server) -> None:
    """What ended while nobody listened is found by the next snapshot."""
    await server.set_up()
    activity = server.plex.world.start(CREDITS)
    other = server.plex.world.start("media.download")
    await server.until_event("started", other.uuid)
    with server.plex.faults.notifications_lost("ended"):
        server.plex.world.end(activity)
    server.plex.streams.drop()
    assert (await server.until_event("finished", activity.uuid))["observed"] is False
    await server.until_state("live", "on", "binary_sensor")
    server.plex.world.end(other)
    assert (await server.until_event("finished", other.uuid))["observed"] is True
    assert len(server.events) == 4


async def test_without_websocket_there_is_eventsource(server: Server) -> None:
    """Some proxies do not pass upgrades on."""
    with server.plex.faults.upgrade_refused(400):
        await server.set_up()
        live = server.state("live", "binary_sensor")
        assert live.state == "on"
        assert live.attributes["transport"] == "eventsource"
        activity = server.plex.world.start(CREDITS)
        await server.until_event("started", activity.uuid)


@pytest.mark.parametrize("timing", [replace(QUICK, silence=0.3)])
async def test_a_websocket_that_never_gives_a_sign_of_life_is_given_up_for_eventsource(
    server: Server,
) -> None:
    """Some proxies swallow pings; an idle server would be taken for dead for ever."""
    with server.plex.faults.stream_half_open():
        await server.set_up()
        await until(lambda: server.coordinator.news_arrive_by == "eventsource")
    await server.until_state("live", "on", "binary_sensor")


@pytest.mark.parametrize("timing", [replace(QUICK, retry_reset=0)])
async def test_without_any_stream_there_is_polling_and_one_line_says_so(
    server: Server,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Late is better than never, and it is known to be late."""
    with server.plex.faults.status(404, path="/:/"):
        await server.set_up(live=False)
        await until(lambda: len(messages(caplog)) == 1)
        live = server.state("live", "binary_sensor")
        assert live.state == "off"
        assert live.attributes["transport"] == "polling"
        activity = server.plex.world.start(CREDITS)
        event = await server.until_event("started", activity.uuid)
        assert event["observed"] is False
        assert len(messages(caplog)) == 1
    await server.until_state("live", "on", "binary_sensor")
    await until(lambda: len(messages(caplog)) == 2)
    lost, back = messages(caplog)
    assert "polling every 15 seconds" in lost
    assert "are back" in back


@pytest.mark.parametrize("timing", [replace(QUICK, retry_reset=20)])
async def test_a_stream_that_comes_and_goes_is_told_once(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """A proxy that accepts streams and drops them does so a thousand times a day."""
    await server.set_up()
    opened = server.plex.streams.opened
    with server.plex.faults.stream_dropped():
        await server.plex.opened(opened + 6)
    await server.until_state("live", "on", "binary_sensor")
    (lost,) = messages(caplog)
    assert "No live updates" in lost


SELDOM = replace(
    QUICK,
    poll_without_stream=timedelta(seconds=0.1),
    retry_minimum=60,
    retry_maximum=60,
)


@pytest.mark.parametrize("timing", [SELDOM], ids=["seldom"])
async def test_a_server_that_has_no_stream_for_us_at_once_had_one_outage(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """While it starts, one is as likely to be refused as to be answered."""
    await server.set_up()
    requests, faults = server.plex.requests, server.plex.faults
    with faults.streams_refused() as refused:
        with faults.status(500) as fault:
            server.plex.streams.drop()
            await until(lambda: fault.answered >= 6)
            attempts = refused.answered
        await until(lambda: refused.answered == attempts + 2)
        await requests.wait_for(
            "GET", "/activities", count=len(requests.to("GET", "/activities")) + 3
        )
        down, up = messages(caplog)
        assert "Error fetching" in down
        assert "recovered" in up


async def test_a_refused_token_asks_for_a_new_one(
    hass: HomeAssistant, server: Server
) -> None:
    """Polling on with it would be silence."""
    await server.set_up()
    with server.plex.faults.unauthorized():
        server.plex.streams.drop()
        await until(hass.config_entries.flow.async_progress)
        (flow,) = hass.config_entries.flow.async_progress()
        assert flow["context"]["source"] == SOURCE_REAUTH
        await server.until_state("running", "unavailable")
    await server.until_state("running", "0")


async def test_a_server_that_starts_up_is_waited_for(
    hass: HomeAssistant, plex: SimulatedPlex, server: Server
) -> None:
    """It answers, but not yet what it knows."""
    with plex.faults.starting_up():
        await hass.config_entries.async_setup(server.entry.entry_id)
        assert server.entry.state is ConfigEntryState.SETUP_RETRY
        assert "starting up" in (server.entry.reason or "")
    await hass.config_entries.async_reload(server.entry.entry_id)
    await until(lambda: server.entry.state is ConfigEntryState.LOADED)


async def test_another_server_at_the_address_is_not_taken_for_ours(
    hass: HomeAssistant, plex: SimulatedPlex, server: Server
) -> None:
    """Its activities would appear under the wrong name."""
    hass.config_entries.async_update_entry(server.entry, unique_id="another")
    await hass.config_entries.async_setup(server.entry.entry_id)
    assert server.entry.state is ConfigEntryState.SETUP_RETRY
    assert "another Plex Media Server" in (server.entry.reason or "")


async def test_a_poll_that_fails_while_the_stream_lives_holds_events_back(
    hass: HomeAssistant, server: Server
) -> None:
    """An event that brings an entity back to life is taken for a mere return."""
    await server.set_up()
    with server.plex.faults.status(500, path="/activities"):
        await server.coordinator.async_refresh()
        await server.until_state("running", "unavailable")
        activity = server.plex.world.start(CREDITS)
        await until(lambda: server.coordinator.book.running)
        assert server.events == []
    async_fire_time_changed(hass, fire_all=True)
    await server.until_event("started", activity.uuid)


async def test_a_mistake_of_ours_costs_one_notification_and_not_the_stream(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever hears of a run may have a fault that nobody has found yet."""
    await server.set_up()

    def fail(_: Run) -> None:
        raise ZeroDivisionError

    disconnect = server.coordinator.book.run_changed.connect(fail)
    activity = server.plex.world.start(CREDITS)
    await until(lambda: "Could not handle a notification" in caplog.text)
    disconnect()
    server.plex.world.end(activity)
    await server.until_event("finished", activity.uuid)
    assert server.coordinator.listener.transport is not None


@pytest.mark.parametrize("timing", [replace(QUICK, retry_reset=0)])
async def test_a_stream_that_has_lasted_begins_anew_with_its_patience(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """One short loss a day must not add up to a warning in a week."""
    await server.set_up()
    for _ in range(3):
        opened = server.plex.streams.opened
        server.plex.streams.drop()
        await server.plex.opened(opened + 1)
        await until(lambda: server.coordinator.listener.transport is not None)
    assert messages(caplog) == []
