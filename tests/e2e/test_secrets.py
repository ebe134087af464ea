"""No secret shows anywhere: no page, no metric, nor the log at its most talkative."""

import base64
import html
import json
import urllib.parse

import pytest

import leaks
from program import call, daemon
from servers import mail
from servers.dovecot import token
from waiting import eventually

PAGES = ["/", "/metrics", "/config", "/api/v1/checks"]
# Pages that may come later are looked at too when they are there.
MORE_PAGES = ["/sd", "/codes", "/codes/535", "/reasons/auth_credentials_invalid", "/api/v1/codes",
              "/api/v1/reasons", "/probe?target=127.0.0.1:1&module=x&debug=true"]  # fmt: skip
WRONG = 'Open "sesame", wrong & <old>: 0815+'
MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
TOKEN_MECHANISMS = ["XOAUTH2", "OAUTHBEARER"]
# A token that Dovecot does not take: its signature is another's.
FORGED = token("somebody@example.test").rsplit(".", 1)[0] + "." + "Q" * 43


@pytest.mark.parametrize("secret", [mail.PASSWORD, WRONG, "\u00ff\u00fe?>~" * 4])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_the_search_finds_a_secret_at_every_place_in_base64(secret, encode):
    for before in ("", "a", "ab", "\0user@example.test\0"):
        for after in ("", "x", "xy"):
            text = encode((before + secret + after).encode()).decode()
            assert leaks.find(secret, f"AUTH PLAIN {text}"), (before, after)


def test_the_search_finds_every_other_spelling():
    assert "clear" in leaks.find(WRONG, f"password={WRONG}")
    assert leaks.find(WRONG, WRONG.encode().hex().upper()) == ["hexadecimal"]
    assert leaks.find(WRONG, html.escape(WRONG)) == ["HTML"]
    assert leaks.find(WRONG, json.dumps({"password": WRONG})) == ["JSON"]
    assert leaks.find(WRONG, urllib.parse.quote(WRONG, safe="")) == ["URL"]
    assert leaks.find(WRONG, "nothing of the kind") == []


@pytest.fixture
def talkative(postfix, configuration):
    """A target for each mechanism with the right and with a wrong secret."""
    configuration.every("3s")
    pairs = [(mechanism, mail.PASSWORD, WRONG) for mechanism in MECHANISMS]
    pairs += [(mechanism, token(), FORGED) for mechanism in TOKEN_MECHANISMS]
    configuration.names = []
    for mechanism, right, wrong in pairs:
        for secret, kind in ((right, "right"), (wrong, "wrong")):
            name = f"{kind}-{mechanism.lower()}"
            configuration.names.append(name)
            configuration.credential(name, secret, mechanism=mechanism)
            configuration.target(postfix, "submission", "login", name=name, credentials=name)
    return configuration


def assert_no_secret(where, text):
    blob = base64.b64encode(f"\0{mail.USER}\0{mail.PASSWORD}".encode()).decode()
    assert blob not in text, f"{where} shows the answer of AUTH PLAIN"
    for secret in (mail.PASSWORD, WRONG, token(), FORGED, FORGED.rsplit(".", 1)[1]):
        assert leaks.find(secret, text) == [], f"{where} shows {secret!r}:\n{text}"


@pytest.mark.parametrize("style", ["text", "json"])
def test_the_command_line_keeps_secrets(talkative, style):
    outcome = call("check", f"--config.file={talkative.write()}", f"--format={style}",
                   "--log.level=debug")  # fmt: skip
    assert outcome.status == 1, outcome
    # The dialogue was there to be shown.
    assert "235" in outcome.stdout and "535" in outcome.stdout
    assert_no_secret("stdout", outcome.stdout)
    assert_no_secret("stderr", outcome.stderr)


def test_the_daemon_keeps_secrets(talkative, tmp_path):
    with daemon(talkative, tmp_path / "daemon.log", "--log.level=debug") as running:
        for name in talkative.names:
            eventually(lambda: running.value("smtp_check_runs_total", target=name))
        for page in PAGES + [f"/checks/{name}/login" for name in talkative.names]:
            assert_no_secret(page, running.get(page))
        for page in MORE_PAGES:
            assert_no_secret(page, running.request(page)[1])
        # The dialogues are there to be read, with the place of the secret marked.
        for name in talkative.names:
            assert "&lt;secret&gt;" in running.get(f"/checks/{name}/login"), name
        assert "<secret>" in running.get("/config")
    assert "535" in running.log
    assert_no_secret("the log", running.log)
    for file in tmp_path.glob("state.db*"):
        assert_no_secret(file.name, file.read_bytes().decode("latin-1"))


def test_an_error_in_a_configuration_keeps_secrets(exim, configuration):
    configuration.credential(no_such_key=1).target(exim, "mx", "login", credentials="probe")
    outcome = call("check", f"--config.file={configuration.write()}")
    assert outcome.status == 2, outcome
    assert_no_secret("stderr", outcome.stdout + outcome.stderr)


def test_a_password_in_the_configuration_itself_is_an_error_that_does_not_repeat_it(
    exim, configuration
):
    configuration.credential(password=mail.PASSWORD)
    path = configuration.target(exim, "mx", "login", credentials="probe").write()
    text = path.read_text().replace(
        'password_file = "probe.secret"', f'password = "{mail.PASSWORD}"'
    )
    path.write_text(text)
    outcome = call("check", f"--config.file={path}")
    assert outcome.status == 2, outcome
    assert_no_secret("stderr", outcome.stdout + outcome.stderr)


FAULTS = {
    "others can read it": (mail.PASSWORD, 0o644, "chmod 600"),
    "it has two lines": (f"{mail.PASSWORD}\n{mail.PASSWORD}\n", 0o600, "several lines"),
    "it holds a NUL byte": (mail.PASSWORD + "\0", 0o600, "NUL"),
    "it is too long": (mail.PASSWORD * 4000, 0o600, "longer"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", [["check"], ["serve"], ["serve", "--config.check"]])
def test_a_faulty_password_file_is_told_without_its_content(
    exim, configuration, tmp_path, command, fault
):
    configuration.credential().target(exim, "submission", "login", credentials="probe")
    path = configuration.write()
    content, mode, told = FAULTS[fault]
    (tmp_path / "probe.secret").write_text(content)
    (tmp_path / "probe.secret").chmod(mode)
    outcome = call(*command, f"--config.file={path}", "--log.level=debug")
    assert outcome.status == 2, outcome
    assert "config.toml:" in outcome.stderr and told in outcome.stderr
    assert_no_secret("the error", outcome.stdout + outcome.stderr)


def test_a_password_file_that_goes_bad_fails_the_reload_without_its_content(
    exim, configuration, tmp_path
):
    configuration.every("1h").credential()
    configuration.target(exim, "submission", "login", credentials="probe")
    with daemon(configuration, tmp_path / "daemon.log", "--log.level=debug") as running:
        (tmp_path / "probe.secret").write_text(WRONG + "\n" + mail.PASSWORD)
        status, body = running.request("/-/reload", method="POST")
        assert status == 500 and "several lines" in body
        assert_no_secret("the answer", body)
    assert_no_secret("the log", running.log)
