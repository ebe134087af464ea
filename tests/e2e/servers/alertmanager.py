"""Alertmanager, amtool, and a webhook that collects what Alertmanager sends."""

import json
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from servers.background import serving
from waiting import eventually, free_port


@dataclass(frozen=True)
class Alertmanager:
    """Running."""

    port: int

    def alerts(self):
        """What it holds, as its API tells it: {alertname: alert}."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v2/alerts") as reply:
            return {alert["labels"]["alertname"]: alert for alert in json.load(reply)}

    def tell(self, *alerts):
        """Has these alerts fire, each given by its labels, as a Prometheus would."""
        body = json.dumps([{"labels": labels} for labels in alerts]).encode()
        url = f"http://127.0.0.1:{self.port}/api/v2/alerts"
        request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=10).close()


@contextmanager
def serve(sandbox, folder, port):
    """Alertmanager with the alertmanager.yml of that folder of the sandbox, on that loopback port."""
    inside = sandbox.inside(folder)
    with sandbox.start(
        folder / "alertmanager.log", "/usr/bin/prometheus-alertmanager",
        f"--config.file={inside}/alertmanager.yml", f"--storage.path={inside}/alertmanager",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ) as process:  # fmt: skip
        process.wait_for(port)
        alertmanager = Alertmanager(port)
        eventually(lambda: alertmanager.alerts() == {}, what=lambda: process.log.read_text())
        yield alertmanager


@dataclass(frozen=True)
class Told:
    """One alert of one notification. `status` is "firing" or "resolved"."""

    receiver: str
    status: str
    labels: dict
    annotations: dict

    @property
    def name(self):
        return self.labels["alertname"]


class Webhook:
    """Takes notifications on `port`; `told` is every alert in them, in order."""

    def __init__(self):
        self.told = []
        self.port = free_port()

    def news(self):
        """(alertname, status) of everything told so far."""
        return [(alert.name, alert.status) for alert in self.told]

    def take(self, notification):
        for alert in notification["alerts"]:
            kept = (alert["status"], alert["labels"], alert["annotations"])
            self.told.append(Told(notification["receiver"], *kept))


@contextmanager
def webhook():
    collecting = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            collecting.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", collecting.port), Handler)):
        yield collecting
