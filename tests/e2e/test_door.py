"""The door of the pages: TLS, client certificates and logins, with a real Prometheus before it."""

import base64
import http.client
import shutil
import ssl
import threading
import time
from contextlib import closing, contextmanager

import pytest

import certificates as certificate_files
import leaks
from program import Key, call, daemon
from servers import prometheus
from waiting import eventually

PASSWORD = "correct horse"
OTHER_PASSWORD = "battery staple"
# What `htpasswd -nbBC 10` makes of these two.
HASH = "$2y$10$75qjN68JVjGf3QPTtRXy/OTIRliyRCjfuAQAiPN5eQt0MUdIYoicy"
OTHER_HASH = "$2y$10$jQRNpDVZf6aoAoA2I3QqpeOryAL8w44IVrjvOFHzL/IQCWDI.9Owu"

ALICE = f"basic_auth_users:\n  alice: {HASH}\n"
BOB = f"basic_auth_users:\n  bob: {OTHER_HASH}\n"
EXCEPTED = "auth_excluded_paths: [/metrics, /-/healthy]\n"
TLS = "tls_server_config:\n  cert_file: server.pem\n  key_file: server.key\n"
OF_CLIENTS = f"""\
  client_ca_file: ca.pem
  client_auth_type: RequireAndVerifyClientCert
  client_allowed_sans: [{certificate_files.HOST}]
"""

