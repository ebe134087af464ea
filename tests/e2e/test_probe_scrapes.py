"""Prometheus schedules: config/prometheus/scrape.yml as it is, but for addresses and times."""

import re
import shutil
import socket
import threading
import tomllib
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from configuration import Configuration
from program import Daemon, daemon
from servers import discovery, mail, prometheus
from waiting import eventually

CONFIG = Path(__file__).parents[2] / "config"
SHIPPED = CONFIG / "prometheus" / "scrape.yml"
HOST = "mail.example.test"
FAMILIES = [
    "probe_success", "probe_duration_seconds", "probe_ssl_earliest_cert_expiry",
    "probe_tls_version_info", "probe_ip_protocol", "probe_dns_lookup_time_seconds",
    "smtp_check_success", "smtp_check_reachable", "smtp_check_reply_code",
    "smtp_check_expected_reply_code", "smtp_check_result_info", "smtp_check_phase_duration_seconds",
    "smtp_tls_info", "smtp_tls_certificate_verified", "smtp_ehlo_extension", "smtp_target_info",
]  # fmt: skip
# Short scrapes of servers that hang, each in its way.
HANGING_JOB = """
  - job_name: hanging
    scrape_interval: 2s
    scrape_timeout: 2s
    metrics_path: /probe
    static_configs:
      - labels: {{ module: clear }}
        targets: ["127.0.0.1:{silent}", "127.0.0.1:{endless}", "mail.mute.test:25"]
      - labels: {{ module: implicit }}
        targets: ["localhost:{silent}"]
    relabel_configs:
      - {{ source_labels: [module], target_label: __param_module }}
      - {{ source_labels: [__address__], target_label: __param_target }}
      - {{ source_labels: [__param_target], target_label: instance }}
      - {{ target_label: __address__, replacement: "127.0.0.1:{agent}" }}
"""


@dataclass(frozen=True)
class Scene:
    """The daemon with its configuration, Prometheus with its folder, and the ports of the servers."""

    configuration: Configuration
    running: Daemon
    prometheus: prometheus.Prometheus
    folder: Path
    ports: dict

    def query(self, expression):
        return self.prometheus.query(expression)

    def becomes(self, expression, expected):
        """Waits until the expression has exactly the expected values, by instance."""

        def now():
            return {has["instance"]: number for has, number in self.query(expression)}

        eventually(lambda: now() == expected, 30, lambda: f"{expression}: {now()}")

    def reload(self):
        self.configuration.write()
        status, body = self.running.request("/-/reload", method="POST")
        assert status == 200, body


