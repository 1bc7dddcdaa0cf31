"""plex-api-client: generated from Plex's own description of its API, and strict."""

from collections.abc import AsyncIterator

from plex_api_client import PlexAPI
from plex_api_client.models.errors import SDKError
from plex_api_client.models.operations import (
    CancelActivityRequest,
    CancelRefreshRequest,
    PathParamButlerTask,
    RefreshSectionPostRequest,
    StartTaskRequest,
)
import pytest

from tests.simulator import SimulatedPlex


@pytest.fixture
async def api(plex: SimulatedPlex) -> AsyncIterator[PlexAPI]:
    async with PlexAPI(token=plex.token, server_url=plex.url) as api:
        yield api


async def test_it_lists_activities(plex: SimulatedPlex, api: PlexAPI) -> None:
    scan = plex.world.progress_scan(plex.world.scan("1"), subtitle="Heat", progress=7)
    plex.world.start("media.generate.credits", title="Detecting Credits", progress=-1)
    listed = await api.activities.list_activities_async()
    assert listed.object is not None
    container = listed.object.media_container
    assert container is not None
    assert container.activity is not None
    first, second = container.activity
    assert first.uuid == scan.uuid
    assert first.context == {"librarySectionID": "1"}
    assert first.cancellable is False
    assert first.user_id == 1
    assert first.progress == 7
    assert second.progress == -1
    assert second.context is None


async def test_it_lists_no_activities(api: PlexAPI) -> None:
    listed = await api.activities.list_activities_async()
    assert listed.object is not None
    assert listed.object.media_container is not None
    assert not listed.object.media_container.activity


async def test_it_cancels(plex: SimulatedPlex, api: PlexAPI) -> None:
    activity = plex.world.process_subscriptions()
    request = CancelActivityRequest(activity_id=activity.uuid)
    cancelled = await api.activities.cancel_activity_async(request=request)
    assert cancelled.status_code == 200
    assert not plex.world.is_running(activity)


async def test_it_is_told_what_cannot_be_cancelled(
    plex: SimulatedPlex, api: PlexAPI
) -> None:
    request = CancelActivityRequest(activity_id=plex.world.scan("1").uuid)
    with pytest.raises(SDKError) as failure:
        await api.activities.cancel_activity_async(request=request)
    assert failure.value.status_code == 400


async def test_it_is_told_what_does_not_exist(api: PlexAPI) -> None:
    request = CancelActivityRequest(activity_id="gone")
    with pytest.raises(SDKError) as failure:
        await api.activities.cancel_activity_async(request=request)
    assert failure.value.status_code == 404


async def test_a_wrong_token_is_refused(plex: SimulatedPlex) -> None:
    async with PlexAPI(token="wrong", server_url=plex.url) as api:
        with pytest.raises(SDKError) as failure:
            await api.activities.list_activities_async()
    assert failure.value.status_code == 401


async def test_it_lists_libraries(api: PlexAPI) -> None:
    listed = await api.library.get_sections_async()
    assert listed.object is not None
    assert listed.object.media_container is not None
    libraries = listed.object.media_container.directory
    assert libraries is not None
    assert [(one.key, one.title) for one in libraries] == [
        ("1", "Movies"),
        ("2", "TV Shows"),
        ("3", "Music"),
    ]
    assert libraries[0].refreshing is False


async def test_it_scans_and_stops_scanning(plex: SimulatedPlex, api: PlexAPI) -> None:
    scan = RefreshSectionPostRequest(section_id=2)
    assert (
        await api.library.refresh_section_post_async(request=scan)
    ).status_code == 200
    assert plex.world.is_refreshing("2")
    stop = CancelRefreshRequest(section_id=2)
    assert (await api.library.cancel_refresh_async(request=stop)).status_code == 200
    assert not plex.world.is_refreshing("2")


async def test_it_lists_and_starts_butler_tasks(
    plex: SimulatedPlex, api: PlexAPI
) -> None:
    listed = await api.butler.get_tasks_async()
    assert listed.object is not None
    assert listed.object.butler_tasks is not None
    tasks = listed.object.butler_tasks.butler_task
    assert tasks is not None
    assert len(tasks) == len(plex.world.butler_tasks) == 22
    request = StartTaskRequest(butler_task=PathParamButlerTask.OPTIMIZE_DATABASE)
    assert (await api.butler.start_task_async(request=request)).status_code == 200
    assert plex.world.running_tasks == {"OptimizeDatabase"}
    assert (await api.butler.start_task_async(request=request)).status_code == 202
