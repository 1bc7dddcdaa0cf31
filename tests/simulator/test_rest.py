"""What can be asked, and who may ask it."""

from collections.abc import Iterable

import pytest

from . import Cancelling, SimulatedPlex
from .caller import Caller

EVERYBODY = (
    ("GET", "/"),
    ("GET", "/activities"),
    ("GET", "/library/sections"),
    ("GET", "/library/sections/all"),
    ("GET", "/livetv/dvrs"),
)
OWNER_ONLY = (
    ("DELETE", "/activities/{activity}"),
    ("GET", "/accounts"),
    ("GET", "/butler"),
    ("GET", "/library"),
    ("GET", "/library/sections/1/refresh"),
    ("GET", "/library/sections/all/refresh"),
    ("GET", "/status/sessions"),
    ("GET", "/status/sessions/background"),
    ("POST", "/butler/BackupDatabase"),
    ("POST", "/library/sections/1/refresh"),
    ("POST", "/library/sections/all/refresh"),
    ("POST", "/livetv/dvrs/28/reloadGuide"),
    ("POST", "/media/subscriptions/process"),
    ("DELETE", "/butler"),
    ("DELETE", "/library/sections/1/refresh"),
    ("DELETE", "/library/sections/all/refresh"),
    ("DELETE", "/livetv/dvrs/28/reloadGuide"),
)


def titles(requests: Iterable[tuple[str, str]]) -> list[str]:
    """Return names for parametrised requests."""
    return [f"{method} {path}" for method, path in requests]


@pytest.fixture
def activity(plex: SimulatedPlex) -> str:
    """The UUID of something that can be cancelled."""
    plex.world.add_dvr("28")
    return plex.world.process_subscriptions().uuid


@pytest.mark.parametrize(("method", "path"), OWNER_ONLY, ids=titles(OWNER_ONLY))
async def test_a_guest_is_forbidden_what_is_the_owners(
    plex: SimulatedPlex, ask: Caller, activity: str, method: str, path: str
) -> None:
    plex.world.add_account("guest", token="guest")
    path = path.format(activity=activity)
    reply = await ask(method, path, **{"X-Plex-Token": "guest"})
    assert (reply.status, reply.content_type) == (403, "text/html")
    assert reply.text == (
        "<html><head><title>Forbidden</title></head>"
        "<body><h1>403 Forbidden</h1></body></html>"
    )
    assert (await ask(method, path)).status == 200


@pytest.mark.parametrize(("method", "path"), EVERYBODY, ids=titles(EVERYBODY))
async def test_a_guest_may_look(
    plex: SimulatedPlex, ask: Caller, method: str, path: str
) -> None:
    plex.world.add_account("guest", token="guest")
    assert (await ask(method, path, **{"X-Plex-Token": "guest"})).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    EVERYBODY + OWNER_ONLY,
    ids=titles(EVERYBODY + OWNER_ONLY),
)
async def test_a_stranger_is_not_authorized(
    ask: Caller, activity: str, method: str, path: str
) -> None:
    path = path.format(activity=activity)
    reply = await ask(method, path, **{"X-Plex-Token": "wrong"})
    assert (reply.status, reply.content_type) == (401, "text/html")
    assert "<h1>401 Unauthorized</h1>" in reply.text


async def test_anybody_may_ask_who_the_server_is(ask: Caller) -> None:
    assert (await ask("GET", "/identity", **{"X-Plex-Token": "wrong"})).status == 200


async def test_the_token_may_come_in_the_query(
    plex: SimulatedPlex, ask: Caller
) -> None:
    del ask.session.headers["X-Plex-Token"]
    assert (await ask("GET", "/activities")).status == 401
    path = f"/activities?X-Plex-Token={plex.token}"
    assert (await ask("GET", path)).status == 200


