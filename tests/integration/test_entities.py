"""The entities as people find them: names, ids, categories, and what they measure."""

from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType
import pytest

from custom_components.plex_activities.const import DOMAIN

from .actions import start, start_scan, until_known
from .server import Server, until

SCAN = "library.update.section"
DIAGNOSTIC = EntityCategory.DIAGNOSTIC


def registered(server: Server) -> dict[str, er.RegistryEntry]:
    """Return the entities by what follows the server in their unique ids."""
    entries = er.async_entries_for_config_entry(
        er.async_get(server.hass), server.entry.entry_id
    )
    prefix = f"{server.entry.unique_id}_"
    return {
        f"{entry.domain} {entry.unique_id.removeprefix(prefix)}": entry
        for entry in entries
    }


async def test_a_server_has_these_entities(server: Server) -> None:
    """Automations and dashboards name them: they are a promise."""
    await server.set_up()
    await start(server, "media.generate.credits")
    assert {
        key: (entry.original_name, entry.entity_category, entry.disabled)
        for key, entry in registered(server).items()
    } == {
        "binary_sensor busy": ("Busy", None, False),
        "binary_sensor live": ("Live updates", DIAGNOSTIC, False),
        "button scan_1": ("Scan Movies", None, False),
        "button scan_2": ("Scan TV Shows", None, False),
        "button scan_3": ("Scan Music", None, False),
        "event event": ("Activity", None, False),
        "sensor running": ("Running activities", None, False),
        f"sensor activity_{SCAN}_1": ("Library scan Movies", None, False),
        f"sensor activity_{SCAN}_2": ("Library scan TV Shows", None, False),
        f"sensor activity_{SCAN}_3": ("Library scan Music", None, False),
        f"sensor progress_{SCAN}_1": ("Library scan Movies progress", None, False),
        f"sensor progress_{SCAN}_2": ("Library scan TV Shows progress", None, False),
        f"sensor progress_{SCAN}_3": ("Library scan Music progress", None, False),
        "sensor activity_media.generate.credits": ("Credit detection", None, False),
        "sensor progress_media.generate.credits": (
            "Credit detection progress",
            None,
            True,
        ),
    }


async def test_they_are_what_they_measure(server: Server) -> None:
    """Device classes, units and options decide what the frontend offers."""
    await server.set_up()
    entries = registered(server)
    assert {
        key: (
            entry.original_device_class,
            entry.unit_of_measurement,
            dict(entry.capabilities or {}),
        )
        for key, entry in entries.items()
        if "_2" not in key and "_3" not in key
    } == {
        "binary_sensor busy": ("running", None, {}),
        "binary_sensor live": ("connectivity", None, {}),
        "button scan_1": (None, None, {}),
        "event event": (
            None,
            None,
            {
                "event_types": [
                    "started",
                    "finished",
                    "cancelled",
                    "interrupted",
                    "stalled",
                ]
            },
        ),
        "sensor running": (None, "activities", {"state_class": "measurement"}),
        f"sensor activity_{SCAN}_1": (
            "enum",
            None,
            {
                "options": [
                    "idle",
                    "running",
                    "stalled",
                    "finished",
                    "cancelled",
                    "interrupted",
                ]
            },
        ),
        f"sensor progress_{SCAN}_1": (None, "%", {}),
    }


async def test_they_all_belong_to_one_service(
    hass: HomeAssistant, server: Server
) -> None:
    await server.set_up()
    devices = {entry.device_id for entry in registered(server).values()}
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(hass), server.entry.entry_id
    )
    assert devices == {device.id}
    assert device.identifiers == {(DOMAIN, server.entry.unique_id)}
    assert device.entry_type is DeviceEntryType.SERVICE
    assert device.name == "Simulated Plex"
    assert device.manufacturer == "Plex"
    assert device.model == "Plex Media Server"
    assert device.sw_version == server.plex.world.identity.version
    assert device.configuration_url == f"{server.plex.url}/web"


async def test_entity_ids_begin_with_the_server(server: Server) -> None:
    await server.set_up()
    movies = server.entity_id(f"activity_{SCAN}_1")
    assert movies == "sensor.simulated_plex_library_scan_movies"
    progress = server.entity_id(f"progress_{SCAN}_1")
    assert progress == "sensor.simulated_plex_library_scan_movies_progress"


