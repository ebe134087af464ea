"""login and login_refused against real servers: passwords, mechanisms, and what is never sent."""

import pytest

from program import check, codes
from servers import dovecot as dovecot_server
from servers import exim as exim_server

ENCRYPTED = ["submission", "smtps"]


@pytest.mark.parametrize("role", ENCRYPTED)
def test_the_right_password_passes(server, configuration, role):
    configuration.credential().target(server, role, "login", credentials="probe")
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    assert (run["target"], run["check"], run["kind"]) == (role, "login", "login")
    assert (run["passed"], run["phase"], run["code"], run["reason"]) == (True, "auth", 235, "ok")
    assert codes(run)["quit"] == 221


@pytest.mark.parametrize("role", ENCRYPTED)
def test_a_wrong_password_fails_and_the_session_still_ends_politely(server, configuration, role):
    configuration.credential(password="wrong").target(server, role, "login", credentials="probe")
    outcome = check(configuration)
    assert outcome.status == 1, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"]) == (False, "auth", 535)
    assert run["reason"] == "auth_credentials_invalid"
    assert run["enhanced_code"] == ("5.7.8" if server.name == "postfix" else None)
    assert codes(run)["quit"] == 221


@pytest.mark.parametrize("role", ENCRYPTED)
def test_invented_credentials_are_refused(server, configuration, role):
    configuration.target(server, role, "login_refused")
    outcome = check(configuration)
    assert outcome.status == 0, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"], run["reason"]) == (True, "auth", 535, "ok")


@pytest.mark.parametrize("mechanism", exim_server.MECHANISMS)
@pytest.mark.parametrize("password_is_right", [True, False])
def test_exim_answers_each_mechanism(exim, configuration, mechanism, password_is_right):
    answers(exim, configuration, mechanism, password_is_right)


@pytest.mark.parametrize("mechanism", dovecot_server.MECHANISMS)
@pytest.mark.parametrize("password_is_right", [True, False])
def test_dovecot_answers_each_mechanism(postfix, configuration, mechanism, password_is_right):
    answers(postfix, configuration, mechanism, password_is_right)


def answers(server, configuration, mechanism, password_is_right):
    secret = {}
    if "AUTH" in mechanism:
        # A token, not a password; the last letters are its signature.
        token = dovecot_server.token()
        secret = {"password": token if password_is_right else token[:-6] + "AAAAAA"}
    elif not password_is_right:
        secret = {"password": "wrong"}
    configuration.credential(mechanism=mechanism, **secret)
    configuration.target(server, "submission", "login", credentials="probe")
    run = check(configuration).run
    expected = (True, 235, "ok") if password_is_right else (False, 535, "auth_credentials_invalid")
    assert (run["passed"], run["code"], run["reason"]) == expected
    assert run["phase"] == "auth"


def test_no_login_is_tried_where_none_is_offered(server, configuration):
    configuration.credential().target(server, "mx", "login", credentials="probe")
    run = check(configuration).run
    assert (run["passed"], run["reason"]) == (False, "auth_not_offered")
    assert "auth" not in codes(run)


def test_no_login_is_tried_where_tls_is_gone(server, configuration):
    configuration.credential()
    configuration.target(server, "cleartext", "login", credentials="probe", tls="starttls")
    run = check(configuration).run
    assert (run["passed"], run["reason"]) == (False, "starttls_not_offered")
    assert "auth" not in codes(run)


@pytest.mark.parametrize("tls", ["none", "opportunistic"])
def test_a_login_without_tls_works_where_the_configuration_says_so(server, configuration, tls):
    configuration.credential()
    configuration.target(
        server, "cleartext", "login", credentials="probe", tls=tls, allow_cleartext_login=True
    )
    run = check(configuration).run
    assert (run["passed"], run["code"], run["reason"]) == (True, 235, "ok")


def test_a_login_without_tls_is_otherwise_a_configuration_error(exim, configuration):
    configuration.credential()
    configuration.target(exim, "cleartext", "login", credentials="probe", tls="none")
    outcome = check(configuration)
    assert outcome.status == 2
    assert "config.toml:" in outcome.stderr and "allow_cleartext_login" in outcome.stderr


def test_a_secret_goes_to_its_own_hosts_only(exim, configuration):
    configuration.credential(hosts=["mail.example.test"])
    configuration.target(exim, "submission", "login", credentials="probe")
    outcome = check(configuration)
    assert outcome.status == 2
    assert "config.toml:" in outcome.stderr and "hosts" in outcome.stderr
