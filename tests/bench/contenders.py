"""Who is compared: each one's probe() gives CPU seconds per 1,000 probes of one dialogue, `plain`
(greeting, EHLO, AUTH PLAIN, QUIT) or `starttls` (the same behind STARTTLS, certificate verified).
All are asked the same: RATE probes a second, evenly spread, for the same time."""

import contextlib
import gzip
import json
import os
import re
import subprocess
import threading
import time
import urllib.parse
from http.client import HTTPConnection

from machine import (
    SERVER_NAME,
    Failure,
    cpu_seconds,
    fetch,
    fetch_compressed,
    free_port,
    process,
    wait_for,
)

DIALOGUES = ("plain", "starttls")
# Probes a second: what the slowest of them can do on half a core, so that nobody is ever behind.
RATE = {"plain": 400, "starttls": 150}

# "\0probe@example.com\0secret"
AUTH_PLAIN = "AHByb2JlQGV4YW1wbGUuY29tAHNlY3JldA=="

BLACKBOX_MODULE = r"""
  {name}:
    prober: tcp
    timeout: 15s
    tcp:
      query_response:
        - expect: "^220 "
        - send: "EHLO monitor.example.com\r"
        - expect: "^250 "{starttls}
        - send: "AUTH PLAIN {auth}\r"
        - expect: "^235 "
        - send: "QUIT\r"
        - expect: "^221 "
      tls_config:
        ca_file: {ca_file}
        server_name: {server_name}
"""
BLACKBOX_STARTTLS = r"""
        - send: "STARTTLS\r"
        - expect: "^220 "
        - starttls: true
        - send: "EHLO monitor.example.com\r"
        - expect: "^250 "
"""


class Libcurl:
    """The loop of libcurl.cc: the floor under everything that uses libcurl."""

    def __init__(self, binaries, folder):
        self.binaries, self.folder = binaries, folder

    def probe(self, dialogue, server, seconds):
        command = [
            self.binaries / "bench_libcurl",
            "--port",
            server[dialogue],
            "--addresses",
            server["addresses"],
            "--rate",
            RATE[dialogue],
            "--probes",
            int(RATE[dialogue] * seconds),
        ]
        if dialogue == "starttls":
            command += [
                "--starttls",
                "--ca-file",
                self.folder / "ca.pem",
                "--server-name",
                SERVER_NAME,
            ]
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        if done.returncode != 0:
            raise Failure(f"bench_libcurl failed: {done.stdout}{done.stderr}")
        result = json.loads(done.stdout)
        return result["cpu_seconds"] / result["probes"] * 1000


