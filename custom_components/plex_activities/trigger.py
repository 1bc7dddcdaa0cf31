"""Triggers: what the entities of a server tell, ready for the automation editor."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, override

from homeassistant.const import (
    ATTR_ENTITY_ID,
    EVENT_STATE_CHANGED,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .client import Outcome
from .const import DOMAIN
from .runs import NO_ATTRIBUTES, RunEventType
from .selection import (
    WHICH_ACTIVITIES,
    ActivityFilter,
    ServerFilter,
    automation_schema,
)

CONF_OUTCOME = "outcome"
OUTCOMES = [outcome.value for outcome in Outcome]

# What the event entity tells of an activity, without what every entity has.
ACTIVITY_ATTRIBUTES = frozenset(NO_ATTRIBUTES) | {"duration", "observed", "entity_id"}

type Variables = Mapping[str, Any]


class EntityTrigger(Trigger):
    """Fires for some changes of one entity of each server.

    It follows states and not the server itself, so it needs no server to be set up,
    and reloading one changes nothing. Which entity it is, its unique id tells: people
    rename entities.
    """

    _schema: ClassVar[vol.Schema]
    _domain: ClassVar[str]
    _key: ClassVar[str]

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check what does not belong to every trigger."""
        validated: ConfigType = cls._schema(config)
        return validated

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Fire for the servers of the target, or for all."""
        super().__init__(hass, config)
        self._servers = ServerFilter(hass, config.target)

    @abstractmethod
    def _variables(self, old: State, new: State) -> Variables | None:
        """Return what to tell the automation, or None if the trigger does not fire."""

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Fire from now on, until the returned function is called."""
        prefix = f"{self._domain}."

        @callback
        def is_of_domain(data: EventStateChangedData) -> bool:
            return data["entity_id"].startswith(prefix)

        @callback
        def handle_change(event: Event[EventStateChangedData]) -> None:
            entity_id = event.data["entity_id"]
            old, new = event.data["old_state"], event.data["new_state"]
            entry_id = self._server_of(entity_id)
            if entry_id is None or old is None or new is None:
                return
            variables = self._variables(old, new)
            if variables is not None and self._servers.accepts(entry_id):
                run_action(
                    {ATTR_ENTITY_ID: entity_id, **variables},
                    f"state of {entity_id}",
                    event.context,
                )

        return self._hass.bus.async_listen(
            EVENT_STATE_CHANGED, handle_change, event_filter=is_of_domain
        )

    def _server_of(self, entity_id: str) -> str | None:
        """Return the config entry of an entity, if it is one of those to follow."""
        registered = er.async_get(self._hass).async_get(entity_id)
        if (
            registered is None
            or registered.platform != DOMAIN
            or not registered.unique_id.endswith(f"_{self._key}")
        ):
            return None
        return registered.config_entry_id


class ActivityTrigger(EntityTrigger):
    """Fires when the event entity announces something of an activity."""

    _domain = "event"
    _key = "event"
    _event_types: frozenset[str]

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Fire for the activities that the options describe, or for all."""
        super().__init__(hass, config)
        self._activities = ActivityFilter.from_options(config.options or {})

    @override
    def _variables(self, old: State, new: State) -> Variables | None:
        event_type = new.attributes.get("event_type")
        # The state is the time of the event; it stays when attributes change, and it
        # comes back from unavailability without another event.
        if (
            event_type not in self._event_types
            or old.state in {new.state, STATE_UNAVAILABLE}
            or not self._activities.accepts(new.attributes)
        ):
            return None
        return {
            "activity": {
                name: value
                for name, value in new.attributes.items()
                if name in ACTIVITY_ATTRIBUTES
            },
            "outcome": event_type if event_type in OUTCOMES else None,
        }


class ActivityStartedTrigger(ActivityTrigger):
    """Fires when an activity started."""

    _schema = automation_schema(WHICH_ACTIVITIES)
    _event_types = frozenset({RunEventType.STARTED.value})


class ActivityEndedTrigger(ActivityTrigger):
    """Fires when an activity ended, in whatever way or in certain ones."""

    _schema = automation_schema(
        {
            **WHICH_ACTIVITIES,
            vol.Optional(CONF_OUTCOME): vol.All(cv.ensure_list, [vol.In(OUTCOMES)]),
        }
    )

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Fire for the outcomes that the options name, or for all."""
        super().__init__(hass, config)
        outcomes = (config.options or {}).get(CONF_OUTCOME)
        self._event_types = frozenset(outcomes or OUTCOMES)


class ServerSettledTrigger(EntityTrigger):
    """Fires when a server that was busy has settled."""

    _schema = automation_schema({})
    _domain = "binary_sensor"
    _key = "busy"

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Remember which servers were busy when they were last heard of."""
        super().__init__(hass, config)
        self._busy: set[str] = set()

    @override
    def _variables(self, old: State, new: State) -> Variables | None:
        # A server may settle while nobody can reach it.
        if old.state == STATE_ON:
            self._busy.add(new.entity_id)
        elif old.state == STATE_OFF:
            self._busy.discard(new.entity_id)
        return {} if new.state == STATE_OFF and new.entity_id in self._busy else None


TRIGGERS: dict[str, type[Trigger]] = {
    "activity_ended": ActivityEndedTrigger,
    "activity_started": ActivityStartedTrigger,
    "server_settled": ServerSettledTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers, by what follows `plex_activities.` in their names."""
    return TRIGGERS