async def test_several_of_a_kind_are_numbered_up_to_four(server: Server) -> None:
    await server.set_up()
    for _ in range(5):
        await start(server)
    entries = registered(server)
    names = {
        key: entry.original_name
        for key, entry in entries.items()
        if key.startswith("sensor activity_media")
    }
    assert names == {
        "sensor activity_media.download": "Download",
        "sensor activity_media.download_2": "Download 2",
        "sensor activity_media.download_3": "Download 3",
        "sensor activity_media.download_4": "Download 4",
    }
    assert server.state("running").state == "5"


async def test_two_scans_of_a_library_are_told_apart(server: Server) -> None:
    await server.set_up()
    await start_scan(server, "1")
    second = await start_scan(server, "1")
    state = await server.until_state(f"activity_{SCAN}_1_2", "running")
    assert state.attributes["activity_id"] == second.uuid
    assert state.name == "Simulated Plex Library scan Movies 2"
    await server.until_state(f"progress_{SCAN}_1_2", "40")


async def test_a_scan_of_no_library_has_a_sensor_of_its_own(server: Server) -> None:
    await server.set_up()
    scan = server.plex.world.start(SCAN, title="Scanning")
    await until_known(server, scan)
    server.plex.world.update(scan, subtitle="Something")
    state = await server.until_state(f"activity_{SCAN}_none", "running")
    assert state.name == "Simulated Plex Library scan"
    assert state.attributes["library"] is None
    assert state.attributes["library_id"] is None


@pytest.mark.parametrize(
    ("kind", "key", "name"),
    [
        ("subtitle.download", "subtitle.download", "Subtitle download"),
        ("new_kind-of.work", "new-kind-of.work", "New kind of work"),
        ("Media.Download", "Media.Download", "Download"),
        ("<b>.bold", "-b-.bold", "B bold"),
        ("käse", "k-se", "K se"),
        ("...", "...", "..."),
    ],
)
async def test_a_type_that_nobody_has_heard_of_gets_a_readable_name(
    server: Server, kind: str, key: str, name: str
) -> None:
    """Plex documents no list of types, and adds new ones."""
    await server.set_up()
    await start(server, kind)
    entry = registered(server)[f"sensor activity_{key}"]
    assert entry.original_name == name
    state = await server.until_state(f"activity_{key}", "running")
    assert state.attributes["activity_type"] == kind


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("<img src=x>\u202eMovies\n", "img src=xMovies"),
        ("  Kids'   {Films} ", "Kids' {Films}"),
        ("映画", "映画"),
        ("x" * 500, "x" * 100),
        ("<>", "1"),
    ],
    ids=["markup", "braces", "other scripts", "long", "nothing left"],
)
async def test_the_title_of_a_library_is_fit_to_be_a_name(
    server: Server, title: str, name: str
) -> None:
    """It is shown on every page, and read out by voice assistants."""
    server.plex.world.rename_library("1", title)
    await server.set_up()
    entries = registered(server)
    sensor, button = entries[f"sensor activity_{SCAN}_1"], entries["button scan_1"]
    assert sensor.original_name == f"Library scan {name}"
    assert button.original_name == f"Scan {name}"


async def test_all_but_one_are_unavailable_while_the_server_cannot_be_reached(
    server: Server,
) -> None:
    """The one that is not says so."""
    await server.set_up()
    await start(server)

    def states() -> dict[str, str]:
        return {
            key: state.state
            for key, entry in registered(server).items()
            if (state := server.hass.states.get(entry.entity_id))
        }

    assert "unavailable" not in states().values()
    async with server.plex.unreachable():
        await until(
            lambda: (
                {key for key, state in states().items() if state != "unavailable"}
                == {"binary_sensor live"}
            )
        )
        assert server.state("live", "binary_sensor").state == "off"
        assert server.state("live", "binary_sensor").attributes["transport"] is None
    await server.until_state("live", "on", "binary_sensor")
    assert "unavailable" not in states().values()
    assert server.state(f"activity_{SCAN}_1").state == "idle"
