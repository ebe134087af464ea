"""The servers as fixtures, each started once for the whole run and only when a test asks for it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import certificates as certificate_files
import demo as demo_program
from configuration import Configuration
from servers import dnsmasq as dnsmasq_server
from servers import dovecot as dovecot_server
from servers import exim as exim_server
from servers import postfix as postfix_server
from servers.sandbox import Sandbox


def pytest_sessionstart(session):
    # Told to end, finish the test at hand and stop the servers.
    def stop(*_):
        session.shouldstop = "SIGTERM"

    signal.signal(signal.SIGTERM, stop)


def pytest_collection_modifyitems(items):
    # The demo takes its time: what looks at it comes last.
    items.sort(key=lambda item: "demo" in item.fixturenames)


@pytest.fixture(scope="session", autouse=True)
def demo_beside_all_other_tests(request):
    """Starts the demo first if a test asks for it, so that its two minutes pass meanwhile."""
    if any("demo" in item.fixturenames for item in request.session.items):
        request.getfixturevalue("demo")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    with demo_program.run(tmp_path_factory.mktemp("demo")) as running:
        with demo_program.Watch(running) as watch:
            yield watch


@pytest.fixture(scope="session")
def sandbox():
    script = Path(__file__).with_name("fetch.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.exit(done.stderr.strip(), returncode=3)
    return Sandbox()


@pytest.fixture(scope="session")
def certificates(sandbox):
    return certificate_files.Certificates(sandbox)


@pytest.fixture(scope="session")
def dovecot(sandbox):
    with dovecot_server.run(sandbox) as running:
        yield running


@pytest.fixture(scope="session")
def postfix(sandbox, certificates, dovecot):
    with postfix_server.run(sandbox, dovecot) as running:
        yield running


@pytest.fixture(scope="session")
def exim(sandbox, certificates):
    with exim_server.run(sandbox) as running:
        yield running


@pytest.fixture(scope="session", params=["postfix", "exim"])
def server(request):
    """Each mail server in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def dns(sandbox):
    with dnsmasq_server.run(sandbox) as running:
        yield running


@pytest.fixture
def configuration(tmp_path, certificates):
    """An empty configuration; its state is kept beside it."""
    fresh = Configuration(tmp_path, certificates)
    fresh.agent["state_file"] = str(tmp_path / "state.db")
    return fresh
