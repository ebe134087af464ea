"""The daemon against real servers: metrics, reload, restart, and its end."""

import signal
import socket

import pytest

from program import call, daemon, parse_metrics
from servers import mail
from servers.prometheus import check_metrics
from waiting import eventually

RELOADED = "smtp_reply_exporter_config_last_reload_successful"


@pytest.fixture
def log(tmp_path):
    return tmp_path / "daemon.log"


def login(configuration, server, password=mail.PASSWORD):
    configuration.every("3s")
    configuration.credential(password=password)
    return configuration.target(server, "submission", "login", credentials="probe")


def ran(running, times=1, **labels):
    """Waits until the check has run that often."""
    name = "smtp_check_runs_total"
    eventually(
        lambda: (running.value(name, **labels) or 0) >= times,
        what=lambda: f"{labels} {running.log}",
    )


def test_metrics_tell_what_the_server_said(server, configuration, log):
    login(configuration, server)
    labels = {"target": "submission", "check": "login"}
    with daemon(configuration, log) as running:
        ran(running, **labels)
        assert running.value("smtp_check_success", **labels) == 1
        assert running.value("smtp_check_reachable", **labels) == 1
        code = "smtp_check_reply_code"
        for phase, expected in {"banner": 220, "ehlo": 250, "starttls": 220, "auth": 235}.items():
            assert running.value(code, phase=phase, **labels) == expected
        assert running.value("smtp_check_expected_reply_code", phase="auth", **labels) == 235
        result = {"phase": "auth", "code": "235", "reason": "ok"}
        assert running.value("smtp_check_result_info", **result, **labels) == 1
        assert running.value("smtp_tls_certificate_verified", target="submission") == 1
        for mechanism in server.mechanisms:
            offered = {"target": "submission", "mechanism": mechanism, "tls": "after"}
            assert running.value("smtp_auth_mechanism_offered", **offered) == 1
            offered["tls"] = "before"
            assert running.value("smtp_auth_mechanism_offered", **offered) is None


def test_a_refused_password_is_counted_with_its_reason(server, configuration, log):
    login(configuration, server, password="wrong")
    labels = {"target": "submission", "check": "login"}
    with daemon(configuration, log) as running:
        ran(running, **labels)
        assert running.value("smtp_check_success", **labels) == 0
        assert running.value("smtp_check_reply_code", phase="auth", **labels) == 535
        failures = running.samples("smtp_check_failures_total", **labels)
        assert [(has["reason"], n >= 1) for has, n in failures if n] == [
            ("auth_credentials_invalid", True)
        ]
        # The expected code is there from the start, so that increase() sees its first step.
        replies = {"phase": "auth", "code": "235", **labels}
        assert running.value("smtp_check_replies_total", **replies) == 0


def test_promtool_finds_no_fault_in_the_metrics(sandbox, server, configuration, log):
    login(configuration, server)
    configuration.target(server, "mx", "greeting", "tls", "relay_refused")
    configuration.target(server, "submission_expired", "tls")
    with daemon(configuration, log) as running:
        for target, name in (("submission", "login"), ("mx", "tls"), ("submission_expired", "tls")):
            ran(running, target=target, check=name)
        assert check_metrics(sandbox, running.get("/metrics")) == ""


@pytest.mark.parametrize("how", ["signal", "request"])
def test_a_broken_file_leaves_the_running_configuration(exim, configuration, log, how):
    path = login(configuration, exim).write()
    good = path.read_text()
    with daemon(configuration, log) as running:
        ran(running, check="login")
        path.write_text(good + "\nno_such_key = 1\n")
        reload(running, how, succeeds=False)
        before = running.value("smtp_check_runs_total", check="login")
        ran(running, before + 1, check="login")
        assert "config.toml:" in running.log and "no_such_key" in running.log
        path.write_text(good)
        reload(running, how, succeeds=True)


def test_a_reload_is_all_or_nothing(exim, configuration, log):
    login(configuration, exim)
    configuration.target(exim, "mx", "greeting")
    with daemon(configuration, log) as running:
        ran(running, target="mx")
        before = running.get("/config")
        # Good changes beside a bad one: a target gone, one added, and one with an unknown kind.
        configuration.remove_target("mx")
        configuration.target(exim, "smtps", "greeting")
        configuration.target(exim, "cleartext", "greting").write()
        reload(running, "request", succeeds=False)
        assert running.get("/config") == before
        runs = running.value("smtp_check_runs_total", target="mx")
        ran(running, runs + 1, target="mx")
        assert running.samples("smtp_target_info", target="smtps") == []


