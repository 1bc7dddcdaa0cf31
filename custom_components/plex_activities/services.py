"""The actions that automations and dashboards can call."""

import asyncio

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_ENTITY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv, service
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from .cancellation import async_plan
from .const import DOMAIN
from .scanning import ScanOutcome, ScanRequest, ScanResult
from .targets import (
    ATTR_ACTIVITY_ID,
    ATTR_LIBRARY,
    RunTarget,
    async_check_permission,
    async_permission,
    coordinator_of,
    coordinators,
    library_target,
    run_targets,
)
from .tasks import async_run_task

SERVICE_CANCEL_ACTIVITY = "cancel_activity"
SERVICE_GET_ACTIVITIES = "get_activities"
SERVICE_RUN_TASK = "run_task"
SERVICE_SCAN_LIBRARY = "scan_library"

ATTR_DVR_ID = "dvr_id"
ATTR_FORCE = "force"
ATTR_PATH = "path"
ATTR_TASK = "task"
ATTR_TIMEOUT = "timeout"
ATTR_WAIT = "wait"

DEFAULT_TIMEOUT = 10
MAX_TIMEOUT = 600
# The first scan of a large library on slow disks takes hours.
DEFAULT_SCAN_TIMEOUT = 3600
MAX_SCAN_TIMEOUT = 86400

CANCEL_ACTIVITY_SCHEMA = vol.Schema(
    {
        vol.Optional(ATTR_ENTITY_ID): cv.entity_ids,
        vol.Optional(ATTR_ACTIVITY_ID): vol.All(cv.ensure_list, [cv.string]),
        vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional(ATTR_TIMEOUT, default=DEFAULT_TIMEOUT): vol.All(
            vol.Coerce(float), vol.Range(min=0, max=MAX_TIMEOUT)
        ),
    }
)
GET_ACTIVITIES_SCHEMA = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string})
RUN_TASK_SCHEMA = vol.Schema(
    {
        vol.Required(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Required(ATTR_TASK): cv.string,
        vol.Optional(ATTR_DVR_ID): cv.string,
    }
)
SCAN_LIBRARY_SCHEMA = vol.Schema(
    {
        # The answer is about one scan, so there can only be one.
        vol.Optional(ATTR_ENTITY_ID): vol.All(cv.entity_ids, vol.Length(min=1, max=1)),
        vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
        vol.Optional(ATTR_LIBRARY): cv.string,
        # A template that comes out empty must not scan everything.
        vol.Optional(ATTR_PATH): vol.All(cv.string, vol.Length(min=1)),
        vol.Optional(ATTR_FORCE, default=False): cv.boolean,
        vol.Optional(ATTR_WAIT, default=False): cv.boolean,
        vol.Optional(ATTR_TIMEOUT, default=DEFAULT_SCAN_TIMEOUT): vol.All(
            vol.Coerce(float), vol.Range(min=0, max=MAX_SCAN_TIMEOUT)
        ),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions. They are there as long as Home Assistant runs."""
    hass.services.async_register(
        DOMAIN,
        SERVICE_CANCEL_ACTIVITY,
        _async_cancel_activity,
        schema=CANCEL_ACTIVITY_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_GET_ACTIVITIES,
        _async_get_activities,
        schema=GET_ACTIVITIES_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    # What keeps the whole server busy is not for somebody who may control a sensor.
    service.async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_RUN_TASK,
        _async_run_task,
        schema=RUN_TASK_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    hass.services.async_register(
        DOMAIN,
        SERVICE_SCAN_LIBRARY,
        _async_scan_library,
        schema=SCAN_LIBRARY_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_cancel_activity(call: ServiceCall) -> ServiceResponse:
    targets = list(run_targets(call))
    await async_check_permission(call, targets)
    # Everything is checked before anything is done.
    planned = [await async_plan(target.coordinator, target.run) for target in targets]
    sent = [(cancel, await cancel.async_send()) for cancel in planned]
    timeout = call.data[ATTR_TIMEOUT]
    outcomes = await asyncio.gather(
        *(cancel.async_outcome(accepted, timeout) for cancel, accepted in sent)
    )
    return {
        "activities": [
            {
                "activity_id": target.run.activity.uuid,
                "entity_id": target.entity_id,
                "outcome": outcome,
                "method": cancel.method,
            }
            for target, cancel, outcome in zip(targets, planned, outcomes, strict=True)
        ]
    }


async def _async_get_activities(call: ServiceCall) -> ServiceResponse:
    may_read = await async_permission(call, POLICY_READ)
    activities: list[JsonValueType] = [
        {
            **target.run.attributes(),
            "server": target.coordinator.name,
            "entity_id": target.entity_id,
        }
        for target in (
            RunTarget(coordinator, run)
            for coordinator in coordinators(call)
            for run in coordinator.book.running.values()
        )
        if may_read(target)
    ]
    return {"activities": activities}


async def _async_run_task(call: ServiceCall) -> ServiceResponse:
    coordinator = coordinator_of(call.hass, call.data[ATTR_CONFIG_ENTRY_ID])
    result = await async_run_task(
        coordinator, call.data[ATTR_TASK], dvr_id=call.data.get(ATTR_DVR_ID)
    )
    return {"activity_id": result.activity_id, "outcome": result.outcome}


async def _async_scan_library(call: ServiceCall) -> ServiceResponse:
    target = library_target(call)
    await async_check_permission(call, [target])
    request = ScanRequest(
        coordinator=target.coordinator,
        library=target.library,
        path=call.data.get(ATTR_PATH),
        force=call.data[ATTR_FORCE],
    )
    if call.data[ATTR_WAIT]:
        result = await request.async_send_and_follow(call.data[ATTR_TIMEOUT])
    else:
        await request.async_send()
        result = ScanResult(ScanOutcome.STARTED)
    return {"activity_id": result.activity_id, "outcome": result.outcome}
