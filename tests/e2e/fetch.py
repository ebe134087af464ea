#!/usr/bin/python3
"""Unpacks the real servers the tests talk to, without installing them.

Debian's packages and everything they depend on, the C library included, go below build/e2e/root,
which is then a small system of its own: a server started in it by chroot(2) finds its libraries,
its compiled-in paths and its users there, whatever the machine has or has not. A second call does
nothing. Run by the tests; by hand: tests/e2e/fetch.py
"""

import fcntl
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

BUILD = Path(__file__).resolve().parents[2] / "build" / "e2e"
ROOT = BUILD / "root"

# Postfix and Exim exclude each other in one system, so apt is asked for each alone.
GROUPS = (
    ("postfix", "dovecot-core"),
    ("exim4-daemon-light", "exim4-base"),
    ("dnsmasq-base", "openssl"),
    ("prometheus", "prometheus-alertmanager"),
    ("libfaketime",),
    ("haproxy",),
)

# Owners of what the servers write. The numbers are high so that no account of the machine is met.
USERS = {
    "root": 0,
    "postfix": 62101,
    "postdrop": 62102,
    "dovecot": 62103,
    "dovenull": 62104,
    "Debian-exim": 62105,
    "vmail": 62106,
    "nobody": 65534,
}
EXTRA_GROUPS = {"mail": 8, "nogroup": 65534}

DEVICES = {"null": (1, 3), "zero": (1, 5), "random": (1, 8), "urandom": (1, 9)}


def main():
    """Makes ROOT ready, or says in one line why it cannot."""
    if os.geteuid() != 0:
        sys.exit(
            "tests/e2e: root is needed, mail servers change user and run in a chroot: use sudo"
        )
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "fetch.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = ROOT / ".fetched"
        wanted = Path(__file__).read_text()
        if done.exists() and done.read_text() == wanted:
            return
        shutil.rmtree(ROOT, ignore_errors=True)
        ROOT.mkdir()
        for package in download():
            run("dpkg-deb", "-x", package, ROOT)
        write_accounts()
        make_devices()
        done.write_text(wanted)


def download():
    """The packages with all they depend on, as paths of .deb files."""
    archives = BUILD / "packages"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    for group in GROUPS:
        try:
            run(*apt_install(archives, group))
        except subprocess.CalledProcessError:
            # Lists that are missing, or older than the archive they were made from.
            run("apt-get", "update", "-o", "APT::Sandbox::User=root")
            run(*apt_install(archives, group))
    return sorted(archives.glob("*.deb"))


def apt_install(archives, group):
    # An empty status file makes apt believe that nothing is installed: it then names every library.
    # Own cache folder and --download-only: nothing of the machine's changes.
    return (
        "apt-get", "install", "--yes", "--quiet", "--download-only", "--no-install-recommends",
        "-o", "Dir::State::status=/dev/null",
        "-o", f"Dir::Cache={BUILD}/apt",
        "-o", f"Dir::Cache::archives={archives}",
        "-o", "APT::Sandbox::User=root",
        "-o", "Debug::NoLocking=1",
        *group,
    )  # fmt: skip


def write_accounts():
    etc = ROOT / "etc"
    passwd = [f"{name}:x:{number}:{number}::/:/bin/false\n" for name, number in USERS.items()]
    groups = [f"{name}:x:{number}:\n" for name, number in {**USERS, **EXTRA_GROUPS}.items()]
    (etc / "passwd").write_text("".join(passwd))
    (etc / "group").write_text("".join(groups))
    (etc / "hosts").write_text("127.0.0.1 localhost\n")
    (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
    (ROOT / "tmp").mkdir(exist_ok=True)
    (ROOT / "tmp").chmod(0o1777)


def make_devices():
    (ROOT / "dev").mkdir(exist_ok=True)
    for name, (major, minor) in DEVICES.items():
        path = ROOT / "dev" / name
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
        path.chmod(0o666)
    try:
        (ROOT / "dev" / "null").write_bytes(b"")
    except OSError as error:
        sys.exit(f"tests/e2e: {ROOT}/dev/null cannot be opened ({error}): is build/ mounted nodev?")


def run(*command):
    log = BUILD / "fetch.log"
    with open(log, "a") as out:
        subprocess.run([str(word) for word in command], stdout=out, stderr=out, check=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failure:
        sys.exit(f"tests/e2e: {' '.join(failure.cmd[:2])} failed, see {BUILD}/fetch.log")