class Blackbox:
    """Debian's blackbox_exporter, asked over HTTP as Prometheus would."""

    WORKERS = 16

    PACKAGE = "prometheus-blackbox-exporter"

    def __init__(self, folder):
        self.folder = folder
        self.program = folder / "blackbox/usr/bin/prometheus-blackbox-exporter"
        if not self.program.exists():
            self._unpack()
        modules = "".join(
            BLACKBOX_MODULE.format(
                name=name,
                auth=AUTH_PLAIN,
                ca_file=folder / "ca.pem",
                server_name=SERVER_NAME,
                starttls=BLACKBOX_STARTTLS if name == "starttls" else "",
            )
            for name in DIALOGUES
        )
        (folder / "blackbox.yml").write_text("modules:" + modules)

    def _unpack(self):
        # Unpacked, not installed: nobody who measures wants another service on the machine.
        packages = self.folder / "packages"
        packages.mkdir(exist_ok=True)
        subprocess.run(
            ["apt-get", "download", self.PACKAGE],
            cwd=packages,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for package in packages.glob(f"{self.PACKAGE}_*.deb"):
            subprocess.run(["dpkg-deb", "-x", package, self.folder / "blackbox"], check=True)

    def probe(self, dialogue, server, seconds):
        count = int(RATE[dialogue] * seconds)
        port = free_port()
        command = [
            self.program,
            f"--config.file={self.folder / 'blackbox.yml'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ]
        with process(
            command, self.folder / "blackbox.log", env={**os.environ, "GOMAXPROCS": "1"}
        ) as child:
            wait_for(lambda: fetch(f"http://127.0.0.1:{port}/-/healthy"), 10, child, "blackbox")
            self._scrape(port, dialogue, server, RATE[dialogue])
            before = cpu_seconds(child.pid)
            self._scrape(port, dialogue, server, count)
            return (cpu_seconds(child.pid) - before) / count * 1000

    def _scrape(self, port, dialogue, server, count):
        failed = []
        begin = time.monotonic()

        def work(numbers):
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            for number in numbers:
                time.sleep(max(0, begin + number / RATE[dialogue] - time.monotonic()))
                address = f"127.77.0.{number % server['addresses'] + 1}:{server[dialogue]}"
                query = urllib.parse.urlencode({"target": address, "module": dialogue})
                connection.request("GET", f"/probe?{query}")
                if b"\nprobe_success 1" not in connection.getresponse().read():
                    failed.append(address)

        workers = [
            threading.Thread(target=work, args=(range(i, count, self.WORKERS),))
            for i in range(self.WORKERS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        late = time.monotonic() - begin - count / RATE[dialogue]
        if late > 1:
            raise Failure(f"blackbox_exporter: {late:.1f} s behind at the end")
        if failed:
            raise Failure(f"blackbox_exporter: {len(failed)} of {count} probes failed")


class Samples:
    """One scrape: what stands in the text format, by family."""

    LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
    LABEL = re.compile(r'(\w+)="([^"]*)"')

    def __init__(self, text, seconds, sent):
        self.size = len(text)
        self.seconds = seconds  # until the last byte was there
        self.sent = sent  # bytes on the wire, compressed
        self.families = {}
        for name, labels, value in self.LINE.findall(text):
            sample = (dict(self.LABEL.findall(labels)), float(value))
            self.families.setdefault(name, []).append(sample)

    def of(self, name, **wanted):
        return [
            (labels, value)
            for labels, value in self.families.get(name, [])
            if all(labels.get(key) == text for key, text in wanted.items())
        ]

    def total(self, name, **wanted):
        return sum(value for _, value in self.of(name, **wanted))


class Agent:
    """The whole daemon: schedule, sessions, verdicts, records, state file, metrics."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        password = folder / "password"
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text("secret\n")

    def configure(self, targets, interval, max_in_flight=1000):
        """`targets`: (name, host, port, tls); `interval` in seconds. The file's path."""
        (self.folder / "state.db").unlink(missing_ok=True)
        parts = [
            f"""[agent]
interval = "{interval}s"
timeout = "{min(interval, 15)}s"
helo = "monitor.example.com"
max_in_flight = {max_in_flight}
state_file = "{self.folder / 'state.db'}"

[credentials.bench]
username = "probe@example.com"
password_file = "password"
mechanism = "PLAIN"
hosts = ["127.77.0.*"]
"""
        ]
        for name, host, port, tls in targets:
            parts.append(
                f"""
[[target]]
name = "{name}"
host = "{host}"
port = {port}
tls = "{tls}"
credentials = "bench"
checks = ["login"]
"""
            )
            if tls == "none":
                parts.append("allow_cleartext_login = true\n")
            else:
                parts.append(f'ca_file = "ca.pem"\nserver_name = "{SERVER_NAME}"\n')
        path = self.folder / "agent.toml"
        path.write_text("".join(parts))
        return path

    @contextlib.contextmanager
    def running(self, config):
        """Yields the process and a function that scrapes it."""
        port = free_port()
        command = [
            self.program,
            "serve",
            f"--config.file={config}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn",
        ]
        with process(command, self.folder / "agent.log") as child:
            wait_for(
                lambda: fetch(f"http://127.0.0.1:{port}/-/ready"),
                30,
                child,
                f"the agent (see {self.folder / 'agent.log'})",
            )

            def scrape():
                begin = time.monotonic()
                sent = fetch_compressed(f"http://127.0.0.1:{port}/metrics")
                seconds = time.monotonic() - begin
                return Samples(gzip.decompress(sent).decode(), seconds, len(sent))

            yield child, scrape

    def probe(self, dialogue, server, seconds):
        interval = 5
        count = RATE[dialogue] * interval
        tls = "none" if dialogue == "plain" else "starttls"
        config = self.configure(
            [
                (f"t{i}", f"127.77.0.{i % server['addresses'] + 1}", server[dialogue], tls)
                for i in range(count)
            ],
            interval,
        )
        with self.running(config) as (child, scrape):
            # Every check has run once: connections, caches and memory are what they will be.
            wait_for(
                lambda: scrape().total("smtp_check_runs_total") >= count,
                6 * interval,
                child,
                "the first run of every check",
            )
            runs, cpu = scrape().total("smtp_check_runs_total"), cpu_seconds(child.pid)
            time.sleep(seconds)
            last = scrape()  # one scrape in the window, as in life
            cpu = cpu_seconds(child.pid) - cpu
            runs = last.total("smtp_check_runs_total") - runs
        failures = last.total("smtp_check_failures_total")
        planned = RATE[dialogue] * seconds
        if failures > 0 or runs < 0.8 * planned:
            raise Failure(f"the agent: {runs:.0f} of {planned:.0f} runs, {failures:.0f} failed")
        return cpu / runs * 1000
