"""The demo: each of its servers fails, or does not, in its own way and at its own time."""

import re
import signal
from pathlib import Path

import pytest

import demo as demo_program
from program import call
from servers.prometheus import check_metrics
from waiting import eventually

OK = "ok"

# How a check stands all the time: reason, phase and code that decide.
ALWAYS = {
    "healthy-submission/login": (OK, "auth", 235),
    "healthy-submission/login_refused": (OK, "auth", 535),
    "healthy-submission/login_required": (OK, "mail", 530),
    "healthy-submission/tls": (OK, "tls", None),
    "implicit-tls/greeting": (OK, "ehlo", 250),
    "implicit-tls/login": (OK, "auth", 235),
    "implicit-tls/tls": (OK, "tls", None),
    "login-required/login_required": (OK, "rcpt", 530),
    "slow/greeting": (OK, "ehlo", 250),
    "open-relay/relay_refused": ("unexpected_acceptance", "rcpt", 250),
    "accepts-any-password/login_refused": ("unexpected_acceptance", "auth", 235),
    "certificate-expired/login": ("certificate_expired", "tls", None),
    "certificate-expired/tls": ("certificate_expired", "tls", None),
    "hangs/greeting": ("read_timeout", "banner", None),
    "drops-connection/login": ("connection_lost", "auth", None),
    "smtp-auth-disabled/login": ("auth_method_disabled", "auth", 535),
    "busy/greeting": ("too_many_connections", "banner", 421),
}

# How a check stands first, and what follows.
CHANGING = {
    "starttls-gone/login": [(OK, "auth", 235), ("starttls_not_offered", "starttls", None)],
    "starttls-gone/tls": [(OK, "tls", None), ("starttls_not_offered", "starttls", None)],
    "auth-gone/login": [(OK, "auth", 235), ("auth_not_offered", "auth", None)],
    "greylisting/recipient": [("greylisted", "rcpt", 450), (OK, "rcpt", 250)],
    "password-stops-working/login": [
        (OK, "auth", 235),
        ("auth_credentials_invalid", "auth", 535),
        (OK, "auth", 235),
    ],
}


@pytest.mark.parametrize("name", ALWAYS)
def test_a_check_stands_as_its_server_is_made(demo, name):
    assert eventually(lambda: demo.seen.get(name)) == [ALWAYS[name]]


@pytest.mark.parametrize("name", CHANGING)
def test_a_check_changes_with_its_server(demo, name):
    wanted = CHANGING[name]

    def decided():
        seen = demo.seen.get(name, [])
        return len(seen) >= len(wanted) or seen != wanted[: len(seen)]

    # The last change is the password that works again, two minutes after the start. It is found a
    # little later, for a refused login is repeated after ten seconds, then twenty, then forty.
    eventually(decided, 150, lambda: str(demo.seen))
    assert demo.seen[name][: len(wanted)] == wanted


def test_nothing_else_is_checked(demo):
    eventually(lambda: demo.seen)
    assert set(demo.seen) == {*ALWAYS, *CHANGING}


def test_a_password_that_stopped_working_is_a_regression(demo):
    name = "password-stops-working"
    # It works, fails, works, over and over, and is a regression only while it fails.
    eventually(lambda: len(demo.seen[f"{name}/login"]) >= 3, 150)
    eventually(lambda: demo.running.value("smtp_check_regression", target=name) == 0, 150)
    counted = {"target": name, "reason": "auth_credentials_invalid"}
    assert demo.running.value("smtp_check_failures_total", **counted) >= 1
    # An open relay never was anything else.
    assert demo.running.value("smtp_check_regression", target="open-relay") == 0
    assert demo.running.value("smtp_check_regression", target="auth-gone") == 1


def test_promtool_finds_no_fault_in_the_metrics(demo, sandbox):
    for name in ALWAYS:
        eventually(lambda: demo.seen.get(name))
    assert check_metrics(sandbox, demo.running.get("/metrics")) == ""


def test_every_check_has_a_page(demo):
    for name in [*ALWAYS, *CHANGING]:
        eventually(lambda: demo.seen.get(name))
        page = demo.running.get(f"/checks/{name}")
        assert demo.seen[name][-1][0] in page, name


def test_the_demo_ends_in_good_order_and_leaves_nothing_behind(tmp_path):
    with demo_program.run(tmp_path) as running:
        assert running.get("/api/v1/checks")
        assert [path.name for path in tmp_path.iterdir() if path.is_dir()] != []
        running.process.signal(signal.SIGTERM)
        assert running.process.wait(within=5) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["demo.log"]


def test_the_log_names_the_folder_with_what_it_takes_to_ask_the_servers_by_hand(demo):
    named = re.search(r'msg="demo servers are there" folder=(\S+)', demo.running.log)
    assert named, demo.running.log
    folder = Path(named[1])
    # As the README does.
    written = (folder / "demo.toml").read_text()
    [port] = re.findall(r'name = "smtp-auth-disabled"\n.*\nport = (\d+)', written)
    done = call(
        "probe", f"127.0.0.1:{port}", "--tls=starttls", "--user=probe@demo.test",
        f"--password-file={folder}/demo-password", f"--ca-file={folder}/demo-ca.pem",
    )  # fmt: skip
    assert done.status == 1, done.stderr
    assert "auth_method_disabled" in done.stdout