async def test_a_new_token_makes_the_old_one_worthless(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.token = "new"
    assert (await ask("GET", "/activities")).status == 401
    assert (await ask("GET", "/activities", **{"X-Plex-Token": "new"})).status == 200


async def test_a_guest_sees_only_what_is_his(plex: SimulatedPlex, ask: Caller) -> None:
    guest = plex.world.add_account("guest", token="guest")
    plex.world.start_butler()
    own = plex.world.start("library.refresh.items", user_id=guest.id)
    reply = await ask("GET", "/activities", **{"X-Plex-Token": "guest"})
    (row,) = reply.json["MediaContainer"]["Activity"]
    assert row["uuid"] == own.uuid
    assert (await ask("GET", "/activities")).json["MediaContainer"]["size"] == 2


@pytest.mark.parametrize(("allowed", "status"), [(False, 403), (True, 200)])
async def test_whether_a_guest_may_cancel_his_own_can_be_set(
    plex: SimulatedPlex, ask: Caller, allowed: bool, status: int
) -> None:
    """Plex's documentation says both."""
    guest = plex.world.add_account("guest", token="guest")
    own = plex.world.process_subscriptions(user_id=guest.id)
    plex.rest.shared_users_cancel_own = allowed
    path = f"/activities/{own.uuid}"
    reply = await ask("DELETE", path, **{"X-Plex-Token": "guest"})
    assert reply.status == status
    assert plex.world.is_running(own) is not allowed


async def test_cancelling_answers_an_empty_page(
    plex: SimulatedPlex, ask: Caller, activity: str
) -> None:
    reply = await ask("DELETE", f"/activities/{activity}")
    assert (reply.status, reply.content_type, reply.body) == (200, "text/html", b"")
    assert not plex.world.is_running(activity)


async def test_what_is_not_cancellable_is_not_cancelled(
    plex: SimulatedPlex, ask: Caller
) -> None:
    scan = plex.world.scan("1")
    reply = await ask("DELETE", f"/activities/{scan.uuid}")
    assert (reply.status, reply.content_type) == (400, "text/html")
    assert "<h1>400 Bad Request</h1>" in reply.text
    assert plex.world.is_running(scan)


async def test_what_has_ended_cannot_be_found(
    plex: SimulatedPlex, ask: Caller, activity: str
) -> None:
    plex.world.end(activity)
    reply = await ask("DELETE", f"/activities/{activity}")
    assert (reply.status, reply.content_type) == (404, "text/html")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("key", "count"), [("2", 1), ("all", 3)])
async def test_scans_start_without_telling_their_uuid(
    plex: SimulatedPlex, ask: Caller, method: str, key: str, count: int
) -> None:
    reply = await ask(method, f"/library/sections/{key}/refresh?force=1&path=%2Fa")
    assert (reply.status, reply.body) == (200, b"")
    assert "X-Plex-Activity" not in reply.headers
    assert [one.title for one in plex.world.activities] == ["Scanning"] * count
    assert plex.requests[-1].query == {"force": "1", "path": "/a"}


async def test_a_scan_is_stopped_although_it_is_not_cancellable(
    plex: SimulatedPlex, ask: Caller
) -> None:
    scans = [plex.world.scan(library) for library in plex.world.libraries]
    assert (await ask("DELETE", "/library/sections/2/refresh")).status == 200
    assert [plex.world.is_running(scan) for scan in scans] == [True, False, True]
    assert (await ask("DELETE", "/library/sections/all/refresh")).status == 200
    assert plex.world.activities == ()


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_library_is_not_found(ask: Caller, method: str) -> None:
    assert (await ask(method, "/library/sections/99/refresh")).status == 404


async def test_a_library_is_refreshing_while_it_is_scanned(
    plex: SimulatedPlex, ask: Caller
) -> None:
    async def look() -> tuple[bool, int]:
        container = (await ask("GET", "/library/sections")).json["MediaContainer"]
        library = container["Directory"][1]
        return library["refreshing"], library["scannedAt"]

    _, before = await look()
    scan = plex.world.scan("2")
    assert await look() == (True, before)
    plex.world.end(scan)
    refreshing, after = await look()
    assert not refreshing
    assert after > before


async def test_a_butler_task_starts_once_and_stops_once(ask: Caller) -> None:
    path = "/butler/OptimizeDatabase"
    assert (await ask("DELETE", path)).status == 404
    assert (await ask("POST", path)).status == 200
    assert (await ask("POST", path)).status == 202
    assert (await ask("DELETE", path)).status == 200
    assert (await ask("POST", path)).status == 200
    assert (await ask("DELETE", "/butler")).status == 200
    assert (await ask("DELETE", path)).status == 404


