"""Processes, their CPU time and memory, free ports, certificates: what a measurement stands on."""

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
SERVER_NAME = "bench.example.com"


class Failure(Exception):
    """A sentence that says why there is no measurement."""


@contextlib.contextmanager
def process(command, log, **options):
    """A child that ends with the block, whatever happens in it. Its output goes to the file `log`."""
    with open(log, "wb") as out:
        options.setdefault("stdout", out)
        child = subprocess.Popen([str(part) for part in command], stderr=out, **options)
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout:
            child.stdout.close()


def cpu_seconds(pid):
    """User and system time so far; ticks of 10 ms, so measure long enough."""
    # The name in parentheses may hold anything, also spaces.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid):
    """(resident now, resident at most), in 10^6 bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    kib = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.startswith("Vm")}
    return kib["VmRSS"] * 1024 / 1e6, kib["VmHWM"] * 1024 / 1e6


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, timeout=30):
    return _body(urllib.request.Request(url), timeout).decode()


def fetch_compressed(url, timeout=30):
    """The body as Prometheus asks for it, still compressed."""
    return _body(urllib.request.Request(url, headers={"Accept-Encoding": "gzip"}), timeout)


def _body(request, timeout):
    # Never through a proxy that the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=timeout) as response:
        return response.read()


def wait_for(question, seconds, child, what):
    """Asks until the answer is true; fails when `child` dies or the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if child.poll() is not None:
            raise Failure(f"{what}: the process ended with status {child.returncode}")
        with contextlib.suppress(OSError):
            if question():
                return
        time.sleep(0.2)
    raise Failure(f"{what}: not within {seconds} s")


def certificate(folder):
    """A root (ca.pem) and a server's certificate for SERVER_NAME (server.pem, server.key)."""
    if (folder / "server.pem").exists():
        return

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "365",
        "-subj",
        "/CN=bench root",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    )
    openssl(
        "req",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        f"/CN={SERVER_NAME}",
        "-keyout",
        "server.key",
        "-out",
        "server.csr",
    )
    (folder / "server.ext").write_text(
        f"subjectAltName=DNS:{SERVER_NAME}\nbasicConstraints=CA:FALSE\n"
    )
    openssl(
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "365",
        "-extfile",
        "server.ext",
        "-out",
        "server.pem",
    )


@contextlib.contextmanager
def smtp_server(binaries, folder, delay_ms):
    """Yields the ports of a running bench_server, by kind, and how many addresses it has."""
    certificate(folder)
    command = [
        binaries / "bench_server",
        "--certificate",
        folder / "server.pem",
        "--key",
        folder / "server.key",
        "--delay-ms",
        str(delay_ms),
    ]
    with process(command, folder / "server.log", stdout=subprocess.PIPE) as child:
        line = child.stdout.readline()
        if not line:
            raise Failure(f"bench_server did not start, see {folder / 'server.log'}")
        yield json.loads(line)
