"""The demo, running, and how each of its checks has stood since its start."""

import json
import threading
from contextlib import contextmanager

from program import Daemon, binary, environment
from servers.sandbox import Process
from waiting import free_port


class Watch:
    """Asks the demo again and again how its checks stand, in a thread of its own.

    `seen` holds for each "TARGET/CHECK" what followed on what: [(reason, phase, code), ...].
    """

    def __init__(self, running):
        self.running = running
        self.seen = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def look_once(self):
        for check in json.loads(self.running.get("/api/v1/checks")):
            seen = self.seen.setdefault(f"{check['target']}/{check['check']}", [])
            now = (check["reason"], check["phase"], check["code"])
            if check["passed"] is not None and now != (seen[-1] if seen else None):
                seen.append(now)

    def _look(self):
        while not self._over.wait(0.5):
            try:
                self.look_once()
            except (AssertionError, OSError):
                pass  # The tests ask too, and tell what they got.

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()


@contextmanager
def run(folder):
    """The demo with its temporary files in `folder`, from its first answer on."""
    port = free_port()
    command = [binary(), "demo", f"--web.listen-address=127.0.0.1:{port}"]
    with Process(command, folder / "demo.log", {**environment(), "TMPDIR": str(folder)}) as process:
        process.wait_for(port)
        yield Daemon(process, port)
