"""The blueprints: automations made from them, run by real Home Assistant."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
import shutil
from typing import Any

from homeassistant.components.automation import DOMAIN as AUTOMATION
from homeassistant.components.automation.helpers import async_get_blueprints
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import selector
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from tests.simulator import Activity

from .actions import deletions, start, start_scan
from .automations import until_live
from .server import Server, until

BLUEPRINTS = Path(__file__).parents[2] / "blueprints"
NAMES = sorted(path.stem for path in BLUEPRINTS.glob("automation/*/*.yaml"))
SOURCE = "https://github.com/plex-activities/plex-activities/blob/main/blueprints"
CREDITS = "media.generate.credits"
SCAN = "library.update.section"
AT_ONCE = pytest.mark.parametrize("server", [{"settle_seconds": 0}], indirect=True)


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Return a configuration into which the blueprints were imported."""
    shutil.copytree(BLUEPRINTS, tmp_path / "blueprints")
    return str(tmp_path)


@pytest.fixture(autouse=True)
async def _no_automation_outlives_its_test(
    hass: HomeAssistant, server: Server
) -> AsyncIterator[None]:
    """Stop automations that wait for something, as tests wait until nobody does."""
    yield
    if hass.services.has_service(AUTOMATION, "turn_off"):
        await hass.services.async_call(
            AUTOMATION, "turn_off", {"entity_id": "all"}, blocking=True
        )


