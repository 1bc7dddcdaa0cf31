"""An activity's way from the server to the sensors and events of Home Assistant."""

from .server import Server, until


async def test_a_scan_is_shown_from_its_start_to_its_end(server: Server) -> None:
    """The one thing that everybody installs this for."""
    await server.set_up()
    movies = "activity_library.update.section_1"
    assert server.state(movies).state == "idle"

    scan = server.plex.world.scan("1")
    await until(lambda: server.coordinator.book.running)
    server.plex.world.progress_scan(scan, subtitle="Heat (1995)", progress=40)
    running = await server.until_state(movies, "running")
    assert running.attributes["subtitle"] == "Heat (1995)"
    assert running.attributes["progress"] == 40
    await server.until_state("progress_library.update.section_1", "40")
    started = await server.until_event("started", scan.uuid)
    assert started["entity_id"] == server.entity_id(movies)

    server.plex.world.end(scan)
    await server.until_state(movies, "finished")
    await server.until_event("finished", scan.uuid)
    assert len(server.events_of(scan.uuid)) == 2
