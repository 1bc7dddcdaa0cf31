"""The life of the server as a process."""

import asyncio
from datetime import timedelta
from math import inf
import ssl
from typing import override

import aiohttp
import pytest

from . import Cancelling, Clock, SimulatedPlex
from .caller import Caller
from .names import Names
from .tls import self_signed_certificate


async def test_a_server_that_does_not_listen_refuses(
    plex: SimulatedPlex, ask: Caller
) -> None:
    """The same client, with the connections it still has open."""
    url = plex.url
    assert (await ask("GET", "/identity")).status == 200
    websocket = await ask.websocket()
    await plex.subscribers(1)
    async with plex.unreachable():
        assert len(plex.streams) == 0
        assert (await websocket.socket.receive()).type is aiohttp.WSMsgType.CLOSED
        with pytest.raises(aiohttp.ClientConnectionError):
            await ask("GET", "/identity")
        plex.world.start_butler()
    assert plex.url == url
    assert (await ask("GET", "/activities")).json["MediaContainer"]["size"] == 1


async def test_after_a_restart_nothing_runs_and_nothing_was_said(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.world.scan("1")
    websocket = await ask.websocket("?filters=activity")
    await plex.subscribers(1)
    async with plex.restarting(version="1.44.0"):
        with pytest.raises(aiohttp.ClientConnectionError):
            await ask("GET", "/identity")
    assert (await websocket.socket.receive()).type is aiohttp.WSMsgType.CLOSED
    identity = (await ask("GET", "/identity")).json["MediaContainer"]
    assert identity["version"] == "1.44.0"
    assert (await ask("GET", "/activities")).json == {"MediaContainer": {"size": 0}}


class SteppingClock(Clock):
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.sleepers: asyncio.Queue[tuple[float, asyncio.Event]] = asyncio.Queue()

    @override
    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        self.sleepers.put_nowait((seconds, over))
        await over.wait()


async def test_a_restart_can_refuse_and_then_start_up(
    plex: SimulatedPlex, ask: Caller
) -> None:
    plex.clock = clock = SteppingClock()
    restart = asyncio.create_task(plex.restart(refused_for=20, starting_up_for=10))

    seconds, over = await clock.sleepers.get()
    assert seconds == 20
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask("GET", "/identity")
    over.set()

    seconds, over = await clock.sleepers.get()
    assert seconds == 10
    reply = await ask("GET", "/identity")
    assert reply.status == 503
    assert "server is still starting up. Please retry later" in reply.text
    over.set()

    await restart
    assert (await ask("GET", "/identity")).status == 200


async def test_a_cancel_can_take_its_time(plex: SimulatedPlex, ask: Caller) -> None:
    plex.world.cancelling = Cancelling.LATER
    plex.cancel_delay = 5
    activity = plex.world.process_subscriptions()
    ended = asyncio.Event()
    plex.world.subscribe(lambda _: ended.set())
    assert (await ask("DELETE", f"/activities/{activity.uuid}")).status == 200
    await ended.wait()
    assert plex.world.activities == ()


async def test_a_cancel_may_wait_for_the_test(plex: SimulatedPlex, ask: Caller) -> None:
    plex.world.cancelling = Cancelling.LATER
    activity = plex.world.process_subscriptions()
    assert (await ask("DELETE", f"/activities/{activity.uuid}")).status == 200
    assert plex.world.is_running(activity)
    plex.world.finish_stopping()
    assert not plex.world.is_running(activity)


async def test_tls_is_served_with_a_certificate_nobody_trusts() -> None:
    certificate = self_signed_certificate()
    headers = {"X-Plex-Token": "secret"}
    async with (
        SimulatedPlex(token="secret", ssl_context=certificate.server_context) as plex,
        aiohttp.ClientSession(headers=headers) as session,
    ):
        assert plex.url.startswith("https://127.0.0.1:")
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(f"{plex.url}/identity")
        for trust in (False, certificate.client_context):
            async with session.get(f"{plex.url}/", ssl=trust) as response:
                assert response.status == 200
        url = f"{plex.url}/:/websockets/notifications"
        async with session.ws_connect(url, ssl=certificate.client_context) as socket:
            plex.world.start_butler()
            assert "butler" in (await socket.receive()).data


async def test_a_certificate_is_for_one_address() -> None:
    certificate = self_signed_certificate("192.0.2.1")
    async with (
        SimulatedPlex(ssl_context=certificate.server_context) as plex,
        aiohttp.ClientSession() as session,
    ):
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(f"{plex.url}/identity", ssl=certificate.client_context)


async def test_a_certificate_can_be_wrong_for_a_while() -> None:
    certificate, trusted = self_signed_certificate(), ssl.create_default_context()
    expired = self_signed_certificate(age=timedelta(days=3))
    for one in (certificate, expired):
        trusted.load_verify_locations(cadata=one.public.decode())
    async with (
        SimulatedPlex(ssl_context=certificate.server_context) as plex,
        aiohttp.ClientSession(headers={"Connection": "close"}) as session,
    ):
        for other, why in (
            (self_signed_certificate(), "certificate verify failed"),
            (expired, "certificate has expired"),
        ):
            with (
                certificate.replaced_by(other),
                pytest.raises(aiohttp.ClientConnectorCertificateError, match=why),
            ):
                await session.get(f"{plex.url}/identity", ssl=trusted)
        async with session.get(f"{plex.url}/identity", ssl=trusted) as response:
            assert response.status == 200


async def test_a_server_can_speak_too_old_a_tls_for_a_while() -> None:
    certificate = self_signed_certificate()
    trusted = certificate.client_context
    async with (
        SimulatedPlex(ssl_context=certificate.server_context) as plex,
        aiohttp.ClientSession(headers={"Connection": "close"}) as session,
    ):
        with certificate.out_of_date(), pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"{plex.url}/identity", ssl=trusted)
        async with session.get(f"{plex.url}/identity", ssl=trusted) as response:
            assert response.status == 200


async def test_connections_can_be_cut(plex: SimulatedPlex, ask: Caller) -> None:
    """And made again: the server is still there."""
    websocket = await ask.websocket()
    await plex.subscribers(1)
    plex.cut_connections()
    assert (await websocket.socket.receive()).type is aiohttp.WSMsgType.CLOSED
    await ask.websocket()


async def test_a_name_can_be_forgotten(plex: SimulatedPlex) -> None:
    names = Names()
    connector = aiohttp.TCPConnector(resolver=names, use_dns_cache=False)
    url = f"http://plex.test:{plex.port}/identity"
    headers = {"Connection": "close"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        with names.forgotten(), pytest.raises(aiohttp.ClientConnectorDNSError):
            await session.get(url)
        async with session.get(url) as response:
            assert response.status == 200
    assert names.asked == 1


async def test_two_servers_are_two_worlds(plex: SimulatedPlex, ask: Caller) -> None:
    async with SimulatedPlex(speed=inf, seed=1) as other:
        other.world.start_butler()
        assert other.url != plex.url
        assert (await ask("GET", "/activities")).json["MediaContainer"]["size"] == 0


async def test_waiting_for_what_never_comes_ends(
    plex: SimulatedPlex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.simulator.facts.PATIENCE", 0.01)
    with pytest.raises(TimeoutError, match="in vain for 7 streams"):
        await plex.subscribers(7)
    with pytest.raises(TimeoutError, match="in vain for stream 1"):
        await plex.opened(1)


async def test_one_can_wait_for_at_least_some(plex: SimulatedPlex, ask: Caller) -> None:
    await ask.websocket()
    await ask.eventsource()
    await plex.subscribers(1, at_least=True)
    await plex.opened(2)
