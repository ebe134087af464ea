"""Certificates with each fault, seen by `tls` and by a `login` that must keep its secret."""

import json

import pytest

import certificates as certificate_files
from program import check, codes

REASONS = {
    "valid": "ok",
    "expired": "certificate_expired",
    "self_signed": "certificate_untrusted",
    "other_name": "certificate_name_mismatch",
}
BAD = [kind for kind in REASONS if kind != "valid"]


def role_of(role, kind):
    return role if kind == "valid" else f"{role}_{kind}"


@pytest.mark.parametrize("kind", REASONS)
@pytest.mark.parametrize("role", ["submission", "smtps"])
def test_each_certificate_is_judged(server, configuration, certificates, role, kind):
    configuration.target(server, role_of(role, kind), "tls")
    outcome = check(configuration)
    run = outcome.run
    assert run["reason"] == REASONS[kind]
    assert run["passed"] == (kind == "valid")
    assert run["passed"] or run["phase"] == "tls"
    assert outcome.status == (0 if kind == "valid" else 1)


@pytest.mark.parametrize("kind", certificate_files.KINDS)
def test_the_facts_of_a_bad_certificate_are_told_too(server, configuration, certificates, kind):
    configuration.target(server, role_of("submission", kind), "tls")
    told = json.dumps(check(configuration).run["certificate"]).lower().replace(":", "")
    assert certificates.fingerprint(kind) in told


def test_a_certificate_about_to_expire_fails(server, configuration):
    configuration.target(server, "submission_expiring", "tls")
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "tls", "certificate_expired")


def test_a_certificate_about_to_expire_still_lets_a_login_pass(server, configuration):
    configuration.credential()
    configuration.target(server, "submission_expiring", "login", credentials="probe")
    run = check(configuration).run
    assert (run["passed"], run["code"]) == (True, 235)


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("role", ["submission", "smtps"])
def test_no_login_is_tried_over_a_bad_certificate(server, configuration, role, kind):
    configuration.credential()
    configuration.target(server, role_of(role, kind), "login", credentials="probe")
    run = check(configuration).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "tls", REASONS[kind])
    assert "auth" not in codes(run)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_certificate_passes_where_verification_is_off(server, configuration, kind):
    configuration.credential()
    role = role_of("submission", kind)
    configuration.target(server, role, "login", credentials="probe", verify=False)
    run = check(configuration).run
    assert (run["passed"], run["code"]) == (True, 235)


def test_the_name_to_verify_may_differ_from_the_host(server, configuration):
    name = certificate_files.OTHER_HOST
    configuration.target(server, "submission_other_name", "tls", server_name=name)
    assert check(configuration).run["reason"] == "ok"


def test_a_certificate_is_untrusted_without_its_authority(server, configuration):
    configuration.target(server, "submission", "tls", ca_file=None)
    assert check(configuration).run["reason"] == "certificate_untrusted"
