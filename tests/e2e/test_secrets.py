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
MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"]


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
    """A target for each mechanism with the right and with a wrong password, and a token."""
    configuration.every("3s")
    for mechanism in MECHANISMS:
        for password, name in ((mail.PASSWORD, "right"), (WRONG, "wrong")):
            credential = f"{name}-{mechanism.lower()}"
            configuration.credential(credential, password, mechanism=mechanism)
            configuration.target(
                postfix, "submission", "login", name=credential, credentials=credential
            )
    configuration.credential("token", token(), mechanism="OAUTHBEARER")
    configuration.target(postfix, "submission", "login", name="token", credentials="token")
    configuration.names = [f"{n}-{m.lower()}" for n in ("right", "wrong") for m in MECHANISMS]
    configuration.names.append("token")
    return configuration


def assert_no_secret(where, text):
    blob = base64.b64encode(f"\0{mail.USER}\0{mail.PASSWORD}".encode()).decode()
    assert blob not in text, f"{where} shows the answer of AUTH PLAIN"
    for secret in (mail.PASSWORD, WRONG, token()):
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
        assert "&lt;secret&gt;" in running.get("/checks/right-plain/login")
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
