"""One simulated server, and what Home Assistant makes of it."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.plex_activities.const import DOMAIN
from custom_components.plex_activities.coordinator import PlexActivitiesCoordinator
from tests.simulator import SimulatedPlex

# Long enough for a slow machine under load. Nothing ever waits for it in vain.
PATIENCE = 20


async def until(fact: Callable[[], object]) -> None:
    """Wait until something is true."""
    async with asyncio.timeout(PATIENCE):
        while not fact():  # noqa: ASYNC110 (a fact is anything; nothing tells of all)
            await asyncio.sleep(0.002)


class Server:
    """A config entry and its entities."""

    def __init__(
        self,
        hass: HomeAssistant,
        plex: SimulatedPlex,
        *,
        entry_id: str | None = None,
        **options: Any,
    ) -> None:
        """Add a config entry for the simulated server."""
        self.hass = hass
        self.plex = plex
        self.events: list[dict[str, Any]] = []
        self.entry = MockConfigEntry(
            domain=DOMAIN,
            entry_id=entry_id,
            title=plex.world.identity.friendly_name,
            unique_id=plex.world.identity.machine_identifier,
            data={
                "url": plex.url,
                "token": plex.token,
                "verify_ssl": True,
                "client_identifier": "11111111-2222-4333-8444-555555555555",
            },
            options=options,
        )
        self.entry.add_to_hass(hass)
        self._heard: set[str] = set()
        hass.bus.async_listen("state_changed", self._note_event)

    @property
    def coordinator(self) -> PlexActivitiesCoordinator:
        """Return the coordinator of the loaded entry."""
        coordinator: PlexActivitiesCoordinator = self.entry.runtime_data
        return coordinator

    async def set_up(self, *, live: bool = True) -> None:
        """Set the entry up and, unless told otherwise, wait for the stream."""
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()
        if live:
            await until(lambda: self.coordinator.listener.transport is not None)

    async def unload(self) -> None:
        """Unload the entry, if it is loaded."""
        if self.entry.state is ConfigEntryState.LOADED:
            assert await self.hass.config_entries.async_unload(self.entry.entry_id)
        await self.hass.async_block_till_done()

    def entity_id(self, key: str, platform: str = "sensor") -> str:
        """Return the entity id that belongs to a part of a unique id."""
        entity_id = er.async_get(self.hass).async_get_entity_id(
            platform, DOMAIN, f"{self.entry.unique_id}_{key}"
        )
        assert entity_id is not None, f"there is no {platform} {key}"
        return entity_id

    def has(self, key: str, platform: str = "sensor") -> bool:
        """Return whether there is such an entity."""
        return bool(
            er.async_get(self.hass).async_get_entity_id(
                platform, DOMAIN, f"{self.entry.unique_id}_{key}"
            )
        )

    def state(self, key: str, platform: str = "sensor") -> State:
        """Return the state of an entity."""
        state = self.hass.states.get(self.entity_id(key, platform))
        assert state is not None
        return state

    async def until_state(
        self, key: str, value: str, platform: str = "sensor"
    ) -> State:
        """Wait until an entity is there and has a certain state."""
        await until(
            lambda: self.has(key, platform) and self.state(key, platform).state == value
        )
        return self.state(key, platform)

    async def poll_until_state(self, key: str, value: str) -> State:
        """Poll, without waiting for the clock, until a sensor has a certain state."""
        async with asyncio.timeout(PATIENCE):
            while self.state(key).state != value:
                await self.coordinator.async_refresh()
        return self.state(key)

    async def until_event(self, kind: str, activity_id: str) -> dict[str, Any]:
        """Wait for an event of the event entity about an activity."""
        await until(lambda: self.events_of(activity_id, kind))
        return self.events_of(activity_id, kind)[0]

    def events_of(self, activity_id: str, *kinds: str) -> list[dict[str, Any]]:
        """Return the events about an activity."""
        return [
            event
            for event in self.events
            if event["activity_id"] == activity_id
            and (not kinds or event["event_type"] in kinds)
        ]

    @callback
    def _note_event(self, event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if (
            state is None
            or state.domain != "event"
            or "activity_id" not in state.attributes
            or not state.entity_id.startswith("event.")
            or state.state in {"unavailable", *self._heard}
        ):
            return
        registered = er.async_get(self.hass).async_get(state.entity_id)
        if registered and registered.config_entry_id == self.entry.entry_id:
            self._heard.add(state.state)
            self.events.append(dict(state.attributes))
