"""The alerts that docs/probe.md gives for probes, by promtool."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
DOCUMENT = PROJECT / "docs" / "probe.md"
OF_THE_SCHEDULE = PROJECT / "config" / "prometheus" / "alerts.yml"
JOB = {"job": "smtp-probe", "instance": "smtp.example.com:587"}


@pytest.fixture
def promtool(sandbox):
    folder = sandbox.folder("probe-alerts")
    rules = re.search(r"```yaml\n(groups:.*?)```", DOCUMENT.read_text(), re.DOTALL)[1]
    (folder / "rules.yml").write_text(rules)

    shutil.copy(OF_THE_SCHEDULE, folder)

    def run(*words, file):
        done = sandbox.run("/usr/bin/promtool", *words, f"{sandbox.inside(folder)}/{file}")
        return done.returncode, done.stdout + done.stderr

    def test(series, alert, *expected):
        """Whether, after ten minutes of these series, exactly the expected alerts fire."""
        case = {
            "interval": "1m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "alert_rule_test": [{"eval_time": "10m", "alertname": alert, "exp_alerts": expected}],
        }
        tests = {"rule_files": ["rules.yml", "alerts.yml"], "tests": [case]}
        (folder / "test.yml").write_text(yaml.safe_dump(tests))
        return run("test", "rules", file="test.yml")

    run.test = test
    return run


def series(name, **labels):
    inside = ",".join(f'{key}="{value}"' for key, value in {**JOB, **labels}.items())
    return f"{name}{{{inside}}}"


def alert(severity, summary):
    return {"exp_labels": {**JOB, "severity": severity}, "exp_annotations": {"summary": summary}}


def test_the_rules_are_without_fault(promtool):
    status, output = promtool("check", "rules", "--lint=all", "--lint-fatal", file="rules.yml")
    assert status == 0, output


def test_a_failing_probe_is_told_with_its_reason(promtool):
    result = series("smtp_check_result_info", phase="auth", code="535", reason="auth_credentials_invalid")  # fmt: skip
    words = f"{JOB['instance']} fails at auth: 535 auth_credentials_invalid"
    failing = {series("probe_success"): "0x10", result: "1x10"}
    status, output = promtool.test(failing, "SmtpProbeFails", alert("critical", words))
    assert status == 0, output


def test_a_failing_probe_whose_reason_is_unknown_is_told_too(promtool):
    told = alert("critical", f"{JOB['instance']}")
    status, output = promtool.test({series("probe_success"): "0x10"}, "SmtpProbeFails", told)
    assert status == 0, output


@pytest.mark.parametrize("values", ["1x10", "0x7 1x3", "1x7 0x2"])
def test_a_probe_that_passes_or_failed_only_now_is_none(promtool, values):
    status, output = promtool.test({series("probe_success"): values}, "SmtpProbeFails")
    assert status == 0, output


def test_a_scrape_that_is_not_answered_is_told(promtool):
    told = alert("warning", f"No answer from /probe for {JOB['instance']}")
    down = {series("up"): "0x10", series("up", instance="other:25"): "1x10"}
    status, output = promtool.test(down, "SmtpProbeNotAnswered", told)
    assert status == 0, output
    assert promtool.test(down, "SmtpProbeNotAnswered")[0] != 0


def test_alerts_of_the_schedule_that_need_a_memory_are_none_of_probes(promtool):
    result = series("smtp_check_result_info", phase="auth", code="535", reason="auth_credentials_invalid")  # fmt: skip
    failing = {result: "1x10", series("smtp_check_success"): "0x10",
               series("smtp_check_reachable"): "1x10"}  # fmt: skip
    for name in ("SmtpAuthenticationRegression", "SmtpLoginRefused", "SmtpCheckFailing"):
        status, output = promtool.test(failing, name)
        assert status == 0, output


def test_an_open_relay_that_a_probe_finds_is_told_by_the_probes_own_alert(promtool):
    found = {"phase": "rcpt", "code": "250", "reason": "unexpected_acceptance"}
    words = f"{JOB['instance']} accepts what its module wants refused: 250 in phase rcpt"
    told = alert("critical", words)
    told["exp_labels"] |= found
    relay = {series("smtp_check_result_info", **found): "1x10"}
    status, output = promtool.test(relay, "SmtpProbeAcceptsTooMuch", told)
    assert status == 0, output
    status, output = promtool.test(relay, "SmtpUnexpectedAcceptance")
    assert status == 0, output


@pytest.mark.parametrize(
    "end, words", [(604800, "ends in 6d 23h 50m 0s"), (300, "has ended"), (605401, None)]
)
def test_a_certificate_that_ends_soon_is_told(promtool, end, words):
    told = [alert("warning", f"A certificate of {JOB['instance']} {words}")] if words else []
    ends = {series("probe_ssl_earliest_cert_expiry"): f"{end}x10"}
    status, output = promtool.test(ends, "SmtpProbeCertificateExpiresIn7Days", *told)
    assert status == 0, output
