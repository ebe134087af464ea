#!/usr/bin/python3
"""The demo with a Prometheus that scrapes it, for whoever wants to look at both.

    world.py COMMAND...      runs COMMAND once the demo's faults and recoveries are in Prometheus, with
                             AGENT and PROMETHEUS (host:port of each) and START (the demo's first
                             second, since 1970) in its environment; exits with its status

Debian's Prometheus is fetched and run as tests/e2e does it, which takes root.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
sys.dont_write_bytecode = True

import demo  # noqa: E402
import fetch  # noqa: E402
from servers import prometheus  # noqa: E402
from servers.sandbox import Sandbox  # noqa: E402
from waiting import eventually  # noqa: E402

LOGIN = 'target="password-stops-working", check="login"'
# What must have been seen before anybody looks: the login broke and works again, and EHLO lost what
# it is to lose. The demo's scripts take two minutes for it.
SEEN = {
    "the login was refused": f"max_over_time(smtp_check_regression{{{LOGIN}}}[1h]) == 1",
    "the login works again": f"smtp_check_regression{{{LOGIN}}} == 0",
    "AUTH is gone": 'smtp_check_result_info{reason="auth_not_offered"}',
    "STARTTLS is gone": 'smtp_check_result_info{reason="starttls_not_offered"}',
}


def main():
    # Told to end, stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    fetch.main()
    with tempfile.TemporaryDirectory(prefix="dashboards-") as folder:
        start = int(time.time())
        with demo.run(Path(folder)) as agent:
            with prometheus.run(Sandbox(), agent.port, "dashboards") as server:
                for what, expression in SEEN.items():
                    eventually(lambda: server.query(expression), 240, what)
                addresses = {
                    "AGENT": f"127.0.0.1:{agent.port}",
                    "PROMETHEUS": f"127.0.0.1:{server.port}",
                    "START": str(start),
                }
                return subprocess.call(sys.argv[1:], env={**os.environ, **addresses})


if __name__ == "__main__":
    sys.exit(main())
