"""Containers by hand, as an engine starts them: namespaces, a read-only root, the image's own user."""

import json
import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

from servers.sandbox import Process
from waiting import eventually

# In the new namespaces: the image's files read-only, what is mounted in addition, a loopback, and then
# the program in place of this shell, as process 1.
_START = """
set -eu
root=${1:?} user=${2:?}
shift 2
mount --bind "$root" "$root"
while [ "$1" != -- ]; do
  case $1 in
    tmpfs) mount -t tmpfs -o mode=1777 tmpfs "$root$3" ;;
    rw | ro) mount --bind "$2" "$root$3"; mount -o "remount,bind,$1" "$root$3" ;;
  esac
  shift 3
done
shift
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
ip link set lo up
exec setpriv --no-new-privs --inh-caps=-all chroot --userspec="$user" "$root" "$@"
"""


class Image:
    """What buildah built: its files, and what it says about how to run them."""

    def __init__(self):
        self.root = Path(os.environ["SRE_IMAGE_ROOT"])
        # Things are mounted and made below it: it must not be another folder by mistake.
        assert self.root.is_absolute() and len(self.root.parts) > 3, self.root
        assert (self.root / "usr/bin/smtp_reply_exporter").exists(), self.root
        described = json.loads(Path(os.environ["SRE_IMAGE_JSON"]).read_text())
        self.config = described["Docker"]["config"]

    @contextmanager
    def run(self, folder, *arguments, tmp=False, files=None):
        """A container with the image's entry point; its log and its volumes lie in `folder`.

        `tmp` mounts a tmpfs on /tmp, `files` are mounted read-only: {path inside: path outside}.
        """
        mounts = [["tmpfs", "-", "/tmp"]] if tmp else []
        mounts += [["rw", self._volume(folder, path), path] for path in self.config["Volumes"]]
        mounts += [["ro", path, inside] for inside, path in (files or {}).items()]
        words = [word for mount in mounts for word in mount]
        command = [
            "unshare",
            "--mount",
            "--pid",
            "--net",
            "--ipc",
            "--uts",
            "--fork",
            "--kill-child",
        ]
        command += ["sh", "-c", _START, "sh", self.root, self.config["User"], *words, "--"]
        command += [*self.config["Entrypoint"], *arguments]
        command = [str(word) for word in command]
        variables = dict(variable.split("=", 1) for variable in self.config["Env"])
        variables["PATH"] += ":/usr/sbin:/sbin"
        places = {"/proc": Path("/proc"), **(files or {})}
        with self._mount_points(places), Process(
            command, folder / "container.log", variables
        ) as process:
            yield Container(self, process)

    def _volume(self, folder, path):
        volume = folder / path.strip("/").replace("/", "-")
        if volume.exists():
            return volume
        # An engine fills a new volume with what the image has there, owners included.
        volume.mkdir()
        inside = self.root / path.strip("/")
        assert list(inside.iterdir()) == []
        shutil.copymode(inside, volume)
        os.chown(volume, inside.stat().st_uid, inside.stat().st_gid)
        return volume

    @contextmanager
    def _mount_points(self, places):
        """Files and folders for something to be mounted on, as long as the container is there."""
        made = []
        for inside, outside in places.items():
            place = self.root / inside.strip("/")
            for folder in reversed(place.parents):
                made += _made(folder, Path.mkdir)
            made += _made(place, Path.mkdir if outside.is_dir() else Path.touch)
        try:
            yield
        finally:
            for place in reversed(made):
                place.rmdir() if place.is_dir() else place.unlink()


def _made(place, make):
    if place.exists():
        return []
    make(place)
    return [place]


class Container:
    """One that runs."""

    def __init__(self, image, process):
        self._image = image
        self._process = process

    @property
    def log(self):
        return self._process.log.read_text(errors="replace")

    @property
    def pid(self):
        """Process 1 of the container, as this machine counts, once it is the image's program."""

        def found():
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
            pids = children.read_text().split()
            assert pids, f"no process in the container: {self.log}"
            assert os.readlink(f"/proc/{pids[0]}/root") != "/"
            return int(pids[0])

        return eventually(found)

    def status(self):
        """/proc/PID/status of process 1: {"Uid": ["65532", ...], ...}."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return {name: value.split() for name, value in (line.split(":", 1) for line in lines)}

    def mounts(self):
        """What process 1 sees mounted: {path: ["ro", ...]}."""
        lines = Path(f"/proc/{self.pid}/mounts").read_text().splitlines()
        return {fields[1]: fields[3].split(",") for fields in map(str.split, lines)}

    def execute(self, *command):
        """Runs a command of the image beside process 1, as the same user."""
        enter = ["nsenter", f"--target={self.pid}", "--mount", "--pid", "--net", "--ipc", "--uts"]
        enter += ["chroot", f"--userspec={self._image.config['User']}", str(self._image.root)]
        return subprocess.run([*enter, *command], capture_output=True, text=True, timeout=30)

    def fetch(self, path):
        """The body of a page, asked for on the container's loopback."""
        enter = ["nsenter", f"--target={self.pid}", "--net"]
        url = f"http://127.0.0.1:10235{path}"
        done = subprocess.run([*enter, "curl", "-sSf", url], capture_output=True, text=True)
        assert done.returncode == 0, f"{done.stderr}; {self.log}"
        return done.stdout

    def kill(self, name):
        os.kill(self.pid, getattr(signal, name))

    def wait(self, within):
        """The exit status; raises subprocess.TimeoutExpired."""
        return self._process.wait(within)