@pytest.mark.parametrize("how", ["signal", "request"])
def test_a_good_file_adds_removes_and_keeps(exim, configuration, log, how):
    login(configuration, exim)
    configuration.target(exim, "mx", "greeting")
    with daemon(configuration, log) as running:
        ran(running, target="mx")
        ran(running, 2, target="submission")
        configuration.remove_target("mx")
        configuration.target(exim, "smtps", "greeting").write()
        kept = ["smtp_check_runs_total", "smtp_check_duration_seconds_count",
                "smtp_check_last_success_timestamp_seconds"]  # fmt: skip
        before = [running.value(name, target="submission") for name in kept]
        changed = running.value("smtp_check_last_change_timestamp_seconds", target="submission")
        reload(running, how, succeeds=True)
        ran(running, target="smtps")
        every_mx = [has for _, has, _ in parse_metrics(running.get("/metrics"))]
        assert [has for has in every_mx if has.get("target") == "mx"] == []
        after = [running.value(name, target="submission") for name in kept]
        assert all(now >= then for now, then in zip(after, before))
        now = running.value("smtp_check_last_change_timestamp_seconds", target="submission")
        assert now == changed


def reload(running, how, succeeds):
    if how == "request":
        status, body = running.request("/-/reload", method="POST")
        assert (status == 200) == succeeds, body
        assert succeeds or "config.toml:" in body
    else:
        running.process.signal(signal.SIGHUP)
    eventually(lambda: running.value(RELOADED) == (1 if succeeds else 0))


def test_a_check_is_run_at_once_when_asked(exim, configuration, log):
    configuration.every("1h")
    configuration.target(exim, "mx", "greeting")
    with daemon(configuration, log) as running:
        before = running.value("smtp_check_runs_total", target="mx") or 0
        status, body = running.request("/checks/mx/greeting/run", method="POST")
        assert status < 400, body
        ran(running, before + 1, target="mx")
        assert running.request("/checks/mx/tls/run", method="POST")[0] == 404
        assert running.request("/checks/mx/greeting/run")[0] == 405


def test_what_passed_before_a_restart_is_a_regression_after_it(
    postfix, dovecot, configuration, log
):
    login(configuration, postfix)
    labels = {"target": "submission", "check": "login"}
    success = "smtp_check_last_success_timestamp_seconds"
    change = "smtp_check_last_change_timestamp_seconds"
    with daemon(configuration, log) as running:
        ran(running, **labels)
        assert running.value("smtp_check_regression", **labels) == 0
    dovecot.set_password("changed meanwhile")
    try:
        with daemon(configuration, log) as running:
            last_success = running.value(success, **labels)
            assert last_success > 0
            ran(running, **labels)
            assert running.value("smtp_check_reply_code", phase="auth", **labels) == 535
            assert running.value("smtp_check_regression", **labels) == 1
            assert running.value(success, **labels) == last_success
            changed = running.value(change, **labels)
        # Nor is it forgotten by the next restart, before and after the first run.
        with daemon(configuration, log) as running:
            assert running.value("smtp_check_regression", **labels) == 1
            ran(running, **labels)
            assert running.value("smtp_check_regression", **labels) == 1
            assert running.value(success, **labels) == last_success
            assert running.value(change, **labels) == changed
    finally:
        dovecot.set_password(mail.PASSWORD)


def test_the_daemon_ends_in_good_order_while_a_server_hangs(configuration, log):
    configuration.every("1m")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = {"name": "mute", "host": "127.0.0.1", "tls": "none", "checks": ["greeting"]}
        configuration.raw_target({**settings, "port": silent.getsockname()[1]})
        with daemon(configuration, log) as running:
            status, body = running.request("/checks/mute/greeting/run", method="POST")
            assert status < 400, body
            silent.settimeout(15)
            hanging, _ = silent.accept()
            running.process.signal(signal.SIGTERM)
            # The promise is five seconds; far less than the minute the hanging run may take.
            assert running.process.wait(within=5) == 0
            hanging.close()


def test_where_the_daemon_listens_is_told_once(exim, configuration, log):
    configuration.target(exim, "mx", "greeting")
    with daemon(configuration, log) as running:
        told = f"listening address=127.0.0.1:{running.port}"
        # It is ready before it says so.
        assert eventually(lambda: running.log.count(told)) == 1
        running.process.signal(signal.SIGTERM)
        assert running.process.wait(within=5) == 0
        assert running.log.count(told) == 1


def test_a_broken_file_at_the_start_is_told_with_its_place(exim, configuration):
    path = configuration.target(exim, "mx", "greting").write()
    outcome = call("serve", f"--config.file={path}", "--web.listen-address=127.0.0.1:0")
    assert outcome.status == 2
    assert "config.toml:" in outcome.stderr and "greeting" in outcome.stderr
