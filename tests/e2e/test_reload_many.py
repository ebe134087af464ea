"""A reload from one target to ten thousand and back, while all else goes on."""

import socket
from contextlib import contextmanager

import pytest

from program import daemon
from servers import holding
from waiting import eventually

MANY = 10_000
BUSY = 50
# Five looks in this time; a thread that has not answered by the next one is named in the log.
WATCHED = ["env", "WATCHDOG_USEC=5000000"]


def add(configuration, server, name, **settings):
    configuration.raw_target(
        {
            "name": name,
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "none",
            "checks": ["greeting"],
            **settings,
        }
    )


@contextmanager
def hanging_scrape(running):
    """A reader who asks for more than any buffer holds, and takes none of it."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as client:
        client.setblocking(False)
        client.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
        yield


def reload(running):
    status, body = running.request("/-/reload", method="POST")
    assert status == 200, body


def targets(running):
    return len(running.samples("smtp_target_info"))


@pytest.fixture
def busy():
    with holding.run("BANNER") as server:
        yield server


@pytest.fixture
def well():
    with holding.run("NOTHING") as server:
        yield server


def test_ten_thousand_targets_come_and_go_in_one_reload_each(configuration, tmp_path, busy, well):
    configuration.agent.update(interval="1h", timeout="1m")
    for number in range(BUSY):
        add(configuration, busy, f"busy{number}")
    with daemon(configuration, tmp_path / "log", under=WATCHED) as running:
        for number in range(BUSY):
            running.request(f"/checks/busy{number}/greeting/run", method="POST")
        eventually(lambda: busy.waiting() == BUSY)
        with hanging_scrape(running):
            few = targets(running)
            for number in range(MANY):
                add(configuration, well, f"t{number}")
            configuration.write()
            reload(running)
            assert targets(running) == few + MANY
            eventually(lambda: f"checks={few + MANY}" in running.log)

            # A mistake in the last of them, and all of them stay as they are.
            add(configuration, well, "wrong", checks=["greting"])
            configuration.write()
            status, body = running.request("/-/reload", method="POST")
            assert status != 200 and "greting" in body
            assert targets(running) == few + MANY
            configuration.remove_target("wrong")

            configuration.keep_targets(lambda name: name.startswith("busy"))
            configuration.write()
            reload(running)
            assert targets(running) == few
        assert "a thread does not answer" not in running.log
