"""Prometheus scrapes the daemon, and a changed password shows in a query."""

import pytest

from program import daemon
from servers import mail, prometheus
from waiting import eventually

CODE = 'smtp_check_reply_code{job="smtp", target="submission", check="login", phase="auth"}'
RUNS = "smtp_check_runs_total"


@pytest.fixture
def running(postfix, configuration, tmp_path):
    configuration.every("3s")
    configuration.credential().target(postfix, "submission", "login", credentials="probe")
    with daemon(configuration, tmp_path / "daemon.log") as started:
        yield started


@pytest.fixture
def scraping(sandbox, running):
    with prometheus.run(sandbox, running.port) as started:
        eventually(lambda: value(started, f'up{{job="{prometheus.JOB}"}}') == 1)
        yield started


def value(server, expression):
    samples = server.query(expression)
    return samples[0][1] if samples else None


def test_a_changed_password_shows_in_a_query_after_the_next_run(running, scraping, dovecot):
    eventually(lambda: value(scraping, CODE) == 235)
    dovecot.set_password("changed by somebody")
    try:
        # The run in progress may have asked before the change; the one after it has not. Once
        # Prometheus has seen that run, however short ago, the code must be there. (A refused login
        # is repeated after twice the interval, then four times.)
        changed = running.value(RUNS, target="submission") + 2
        seen = f"{CODE} and on(target, check) {RUNS} >= {changed:g}"
        assert eventually(lambda: value(scraping, seen), 30) == 535
        unexpected = f"{CODE} != on(target, check, phase) smtp_check_expected_reply_code"
        eventually(lambda: value(scraping, unexpected) == 535)
        info = 'smtp_check_result_info{check="login", reason="auth_credentials_invalid"}'
        assert value(scraping, info) == 1
        assert value(scraping, 'smtp_check_regression{check="login"}') == 1
        dovecot.set_password(mail.PASSWORD)
        running.request("/checks/submission/login/run", method="POST")
        eventually(lambda: value(scraping, CODE) == 235)
        assert value(scraping, 'smtp_check_regression{check="login"}') == 0
    finally:
        dovecot.set_password(mail.PASSWORD)


def test_every_scrape_succeeds(scraping):
    eventually(lambda: value(scraping, 'count_over_time(up{job="smtp"}[1m])') >= 3)
    assert value(scraping, 'min_over_time(up{job="smtp"}[1m])') == 1
