"""Prometheus scraping one port, and promtool."""

import json
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass

from waiting import eventually, free_port

SCRAPE_INTERVAL = "1s"
JOB = "smtp"

_CONFIG = """
global:
  scrape_interval: {interval}
  scrape_timeout: {interval}
scrape_configs:
  - job_name: {job}
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""


@dataclass(frozen=True)
class Prometheus:
    """Running and scraping."""

    port: int

    def query(self, expression):
        """The instant vector as [(labels, value)], values as float."""
        url = f"http://127.0.0.1:{self.port}/api/v1/query?"
        with urllib.request.urlopen(url + urllib.parse.urlencode({"query": expression})) as reply:
            samples = json.load(reply)["data"]["result"]
        return [(sample["metric"], float(sample["value"][1])) for sample in samples]


@contextmanager
def run(sandbox, scraped_port, name="prometheus"):
    # A database of its own: what an earlier one scraped is not to be found.
    folder = sandbox.folder(f"{name}-{free_port()}")
    config = _CONFIG.format(interval=SCRAPE_INTERVAL, job=JOB, port=scraped_port)
    (folder / "prometheus.yml").write_text(config)
    with serve(sandbox, folder) as prometheus:
        yield prometheus


@contextmanager
def serve(sandbox, folder):
    """Prometheus with the prometheus.yml of that folder of the sandbox."""
    port = free_port()
    inside = sandbox.inside(folder)
    with sandbox.start(
        folder / "prometheus.log", "/usr/bin/prometheus",
        f"--config.file={inside}/prometheus.yml", f"--storage.tsdb.path={inside}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ) as process:  # fmt: skip
        process.wait_for(port)
        prometheus = Prometheus(port)
        eventually(lambda: prometheus.query("vector(1)"), what=lambda: process.log.read_text())
        yield prometheus


def check_metrics(sandbox, text):
    """What `promtool check metrics` has to say; empty if the exposition is without fault."""
    done = sandbox.run("/usr/bin/promtool", "check", "metrics", stdin=text)
    return (done.stdout + done.stderr).strip() if done.returncode or done.stderr else ""
