"""What the actions are about: the servers, runs and libraries that a call names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er, service

from .client import LIBRARY_SCAN, Library
from .const import DOMAIN
from .coordinator import PlexActivitiesConfigEntry, PlexActivitiesCoordinator
from .entity import SlotKey, slot_entity_id
from .errors import user_error
from .runs import Run
from .slots import Kind, Slot

ATTR_ACTIVITY_ID = "activity_id"
ATTR_LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class RunTarget:
    """A run that an action is about."""

    coordinator: PlexActivitiesCoordinator
    run: Run

    @property
    def entity_id(self) -> str | None:
        """Return the entity id of the sensor that shows the run, if one does."""
        hass, slot = self.coordinator.hass, self.run.slot
        return slot and slot_entity_id(hass, self.coordinator, slot)


@dataclass(frozen=True, slots=True)
class LibraryTarget:
    """A library that an action is about."""

    coordinator: PlexActivitiesCoordinator
    library: Library

    @property
    def entity_id(self) -> str | None:
        """Return the entity id of the sensor that shows its scans, if one does."""
        slot = Slot(Kind.of(LIBRARY_SCAN, self.library.id))
        return slot_entity_id(self.coordinator.hass, self.coordinator, slot)


def coordinators(call: ServiceCall) -> list[PlexActivitiesCoordinator]:
    """Return the servers that an action is about: the one it names, or all."""
    if entry_id := call.data.get(ATTR_CONFIG_ENTRY_ID):
        return [coordinator_of(call.hass, entry_id)]
    entries: Iterable[PlexActivitiesConfigEntry]
    entries = call.hass.config_entries.async_loaded_entries(DOMAIN)
    return [entry.runtime_data for entry in entries]


def coordinator_of(hass: HomeAssistant, entry_id: str) -> PlexActivitiesCoordinator:
    """Return the server that a config entry is about.

    Raises:
        ServiceValidationError: There is none, or it is not loaded.

    """
    entry: PlexActivitiesConfigEntry
    entry = service.async_get_config_entry(hass, DOMAIN, entry_id)
    return entry.runtime_data


def run_targets(call: ServiceCall) -> Iterator[RunTarget]:
    """Find the runs that are named by sensors or by ids.

    Raises:
        ServiceValidationError: One of them cannot be found, or none is running there.

    """
    entity_ids: list[str] = call.data.get(ATTR_ENTITY_ID, [])
    activity_ids: list[str] = call.data.get(ATTR_ACTIVITY_ID, [])
    if bool(entity_ids) is bool(activity_ids):
        raise user_error("one_kind_of_target")
    for entity_id in dict.fromkeys(entity_ids):
        coordinator, slot = _slot_of_sensor(call.hass, entity_id)
        run = coordinator.book.shown[slot]
        if run is None or not run.is_active:
            raise user_error("nothing_to_cancel", entity_id=entity_id)
        yield RunTarget(coordinator, run)
    for activity_id in dict.fromkeys(activity_ids):
        yield _run_by_id(coordinators(call), activity_id)


def library_target(call: ServiceCall) -> LibraryTarget:
    """Find the library that is named by the sensor of its scans, or by its name.

    Raises:
        ServiceValidationError: It cannot be found, or there is more than one.

    """
    match (
        call.data.get(ATTR_ENTITY_ID),
        call.data.get(ATTR_CONFIG_ENTRY_ID),
        call.data.get(ATTR_LIBRARY),
    ):
        case [entity_id], None, None:
            return _library_of_sensor(call.hass, entity_id)
        case None, str(entry_id), str(name):
            return _library_by_name(coordinator_of(call.hass, entry_id), name)
    raise user_error("one_kind_of_library")


def _slot_of_sensor(
    hass: HomeAssistant, entity_id: str
) -> tuple[PlexActivitiesCoordinator, Slot]:
    registered = er.async_get(hass).async_get(entity_id)
    if registered is None or registered.platform != DOMAIN:
        raise user_error("not_an_activity_sensor", entity_id=entity_id)
    entry: PlexActivitiesConfigEntry | None = hass.config_entries.async_get_entry(
        registered.config_entry_id or ""
    )
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        raise user_error("server_not_loaded", entity_id=entity_id)
    for slot in entry.runtime_data.book.shown:
        if registered.unique_id == f"{entry.unique_id}_{SlotKey.ACTIVITY.of(slot)}":
            return entry.runtime_data, slot
    raise user_error("not_an_activity_sensor", entity_id=entity_id)


def _run_by_id(
    servers: Iterable[PlexActivitiesCoordinator], activity_id: str
) -> RunTarget:
    found = [
        RunTarget(coordinator, run)
        for coordinator in servers
        if (run := coordinator.book.running.get(activity_id))
    ]
    if not found:
        raise user_error("unknown_activity", activity_id=activity_id)
    if len(found) > 1:
        raise user_error("several_servers", activity_id=activity_id)
    return found[0]


def _library_of_sensor(hass: HomeAssistant, entity_id: str) -> LibraryTarget:
    coordinator, slot = _slot_of_sensor(hass, entity_id)
    for library in coordinator.libraries.known.values():
        if slot.kind == Kind.of(LIBRARY_SCAN, library.id):
            return LibraryTarget(coordinator, library)
    raise user_error("not_a_library_sensor", entity_id=entity_id)


def _library_by_name(
    coordinator: PlexActivitiesCoordinator, name: str
) -> LibraryTarget:
    """Find a library by its id, which is its own, or by its title, which may not be."""
    known = coordinator.libraries.known
    if name in known:
        return LibraryTarget(coordinator, known[name])
    found = [library for library in known.values() if library.title == name]
    if len(found) == 1:
        return LibraryTarget(coordinator, found[0])
    raise user_error(
        "several_libraries" if found else "unknown_library",
        server=coordinator.name,
        library=name,
        libraries=_listed(found or known.values()),
    )


def _listed(libraries: Iterable[Library]) -> str:
    return ", ".join(f"{library.title} ({library.id})" for library in libraries)


async def async_check_permission(
    call: ServiceCall, targets: Iterable[RunTarget | LibraryTarget]
) -> None:
    """Refuse a user who may not control the sensor of every target."""
    may_control = await async_permission(call, POLICY_CONTROL)
    for target in targets:
        if not may_control(target):
            raise Unauthorized(
                context=call.context,
                entity_id=target.entity_id,
                permission=POLICY_CONTROL,
            )


async def async_permission(
    call: ServiceCall, policy: str
) -> Callable[[RunTarget | LibraryTarget], bool]:
    """Return what tells whether the user may do something with a target's sensor.

    What no sensor shows nobody was given rights to, so it takes an administrator.
    """
    if (user_id := call.context.user_id) is None:
        return lambda _: True
    if (user := await call.hass.auth.async_get_user(user_id)) is None:
        raise UnknownUser(context=call.context)

    def is_permitted(target: RunTarget | LibraryTarget) -> bool:
        if (entity_id := target.entity_id) is None:
            return user.is_admin
        return user.permissions.check_entity(entity_id, policy)

    return is_permitted
