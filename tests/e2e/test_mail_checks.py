"""greeting, login_required, relay_refused, recipient and delivery against real servers."""

import socket

import pytest

from program import call, check, codes
from servers import mail
from waiting import eventually, free_port


def recipient(to, **settings):
    return {"kind": "recipient", "from": mail.USER, "to": to, **settings}


@pytest.mark.parametrize("role", ["mx", "submission", "smtps", "cleartext"])
def test_a_greeting_passes_on_every_port(server, configuration, role):
    configuration.target(server, role, "greeting")
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    assert (run["passed"], run["reason"]) == (True, "ok")
    seen = codes(run)
    assert (seen["banner"], seen["ehlo"], seen["quit"]) == (220, 250, 221)


def test_a_closed_port_fails_to_connect(configuration):
    configuration.raw_target({"name": "gone", "host": "127.0.0.1", "port": free_port(),
                              "tls": "none", "checks": ["greeting"]})  # fmt: skip
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["code"]) == (False, "connect", None)
    assert run["reason"] == "connection_refused"


def test_a_port_that_says_nothing_fails_at_the_banner(configuration):
    configuration.agent["timeout"] = "500ms"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        configuration.raw_target({"name": "mute", "host": "127.0.0.1", "port": port,
                                  "tls": "none", "checks": ["greeting"]})  # fmt: skip
        run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "banner", "read_timeout")


@pytest.mark.parametrize("role", ["submission", "smtps"])
def test_mail_without_login_is_refused_early_or_late(server, configuration, role):
    configuration.target(server, role, "login_required")
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    # Postfix keeps its refusal until RCPT, Exim is set up to refuse MAIL.
    refusal = ("rcpt", 554) if server.name == "postfix" else ("mail", 550)
    assert (run["passed"], run["phase"], run["code"], run["reason"]) == (True, *refusal, "ok")


def test_mail_taken_without_login_is_an_unexpected_acceptance(server, configuration):
    configuration.target(server, "open_relay", "login_required")
    outcome = check(configuration)
    assert outcome.status == 1, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"]) == (False, "rcpt", 250)
    assert run["reason"] == "unexpected_acceptance"


def test_relaying_is_refused_by_a_closed_server(server, configuration):
    configuration.target(server, "mx", "relay_refused")
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    code = 554 if server.name == "postfix" else 550
    assert (run["passed"], run["phase"], run["code"], run["reason"]) == (True, "rcpt", code, "ok")


def test_an_open_relay_is_found(server, configuration):
    configuration.target(server, "open_relay", "relay_refused")
    outcome = check(configuration)
    assert outcome.status == 1, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"]) == (False, "rcpt", 250)
    assert run["reason"] == "unexpected_acceptance"
    assert "data" not in codes(run)


@pytest.mark.parametrize("to", [mail.RECIPIENT, mail.USER])
def test_a_known_recipient_is_accepted_and_gets_nothing(server, configuration, to):
    before = len(server.messages(to))
    configuration.target(server, "mx", recipient(to))
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["code"], run["reason"]) == (True, "rcpt", 250, "ok")
    assert "data" not in codes(run)
    assert len(server.messages(to)) == before


def test_an_unknown_recipient_fails(server, configuration):
    configuration.target(server, "mx", recipient(mail.UNKNOWN))
    outcome = check(configuration)
    assert outcome.status == 1, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"]) == (False, "rcpt", 550)
    assert run["enhanced_code"] == ("5.1.1" if server.name == "postfix" else None)
    assert run["reason"] == "mailbox_unknown"


def test_a_refusal_passes_where_it_is_expected(server, configuration):
    configuration.target(server, "mx", recipient(mail.UNKNOWN, expect={"rcpt": "550"}))
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    assert (run["passed"], run["code"], run["reason"]) == (True, 550, "ok")


def test_the_dialogue_ends_where_until_says(server, configuration):
    configuration.credential()
    check_settings = {"kind": "login", "until": "auth"}
    configuration.target(server, "submission", check_settings, credentials="probe")
    seen = codes(check(configuration).run)
    assert seen["auth"] == 235
    assert "mail" not in seen


@pytest.mark.parametrize("role", ["mx", "submission", "smtps"])
def test_a_message_is_delivered_and_says_what_it_is(server, configuration, role):
    before = len(server.messages())
    settings = {"kind": "delivery", "from": mail.USER, "to": mail.RECIPIENT}
    credentials = None if role == "mx" else "probe"
    configuration.credential().target(server, role, settings, credentials=credentials)
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"]) == (True, "message", 250)
    assert codes(run)["data"] == 354
    arrived = eventually(lambda: server.messages()[before:])
    assert len(arrived) == 1
    assert arrived[0]["Auto-Submitted"] == "auto-generated"
    for header in ("Date", "From", "To", "Subject", "Message-ID"):
        assert arrived[0][header], header


def test_a_message_to_an_unknown_recipient_is_not_sent(server, configuration):
    settings = {"kind": "delivery", "from": mail.USER, "to": mail.UNKNOWN}
    configuration.target(server, "mx", settings)
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["code"]) == (False, "rcpt", 550)
    assert "data" not in codes(run)


def test_only_the_selected_check_runs(server, configuration):
    configuration.target(server, "mx", "greeting", "tls", "relay_refused")
    runs = check(configuration, "mx/tls").runs
    assert [(run["target"], run["check"]) for run in runs] == [("mx", "tls")]


def test_an_unknown_selection_is_a_usage_error(configuration, exim):
    configuration.target(exim, "mx", "greeting")
    outcome = check(configuration, "no-such-target")
    assert outcome.status == 2
    assert "no-such-target" in outcome.stderr


def test_a_server_is_probed_without_any_configuration(server):
    port = server.ports["cleartext"]
    probe = ("probe", f"127.0.0.1:{port}", "--tls=none", "--kind=greeting", "--format=json")
    outcome = call(*probe)
    assert outcome.status == 0, outcome
    assert codes(outcome.run)["banner"] == 220
