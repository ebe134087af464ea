"""The image: what it says of itself, and the program running in it as an engine would run it."""

import os
import re
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from program import parse_metrics
from waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
STATE = "/var/lib/smtp_reply_exporter"


@contextmanager
def run_demo(image, folder):
    """As docs/operations.md and compose.yaml do: a read-only root, /tmp in memory."""
    with image.run(folder, "demo", "--web.listen-address=:10235", tmp=True) as running:
        eventually(lambda: running.fetch("/-/ready"), what=lambda: running.log)
        yield running


@pytest.fixture(scope="module")
def demo(image, tmp_path_factory):
    with run_demo(image, tmp_path_factory.mktemp("demo")) as running:
        yield running


@contextmanager
def run_serving(image, folder):
    """With the configuration of compose/serve.yaml."""
    secrets = folder / "secrets"
    secrets.mkdir(0o755, exist_ok=True)
    (secrets / "corp-password").write_text("not a secret\n")
    files = {
        "/etc/smtp_reply_exporter/config.toml": ROOT / "compose" / "config.toml",
        "/run/secrets": secrets,
    }
    with image.run(folder, "serve", files=files) as running:
        eventually(lambda: running.fetch("/-/ready"), what=lambda: running.log)
        yield running


@pytest.fixture
def serving(image, tmp_path):
    with run_serving(image, tmp_path) as running:
        yield running


def test_the_image_says_how_to_run_it(image):
    config = image.config
    assert config["User"] == "65532:65532"
    assert config["Entrypoint"] == ["/usr/bin/smtp_reply_exporter"]
    assert list(config["ExposedPorts"]) == ["10235/tcp"]
    assert list(config["Volumes"]) == [STATE]
    assert config["StopSignal"] == "SIGTERM"
    assert config["Healthcheck"]["Test"] == ["CMD", "/usr/bin/smtp_reply_exporter", "healthcheck"]


def test_the_labels_are_true(image, demo):
    labels = image.config["Labels"]
    assert labels["org.opencontainers.image.revision"] == os.environ["SRE_REVISION"]
    version = labels["org.opencontainers.image.version"]
    assert demo.execute("/usr/bin/smtp_reply_exporter", "--version").stdout.startswith(
        f"smtp_reply_exporter {version} "
    )


def test_the_image_holds_no_shell_and_nothing_that_is_set_uid(image):
    files = [path for path in image.root.rglob("*") if path.is_file() and not path.is_symlink()]
    programs = [path for path in files if "bin" in path.parent.name]
    assert [path.name for path in programs] == ["smtp_reply_exporter"]
    assert [path for path in files if path.stat().st_mode & 0o6000] == []
    assert [path for path in files if path.stat().st_mode & 0o002] == []


def test_each_library_comes_with_its_licence(image):
    packages = {path.name for path in (image.root / "var/lib/dpkg/status.d").iterdir()}
    licences = {path.name for path in (image.root / "usr/share/doc").iterdir()}
    assert licences == packages | {"smtp_reply_exporter"}
    for needed in ("libc6", "libcurl4", "libssl3", "libgsasl18", "ca-certificates"):
        assert needed in packages


def test_the_program_is_process_1_without_privileges_on_a_read_only_root(demo):
    status = demo.status()
    assert status["Uid"] == ["65532"] * 4
    assert status["Gid"] == ["65532"] * 4
    assert status["NSpid"][-1] == "1"
    assert status["NoNewPrivs"] == ["1"]
    assert int(status["CapEff"][0], 16) == int(status["CapPrm"][0], 16) == 0
    own = {path: flags for path, flags in demo.mounts().items() if "/proc" not in path}
    assert "ro" in own["/"], own
    assert {path for path, flags in own.items() if "rw" in flags} == {"/tmp", STATE}


def test_the_demo_shows_its_faults_and_its_successes(demo):
    def codes():
        return {
            has["target"]: value
            for name, has, value in parse_metrics(demo.fetch("/metrics"))
            if name == "smtp_check_reply_code" and (has["check"], has["phase"]) == ("login", "auth")
        }

    eventually(lambda: codes().get("healthy-submission") == 235, 30, lambda: str(codes()))
    eventually(lambda: codes().get("smtp-auth-disabled") == 535, 30, lambda: str(codes()))
    assert "<html" in demo.fetch("/")


def test_the_health_check_of_the_image_passes(image, demo):
    kind, *command = image.config["Healthcheck"]["Test"]
    done = demo.execute(*command)
    assert (kind, done.returncode, done.stdout) == ("CMD", 0, "healthy\n"), done


def test_the_health_check_fails_when_the_daemon_hangs(image, demo):
    demo.kill("SIGSTOP")
    try:
        done = demo.execute(*image.config["Healthcheck"]["Test"][1:])
        assert (done.returncode, done.stdout) == (1, ""), done
        assert "Timeout" in done.stderr
    finally:
        demo.kill("SIGCONT")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_before_an_engine_loses_patience(image, tmp_path, name):
    with run_demo(image, tmp_path) as running:
        running.kill(name)
        assert running.wait(8) == 0, running.log
        assert f"signal={name}" in running.log


def test_roots_of_trust_are_there(image):
    roots = (image.root / "etc/ssl/certs/ca-certificates.crt").read_text()
    assert roots.count("BEGIN CERTIFICATE") > 100


def test_a_configuration_and_its_secret_are_mounted_and_read_again(serving):
    checked = serving.execute("/usr/bin/smtp_reply_exporter", "--config.check")
    assert checked.returncode == 0, checked
    assert re.search(r"1 target, 4 checks, no errors", checked.stdout)
    before = serving.log.count("configuration")
    serving.kill("SIGHUP")
    eventually(lambda: serving.log.count("configuration") > before, what=lambda: serving.log)


def test_the_state_is_written_into_the_volume(serving, tmp_path):
    state = tmp_path / "var-lib-smtp_reply_exporter" / "state.db"
    eventually(state.exists, what=lambda: serving.log)
    assert state.stat().st_uid == 65532


def test_the_state_of_one_container_is_a_file_that_another_takes_over(image, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        with run_serving(image, folder) as running:
            asked = 'smtp_check_runs_total{target="corp-submission",check="tls"} 1'
            eventually(lambda: asked in running.fetch("/metrics"), what=lambda: running.log)
            running.kill("SIGTERM")
            assert running.wait(8) == 0, running.log
    volume, other_volume = (folder / "var-lib-smtp_reply_exporter" for folder in (one, other))
    assert {path.name for path in volume.iterdir()} == {"state.db", "state.db.lock"}
    # As if its TLS had once been well, which the other's never was.
    with closing(sqlite3.connect(volume / "state.db")) as state, state:
        state.execute("UPDATE standing SET ever_passed = 1 WHERE check_id = 'corp-submission/tls'")
    # docker cp -a, of a file that was given to the container's user.
    shutil.copy(volume / "state.db", other_volume / "state.db")
    os.chown(other_volume / "state.db", 65532, 65532)
    (other_volume / "state.db").chmod(0o600)
    with run_serving(image, other) as running:
        regression = 'smtp_check_regression{target="corp-submission",check="tls"} 1'
        assert regression in running.fetch("/metrics"), running.log
        assert "cannot be used" not in running.log


def test_without_a_configuration_it_says_what_is_missing(image, tmp_path):
    with image.run(tmp_path) as running:
        assert running.wait(10) == 2
        assert "/etc/smtp_reply_exporter/config.toml" in running.log
