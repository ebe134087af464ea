"""What the program remembers over a restart, and what it does when it cannot write that down."""

import subprocess
from contextlib import contextmanager

import pytest

from program import daemon
from servers import scripted
from waiting import eventually


@pytest.fixture
def smtp():
    with scripted.run() as server:
        yield server


@contextmanager
def small_disk(folder):
    """A file system of its own with room for a state file and little else."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(folder)], check=True, timeout=10
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, timeout=10)


def remount(folder, how):
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True, timeout=10)


def fill(folder):
    """Leaves not a byte; the file that takes them all."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    return filler


def logging_in(configuration, server, state):
    configuration.every("1s").credential()
    configuration.agent["state_file"] = str(state)
    return configuration.raw_target(
        {
            "name": "login",
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "none",
            "allow_cleartext_login": True,
            "credentials": "probe",
            "checks": ["login"],
        }
    )


def test_a_regression_before_a_restart_is_one_after_it(configuration, smtp, tmp_path):
    logging_in(configuration, smtp, tmp_path / "state.db")
    with daemon(configuration, tmp_path / "one.log") as running:
        eventually(lambda: running.value("smtp_check_success") == 1)
        smtp.auth = scripted.REFUSED
        eventually(lambda: running.value("smtp_check_regression") == 1)
        began = running.value("smtp_check_last_change_timestamp_seconds")
    smtp.down()  # so that no run after the restart can tell
    with daemon(configuration, tmp_path / "two.log") as running:
        assert running.value("smtp_check_regression") == 1
        assert running.value("smtp_check_last_change_timestamp_seconds") == began
        assert "535" in running.get("/checks/login/login")


@pytest.mark.parametrize(
    "content", [b"not a database at all\n" * 500, b""], ids=["foreign", "empty"]
)
def test_a_file_that_is_not_ours_never_stops_the_start(configuration, smtp, tmp_path, content):
    state = tmp_path / "state.db"
    state.write_bytes(content)
    with daemon(logging_in(configuration, smtp, state), tmp_path / "log") as running:
        eventually(lambda: running.value("smtp_check_success") == 1)
        aside = list(tmp_path.glob("state.db.unusable-*"))
        if content:
            assert [file.read_bytes() for file in aside] == [content], "kept, and out of the way"
            assert "it was set aside and a new one is begun" in running.log
        else:
            assert aside == []


def test_a_full_disk_stops_no_check_and_is_told_once(configuration, smtp, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        logging_in(configuration, smtp, disk / "state.db")
        with daemon(configuration, tmp_path / "one.log") as running:
            eventually(lambda: running.value("smtp_check_success") == 1)
            eventually(lambda: (disk / "state.db").exists())
            filler = fill(disk)
            smtp.auth = scripted.REFUSED
            complaint = "state file cannot be used; the checks go on without it"
            eventually(lambda: complaint in running.log, within=60)
            runs = running.value("smtp_check_runs_total")
            eventually(lambda: running.value("smtp_check_runs_total") > runs, within=60)
            assert running.value("smtp_check_regression") == 1
            assert running.log.count(complaint) == 1
            filler.unlink()
            eventually(lambda: "state file is written again" in running.log, within=60)
        smtp.down()
        with daemon(configuration, tmp_path / "two.log") as running:
            assert running.value("smtp_check_regression") == 1, "nothing was lost"


def test_a_file_system_that_turns_read_only_stops_no_check(configuration, smtp, tmp_path):
    with small_disk(tmp_path / "disk") as disk:
        logging_in(configuration, smtp, disk / "state.db")
        with daemon(configuration, tmp_path / "one.log") as running:
            eventually(lambda: running.value("smtp_check_success") == 1)
            eventually(lambda: (disk / "state.db").exists())
        smtp.auth = scripted.REFUSED
        remount(disk, "ro")
        with daemon(configuration, tmp_path / "two.log") as running:
            eventually(lambda: running.value("smtp_check_success") == 0)
            assert "state file cannot be used; the checks go on without it" in running.log
            remount(disk, "rw")
            eventually(lambda: "state file is written again" in running.log, within=60)
        smtp.down()
        with daemon(configuration, tmp_path / "three.log") as running:
            assert running.value("smtp_check_regression") == 1, "the file still knew"


def test_a_second_agent_on_the_same_file_checks_and_says_who_has_it(configuration, smtp, tmp_path):
    logging_in(configuration, smtp, tmp_path / "state.db")
    with daemon(configuration, tmp_path / "one.log") as first:
        eventually(lambda: first.value("smtp_check_success") == 1)
        with daemon(configuration, tmp_path / "two.log") as second:
            eventually(lambda: second.value("smtp_check_success") == 1)
            assert f"another agent uses it (process {first.process.pid} on " in second.log
            first.process.stop()
            eventually(lambda: "state file is written again" in second.log, within=60)


def test_a_missing_directory_may_come_later(configuration, smtp, tmp_path):
    state = tmp_path / "later" / "state.db"
    with daemon(logging_in(configuration, smtp, state), tmp_path / "log") as running:
        eventually(lambda: running.value("smtp_check_success") == 1)
        state.parent.mkdir()
        eventually(state.exists, within=60)


def test_a_reload_says_that_another_state_file_takes_a_restart(configuration, smtp, tmp_path):
    logging_in(configuration, smtp, tmp_path / "state.db")
    with daemon(configuration, tmp_path / "log") as running:
        for name in ("other.db", "state.db"):
            configuration.agent["state_file"] = str(tmp_path / name)
            configuration.write()
            assert running.request("/-/reload", method="POST")[0] == 200
        warning = 'level=warn msg="a changed key takes a restart; until then it stays as it was"'
        assert running.log.count(warning) == 1, "not where it is as it was at the start"
        assert "key=state_file" in running.log
        assert not (tmp_path / "other.db").exists()