async def test_an_unknown_butler_task_is_not_found(ask: Caller) -> None:
    assert (await ask("POST", "/butler/MakeCoffee")).status == 404


async def test_a_butler_task_that_ignores_its_end_runs_on(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.cancelling = Cancelling.IGNORED
    await ask("POST", "/butler/OptimizeDatabase")
    assert (await ask("DELETE", "/butler/OptimizeDatabase")).status == 200
    assert (await ask("POST", "/butler/OptimizeDatabase")).status == 202


async def test_a_butler_task_may_show_as_an_activity(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.task_activities = {
        "LoudnessAnalysis": ("media.generate.loudness", "Generating loudness data")
    }
    reply = await ask("POST", "/butler/LoudnessAnalysis")
    assert "X-Plex-Activity" not in reply.headers
    (activity,) = plex.world.activities
    assert activity.title == "Generating loudness data"
    assert (await ask("DELETE", "/butler/LoudnessAnalysis")).status == 200
    assert plex.world.activities == ()


async def test_a_butler_task_is_over_with_its_activity(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.task_activities = {"BackupDatabase": ("butler", "Backup")}
    await ask("POST", "/butler/BackupDatabase")
    (activity,) = plex.world.activities
    plex.world.end(activity)
    assert (await ask("DELETE", "/butler/BackupDatabase")).status == 404


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/media/subscriptions/process", "provider.subscriptions.process"),
        ("/livetv/dvrs/28/reloadGuide", "provider.epg.load"),
    ],
)
async def test_some_commands_tell_what_they_have_started(
    plex: SimulatedPlex, ask: Caller, path: str, kind: str
) -> None:
    plex.world.add_dvr("28")
    reply = await ask("POST", path)
    started = plex.world.activity(reply.headers["X-Plex-Activity"])
    assert (reply.status, started.type) == (200, kind)


async def test_a_guide_may_reload_without_a_word(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.add_dvr("28")
    plex.world.guide_reloads_silently = True
    reply = await ask("POST", "/livetv/dvrs/28/reloadGuide")
    assert reply.status == 200
    assert "X-Plex-Activity" not in reply.headers
    assert plex.world.activities == ()


async def test_reloading_a_guide_can_be_stopped(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.add_dvr("28")
    plex.world.add_dvr("29")
    first, second = plex.world.reload_guide("28"), plex.world.reload_guide("29")
    assert (await ask("DELETE", "/livetv/dvrs/28/reloadGuide")).status == 200
    assert first not in plex.world.activities
    assert second in plex.world.activities


async def test_an_unknown_dvr_is_not_found(ask: Caller) -> None:
    assert (await ask("POST", "/livetv/dvrs/5/reloadGuide")).status == 404


async def test_a_guest_who_may_record_processes_his_subscriptions(
    plex: SimulatedPlex, ask: Caller
) -> None:
    guest = plex.world.add_account("guest", token="guest", may_record=True)
    path = "/media/subscriptions/process"
    reply = await ask("POST", path, **{"X-Plex-Token": "guest"})
    started = plex.world.activity(reply.headers["X-Plex-Activity"])
    assert started.user_id == guest.id


async def test_what_plex_does_not_have_is_not_found(ask: Caller) -> None:
    reply = await ask("GET", "/:/websocket/notifications")
    assert (reply.status, reply.content_type) == (404, "text/html")


async def test_requests_are_remembered(plex: SimulatedPlex, ask: Caller) -> None:
    await ask("GET", "/activities?a=b", **{"X-Plex-Product": "Test"})
    request = await plex.requests.wait_for("GET", "/activities")
    assert request.path == "/activities"
    assert request.query == {"a": "b"}
    assert request.headers["x-plex-product"] == "Test"
    assert len(plex.requests.to("DELETE", "/")) == 0
    assert list(plex.requests) == [request]
    plex.requests.clear()
    assert len(plex.requests) == 0
