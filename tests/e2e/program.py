"""The program under test: one-off checks, and the daemon."""

import json
import os
import re
import ssl
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from servers.sandbox import Process
from waiting import eventually, free_port

_BUILT = Path(__file__).resolve().parents[2] / "build" / "smtp_reply_exporter"
_SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def binary():
    """The program, or what SRE_BINARY names; a missing one is a failure, not a reason to skip."""
    path = Path(os.environ.get("SRE_BINARY", _BUILT))
    assert path.exists(), f"{path} does not exist: build it (./dev build), or set SRE_BINARY"
    return str(path)


def environment():
    """As a service has it: no locale, no colour, no proxy from whoever runs the tests."""
    return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Outcome:
    """How a run of the command line ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def runs(self):
        """The runs of --format=json."""
        assert self.stdout.startswith("["), f"no JSON array on stdout; stderr: {self.stderr}"
        return json.loads(self.stdout)

    @property
    def run(self):
        """The only run."""
        runs = self.runs
        assert len(runs) == 1, runs
        return runs[0]


def call(*arguments):
    command = [binary(), *(str(argument) for argument in arguments)]
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def check(configuration, *selected):
    """`check`, each selected as TARGET or TARGET/CHECK; all when none is."""
    return call("check", f"--config.file={configuration.write()}", "--format=json", *selected)


def codes(run):
    """The last reply code of each phase of a run: {"banner": 220, ...}; None where none came."""
    return {phase["phase"]: phase["code"] for phase in run["phases"]}


@dataclass(frozen=True)
class Key:
    """How to get through the door of the pages: trust and certificate, and a header with a login."""

    tls: ssl.SSLContext | None = None
    headers: dict = field(default_factory=dict)


class Daemon:
    """`serve`, running; `process` ends it, `log` is all it has written."""

    def __init__(self, process, port, key=Key()):
        self.process = process
        self.port = port
        self.key = key

    @property
    def log(self):
        return self.process.log.read_text(errors="replace")

    def request(self, path, method="GET", key=None):
        """(status, body); with another key than the daemon's own if one is given."""
        key = key or self.key
        url = f"{'https' if key.tls else 'http'}://127.0.0.1:{self.port}{path}"
        data = b"" if method == "POST" else None
        request = urllib.request.Request(url, method=method, data=data, headers=key.headers)
        try:
            with urllib.request.urlopen(request, timeout=10, context=key.tls) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def get(self, path):
        """The body of a page that must be there."""
        status, body = self.request(path)
        assert status == 200, f"{path}: {status} {body}"
        return body

    def samples(self, name, **labels):
        """The samples of /metrics under that name which have those labels: [(labels, value)]."""
        wanted = labels.items()
        all_samples = parse_metrics(self.get("/metrics"))
        return [
            (has, value) for n, has, value in all_samples if n == name and wanted <= has.items()
        ]

    def value(self, name, **labels):
        """The value of the only such sample; None if there is none."""
        found = self.samples(name, **labels)
        assert len(found) <= 1, found
        return found[0][1] if found else None


def parse_metrics(text):
    """The Prometheus text format as [(name, labels, value)]."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    found = (_SAMPLE.fullmatch(line) for line in lines)
    return [(match[1], dict(_LABEL.findall(match[2] or "")), float(match[3])) for match in found]


@contextmanager
def daemon(configuration, log, *flags, key=Key(), under=()):
    """The daemon with that configuration, ready; stopped at the end.

    `under` is a command that starts it, such as prlimit.
    """
    port = free_port()
    command = [*under, binary(), "serve", f"--config.file={configuration.write()}"]
    command += [f"--web.listen-address=127.0.0.1:{port}", *flags]
    with Process(command, log, environment()) as process:
        process.wait_for(port)
        running = Daemon(process, port, key)
        eventually(lambda: running.request("/-/ready")[0] == 200, what=lambda: running.log)
        yield running
