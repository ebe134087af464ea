"""A login breaks, its server goes down, both are mended: what Alertmanager says of it, and what not.

The files are those of config/prometheus/, with other addresses and shorter times.
"""

import urllib.request
from pathlib import Path

import pytest

from program import daemon
from servers import alertmanager, prometheus, scripted
from waiting import eventually, free_port

FILES = Path(__file__).parents[2] / "config" / "prometheus"

ACCEPTANCE = "SmtpUnexpectedAcceptance"
REGRESSION = "SmtpAuthenticationRegression"
UNREACHABLE = "SmtpServerUnreachable"


@pytest.fixture
def server():
    with scripted.run() as started:
        yield started


@pytest.fixture
def exporter(configuration, server, tmp_path):
    """Asks for a greeting every second, and logs in when the test says so."""
    configuration.every("1s").credential().raw_target(
        {
            "name": "mail",
            "host": "127.0.0.1",
            "port": server.port,
            "tls": "none",
            "allow_cleartext_login": True,
            "credentials": "probe",
            "checks": ["greeting"],
            "check": [{"kind": "login", "interval": "1h"}],
        }
    )
    with daemon(configuration, tmp_path / "daemon.log") as started:
        yield started


@pytest.fixture
def webhook():
    with alertmanager.webhook() as started:
        yield started


@pytest.fixture
def manager(sandbox, exporter, webhook):
    """Alertmanager, and a Prometheus that scrapes the exporter and tells it."""
    port = free_port()
    folder = sandbox.folder(f"alertmanager-{port}")
    (folder / "recording.yml").write_text((FILES / "recording.yml").read_text())
    write(folder, "alerts.yml", {"keep_firing_for: 3m": "keep_firing_for: 2s"})
    addresses = {"127.0.0.1:9093": f"127.0.0.1:{port}", "127.0.0.1:10235": address(exporter)}
    write(folder, "prometheus.yml", {"interval: 15s": "interval: 1s", **addresses})
    times = {"group_wait: 30s": "group_wait: 1s", "group_interval: 5m": "group_interval: 1s"}
    receiver = {"127.0.0.1:9099": f"127.0.0.1:{webhook.port}"}
    write(folder, "alertmanager.yml", {**times, **receiver})
    with alertmanager.serve(sandbox, folder, port) as started:
        with prometheus.serve(sandbox, folder):
            yield started


def write(folder, name, changes):
    text = (FILES / name).read_text()
    for old, new in changes.items():
        assert old in text, f"{name} has no {old!r}"
        text = text.replace(old, new)
    (folder / name).write_text(text)


def address(exporter):
    return f"127.0.0.1:{exporter.port}"


def log_in(exporter, times=1):
    """Runs the login that often, one after the other."""
    runs = {"target": "mail", "check": "login"}
    for _ in range(times):
        wanted = (exporter.value("smtp_check_runs_total", **runs) or 0) + 1
        assert exporter.request("/checks/mail/login/run", method="POST")[0] < 400
        eventually(lambda: exporter.value("smtp_check_runs_total", **runs) >= wanted)


def page(url):
    with urllib.request.urlopen(url, timeout=10) as reply:
        return reply.read().decode()


def test_the_right_alert_arrives_once_and_a_server_that_is_down_silences_it(
    server, exporter, manager, webhook
):
    log_in(exporter)
    assert exporter.value("smtp_check_success", target="mail", check="login") == 1

    # The password stops working.
    server.auth = scripted.REFUSED
    log_in(exporter, times=2)
    news = [(REGRESSION, "firing")]
    eventually(lambda: webhook.news() == news, what=lambda: str(webhook.told))
    alert = webhook.told[0]
    assert alert.receiver == "pager"
    assert alert.labels == {
        "alertname": REGRESSION,
        "severity": "critical",
        "job": "smtp",
        "instance": address(exporter),
        "target": "mail",
        "check": "login",
        "phase": "auth",
        "code": "535",
        "enhanced_code": "5.7.8",
        "reason": "auth_credentials_invalid",
    }
    assert alert.annotations["summary"] == (
        "Login at mail worked before and fails now:"
        " 235 expected, 535 5.7.8 came (auth_credentials_invalid)"
    )
    assert "Failing since 20" in alert.annotations["description"]
    assert "535" in page(alert.annotations["check_url"])
    assert alert.annotations["runbook_url"].endswith("/reasons/auth_credentials_invalid")
    assert "auth_credentials_invalid" in page(alert.annotations["runbook_url"])

    # The whole server goes down: that is told, and nothing about the login.
    server.down()
    news += [(UNREACHABLE, "firing")]
    eventually(lambda: webhook.news() == news, what=lambda: str(webhook.told))
    alert = webhook.told[-1]
    assert alert.receiver == "pager"
    assert "Reason: connection_refused, in phase connect." in alert.annotations["description"]
    assert "connection_refused" in page(alert.annotations["runbook_url"])
    held = manager.alerts()
    assert set(held) == {REGRESSION, UNREACHABLE}
    assert held[REGRESSION]["status"]["state"] == "suppressed"
    assert held[REGRESSION]["status"]["inhibitedBy"] == [held[UNREACHABLE]["fingerprint"]]

    # It comes back, and still refuses the login: that counts again.
    server.up()
    eventually(lambda: len(webhook.told) >= 4, what=lambda: str(webhook.told))
    assert sorted(webhook.news()[2:]) == [(REGRESSION, "firing"), (UNREACHABLE, "resolved")]

    # All is mended. Nothing was told that is not in this list.
    server.auth = scripted.ACCEPTED
    log_in(exporter)
    eventually(lambda: len(webhook.told) >= 5, what=lambda: str(webhook.told))
    assert webhook.news()[4:] == [(REGRESSION, "resolved")]


@pytest.fixture
def alone(sandbox):
    """Alertmanager as it is shipped, and nobody who tells it anything yet."""
    port = free_port()
    folder = sandbox.folder(f"alertmanager-alone-{port}")
    write(folder, "alertmanager.yml", {})
    with alertmanager.serve(sandbox, folder, port) as started:
        yield started


def test_what_one_exporter_cannot_reach_silences_nothing_that_another_one_sees(alone):
    def of(name, instance):
        return {"alertname": name, "job": "smtp", "instance": instance, "target": "mail"}

    alone.tell(of(UNREACHABLE, "site-b:10235"), of(ACCEPTANCE, "site-a:10235"),
               of(REGRESSION, "site-b:10235"))  # fmt: skip

    def states():
        return {name: alert["status"]["state"] for name, alert in alone.alerts().items()}

    # From then on the one that inhibits is known, for all others too.
    eventually(lambda: states().get(REGRESSION) == "suppressed", 60, lambda: str(states()))
    assert states() == {UNREACHABLE: "active", ACCEPTANCE: "active", REGRESSION: "suppressed"}
