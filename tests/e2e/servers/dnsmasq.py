"""dnsmasq with a small zone of names, and two servers behind it that are out of order."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass

from waiting import free_port

# What the zone holds; a name below it that is not here does not exist (NXDOMAIN).
ONE_ADDRESS = "mail.example.test"
SEVERAL_ADDRESSES = "several.example.test"
SEVERAL = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
# Nobody listens on one of the two addresses.
PARTLY_DOWN = "partly-down.example.test"
PARTLY = ("127.0.0.9", "127.0.0.1")
LIKE_AN_ADDRESS = "127.0.0.numbers.test"
MX_DOMAIN = "example.test"
# The first of its two mail exchangers is down.
MX_WITH_SPARE = "spare.example.test"
# The name is there, an address is not.
NO_ADDRESS = "text-only.example.test"
NO_SUCH_NAME = "no-such-name.example.test"
# Answered with SERVFAIL, and not at all.
BROKEN = "mail.broken.test"
MUTE = "mail.mute.test"


@dataclass(frozen=True)
class Dnsmasq:
    """Running: addresses, as "127.0.0.1:PORT", of dnsmasq and of a server that never answers."""

    address: str
    mute: str


@contextmanager
def run(sandbox):
    folder = sandbox.folder("dnsmasq")
    log = folder / "dnsmasq.log"
    port = free_port(socket.SOCK_DGRAM)
    # A bound socket that nobody reads is the mute server.
    with _broken_server() as broken, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        mute_port = mute.getsockname()[1]
        several = [f"--host-record={SEVERAL_ADDRESSES},{address}" for address in SEVERAL]
        several += [f"--host-record={PARTLY_DOWN},{address}" for address in PARTLY]
        with sandbox.start(
            log, "/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
            "--user=root", "--pid-file", "--no-hosts", "--no-resolv", "--log-queries",
            "--log-facility=-", "--listen-address=127.0.0.1", "--bind-interfaces",
            f"--port={port}", "--local=/example.test/",
            f"--host-record={ONE_ADDRESS},127.0.0.1", *several,
            f"--host-record={LIKE_AN_ADDRESS},127.0.0.1",
            f"--mx-host={MX_DOMAIN},{ONE_ADDRESS},10",
            f"--mx-host={MX_WITH_SPARE},down.example.test,5",
            f"--host-record=down.example.test,{PARTLY[0]}",
            f"--mx-host={MX_WITH_SPARE},{ONE_ADDRESS},10",
            f"--txt-record={NO_ADDRESS},nothing else",
            f"--server=/broken.test/127.0.0.1#{broken}",
            f"--server=/mute.test/127.0.0.1#{mute_port}",
        ) as dnsmasq:  # fmt: skip
            dnsmasq.wait_for(port)
            yield Dnsmasq(f"127.0.0.1:{port}", f"127.0.0.1:{mute_port}")


def query(server, name, kind=1, timeout=5.0):
    """Asks for A (1) or MX (15) records; returns (response code, number of answers)."""
    words = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    question = b"\x12\x34\x01\x00\x00\x01" + bytes(6) + words + b"\0" + bytes([0, kind, 0, 1])
    host, port = server.split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(timeout)
        client.sendto(question, (host, int(port)))
        answer = client.recv(4096)
    return answer[3] & 15, int.from_bytes(answer[6:8], "big")


@contextmanager
def _broken_server():
    """A DNS server that answers every question with SERVFAIL; yields its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_answer_servfail, args=(server,))
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            # An empty datagram is no question: it ends the thread.
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.sendto(b"", server.getsockname())
            thread.join()


def _answer_servfail(server):
    while True:
        question, client = server.recvfrom(4096)
        if not question:
            return
        # The question itself, marked as a response (0x80) with response code 2.
        server.sendto(question[:2] + bytes([question[2] | 0x80, 2]) + question[4:], client)
