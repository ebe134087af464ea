"""All kinds of check against one port of each server, one after the other and in the daemon."""

import pytest

from program import check, daemon
from servers import mail
from waiting import eventually

PEOPLE = {"from": mail.USER, "to": mail.RECIPIENT}
CHECKS = [
    "greeting",
    "tls",
    "login",
    "login_refused",
    "login_required",
    "relay_refused",
    {"kind": "recipient", **PEOPLE},
    {"kind": "delivery", **PEOPLE},
]
KINDS = [kind if isinstance(kind, str) else kind["kind"] for kind in CHECKS]


@pytest.fixture
def everything(server, configuration):
    configuration.credential()
    return configuration.target(server, "submission", *CHECKS, credentials="probe")


def expected(server):
    """Phase and code that decide each kind; Postfix keeps its refusals until RCPT."""
    refusal = ("rcpt", 554) if server.name == "postfix" else ("mail", 550)
    return {
        "greeting": ("ehlo", 250),
        "tls": ("tls", None),
        "login": ("auth", 235),
        "login_refused": ("auth", 535),
        "login_required": refusal,
        "relay_refused": refusal,
        "recipient": ("rcpt", 250),
        "delivery": ("message", 250),
    }


def test_every_kind_passes_from_the_command_line(server, everything):
    outcome = check(everything)
    assert outcome.status == 0, outcome
    assert [run["kind"] for run in outcome.runs] == KINDS
    assert {run["kind"]: (run["phase"], run["code"]) for run in outcome.runs} == expected(server)
    assert {run["reason"] for run in outcome.runs} == {"ok"}


def test_every_kind_passes_in_the_daemon(server, everything, tmp_path):
    everything.every("10s")
    with daemon(everything, tmp_path / "daemon.log") as running:
        for kind in KINDS:
            # Sooner than the schedule would; hourly ones, too.
            running.request(f"/checks/submission/{kind}/run", method="POST")
        passed = "smtp_check_success"
        eventually(lambda: len(running.samples(passed)) == len(KINDS), 30, lambda: running.log)
        assert {has["check"]: value for has, value in running.samples(passed)} == dict.fromkeys(
            KINDS, 1
        )
        results = [has for has, _ in running.samples("smtp_check_result_info")]
        seen = {has["check"]: (has["phase"], has["code"]) for has in results}
        told = {kind: (phase, str(code or "")) for kind, (phase, code) in expected(server).items()}
        assert seen == told
        assert running.value("smtp_ehlo_size_limit_bytes", target="submission") > 0
        for extension in ("SIZE", "PIPELINING", "8BITMIME"):
            offered = {"target": "submission", "extension": extension, "tls": "after"}
            assert running.value("smtp_ehlo_extension", **offered) == 1
