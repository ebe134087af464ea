"""A small SMTP server whose answer to a login, and whose being there, the test decides."""

import socketserver
import threading
from contextlib import contextmanager

from waiting import free_port

ACCEPTED = "235 2.7.0 Authentication successful"
REFUSED = "535 5.7.8 Error: authentication failed"

_REPLIES = {"EHLO": "250-mail.example.test\r\n250 AUTH PLAIN", "QUIT": "221 2.0.0 Bye"}


class Scripted:
    """Answers AUTH with `auth`. `down()` and `up()` close and open its port, which stays the same."""

    def __init__(self):
        self.port = free_port()
        self.auth = ACCEPTED
        self._server = None

    def up(self):
        self._server = _Server(("127.0.0.1", self.port), _Session)
        self._server.owner = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def down(self):
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class _Session(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self):
        self._say("220 mail.example.test ESMTP")
        while line := self.rfile.readline(1000).decode("latin-1"):
            verb = line.split()[0].upper() if line.strip() else ""
            if verb == "AUTH":
                self._say(self.server.owner.auth)
            else:
                self._say(_REPLIES.get(verb, "502 5.5.1 Command not implemented"))
            if verb == "QUIT":
                return

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def run():
    server = Scripted()
    server.up()
    try:
        yield server
    finally:
        server.down()
