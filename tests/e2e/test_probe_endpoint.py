"""GET /probe: one run when somebody asks for it, and only where a module may be sent to."""

import urllib.parse

import pytest

import leaks
from program import daemon, parse_metrics
from servers import dnsmasq, mail, prometheus, recorder

NOWHERE = "127.0.0.1:1"


def path(target, module, **more):
    query = {"target": target, "module": module, **more}
    return "/probe?" + urllib.parse.urlencode(query)


def answered(running, *arguments, **more):
    """The samples of a probe that must be answered: {name: [(labels, value)]}."""
    samples = {}
    for name, labels, value in parse_metrics(running.get(path(*arguments, **more))):
        samples.setdefault(name, []).append((labels, value))
    return samples


def only(samples, name):
    found = samples[name]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture
def submission(postfix):
    return f"{dnsmasq.ONE_ADDRESS}:{postfix.ports['submission']}"


@pytest.fixture
def probing(configuration, dns, submission, tmp_path):
    """Starts the daemon with a module `login` for the submission server, and no target at all."""
    configuration.agent["dns_servers"] = [dns.address]
    configuration.credential()
    configuration.module("login", submission, kind="login", tls="starttls", credentials="probe")
    return lambda *flags: daemon(configuration, tmp_path / "daemon.log", *flags)


def test_a_login_answers_with_the_families_of_blackbox_exporter_and_ours(
    probing, submission, certificates, sandbox
):
    with probing() as running:
        samples = answered(running, submission, "login")
        assert only(samples, "probe_success") == ({}, 1)
        assert 0 < only(samples, "probe_duration_seconds")[1] < 10
        assert 0 < only(samples, "probe_dns_lookup_time_seconds")[1] < 10
        assert only(samples, "probe_ip_protocol") == ({}, 4)
        assert only(samples, "probe_tls_version_info") == ({"version": "TLS 1.3"}, 1)
        expiry = only(samples, "probe_ssl_earliest_cert_expiry")[1]
        ours = only(samples, "smtp_tls_certificate_not_after_timestamp_seconds")[1]
        assert 0 < expiry <= ours
        codes = {labels["phase"]: code for labels, code in samples["smtp_check_reply_code"]}
        assert (codes["banner"], codes["starttls"], codes["auth"]) == (220, 220, 235)
        result = {"phase": "auth", "code": "235", "enhanced_code": "2.7.0", "reason": "ok"}
        assert only(samples, "smtp_check_result_info") == (result, 1)
        info = only(samples, "smtp_tls_certificate_info")[0]
        assert info["fingerprint_sha256"] == certificates.fingerprint("valid")
        # Whoever scrapes knows whom: the answer itself says neither target nor check.
        assert not [has for all_of in samples.values() for has, _ in all_of if "target" in has]
        # It leaves no trace in what is exported of the schedule.
        assert running.samples("smtp_check_success") == []
        text = running.get(path(submission, "login"))
        assert prometheus.check_metrics(sandbox, text) == ""


def test_a_refused_password_is_a_failed_probe_with_its_reason(
    probing, configuration, submission, dovecot
):
    dovecot.set_password("changed by somebody")
    try:
        with probing() as running:
            samples = answered(running, submission, "login")
            assert only(samples, "probe_success") == ({}, 0)
            assert (
                only(samples, "smtp_check_result_info")[0]["reason"] == "auth_credentials_invalid"
            )
            assert running.get("/-/ready")
    finally:
        dovecot.set_password(mail.PASSWORD)


@pytest.mark.parametrize("host, reason", [
    (dnsmasq.NO_SUCH_NAME, "dns_not_found"), (dnsmasq.BROKEN, "dns_failure"),
    ("127.0.0.1", "connection_refused"),
])  # fmt: skip
def test_a_server_that_is_not_there_is_a_failed_probe_not_a_failed_scrape(
    probing, configuration, host, reason
):
    configuration.module("greeting", "*:1")
    with probing() as running:
        samples = answered(running, f"{host}:1", "greeting")
        assert only(samples, "probe_success") == ({}, 0)
        assert only(samples, "smtp_check_result_info")[0]["reason"] == reason
        assert only(samples, "probe_ip_protocol")[1] == (4 if host == "127.0.0.1" else 0)
        assert "probe_ssl_earliest_cert_expiry" not in samples
        assert "probe_tls_version_info" not in samples


def test_the_version_of_ip_is_told(probing, configuration):
    with recorder.run("::1") as server:
        configuration.module("greeting", f"[::1]:{server.port}", ca_file=None)
        with probing() as running:
            samples = answered(running, f"[::1]:{server.port}", "greeting")
            assert only(samples, "probe_success") == ({}, 1)
            assert only(samples, "probe_ip_protocol") == ({}, 6)


def test_debug_shows_the_dialogue_without_the_secret(probing, submission):
    with probing("--log.level=debug") as running:
        text = running.get(path(submission, "login", debug="true"))
        assert "220 " in text and "> EHLO" in text and "235 2.7.0" in text
        assert "<secret>" in text
        assert "\nprobe_success 1\n" in text and "smtp_check_reply_code{" in text
        assert leaks.find(mail.PASSWORD, text) == []
        assert "> EHLO" not in running.get(path(submission, "login", debug="false"))
    assert leaks.find(mail.PASSWORD, running.log) == []


def test_what_is_wrong_with_a_request_is_told(probing, submission):
    with probing() as running:
        status, body = running.request(path(submission, "logn"))
        assert (status, body) == (400, 'there is no module "logn"; the modules are login.\n')
        status, body = running.request("/probe")
        assert status == 400 and "the modules are login" in body
        status, body = running.request("/probe?module=login")
        assert status == 400 and "target=HOST:PORT" in body
        status, body = running.request(path(NOWHERE, "login"))
        assert status == 400 and f"its targets are {submission}" in body
        status, body = running.request(path(submission, "login"), method="POST")
        assert status == 405 and "GET" in body


def test_without_a_module_there_is_nothing_to_probe(exim, configuration, tmp_path):
    configuration.target(exim, "mx", "greeting")
    with daemon(configuration, tmp_path / "daemon.log") as running:
        status, body = running.request(path(f"127.0.0.1:{exim.ports['mx']}", "login"))
        assert status == 400 and "[probe.module.NAME]" in body


def test_modules_are_read_again_on_reload(probing, configuration, submission):
    with probing() as running:
        other = path(NOWHERE, "greeting")
        assert running.request(other)[0] == 400
        configuration.module("greeting", NOWHERE).write()
        assert running.request("/-/reload", method="POST")[0] == 200
        assert "connection_refused" in running.get(other)
        assert "probe_success 1" in running.get(path(submission, "login"))
