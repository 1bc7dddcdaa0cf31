"""The actions that automations and dashboards can call."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_ENTITY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import (
    config_validation as cv,
    entity_registry as er,
    service,
)
from homeassistant.util.json import JsonValueType
import voluptuous as vol

from .cancellation import async_plan
from .const import DOMAIN
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import SlotKey, slot_entity_id
from .errors import user_error
from .runs import Run

SERVICE_CANCEL_ACTIVITY = "cancel_activity"
SERVICE_GET_ACTIVITIES = "get_activities"

ATTR_ACTIVITY_ID = "activity_id"
ATTR_TIMEOUT = "timeout"

DEFAULT_TIMEOUT = 10
MAX_TIMEOUT = 600

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


@dataclass(frozen=True, slots=True)
class Target:
    """A run that an action is about."""

    coordinator: PlexActivitiesCoordinator
    run: Run

    @property
    def entity_id(self) -> str | None:
        """Return the entity id of the sensor that shows the run, if one does."""
        hass, slot = self.coordinator.hass, self.run.slot
        return slot and slot_entity_id(hass, self.coordinator, slot)


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


async def _async_cancel_activity(call: ServiceCall) -> ServiceResponse:
    targets = list(_targets(call))
    await _async_check_permission(call, targets)
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
    activities: list[JsonValueType] = [
        {
            **target.run.attributes(),
            "server": target.coordinator.name,
            "entity_id": target.entity_id,
        }
        for target in (
            Target(coordinator, run)
            for coordinator in _coordinators(call)
            for run in coordinator.book.running.values()
        )
    ]
    return {"activities": activities}


def _coordinators(call: ServiceCall) -> list[PlexActivitiesCoordinator]:
    """Return the servers that an action is about: the one it names, or all."""
    entries: Iterable[PlexActivitiesConfigEntry]
    if entry_id := call.data.get(ATTR_CONFIG_ENTRY_ID):
        entries = [service.async_get_config_entry(call.hass, DOMAIN, entry_id)]
    else:
        entries = call.hass.config_entries.async_loaded_entries(DOMAIN)
    return [entry.runtime_data for entry in entries]


def _targets(call: ServiceCall) -> Iterator[Target]:
    """Find the runs that are named by sensors or by ids.

    Raises:
        ServiceValidationError: One of them cannot be found, or none is running there.

    """
    entity_ids: list[str] = call.data.get(ATTR_ENTITY_ID, [])
    activity_ids: list[str] = call.data.get(ATTR_ACTIVITY_ID, [])
    if bool(entity_ids) is bool(activity_ids):
        raise user_error("one_kind_of_target")
    for entity_id in dict.fromkeys(entity_ids):
        yield _target_of_sensor(call.hass, entity_id)
    for activity_id in dict.fromkeys(activity_ids):
        yield _target_by_id(_coordinators(call), activity_id)


def _target_of_sensor(hass: HomeAssistant, entity_id: str) -> Target:
    registered = er.async_get(hass).async_get(entity_id)
    if registered is None or registered.platform != DOMAIN:
        raise user_error("not_an_activity_sensor", entity_id=entity_id)
    entry: PlexActivitiesConfigEntry | None = hass.config_entries.async_get_entry(
        registered.config_entry_id or ""
    )
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise user_error("server_not_loaded", entity_id=entity_id)
    coordinator = entry.runtime_data
    for slot, run in coordinator.book.shown.items():
        if registered.unique_id == f"{entry.unique_id}_{SlotKey.ACTIVITY.of(slot)}":
            if run is None or not run.is_active:
                raise user_error("nothing_to_cancel", entity_id=entity_id)
            return Target(coordinator, run)
    raise user_error("not_an_activity_sensor", entity_id=entity_id)


def _target_by_id(
    coordinators: Iterable[PlexActivitiesCoordinator], activity_id: str
) -> Target:
    found = [
        Target(coordinator, run)
        for coordinator in coordinators
        if (run := coordinator.book.running.get(activity_id))
    ]
    if not found:
        raise user_error("unknown_activity", activity_id=activity_id)
    if len(found) > 1:
        raise user_error("several_servers", activity_id=activity_id)
    return found[0]


async def _async_check_permission(call: ServiceCall, targets: list[Target]) -> None:
    """Refuse a user who may not control the sensor of every target.

    What no sensor shows nobody was given control of, so it takes an administrator.
    """
    if (user_id := call.context.user_id) is None:
        return
    if (user := await call.hass.auth.async_get_user(user_id)) is None:
        raise UnknownUser(context=call.context)
    for target in targets:
        entity_id = target.entity_id
        permitted = (
            user.is_admin
            if entity_id is None
            else user.permissions.check_entity(entity_id, POLICY_CONTROL)
        )
        if not permitted:
            raise Unauthorized(
                context=call.context, entity_id=entity_id, permission=POLICY_CONTROL
            )
