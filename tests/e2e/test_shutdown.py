"""SIGTERM while checks are under way: what the servers see, how long it takes, what is remembered."""

import os
import signal

import pytest

from program import daemon
from servers import holding
from waiting import eventually

# The promise; a run could take the ten seconds of its timeout.
WITHIN = 5
RUNS = "smtp_check_runs_total"


def target(configuration, server, name, *checks, **settings):
    return configuration.raw_target(
        {
            "name": name,
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "none",
            "allow_cleartext_login": True,
            "credentials": "probe",
            "checks": list(checks),
            **settings,
        }
    )


@pytest.fixture
def waiting_for(configuration):
    """A configuration of one check that begins at once, and gets stuck where the server likes."""
    configuration.agent["interval"] = "1m"
    configuration.credential()

    def configure(server, count=1):
        for number in range(count):
            target(configuration, server, f"t{number}", "login_required", max_connections=1)
        return configuration

    return configure


def start_all(running, server, count):
    for number in range(count):
        status, body = running.request(f"/checks/t{number}/login_required/run", method="POST")
        assert status < 400, body
    eventually(lambda: server.waiting() == count, what=lambda: f"{server.heard} {running.log}")


def ends(running):
    running.process.signal(signal.SIGTERM)
    assert running.process.wait(within=WITHIN) == 0, running.log


@pytest.mark.parametrize("verb, said", [
    # A client that speaks before the banner looks like a spammer.
    ("BANNER", []), ("EHLO", ["EHLO", "QUIT"]), ("MAIL", ["EHLO", "MAIL", "QUIT"]),
])  # fmt: skip
def test_a_server_that_hangs_is_told_quit(waiting_for, tmp_path, verb, said):
    with holding.run(verb) as server:
        with daemon(waiting_for(server), tmp_path / "log") as running:
            start_all(running, server, 1)
            ends(running)
            assert '"checks have ended" cut_short=1' in running.log
        eventually(lambda: server.gone == 1)
        assert [line.split()[0] for line in server.heard[0]] == said


def test_a_slow_server_is_heard_out_and_asked_nothing_more(waiting_for, tmp_path):
    with holding.run("EHLO", delay=1) as server:
        with daemon(waiting_for(server), tmp_path / "log") as running:
            start_all(running, server, 1)
            ends(running)
        eventually(lambda: server.gone == 1)
        assert [line.split()[0] for line in server.heard[0]] == ["EHLO", "QUIT"]
        assert server.late == 1, "QUIT was said before the answer to EHLO"


def test_two_hundred_servers_that_hang_are_all_told_quit(waiting_for, tmp_path):
    with holding.run("MAIL") as server:
        with daemon(waiting_for(server, 200), tmp_path / "log") as running:
            start_all(running, server, 200)
            ends(running)
        eventually(lambda: server.gone == 200)
        assert [lines[-1] for lines in server.heard] == ["QUIT"] * 200


def test_what_was_found_is_kept_and_what_was_cut_short_is_not(waiting_for, tmp_path):
    kept = "smtp_check_last_success_timestamp_seconds"
    with holding.run("NOTHING") as server:
        configuration = waiting_for(server)
        target(configuration, server, "mx", "greeting")
        with daemon(configuration, tmp_path / "one.log") as running:
            running.request("/checks/mx/greeting/run", method="POST")
            before = eventually(lambda: running.value(kept, target="mx"))
            # The same check once more, stuck this time, while the daemon ends.
            server.verb = "EHLO"
            seen = len(server.heard)
            running.request("/checks/mx/greeting/run", method="POST")
            eventually(lambda: server.heard[seen:] and server.heard[-1] != [])
            ends(running)
            assert "level=warn" not in running.log.partition('"checks end"')[2]
        server.verb = "BANNER"
        with daemon(configuration, tmp_path / "two.log") as running:
            assert running.value(kept, target="mx") == before
            assert running.value("smtp_check_consecutive_failures", target="mx") == 0


def test_a_file_that_does_not_come_holds_no_reload_and_no_end_up(configuration, tmp_path):
    configuration.credential()
    with holding.run("NOTHING") as server:
        target(configuration, server, "mx", "greeting")
        with daemon(configuration, tmp_path / "log") as running:
            path = configuration.write()
            os.remove(path)
            os.mkfifo(path)
            running.process.signal(signal.SIGHUP)
            # Nobody but the reload opens it, and it waits for what nobody writes.
            with open(path, "w"):
                for page in ("/", "/metrics", "/config"):
                    assert running.get(page)
                ends(running)
            assert "a file that was to be read does not come" in running.log
            assert "configuration reloaded" not in running.log