SCRAPES = """
global:
  scrape_interval: 1s
scrape_configs:
  - job_name: {name}
    scheme: {scheme}
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""
TRUST = "    tls_config:\n      ca_file: ca.pem\n"
CERTIFICATE = "      cert_file: valid.pem\n      key_file: valid.key\n"
LOGIN = f"    basic_auth: {{username: alice, password: {PASSWORD}}}\n"


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def door(tmp_path, certificates, configuration):
    """The web configuration file and what it names; certificates are copied into its folder."""

    class Door:
        path = tmp_path / "web.yml"

        def write(self, text):
            # As a whole, so that nobody sees half of it; DoorTest looks at halves.
            new = tmp_path / "web.yml.new"
            new.write_text(text)
            new.rename(self.path)

        def serve_with(self, kind):
            shutil.copy(certificates.key(kind), tmp_path / "server.key")
            (tmp_path / "server.key").chmod(0o600)
            shutil.copy(certificates.certificate(kind), tmp_path / "server.pem")
            shutil.copy(certificates.ca, tmp_path / "ca.pem")

        def key(self, login=None, certificate=None):
            context = ssl.create_default_context(cafile=str(certificates.ca))
            if certificate:
                context.load_cert_chain(
                    certificates.certificate(certificate), certificates.key(certificate)
                )
            return Key(context, basic(*login) if login else {})

        @contextmanager
        def opened(self, key, *flags):
            with daemon(
                configuration, tmp_path / "log", f"--web.config.file={self.path}", *flags, key=key
            ) as running:
                yield running

    made = Door()
    made.serve_with("valid")
    return made


@contextmanager
def scraped(sandbox, certificates, scheme, port, *settings):
    """Whether a Prometheus with these settings of its scrapes gets the metrics, as a function."""
    folder = sandbox.folder(f"door-{port}-{time.monotonic_ns()}")
    for file in (certificates.ca, certificates.certificate("valid"), certificates.key("valid")):
        shutil.copy(file, folder / file.name)
        (folder / file.name).chmod(0o644)
    text = SCRAPES.format(name=prometheus.JOB, scheme=scheme, port=port) + "".join(settings)
    (folder / "prometheus.yml").write_text(text)
    with prometheus.serve(sandbox, folder) as running:

        def up():
            samples = running.query("up")
            assert samples, "not scraped yet"
            return bool(samples[0][1])

        # A first scrape has taken place, well or badly.
        eventually(lambda: running.query("up"))
        yield up


def test_prometheus_comes_in_with_certificate_and_password(sandbox, certificates, door):
    door.write(TLS + OF_CLIENTS + ALICE)
    key = door.key(("alice", PASSWORD), "valid")
    with door.opened(key) as running:
        port = running.port
        with scraped(sandbox, certificates, "https", port, TRUST, CERTIFICATE, LOGIN) as up:
            eventually(up)
        for settings in ((TRUST, CERTIFICATE), (TRUST, LOGIN), (LOGIN,)):
            with scraped(sandbox, certificates, "https", port, *settings) as up:
                assert not up(), settings
        with scraped(sandbox, certificates, "http", port, LOGIN) as up:
            assert not up()


def test_prometheus_needs_no_password_for_metrics_that_are_excepted(sandbox, certificates, door):
    door.write(TLS + ALICE + EXCEPTED)
    with door.opened(door.key(("alice", PASSWORD))) as running:
        with scraped(sandbox, certificates, "https", running.port, TRUST) as up:
            eventually(up)
        nobody = door.key()
        assert running.request("/-/healthy", key=nobody)[0] == 200
        for path in ("/", "/config", "/codes/535", "/api/v1/checks", "/-/ready", "/sd"):
            assert running.request(path, key=nobody)[0] == 401, path
        for path in ("/-/reload", "/checks/a/b/run"):
            assert running.request(path, "POST", key=nobody)[0] == 401, path
        assert running.request("/-/reload", "POST")[0] == 200


def test_a_changed_file_holds_without_a_restart(door):
    door.write(ALICE)
    alice, bob = Key(headers=basic("alice", PASSWORD)), Key(headers=basic("bob", OTHER_PASSWORD))
    with door.opened(alice) as running:
        assert running.request("/", key=bob)[0] == 401
        door.write(BOB)
        eventually(lambda: running.request("/", key=bob)[0] == 200)
        assert running.request("/", key=alice)[0] == 401
        door.write("basic_auth_users:\n  alice: hunter2\n")

        def turned_down():
            assert running.request("/", key=bob)[0] == 200
            return "changed and is not followed" in running.log

        eventually(turned_down)
        assert "hunter2" not in running.log
        status, told = running.request("/-/reload", "POST", key=bob)
        assert status == 500
        assert f"{door.path}:2:10: the password of" in told
        assert running.request("/", key=Key())[0] == 401


def test_a_renewed_certificate_holds_without_a_restart(certificates, door):
    door.serve_with("expiring")
    door.write(TLS)
    with door.opened(door.key()) as running:

        def shown():
            pem = ssl.get_server_certificate(("127.0.0.1", running.port))
            return pem == certificates.certificate("valid").read_text()

        assert not shown()
        door.serve_with("valid")
        eventually(shown)
        assert running.request("/-/ready")[0] == 200


def test_a_connection_is_kept_over_a_reload_that_finds_all_as_it_was(door):
    door.write(TLS)
    with door.opened(door.key()) as running:
        kept = http.client.HTTPSConnection(
            "127.0.0.1", running.port, timeout=10, context=running.key.tls
        )
        with closing(kept):

            def asks():
                kept.request("GET", "/-/healthy")
                return kept.getresponse().read() and kept.sock.getsockname()

            before = asks()
            assert running.request("/-/reload", "POST")[0] == 200
            assert asks() == before
            door.serve_with("expiring")
            assert running.request("/-/reload", "POST")[0] == 200
            with pytest.raises(http.client.RemoteDisconnected):
                asks()


def test_whoever_guesses_keeps_no_scrape_waiting(door):
    door.write(ALICE)
    known = Key(headers=basic("alice", PASSWORD))
    with door.opened(known) as running:
        guessed, stop = [], threading.Event()

        def guess(number):
            while not stop.is_set():
                wrong = Key(headers=basic("alice", f"guess {number} {len(guessed)}"))
                guessed.append(running.request("/", key=wrong)[0])

        guessers = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
        for guesser in guessers:
            guesser.start()
        try:
            # Twenty wait at any time, of whom eight may; the rest is told to come again.
            eventually(lambda: guessed.count(401) >= 20 and 503 in guessed, 60)
            for _ in range(20):
                assert running.request("/metrics")[0] == 200
        finally:
            stop.set()
            for guesser in guessers:
                guesser.join()
        assert set(guessed) == {401, 503}


def test_no_secret_of_the_door_shows(door, tmp_path):
    door.write(TLS + ALICE)
    key_text = (tmp_path / "server.key").read_text().splitlines()[1]
    with door.opened(door.key(("alice", PASSWORD)), "--log.level=debug") as running:
        running.request("/", key=door.key(("alice", "wrong " + OTHER_PASSWORD)))
        running.request("/-/reload", "POST")
        texts = {path: running.get(path) for path in ("/", "/config", "/metrics", "/api/v1/checks")}
        eventually(lambda: "a login was refused" in running.log)
        texts["log"] = running.log
        for name, text in texts.items():
            for secret in (PASSWORD, OTHER_PASSWORD, HASH, key_text):
                assert not leaks.find(secret, text), name


def test_both_files_are_looked_at_before_a_start(door, configuration):
    door.write(TLS + "nonsense: 1\n" + ALICE)
    flags = (f"--config.file={configuration.write()}", f"--web.config.file={door.path}")
    outcome = call(*flags, "--config.check")
    assert outcome.status == 2
    assert f'{door.path}:4:1: unknown key "nonsense" in the file' in outcome.stderr
    assert call(*flags).status == 2
    door.write(TLS + ALICE)
    outcome = call(*flags, "--config.check")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert f"{door.path}: no errors" in outcome.stdout


def test_the_health_check_takes_a_door_for_a_sign_of_life(door):
    door.write(TLS + ALICE)
    with door.opened(door.key(("alice", PASSWORD))) as running:
        for path in ("/-/healthy", "/metrics"):
            outcome = call("healthcheck", f"--url=https://127.0.0.1:{running.port}{path}")
            assert outcome.status == 0, outcome.stderr


def test_the_pages_stand_where_the_proxy_shows_them(door):
    door.write("")
    url = "--web.external-url=https://mon.example.com/smtp/"
    with door.opened(Key(), url) as running:
        page = running.get("/smtp/codes/535")
        assert 'href="/smtp/reasons' in page
        assert 'href="/reasons' not in page
        assert running.get("/codes/535") == page
        assert "smtp_reply_exporter_build_info" in running.get("/smtp/metrics")
        ours = Key(headers={"Origin": "https://mon.example.com"})
        assert running.request("/smtp/-/reload", "POST", key=ours)[0] == 200
        foreign = Key(headers={"Origin": "https://evil.example.com"})
        assert running.request("/smtp/-/reload", "POST", key=foreign)[0] == 403
