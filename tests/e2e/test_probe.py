"""probe: one server, asked from the command line alone."""

import pytest

import leaks
from program import call, codes
from servers import mail
from servers.dovecot import token
from waiting import eventually


@pytest.fixture
def secret_file(tmp_path):
    """Writes a secret into a file of its own."""

    def write(secret=mail.PASSWORD, mode=0o600):
        path = tmp_path / "secret"
        path.write_bytes(secret.encode())
        path.chmod(mode)
        return path

    return write


def probe(server, role, *options, style="json"):
    tls = "implicit" if mail.implicit_tls(role) else "starttls"
    address = f"127.0.0.1:{server.ports[role]}"
    return call("probe", address, f"--tls={tls}", f"--format={style}", *options)


def login(file, *options):
    return (f"--user={mail.USER}", f"--password-file={file}", *options)


@pytest.mark.parametrize("role", ["submission", "smtps"])
def test_a_login_is_what_credentials_are_for(server, certificates, secret_file, role):
    outcome = probe(server, role, *login(secret_file()), f"--ca-file={certificates.ca}")
    assert outcome.status == 0, outcome
    run = outcome.run
    assert (run["target"], run["kind"]) == ("127.0.0.1", "login")
    assert (run["passed"], run["phase"], run["code"], run["reason"]) == (True, "auth", 235, "ok")


@pytest.mark.parametrize("role", ["submission", "smtps"])
def test_a_wrong_password_is_refused(server, certificates, secret_file, role):
    file = secret_file("wrong")
    outcome = probe(server, role, *login(file), f"--ca-file={certificates.ca}")
    assert outcome.status == 1, outcome
    run = outcome.run
    assert (run["passed"], run["phase"], run["code"]) == (False, "auth", 535)
    assert run["reason"] == "auth_credentials_invalid"


def test_a_token_is_read_from_the_file_too(postfix, certificates, secret_file):
    file = secret_file(token())
    options = login(file, "--mechanism=xoauth2", f"--ca-file={certificates.ca}")
    assert probe(postfix, "submission", *options).run["code"] == 235


def test_no_secret_is_sent_to_a_server_of_an_unknown_authority(server, secret_file):
    run = probe(server, "submission", *login(secret_file())).run
    assert (run["passed"], run["phase"], run["reason"]) == (False, "tls", "certificate_untrusted")
    assert "auth" not in codes(run)


def test_a_certificate_is_reported_but_not_judged_on_request(server, certificates):
    run = probe(server, "submission_expired", "--kind=tls", "--no-verify").run
    assert run["passed"]
    shown = run["certificate"]["fingerprint_sha256"].lower().replace(":", "")
    assert shown == certificates.fingerprint("expired")
    assert not run["certificate"]["verified"]


def test_the_name_to_verify_may_differ(server, certificates):
    options = ("--kind=tls", f"--ca-file={certificates.ca}", "--server-name=elsewhere.example.test")
    assert probe(server, "submission_other_name", *options).run["reason"] == "ok"
    wrong = probe(server, "submission_other_name", *options[:2])
    assert wrong.run["reason"] == "certificate_name_mismatch"


@pytest.mark.parametrize(
    "kind, to, reason",
    [
        ("recipient", mail.RECIPIENT, "ok"),
        ("recipient", mail.UNKNOWN, "mailbox_unknown"),
        ("relay_refused", mail.FOREIGN, "ok"),
    ],
)
def test_a_recipient_is_asked_for(server, certificates, kind, to, reason):
    options = (f"--kind={kind}", f"--to={to}", f"--from={mail.USER}")
    outcome = probe(server, "mx", *options, f"--ca-file={certificates.ca}")
    assert (outcome.run["phase"], outcome.run["reason"]) == ("rcpt", reason)
    assert outcome.status == (0 if reason == "ok" else 1)


def test_a_message_is_sent(server, certificates, secret_file):
    before = len(server.messages())
    options = login(secret_file(), "--kind=delivery", f"--from={mail.USER}")
    options += (f"--to={mail.RECIPIENT}", f"--ca-file={certificates.ca}")
    outcome = probe(server, "submission", *options)
    assert outcome.status == 0, outcome
    assert (outcome.run["phase"], outcome.run["code"]) == ("message", 250)
    assert eventually(lambda: server.messages()[before:])


@pytest.mark.parametrize("password", [mail.PASSWORD, "Never $ right: 42%"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_the_dialogue_is_shown_without_the_secret(
    server, certificates, secret_file, password, mechanism
):
    file = secret_file(password)
    options = login(file, f"--mechanism={mechanism}", f"--ca-file={certificates.ca}")
    outcome = probe(server, "submission", *options, "--log.level=debug", style="text")
    code, reason = ("235", "") if password == mail.PASSWORD else ("535", "auth_credentials_invalid")
    for part in ("EHLO", "STARTTLS", f"AUTH {mechanism}", "<secret>", code, "QUIT", reason):
        assert part in outcome.stdout, part
    assert leaks.find(password, outcome.stdout + outcome.stderr) == []


FAULTS = {
    "others can read it": (mail.PASSWORD, 0o644, "chmod 600"),
    "it is empty": ("\n", 0o600, "empty"),
    "it has two lines": (mail.PASSWORD + "\n" + mail.PASSWORD, 0o600, "several lines"),
    "it holds a NUL byte": (mail.PASSWORD + "\0", 0o600, "NUL"),
    "it is too long": (mail.PASSWORD * 4000, 0o600, "longer"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_password_file_is_told_without_its_content(exim, secret_file, fault):
    content, mode, told = FAULTS[fault]
    outcome = probe(exim, "submission", *login(secret_file(content, mode)))
    assert outcome.status == 2, outcome
    assert told in outcome.stderr and "secret" in outcome.stderr
    assert leaks.find(mail.PASSWORD, outcome.stdout + outcome.stderr) == []


def test_a_missing_password_file_is_told_with_its_name(exim, tmp_path):
    outcome = probe(exim, "submission", *login(tmp_path / "forgotten"))
    assert outcome.status == 2
    assert "forgotten" in outcome.stderr


def test_a_password_is_not_sent_in_clear_unless_that_is_meant(server, secret_file):
    address = f"127.0.0.1:{server.ports['cleartext']}"
    options = ("probe", address, "--tls=none", "--format=json", *login(secret_file()))
    refused = call(*options)
    assert refused.status == 2 and "--allow-cleartext-login" in refused.stderr
    assert call(*options, "--allow-cleartext-login").run["code"] == 235
