"""Too little of something: of files, of memory. The daemon stays, says so, and blames no server."""

import socket
import subprocess
from contextlib import ExitStack

import pytest

from program import daemon
from servers import holding
from waiting import eventually

TARGETS = 150
FILES = 100


@pytest.fixture
def crowd(configuration):
    """A configuration of many targets at one server, each asked every few seconds."""

    def configure(server, count=TARGETS):
        configuration.every("4s")
        for number in range(count):
            configuration.raw_target(
                {
                    "name": f"t{number}",
                    "host": "127.0.0.1",
                    "port": server.port,
                    "tls": "none",
                    "checks": ["greeting"],
                }
            )
        return configuration

    return configure


def reasons(running):
    return {has["reason"] for has, _ in running.samples("smtp_check_result_info")}


def passing(running):
    return sum(value for _, value in running.samples("smtp_check_success"))


def test_without_files_checks_fail_by_our_own_fault_and_pass_again(crowd, tmp_path):
    few = ["prlimit", f"--nofile={FILES}:{FILES}"]
    with holding.run("BANNER") as server:
        configuration = crowd(server)
        with daemon(configuration, tmp_path / "one.log", under=few) as running:
            assert "few open files are allowed" in running.log
            eventually(lambda: reasons(running) == {"internal_error", "read_timeout"}, 60)
            assert "too many open files; raise its limit (LimitNOFILE=" in running.log
            server.verb = "NOTHING"
            eventually(lambda: passing(running) == TARGETS, 60, lambda: running.log[-3000:])
        with daemon(configuration, tmp_path / "two.log") as running:
            last = running.samples("smtp_check_last_success_timestamp_seconds")
            assert len(last) == TARGETS, "the state file has come through"
            assert "few open files are allowed" not in running.log


def test_readers_who_take_all_files_and_say_nothing_keep_nobody_out(crowd, tmp_path):
    few = ["prlimit", f"--nofile={FILES}:{FILES}"]
    with holding.run("NOTHING") as server, ExitStack() as stack:
        with daemon(crowd(server, 1), tmp_path / "log", under=few) as running:
            for _ in range(2 * FILES):
                address = ("127.0.0.1", running.port)
                stack.enter_context(socket.create_connection(address, timeout=10))
            for _ in range(3):
                eventually(lambda: running.request("/-/healthy")[0] == 200, 30)
            assert running.log.count("cannot accept connections") == 1, "not once for each"
            stack.close()
            eventually(lambda: passing(running) == 1)


def test_without_memory_the_daemon_goes_on_and_checks_pass_again(crowd, tmp_path):
    with holding.run("BANNER") as server:
        configuration = crowd(server, 1000)
        configuration.agent["max_in_flight"] = 1000
        # Else each thread has megabytes in reserve, which are not asked for.
        one_heap = ["env", "MALLOC_ARENA_MAX=1"]
        with daemon(configuration, tmp_path / "log", under=one_heap) as running:
            pid = running.process.pid
            in_use = next(
                int(line.split()[1]) * 1024
                for line in open(f"/proc/{pid}/status", encoding="ascii")
                if line.startswith("VmSize:")
            )
            limit_memory(pid, in_use + 2 * 1024 * 1024)
            eventually(lambda: "out of memory" in running.log, 60, lambda: running.log[-3000:])
            limit_memory(pid, "unlimited")
            server.verb = "NOTHING"
            eventually(lambda: running.request("/-/healthy")[0] == 200)
            eventually(lambda: passing(running) == 1000, 90, lambda: running.log[-3000:])


def limit_memory(pid, size):
    subprocess.run(["prlimit", f"--pid={pid}", f"--as={size}:unlimited"], check=True)