@contextmanager
def hanging_servers():
    """Ports of a server that never says a word, and of one whose banner never ends."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with socket.create_server(("127.0.0.1", 0)) as endless:
            over = threading.Event()
            thread = threading.Thread(target=_talk, args=(endless, over))
            thread.start()
            try:
                yield {"silent": silent.getsockname()[1], "endless": endless.getsockname()[1]}
            finally:
                over.set()
                thread.join()


def _talk(server, over):
    server.settimeout(0.1)
    clients = []
    while not over.is_set():
        try:
            clients.append(server.accept()[0])
        except TimeoutError:
            pass
        for client in list(clients):
            try:
                client.send(b"220-and another line\r\n")
            except OSError:
                clients.remove(client)
                client.close()
    for client in clients:
        client.close()


@contextmanager
def zone(sandbox, ports):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        with discovery.run(
            sandbox,
            f"--host-record={HOST},127.0.0.1",
            f"--srv-host=_submission._tcp.example.com,{HOST},{ports['submission']},10,5",
            f"--mx-host=example.com,{HOST},10",
            # Nobody listens on the second of these.
            "--host-record=smtp.example.com,127.0.0.1", "--host-record=smtp.example.com,127.0.0.9",
            f"--server=/mute.test/127.0.0.1#{mute.getsockname()[1]}",
        ) as address:  # fmt: skip
            yield address


def agent_configuration(folder, certificates, ports, dns):
    """The modules of config/examples/probe.toml for the servers here, and a target for /sd."""
    configuration = Configuration(folder, certificates).every("3s")
    configuration.agent["dns_servers"] = [dns]
    configuration.credential()
    login = {"kind": "login", "tls": "starttls", "credentials": "probe"}
    tls = {"kind": "tls", "tls": "starttls"}
    configuration.module("submission", f"*.example.test:{ports['submission']}", **login)
    configuration.module("mx", f"*.example.test:{ports['mx']}", **tls)
    configuration.module("addresses", f"127.0.0.*:{ports['submission']}", server_name=HOST, **tls)
    configuration.module("clear", "127.0.0.1:*", "*.mute.test:25", tls="none", ca_file=None)
    configuration.module("implicit", "localhost:*", tls="implicit", kind="tls")
    return configuration


def corp(configuration, ports, name="corp", role="submission", **settings):
    target = {"name": name, "host": HOST, "port": ports[role], "tls": "starttls"}
    configuration.raw_target({**target, "checks": ["greeting"], **settings})


def write_prometheus(folder, ports, agent):
    """scrape.yml with the addresses of this run, and intervals that a test can wait for."""
    text = SHIPPED.read_text()
    for shipped, here in {
        "127.0.0.1:10235": f"127.0.0.1:{agent}",
        "smtp.example.com:587": f"{HOST}:{ports['submission']}",
        "port: 587": f"port: {ports['submission']}",
        "port: 25": f"port: {ports['mx']}",
    }.items():
        assert shipped in text, f"{shipped} is no longer in {SHIPPED.name}"
        text = text.replace(shipped, here)
    text = re.sub(r"(scrape_interval|scrape_timeout): \w+", r"\1: 4s", text)
    text = re.sub(r"refresh_interval: \w+", "refresh_interval: 1s", text)
    text += HANGING_JOB.format(agent=agent, **ports)
    (folder / "prometheus.yml").write_text(text)
    (folder / "targets").mkdir()
    write_targets(folder, {f"{HOST}:{ports['submission']}": {"module": "submission"}})


def write_targets(folder, targets):
    groups = [{"targets": [at], "labels": {"team": "mail", **has}} for at, has in targets.items()]
    # Moved into place whole: Prometheus reads at the first sign of a change.
    fresh = folder / "smtp.yml.new"
    fresh.write_text(yaml.safe_dump(groups))
    fresh.rename(folder / "targets" / "smtp.yml")


@pytest.fixture(scope="module")
def scene(sandbox, certificates, postfix, tmp_path_factory):
    with ExitStack() as stack:
        ports = {**postfix.ports, **stack.enter_context(hanging_servers())}
        dns = stack.enter_context(zone(sandbox, ports))
        own = tmp_path_factory.mktemp("scrapes")
        configuration = agent_configuration(own, certificates, ports, dns)
        corp(configuration, ports, labels={"module": "submission"})
        corp(configuration, ports, name="not-for-probe")
        running = stack.enter_context(daemon(configuration, own / "daemon.log"))
        folder = sandbox.folder(f"prometheus-scrapes-{running.port}")
        write_prometheus(folder, ports, running.port)
        server = stack.enter_context(prometheus.serve(sandbox, folder))
        yield Scene(configuration, running, server, folder, ports)


# Labels that tell of one target, by job: {job: (role, labels)}.
JOBS = {
    "smtp-probe": ("submission", {}),
    "smtp-probe-file": ("submission", {"module": "submission", "team": "mail"}),
    "smtp-probe-srv": ("submission", {}),
    "smtp-probe-mx": ("mx", {"domain": "example.com"}),
    "smtp-probe-http": ("submission", {"target": "corp"}),
}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_of_the_examples_brings_all_families_of_its_target(scene, job):
    role, labels = JOBS[job]
    instance = f"{HOST}:{scene.ports[role]}"
    scene.becomes(f'probe_success{{job="{job}"}}', {instance: 1})
    for family in FAMILIES:
        found = scene.query(f'{family}{{job="{job}"}}')
        assert found, family
        for has, _ in found:
            assert has["instance"] == instance
            assert labels.items() <= has.items()
            # The scrape gave these; none had to be renamed to make place for one of the answer's.
            assert not [name for name in has if name.startswith("exported_")]
            assert "target" in labels or "target" not in has
    phase = "auth" if role == "submission" else "starttls"
    code = {"auth": 235, "starttls": 220}[phase]
    scene.becomes(f'smtp_check_reply_code{{job="{job}", phase="{phase}"}}', {instance: code})


def test_each_address_of_a_name_is_a_target_and_the_one_that_is_down_shows(scene):
    up, down = (f"127.0.0.{last}:{scene.ports['submission']}" for last in (1, 9))
    job = 'job="smtp-probe-addresses", host="smtp.example.com"'
    scene.becomes(f"probe_success{{{job}}}", {up: 1, down: 0})
    scene.becomes(f'smtp_check_result_info{{{job}, reason="connection_refused"}}', {down: 1})
    # The certificate was verified for the name, and the scrape of a dead server is no failed scrape.
    scene.becomes(f"smtp_tls_certificate_verified{{{job}}}", {up: 1})
    scene.becomes(f"up{{{job}}}", {up: 1, down: 1})


def test_the_exporters_own_schedule_is_scraped_beside_it(scene):
    here = f"127.0.0.1:{scene.running.port}"
    scene.becomes('smtp_check_success{job="smtp", target="corp", check="greeting"}', {here: 1})


def test_what_a_reload_changes_is_discovered(scene):
    # A target without the label that names a module was never asked.
    job = 'job="smtp-probe-http"'
    assert scene.query(f'up{{{job}, target="not-for-probe"}}') == []
    corp(scene.configuration, scene.ports, "added", "mx", labels={"module": "mx"})
    scene.reload()
    added = f"{HOST}:{scene.ports['mx']}"
    scene.becomes(f'probe_success{{{job}, target="added"}}', {added: 1})
    scene.configuration.remove_target("added")
    scene.reload()
    scene.becomes(f'probe_success{{{job}, target="added"}}', {})
    assert scene.query(f'probe_success{{{job}, target="corp"}}')[0][1] == 1


def test_what_a_file_changes_is_discovered(scene):
    job = 'job="smtp-probe-file"'
    submission, mx = (f"{HOST}:{scene.ports[role]}" for role in ("submission", "mx"))
    write_targets(scene.folder, {submission: {"module": "submission"}, mx: {"module": "mx"}})
    scene.becomes(f"probe_success{{{job}}}", {submission: 1, mx: 1})
    write_targets(scene.folder, {submission: {"module": "submission"}})
    scene.becomes(f"probe_success{{{job}}}", {submission: 1})


def test_a_changed_password_shows_in_the_next_scrape(scene, dovecot):
    instance = f"{HOST}:{scene.ports['submission']}"
    refused = 'smtp_check_result_info{job="smtp-probe", reason="auth_credentials_invalid"}'
    dovecot.set_password("changed by somebody")
    try:
        scene.becomes(refused, {instance: 1})
        scene.becomes('probe_success{job="smtp-probe"}', {instance: 0})
    finally:
        dovecot.set_password(mail.PASSWORD)
    scene.becomes('probe_success{job="smtp-probe"}', {instance: 1})
    scene.becomes(refused, {})


def test_a_server_that_hangs_is_answered_before_the_scrape_is_given_up(scene):
    hangs = {
        f"127.0.0.1:{scene.ports['silent']}": "read_timeout",
        f"127.0.0.1:{scene.ports['endless']}": "read_timeout",
        f"localhost:{scene.ports['silent']}": "read_timeout",
        "mail.mute.test:25": "dns_failure",
    }
    eventually(
        lambda: [n for _, n in scene.query('count_over_time(up{job="hanging"}[1m])') if n >= 3]
        == [n for _, n in scene.query('count_over_time(up{job="hanging"}[1m])')]
        != [],
        30,
    )
    scene.becomes('min_over_time(up{job="hanging"}[1m])', dict.fromkeys(hangs, 1))
    scene.becomes('probe_success{job="hanging"}', dict.fromkeys(hangs, 0))
    info = scene.query('smtp_check_result_info{job="hanging"}')
    assert {has["instance"]: has["reason"] for has, _ in info} == hangs


@pytest.fixture
def examples(sandbox):
    folder = sandbox.folder("scrape-examples")
    shutil.copytree(CONFIG / "prometheus", folder, dirs_exist_ok=True)
    return folder


def test_promtool_finds_no_fault_in_the_examples(sandbox, examples):
    file = f"{sandbox.inside(examples)}/scrape.yml"
    check = ("check", "config", "--lint=all", "--lint-fatal")
    done = sandbox.run("/usr/bin/promtool", *check, file)
    assert done.returncode == 0, done.stdout + done.stderr
    # It reads the files of targets too.
    (examples / "targets" / "smtp.yml").write_text("- targets: smtp.example.com:587\n")
    assert sandbox.run("/usr/bin/promtool", *check, file).returncode != 0


def test_the_modules_that_the_examples_ask_for_are_in_the_example_of_modules():
    modules = tomllib.loads((CONFIG / "examples" / "probe.toml").read_text())["probe"]["module"]
    jobs = yaml.safe_load(SHIPPED.read_text())["scrape_configs"]
    groups = yaml.safe_load((CONFIG / "prometheus" / "targets" / "smtp.yml").read_text())
    asked = {name for job in jobs for name in job.get("params", {}).get("module", [])}
    asked |= {group["labels"]["module"] for group in groups}
    assert asked == set(modules)


def test_the_documents_example_is_the_example_of_modules():
    document = (CONFIG.parent / "docs" / "probe.md").read_text()
    shown = tomllib.loads(re.search(r"```toml\n(.*?)```", document, re.DOTALL)[1])
    example = tomllib.loads((CONFIG / "examples" / "probe.toml").read_text())
    assert shown["credentials"] == example["credentials"]
    name, module = shown["probe"]["module"].popitem()
    assert module == example["probe"]["module"][name]
