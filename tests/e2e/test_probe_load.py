"""GET /probe many times at once, of a server that takes its time."""

import asyncio
import signal
from pathlib import Path

import pytest

from many import holding_server, request, until
from program import daemon, parse_metrics

AT_ONCE = 500


@pytest.fixture
def probing(configuration, tmp_path):
    """Starts the daemon with a module that may be sent anywhere on this machine."""
    configuration.agent["timeout"] = "2m"
    configuration.module("greeting", "127.0.0.1:*", tls="none", ca_file=None, timeout="2m")

    def start(at_once):
        configuration.agent["max_in_flight"] = at_once
        return daemon(configuration, tmp_path / "daemon.log")

    return start


def threads(running):
    status = Path(f"/proc/{running.process.pid}/status").read_text()
    return int(status.split("Threads:")[1].split()[0])


def success(body):
    return [value for name, _, value in parse_metrics(body) if name == "probe_success"]


def begin(running, held, count):
    """Asks for that many probes at once; they are under way when this returns."""
    path = f"/probe?module=greeting&target=127.0.0.1:{held.port}"
    return [asyncio.create_task(request(running.port, path)) for _ in range(count)]


async def unharmed(running):
    """Pages for monitoring answer."""
    for path in ("/metrics", "/-/healthy", "/sd"):
        status, _ = await request(running.port, path)
        assert status == 200, path


def test_five_hundred_probes_at_once_are_answered_without_a_thread_each(probing):
    async def play(running):
        before = threads(running)
        async with holding_server() as held:
            probes = begin(running, held, AT_ONCE)
            await until(lambda: held.clients == AT_ONCE)
            assert threads(running) == before
            assert not any(probe.done() for probe in probes)
            await unharmed(running)
            held.release.set()
            answers = await asyncio.gather(*probes)
        assert [status for status, _ in answers] == [200] * AT_ONCE
        assert [success(body) for _, body in answers] == [[1]] * AT_ONCE
        assert threads(running) == before

    with probing(AT_ONCE) as running:
        asyncio.run(play(running))


def test_a_probe_beyond_the_limit_is_refused_at_once_and_the_others_go_on(probing):
    async def play(running):
        async with holding_server() as held:
            probes = begin(running, held, 3)
            await until(lambda: held.clients == 3)
            for status, body in await asyncio.gather(*begin(running, held, 4)):
                assert status == 503 and "max_in_flight" in body
            assert held.clients == 3
            held.release.set()
            assert [status for status, _ in await asyncio.gather(*probes)] == [200] * 3
            # Places are free again.
            assert (await asyncio.gather(*begin(running, held, 1)))[0][0] == 200

    with probing(3) as running:
        asyncio.run(play(running))


def test_probes_leave_connections_for_everything_else_whatever_the_limit(probing):
    async def play(running):
        async with holding_server() as held:
            probes = begin(running, held, AT_ONCE)
            await until(lambda: held.clients == AT_ONCE)
            for _ in range(20):
                assert (await begin(running, held, 1)[0])[0] == 503
                await unharmed(running)
            held.release.set()
            assert [status for status, _ in await asyncio.gather(*probes)] == [200] * AT_ONCE

    with probing(5000) as running:
        asyncio.run(play(running))


def test_the_daemon_ends_in_good_order_while_probes_are_under_way(probing):
    async def play(running):
        async with holding_server() as held:
            probes = begin(running, held, 100)
            await until(lambda: held.clients == 100)
            running.process.signal(signal.SIGTERM)
            # The promise is five seconds; far less than the minutes that the runs may take.
            assert await asyncio.to_thread(running.process.wait, 5) == 0
            await asyncio.gather(*probes, return_exceptions=True)

    with probing(100) as running:
        asyncio.run(play(running))


def test_clients_that_leave_give_their_places_back(probing):
    async def play(running):
        async with holding_server() as held:
            probes = begin(running, held, 3)
            await until(lambda: held.clients == 3)
            for probe in probes:
                probe.cancel()
            await asyncio.gather(*probes, return_exceptions=True)
            held.release.set()
            # Soon, not at once: the runs that nobody waits for end first.
            async with asyncio.timeout(60):
                while (answer := await begin(running, held, 1)[0])[0] == 503:
                    pass
            assert answer[0] == 200 and success(answer[1]) == [1]

    with probing(3) as running:
        asyncio.run(play(running))
