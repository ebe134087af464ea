"""Three agents share the targets of one Prometheus, by the relabelling or by the HAProxy of docs/operations.md."""

import http.server
import json
import re
import signal
import socketserver
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import yaml

from program import Daemon, binary, environment
from servers.background import serving
from servers.prometheus import Prometheus
from servers.sandbox import Process
from waiting import eventually, free_port

DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
TARGETS = 36  # that one of three agents gets none of them happens once in a million runs
AGENTS = 3
UNANSWERED = 'up{job="smtp-probe"} == 0'
LOST = 'up{job="smtp-reply-exporter"} == 0'

AGENT_CONFIG = """
[agent]
helo = "{helo}"
timeout = "5s"

[probe.module.submission]
targets = ["127.0.1.*:*"]
kind = "greeting"
tls = "none"
"""


class Mail(socketserver.ThreadingTCPServer):
    """A mail server on an address of its own, which keeps the names that EHLO said."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, host):
        super().__init__((host, 0), Session)
        self.address = f"{host}:{self.server_address[1]}"
        self.callers = []


class Session(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self):
        self.wfile.write(b"220 mail.example.test ESMTP\r\n")
        while line := self.rfile.readline(1000).decode("latin-1"):
            words = line.split()
            if words[0] == "EHLO":
                self.server.callers.append(words[1])
            self.wfile.write(b"221 2.0.0 Bye\r\n" if words[0] == "QUIT" else b"250 2.0.0 Ok\r\n")
            if words[0] == "QUIT":
                return


class Inventory(http.server.ThreadingHTTPServer):
    """Tells Prometheus of the targets, in the form of http_sd."""

    daemon_threads = True

    def __init__(self, targets):
        super().__init__(("127.0.0.1", 0), Discovery)
        self.groups = json.dumps([{"targets": targets}]).encode()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/smtp.json"


class Discovery(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(self.server.groups)

    def log_message(self, *_):
        pass


@contextmanager
def running_agent(folder, number):
    """One agent with nothing of its own but its name in EHLO, as machines have it."""
    config = folder / f"agent-{number}.toml"
    config.write_text(AGENT_CONFIG.format(helo=helo(number)))
    port = free_port()
    command = [binary(), f"--config.file={config}", f"--web.listen-address=127.0.0.1:{port}"]
    with Process(command, folder / f"agent-{number}.log", environment()) as process:
        process.wait_for(port)
        yield Daemon(process, port)


def helo(number):
    return f"agent-{number}.example.test"


def documented(name="prometheus.yml"):
    """A configuration in docs/operations.md: what administrators copy is what is tested."""
    blocks = re.findall(rf"```\w+\n(# {re.escape(name)}.*?)```", DOCS.read_text(), re.DOTALL)
    assert len(blocks) == 1, f"{DOCS} has {len(blocks)} blocks that begin with '# {name}'"
    return blocks[0]


def at(agents, text):
    """The text with where the agents of this run are."""
    for number, agent in enumerate(agents):
        assert f"smtp-agent-{number + 1}:10235" in text, text
        text = text.replace(f"smtp-agent-{number + 1}:10235", f"127.0.0.1:{agent.port}")
    return text


class Sharding:
    """Prometheus, the agents and the targets."""

    def __init__(self, sandbox, folder, stack):
        self.mail = [
            stack.enter_context(serving(Mail(f"127.0.1.{number}")))
            for number in range(1, TARGETS + 1)
        ]
        self.agents = [stack.enter_context(running_agent(folder, n)) for n in range(AGENTS)]
        self._inventory = stack.enter_context(serving(Inventory([m.address for m in self.mail])))
        self._folder = sandbox.folder(f"sharding-{free_port()}")
        self.write(self.documented())
        port = free_port()
        inside = sandbox.inside(self._folder)
        self._process = stack.enter_context(
            sandbox.start(
                self._folder / "prometheus.log", "/usr/bin/prometheus",
                f"--config.file={inside}/prometheus.yml", f"--storage.tsdb.path={inside}/data",
                f"--web.listen-address=127.0.0.1:{port}",
            )  # fmt: skip
        )
        self._process.wait_for(port)
        self.prometheus = Prometheus(port)

    def documented(self):
        """The documented configuration with the addresses of this run, and faster."""
        text = documented()
        assert text.count("http://inventory.example.com/smtp.json") == 1
        text = text.replace("http://inventory.example.com/smtp.json", self._inventory.url)
        text = at(self.agents, text)
        assert "smtp-agent" not in text, text
        text = re.sub(r"(scrape_interval|scrape_timeout): \w+", r"\1: 1s", text)
        return yaml.safe_load(text)

    def write(self, config):
        (self._folder / "prometheus.yml").write_text(yaml.safe_dump(config))

    def reload(self, config):
        self.write(config)
        self._process.signal(signal.SIGHUP)

    def balance(self, sandbox, stack):
        """Puts HAProxy between Prometheus and the agents."""
        port = free_port()
        text = at(self.agents, documented("haproxy.cfg"))
        assert text.count("127.0.0.1:10236") == 1
        text = text.replace("127.0.0.1:10236", f"127.0.0.1:{port}").replace(
            "inter 2s", "inter 200ms"
        )
        (self._folder / "haproxy.cfg").write_text(text)
        haproxy = stack.enter_context(
            sandbox.start(
                self._folder / "haproxy.log", "/usr/sbin/haproxy", "-db", "-f",
                f"{sandbox.inside(self._folder)}/haproxy.cfg",
            )  # fmt: skip
        )
        haproxy.wait_for(port)
        config = self.documented()
        rules = probe_job(config)["relabel_configs"]
        probe_job(config)["relabel_configs"] = [
            *(rule for rule in rules if rule.get("target_label") in ("__param_target", "instance")),
            {"target_label": "__address__", "replacement": f"127.0.0.1:{port}"},
        ]
        self.reload(config)
        eventually(lambda: self.asked_at() == {f"127.0.0.1:{port}"}, 30)

    def value(self, expression):
        samples = self.prometheus.query(expression)
        return samples[0][1] if samples else 0

    def targets(self, expression):
        return {labels["instance"] for labels, _ in self.prometheus.query(expression)}

    def asked_at(self):
        """Where Prometheus asks for its targets now: {"127.0.0.1:PORT", ...}."""
        url = f"http://127.0.0.1:{self.prometheus.port}/api/v1/targets?state=active"
        with urllib.request.urlopen(url, timeout=10) as reply:
            active = json.load(reply)["data"]["activeTargets"]
        urls = [target["scrapeUrl"] for target in active if target["scrapePool"] == "smtp-probe"]
        return {urllib.parse.urlsplit(url).netloc for url in urls}

    def callers(self):
        """Who asks each target from now on, twice at least: {address: {name, ...}}."""
        before = [len(mail.callers) for mail in self.mail]
        pairs = list(zip(self.mail, before))
        eventually(lambda: all(len(mail.callers) >= start + 2 for mail, start in pairs), 30)
        return {mail.address: set(mail.callers[start:]) for mail, start in pairs}


@pytest.fixture
def sharding(sandbox, tmp_path):
    with ExitStack() as stack:
        started = Sharding(sandbox, tmp_path, stack)
        eventually(lambda: started.value('sum(up{job="smtp-probe"})') == TARGETS, 30)
        yield started


@pytest.fixture
def balanced(sharding, sandbox):
    with ExitStack() as stack:
        sharding.balance(sandbox, stack)
        yield sharding


def probe_job(config):
    return next(job for job in config["scrape_configs"] if job["job_name"] == "smtp-probe")


def shares(config):
    """The rules that give shares to agents: [rule, ...], in the order of the agents."""
    return [
        rule
        for rule in probe_job(config)["relabel_configs"]
        if rule.get("source_labels") == ["__tmp_share"]
    ]


def numbers(rule):
    return rule["regex"].split("|")


def without(config, lost):
    """The configuration with the shares of one agent dealt out to the others, in turn."""
    rules = shares(config)
    heirs = [rule for number, rule in enumerate(rules) if number != lost]
    for turn, share in enumerate(numbers(rules[lost])):
        heirs[turn % len(heirs)]["regex"] += "|" + share
    probe_job(config)["relabel_configs"].remove(rules[lost])
    return config


def test_every_share_is_given_to_one_agent():
    config = yaml.safe_load(documented())
    rules = shares(config)
    hashed = [
        rule for rule in probe_job(config)["relabel_configs"] if rule.get("action") == "hashmod"
    ]
    dealt = sorted(int(number) for rule in rules for number in numbers(rule))
    assert dealt == list(range(hashed[0]["modulus"]))
    assert len(rules) == AGENTS


def test_each_target_is_asked_by_exactly_one_of_three_agents(sharding):
    asked = sharding.callers()
    assert all(len(names) == 1 for names in asked.values()), asked
    assert set().union(*asked.values()) == {helo(number) for number in range(AGENTS)}
    assert sharding.value("count(probe_success == 1)") == TARGETS


def test_the_share_of_a_lost_agent_is_taken_over_after_a_reload(sharding):
    lost = 1
    before = sharding.callers()
    share = {target for target, names in before.items() if names == {helo(lost)}}
    sharding.agents[lost].process.signal(signal.SIGKILL)

    # What happens by itself: Prometheus shows which agent is gone and whose targets nobody asks. The
    # other agents' targets do not notice.
    eventually(
        lambda: sharding.targets(UNANSWERED) == share,
        what=lambda: f"only {share} fail, but {sharding.targets(UNANSWERED)}",
    )
    gone = {f"127.0.0.1:{sharding.agents[lost].port}"}
    eventually(lambda: sharding.targets(LOST) == gone, what=lambda: f"only {gone} is lost")
    assert sharding.value('sum(up{job="smtp-probe"})') == TARGETS - len(share)

    # What takes a step: giving its shares to the others.
    sharding.reload(without(sharding.documented(), lost))
    eventually(lambda: sharding.value('sum(up{job="smtp-probe"})') == TARGETS, 30)
    after = sharding.callers()
    assert all(len(names) == 1 for names in after.values()), after
    for target, names in after.items():
        if target in share:
            assert names != {helo(lost)}
        else:
            assert names == before[target], f"{target} moved, but its agent was not lost"

    # Nobody sees from the series which agent asked, so graphs and alerts go on.
    series = sharding.value('count(count_over_time(probe_success{job="smtp-probe"}[5m]))')
    assert series == TARGETS


def test_behind_a_balancer_each_target_is_asked_by_one_agent_and_every_agent_asks(balanced):
    asked = balanced.callers()
    assert all(len(names) == 1 for names in asked.values()), asked
    assert set().union(*asked.values()) == {helo(number) for number in range(AGENTS)}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["dead", "hanging"])
def test_behind_a_balancer_the_share_of_a_lost_agent_is_taken_over_by_itself(balanced, how):
    lost = 1
    before = balanced.callers()
    share = {target for target, names in before.items() if names == {helo(lost)}}
    balanced.agents[lost].process.signal(how)
    eventually(lambda: not any(helo(lost) in names for names in balanced.callers().values()), 60)
    eventually(lambda: balanced.value('sum(up{job="smtp-probe"})') == TARGETS, 30)
    after = balanced.callers()
    assert all(len(names) == 1 for names in after.values()), after
    for target, names in after.items():
        if target not in share:
            assert names == before[target], f"{target} moved, but its agent was not lost"
    if how == signal.SIGSTOP:
        balanced.agents[lost].process.signal(signal.SIGCONT)
        eventually(lambda: balanced.callers() == before, 60)
