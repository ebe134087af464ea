"""Processes inside the unpacked system of fetch.py, with files in a folder of this run."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import fetch
from waiting import eventually, listening


class Sandbox:
    """One folder for everything that one run of the tests starts.

    It lies in the unpacked system, build/e2e/root/run-PID/, where the servers, which live in there
    by chroot, can reach it. It stays after the run, for its logs, until a later run clears it.
    """

    def __init__(self):
        for old in fetch.ROOT.glob("run-*"):
            if not _runs(int(old.name.removeprefix("run-"))):
                shutil.rmtree(old)
        self.outside = fetch.ROOT / f"run-{os.getpid()}"
        shutil.rmtree(self.outside, ignore_errors=True)
        self.outside.mkdir()

    def folder(self, name, owner="root"):
        """Makes a folder below this run's, owned by one of fetch.USERS."""
        path = self.outside / name
        path.mkdir(parents=True, exist_ok=True)
        os.chown(path, fetch.USERS[owner], fetch.USERS[owner])
        return path

    def inside(self, path):
        """What a path of this machine is called within the chroot."""
        return "/" + str(Path(path).relative_to(fetch.ROOT))

    def run(self, *command, stdin=None):
        """Runs a command of the unpacked system to its end; returns subprocess.CompletedProcess."""
        return subprocess.run(self._chroot(command), input=stdin, capture_output=True, text=True)

    def start(self, log, *command):
        """Starts a server of the unpacked system; its output goes to the file `log`."""
        return Process(self._chroot(command), log)

    @staticmethod
    def _chroot(command):
        return ["chroot", str(fetch.ROOT), *(str(word) for word in command)]


def _runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Process:
    """A server in the foreground, leader of a process group of its own; a context manager."""

    def __init__(self, command, log, environment=None):
        self.log = Path(log)
        with open(self.log, "a") as out:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env=environment,
            )

    @property
    def pid(self):
        return self._process.pid

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, within):
        """The exit status; raises subprocess.TimeoutExpired."""
        return self._process.wait(within)

    def wait_for(self, *ports, host="127.0.0.1"):
        """Returns once all ports answer; an early death is told at once, with the end of its log."""
        for port in ports:
            eventually(lambda: self._answers(port, host), 30, lambda: self._story(port))

    def stop(self):
        """Ends the process politely, then its whole group for certain."""
        if self._process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self._process.wait()
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _answers(self, port, host):
        # Not an AssertionError: there is nothing left to wait for.
        if self._process.poll() is not None:
            raise RuntimeError(self._story(port))
        return listening(port, host)

    def _story(self, port):
        state = "runs" if self._process.poll() is None else f"ended with {self._process.returncode}"
        tail = self.log.read_text(errors="replace")[-2000:]
        return f"port {port} of {self._process.args}, which {state}; end of {self.log}:\n{tail}"