@pytest.fixture
def calls(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what automations have done: everything that is called `test.…`."""
    calls = async_mock_service(hass, "test", "first")
    for name in ("second", "third"):
        hass.services.async_register("test", name, calls.append)
    return calls


@pytest.fixture
def phone(hass: HomeAssistant) -> MockConfigEntry:
    """Return a phone on which the official app runs, not set up."""
    entry = MockConfigEntry(
        domain="mobile_app",
        data={
            "app_data": {"push_token": "token", "push_url": "http://127.0.0.1:1/"},
            "app_id": "io.example",
            "app_name": "Home Assistant",
            "app_version": "1",
            "device_id": "phone",
            "device_name": "Phone",
            "manufacturer": "Example",
            "model": "Phone",
            "os_name": "Example",
            "os_version": "1",
            "supports_encryption": False,
            "user_id": "somebody",
            "webhook_id": "webhook",
        },
    )
    entry.add_to_hass(hass)
    return entry


async def use(hass: HomeAssistant, name: str, **inputs: Any) -> None:
    """Make an automation from a blueprint, as a person would."""
    automation = {
        "alias": name,
        "use_blueprint": {"path": f"plex_activities/{name}.yaml", "input": inputs},
    }
    assert await async_setup_component(hass, AUTOMATION, {AUTOMATION: automation})
    await hass.async_block_till_done()
    state = hass.states.get(f"automation.{name}")
    assert state is not None
    assert state.state == "on"


def running(hass: HomeAssistant, name: str) -> int:
    """Return how many runs of the automation go on."""
    state = hass.states.get(f"automation.{name}")
    assert state is not None
    current: int = state.attributes["current"]
    return current


def busy(server: Server) -> str:
    """Return the sensor by which most blueprints know a server."""
    return server.entity_id("busy", "binary_sensor")


def act(name: str, **data: str) -> dict[str, Any]:
    """Return an action that the test sees."""
    return {"action": f"test.{name}", "data": data}


def done(calls: list[ServiceCall]) -> list[str]:
    """Return the names of the actions that were done."""
    return [call.service for call in calls]


# All of them


@pytest.mark.parametrize("name", NAMES)
async def test_a_blueprint_can_be_imported_and_explains_itself(
    hass: HomeAssistant, name: str
) -> None:
    """Its form is all that most people will see of it."""
    path = f"plex_activities/{name}.yaml"
    blueprint = await async_get_blueprints(hass).async_get_blueprint(path)
    assert blueprint.validate() is None
    metadata = blueprint.metadata
    assert metadata["source_url"] == f"{SOURCE}/automation/{path}"
    assert metadata["homeassistant"]["min_version"] == "2026.9.0"
    assert metadata["name"].startswith("Plex: ")
    assert metadata["description"]
    for key, value in blueprint.inputs.items():
        assert value["name"], key
        assert value["description"], key
        if "default" in value:
            validate: Any = selector(value["selector"])
            validate(value["default"])
    assert "mode" in blueprint.data


# Tell when a library is done

TELL = act("first", outcome="{{ outcome }}", text="{{ title }} | {{ message }}")


@AT_ONCE
async def test_a_library_is_done_when_the_work_that_follows_its_scan_is_done(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    """A scan's own end comes half a minute before that of the work on its items."""
    await server.set_up()
    await use(hass, "library_done", server=busy(server), actions=[TELL])
    scan = await start_scan(server, "1")
    metadata = await start(server, "library.update.item.metadata")
    server.plex.world.end(scan)
    await until(lambda: running(hass, "library_done"))
    assert calls == []
    server.plex.world.end(metadata)
    await until(lambda: calls)
    assert calls[0].data == {
        "outcome": "finished",
        "text": "Plex: Movies | The library was scanned."
        " Everything that followed is done.",
    }
    await hass.async_block_till_done()
    assert len(calls) == 1


@AT_ONCE
async def test_a_library_that_is_scanned_again_is_told_once_with_the_last_outcome(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    """Ten imports in a row are ten scans, and one piece of news."""
    await server.set_up()
    await use(hass, "library_done", server=busy(server), actions=[TELL])
    metadata = await start(server, "library.update.item.metadata")
    for library, progress in (("1", 100), ("2", 100), ("1", 40)):
        scan = await start_scan(server, library)
        server.plex.world.end(scan, progress=progress)
        await until(lambda: len(server.events_of(scan.uuid)) == 2)  # noqa: B023
    await until(lambda: running(hass, "library_done") == 3)
    server.plex.world.end(metadata)
    await until(lambda: not running(hass, "library_done"))
    assert {
        call.data["text"].split(" | ")[0]: call.data["outcome"] for call in calls
    } == {
        "Plex: TV Shows": "finished",
        "Plex: Movies": "cancelled",
    }
    assert len(calls) == 2


@AT_ONCE
async def test_only_the_chosen_libraries_and_outcomes_are_told(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    await server.set_up()
    await use(
        hass,
        "library_done",
        server=busy(server),
        libraries=["Movies"],
        outcomes=["cancelled"],
        actions=[TELL],
    )
    for library, progress in (("2", 40), ("1", 100), ("1", 40)):
        scan = await start_scan(server, library)
        server.plex.world.end(scan, progress=progress)
        await until(lambda: len(server.events_of(scan.uuid)) == 2)  # noqa: B023
    await until(lambda: calls)
    await hass.async_block_till_done()
    assert [call.data["text"] for call in calls] == [
        "Plex: Movies | The scan was cancelled. Everything that followed is done."
    ]


async def test_a_library_is_told_after_the_longest_wait_in_any_case(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    """With what is true then."""
    await server.set_up()
    patience = {"milliseconds": 10}
    inputs = {"server": busy(server), "patience": patience, "actions": [TELL]}
    await use(hass, "library_done", **inputs)
    server.plex.world.end(await start_scan(server, "1"))
    await until(lambda: calls)
    assert calls[0].data["text"].endswith("The server still works on something.")


@AT_ONCE
async def test_without_further_ado_a_library_is_told_in_home_assistant(
    hass: HomeAssistant, server: Server
) -> None:
    """Whoever does not know yet how to be told is told anyway."""
    told = async_mock_service(hass, "persistent_notification", "create")
    await server.set_up()
    await use(hass, "library_done", server=busy(server))
    server.plex.world.end(await start_scan(server, "3"))
    await until(lambda: told)
    assert told[0].data["title"] == "Plex: Music"


# Warn about a stalled activity

STALLS_SOON = pytest.mark.parametrize(
    "server", [{"stalled_minutes": 1e-9}], indirect=True
)


async def stall(server: Server, activity: Activity) -> None:
    """Let time pass without progress: a moment, for this server."""
    await server.coordinator.async_refresh()
    await server.until_event("stalled", activity.uuid)


async def warn(
    hass: HomeAssistant, server: Server, phone: MockConfigEntry, **inputs: Any
) -> list[ServiceCall]:
    """Make the automation, and return what its phone is sent."""
    assert await async_setup_component(hass, "mobile_app", {})
    await hass.async_block_till_done()
    sent = async_mock_service(hass, "notify", "mobile_app_phone")
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), phone.entry_id)
    event = server.entity_id("event", "event")
    await use(hass, "stalled_activity", server=event, phone=device.id, **inputs)
    return sent


def press(hass: HomeAssistant, notification: ServiceCall, title: str) -> None:
    """Press a button of a notification, on the phone."""
    (action,) = (
        action["action"]
        for action in notification.data["data"]["actions"]
        if action["title"] == title
    )
    hass.bus.async_fire("mobile_app_notification_action", {"action": action})


@STALLS_SOON
@pytest.mark.parametrize(
    ("kind", "news"),
    [
        ("media.download", "Fetching was cancelled."),
        (
            CREDITS,
            "Fetching could not be cancelled. The trace of the automation says why.",
        ),
    ],
    ids=["it can be", "it cannot be"],
)
async def test_a_stalled_activity_can_be_cancelled_from_the_phone(
    hass: HomeAssistant,
    server: Server,
    phone: MockConfigEntry,
    kind: str,
    news: str,
) -> None:
    """And the phone says what became of it."""
    await server.set_up()
    sent = await warn(hass, server, phone)
    activity = await start(
        server,
        kind,
        title="Fetching",
        subtitle="Heat (1995)",
        cancellable=kind != CREDITS,
    )
    await stall(server, activity)
    await until(lambda: sent)
    assert sent[0].data["message"] == (
        "Fetching (Heat (1995)) has made no progress for a long time."
    )
    assert deletions(server) == []
    press(hass, sent[0], "Cancel it")
    await until(lambda: len(sent) == 2)
    assert sent[1].data["message"] == news
    assert sent[1].data["data"]["tag"] == sent[0].data["data"]["tag"]
    assert server.plex.world.is_running(activity) is (kind == CREDITS)


@STALLS_SOON
async def test_a_stalled_activity_can_be_left_alone(
    hass: HomeAssistant, server: Server, phone: MockConfigEntry
) -> None:
    await server.set_up()
    sent = await warn(hass, server, phone)
    activity = await start(server)
    await stall(server, activity)
    await until(lambda: sent)
    press(hass, sent[0], "Leave it")
    await until(lambda: not running(hass, "stalled_activity"))
    assert len(sent) == 1
    assert deletions(server) == []


@STALLS_SOON
@pytest.mark.parametrize("it_ends", [True, False], ids=["ends", "goes on"])
async def test_a_warning_goes_away_when_there_is_nothing_left_to_decide(
    hass: HomeAssistant, server: Server, phone: MockConfigEntry, it_ends: bool
) -> None:
    """A button that would cancel something else, or nothing, is no help."""
    await server.set_up()
    sent = await warn(hass, server, phone)
    activity = await start(server)
    await stall(server, activity)
    await until(lambda: sent)
    if it_ends:
        server.plex.world.end(activity)
    else:
        server.plex.world.update(activity, progress=60)
    await until(lambda: len(sent) == 2)
    assert sent[1].data["message"] == "clear_notification"
    assert sent[1].data["data"]["tag"] == sent[0].data["data"]["tag"]


@STALLS_SOON
async def test_only_the_chosen_types_are_warned_about(
    hass: HomeAssistant, server: Server, phone: MockConfigEntry
) -> None:
    """The credits of a long film take their time, and some do not want to know."""
    await server.set_up()
    sent = await warn(hass, server, phone, activity_types=[SCAN])
    credits_detection = await start(server, CREDITS)
    scan = await start_scan(server, "1")
    await stall(server, credits_detection)
    await stall(server, scan)
    await until(lambda: sent)
    assert running(hass, "stalled_activity") == 1
    assert [call.data["data"]["tag"] for call in sent] == [f"plex_stalled_{scan.uuid}"]


# Hold a shutdown

SHUTDOWN = {
    "triggers": [{"trigger": "event", "event_type": "shut_down"}],
    "actions": [act("first")],
    "held_actions": [act("second")],
    "given_up_actions": [act("third")],
}


@AT_ONCE
async def test_a_shutdown_waits_until_the_server_has_settled(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    """However often it is asked for meanwhile."""
    await server.set_up()
    await use(hass, "hold_shutdown", server=busy(server), **SHUTDOWN)
    activity = await start(server)
    for _ in range(3):
        hass.bus.async_fire("shut_down")
        await until(lambda: done(calls) == ["second"])
    server.plex.world.end(activity)
    await until(lambda: not running(hass, "hold_shutdown"))
    assert done(calls) == ["second", "first"]


async def test_a_shutdown_does_not_wait_for_a_server_at_rest(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    await server.set_up()
    await use(hass, "hold_shutdown", server=busy(server), **SHUTDOWN)
    hass.bus.async_fire("shut_down")
    await until(lambda: calls)
    await hass.async_block_till_done()
    assert done(calls) == ["first"]


@pytest.mark.parametrize(
    ("in_any_case", "then"), [(False, "third"), (True, "first")], ids=["no", "yes"]
)
async def test_a_shutdown_is_not_held_for_ever(
    hass: HomeAssistant,
    server: Server,
    calls: list[ServiceCall],
    in_any_case: bool,
    then: str,
) -> None:
    """Whether it happens then is for the owner to say."""
    await server.set_up()
    await use(
        hass,
        "hold_shutdown",
        server=busy(server),
        patience={"milliseconds": 10},
        in_any_case=in_any_case,
        **SHUTDOWN,
    )
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
        hass.bus.async_fire("shut_down")
        await until(lambda: len(calls) == 2)
        assert done(calls) == ["second", then]
    await until_live(server)


@AT_ONCE
async def test_nothing_has_to_be_done_about_a_shutdown_that_waits(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    """What may be left empty in the form may be empty."""
    await server.set_up()
    asked, shut_down = SHUTDOWN["triggers"], SHUTDOWN["actions"]
    inputs = {"server": busy(server), "triggers": asked, "actions": shut_down}
    await use(hass, "hold_shutdown", **inputs)
    activity = await start(server)
    hass.bus.async_fire("shut_down")
    await until(lambda: running(hass, "hold_shutdown"))
    server.plex.world.end(activity)
    await until(lambda: calls)


# Pause something

PAUSE = {"pause_actions": [act("first")], "resume_actions": [act("second")]}


@AT_ONCE
async def test_something_pauses_while_the_server_is_busy(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    await server.set_up()
    await use(hass, "pause_while_busy", server=busy(server), **PAUSE)
    first, second = await start(server), await start(server)
    await until(lambda: done(calls) == ["first"])
    server.plex.world.end(first)
    await server.until_event("finished", first.uuid)
    await hass.async_block_till_done()
    assert done(calls) == ["first"]
    server.plex.world.end(second)
    await until(lambda: done(calls) == ["first", "second"])


@AT_ONCE
async def test_what_is_paused_stays_so_while_the_server_cannot_be_reached(
    hass: HomeAssistant, server: Server, calls: list[ServiceCall]
) -> None:
    """And goes on afterwards, if the server has settled meanwhile."""
    await server.set_up()
    await use(hass, "pause_while_busy", server=busy(server), **PAUSE)
    activity = await start(server)
    await until(lambda: calls)
    async with server.plex.unreachable():
        await server.until_state("busy", STATE_UNAVAILABLE, "binary_sensor")
        server.plex.world.end(activity)
        await hass.async_block_till_done()
        assert done(calls) == ["first"]
    await until(lambda: done(calls) == ["first", "second"])
    await until_live(server)


@AT_ONCE
@pytest.mark.parametrize(
    ("is_busy", "then"), [(True, "first"), (False, "second")], ids=["busy", "settled"]
)
async def test_what_changed_while_home_assistant_was_away_is_made_up_for(
    hass: HomeAssistant,
    server: Server,
    calls: list[ServiceCall],
    is_busy: bool,
    then: str,
) -> None:
    """Downloads that nobody resumes are found a week later."""
    for _ in range(is_busy):
        server.plex.world.start(CREDITS)
    hass.set_state(CoreState.not_running)
    await server.set_up()
    await use(hass, "pause_while_busy", server=busy(server), **PAUSE)
    assert calls == []
    await hass.async_start()
    await until(lambda: calls)
    await hass.async_block_till_done()
    assert done(calls) == [then]


# Scan at night


def scans(server: Server) -> list[str]:
    """Return the libraries that were asked to be scanned, in that order."""
    return [
        request.path.split("/")[3]
        for request in server.plex.requests.to("GET", "/library/sections/")
        if request.path.endswith("/refresh")
    ]


async def scan_at_night(hass: HomeAssistant, server: Server, **inputs: Any) -> None:
    """Make the automation: its window opens in an hour and closes in two."""
    now = dt_util.now()
    sensors = [
        server.entity_id(f"activity_{SCAN}_{library}") for library in ("2", "1", "3")
    ]
    await use(
        hass,
        "nightly_scan",
        server=busy(server),
        libraries=sensors,
        start=f"{now + timedelta(hours=1):%H:%M:%S}",
        end=f"{now + timedelta(hours=2):%H:%M:%S}",
        **inputs,
    )


async def open_window(hass: HomeAssistant) -> None:
    """Run the automation as if it were time."""
    data = {"entity_id": "automation.nightly_scan", "skip_condition": False}
    await hass.services.async_call(AUTOMATION, "trigger", data)


async def close_window(hass: HomeAssistant) -> None:
    """Let those run out of time who wait no longer than until the window closes."""
    in_two_hours = hass.loop.time() + timedelta(hours=2).total_seconds()

    def has_nobody_left() -> bool:
        for handle in list(get_scheduled_timer_handles(hass.loop)):
            if not handle.cancelled() and abs(handle.when() - in_two_hours) < 60:
                handle._run()
                handle.cancel()
        return not running(hass, "nightly_scan")

    await until(has_nobody_left)


async def fetching(server: Server) -> Activity:
    """Let the server fetch the metadata of an item, as it does after a scan."""
    metadata = server.plex.world.start("library.update.item.metadata")
    await server.until_event("started", metadata.uuid)
    return metadata


async def scanning(server: Server, library: str) -> Activity:
    """Wait until a library is scanned because somebody asked for it."""
    await until(lambda: server.plex.world.is_refreshing(library))
    (scan,) = (one for one in server.plex.world.activities if one.type == SCAN)
    server.plex.world.progress_scan(scan, progress=40)
    await server.until_event("started", scan.uuid)
    return scan


@AT_ONCE
async def test_libraries_are_scanned_one_after_the_other(
    hass: HomeAssistant, server: Server
) -> None:
    """In the given order, and each when all work of the one before is done."""
    await server.set_up()
    await scan_at_night(hass, server)
    await open_window(hass)
    first = await scanning(server, "2")
    metadata = await fetching(server)
    server.plex.world.end(first)
    await server.until_event("finished", first.uuid)
    await server.coordinator.async_refresh()
    assert scans(server) == ["2"]
    server.plex.world.end(metadata)
    for library in ("1", "3"):
        server.plex.world.end(await scanning(server, library))
    await until(lambda: not running(hass, "nightly_scan"))
    assert scans(server) == ["2", "1", "3"]
    assert deletions(server) == []


@AT_ONCE
@pytest.mark.parametrize("cancel_at_end", [True, False], ids=["cancelled", "left"])
async def test_when_the_window_closes_no_other_scan_starts(
    hass: HomeAssistant, server: Server, cancel_at_end: bool
) -> None:
    """Whether the one that runs is cancelled is for the owner to say."""
    await server.set_up()
    await scan_at_night(hass, server, cancel_at_end=cancel_at_end)
    await open_window(hass)
    scan = await scanning(server, "2")
    metadata = await fetching(server)
    await close_window(hass)
    assert bool(deletions(server)) is cancel_at_end
    assert server.plex.world.is_running(scan) is not cancel_at_end
    assert server.plex.world.is_running(metadata)
    assert scans(server) == ["2"]


@pytest.mark.parametrize("is_chosen", [True, False], ids=["chosen", "another day"])
async def test_the_window_opens_at_its_time_on_the_chosen_days(
    hass: HomeAssistant, server: Server, is_chosen: bool
) -> None:
    await server.set_up()
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    today = dt_util.now().weekday()
    # Midnight may pass while this runs.
    near = {days[today], days[(today + 1) % 7]}
    chosen = [day for day in days if (day in near) is is_chosen]
    await scan_at_night(hass, server, days=chosen)
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=59))
    await hass.async_block_till_done()
    assert not running(hass, "nightly_scan")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(minutes=61))
    await until(lambda: bool(running(hass, "nightly_scan")) is is_chosen)


@AT_ONCE
async def test_a_library_that_cannot_be_scanned_does_not_hold_up_the_others(
    hass: HomeAssistant, server: Server
) -> None:
    """A server may refuse one of them for reasons of its own."""
    await server.set_up()
    await scan_at_night(hass, server)
    with server.plex.faults.status(500, path="/library/sections/2/refresh"):
        await open_window(hass)
        server.plex.world.end(await scanning(server, "1"))
    server.plex.world.end(await scanning(server, "3"))
    await until(lambda: not running(hass, "nightly_scan"))
    assert scans(server) == ["2", "1", "3"]
