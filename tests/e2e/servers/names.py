"""A DNS server whose health the test decides."""

import socket
import threading
from contextlib import contextmanager

# RFC 1035 section 4.1.1: response codes.
_SERVFAIL, _REFUSED = 2, 5
_A = 1


class Names:
    """Gives 127.0.0.1 for every name while `health` is "up".

    Else it is "servfail" or "refused", which it answers to everything, "mute", or "down": then
    nobody listens on its port.
    """

    def __init__(self):
        self.health = "up"
        self._socket = None
        self._ended = threading.Event()
        self._listen(0)
        self.port = self._socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"

    def serve(self):
        while not self._ended.is_set():
            if self.health == "down":
                self._close()
                self._ended.wait(0.02)
                continue
            if self._socket is None:
                self._listen(self.port)
            try:
                question, client = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            if answer := self._answer(question):
                self._socket.sendto(answer, client)
        self._close()

    def end(self):
        self._ended.set()

    def _listen(self, port):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self._socket.settimeout(0.05)

    def _close(self):
        if self._socket:
            self._socket.close()
            self._socket = None

    def _answer(self, question):
        if self.health in ("mute", "down"):
            return None
        code = {"servfail": _SERVFAIL, "refused": _REFUSED}.get(self.health, 0)
        end_of_name = question.index(b"\0", 12) + 1
        kind = int.from_bytes(question[end_of_name : end_of_name + 2], "big")
        found = code == 0 and kind == _A
        head = question[:2] + bytes([0x84, 0x80 | code]) + b"\0\1" + bytes([0, found]) + bytes(4)
        record = b"\xc0\x0c\0\1\0\1" + bytes(4) + b"\0\4\x7f\0\0\1" if found else b""
        return head + question[12 : end_of_name + 4] + record


@contextmanager
def run():
    names = Names()
    thread = threading.Thread(target=names.serve)
    thread.start()
    try:
        yield names
    finally:
        names.end()
        thread.join()
