"""A DNS server that Prometheus finds: on port 53, and named in the chroot's resolv.conf."""

import fcntl
import random
import socket
from contextlib import contextmanager

import fetch
from waiting import free_port


@contextmanager
def run(sandbox, *records):
    """dnsmasq with those options; yields its address, "127.x.y.z:53".

    Prometheus takes the servers for dns_sd_configs from /etc/resolv.conf alone, where there is no
    place for a port. The file belongs to all runs in this chroot: another one waits until this one
    has taken it away.
    """
    file = fetch.ROOT / "etc" / "resolv.conf"
    folder = sandbox.folder(f"discovery-{free_port()}")
    address = _free_address()
    with open(fetch.BUILD / "resolv.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file.write_text(f"nameserver {address}\noptions timeout:1 attempts:2\n")
        try:
            with sandbox.start(
                folder / "dnsmasq.log", "/usr/sbin/dnsmasq", "--keep-in-foreground",
                "--conf-file=/dev/null", "--user=root", "--pid-file", "--no-hosts", "--no-resolv",
                "--log-queries", "--log-facility=-", f"--listen-address={address}",
                "--bind-interfaces", "--port=53", "--local=/com/", "--local=/test/", *records,
            ) as dnsmasq:  # fmt: skip
                dnsmasq.wait_for(53, host=address)
                yield f"{address}:53"
        finally:
            file.unlink()


def _free_address():
    """A loopback address where nobody has port 53."""
    while True:
        address = ".".join(["127", *(str(random.randint(1, 254)) for _ in range(3))])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as attempt:
            try:
                attempt.bind((address, 53))
            except OSError:
                continue
        return address
