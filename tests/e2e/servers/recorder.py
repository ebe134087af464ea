"""An SMTP server that takes every login and remembers all that it was told."""

import socket
import socketserver
from contextlib import contextmanager

from servers.background import serving

_REPLIES = {
    "EHLO": "250-mail.example.test\r\n250 AUTH PLAIN LOGIN",
    "AUTH": "235 2.7.0 Accepted",
    "QUIT": "221 2.0.0 Bye",
}


class Recorder(socketserver.ThreadingTCPServer):
    """Listens on `port` of a loopback address; `heard` holds what each connection brought."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, host):
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, 0), _Session)
        self.port = self.server_address[1]
        self.heard = []


class _Session(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self):
        said = []
        self.server.heard.append(said)
        self._say("220 mail.example.test ESMTP")
        while line := self.rfile.readline(1000).decode("latin-1"):
            said.append(line)
            verb = line.split()[0].upper() if line.strip() else ""
            self._say(_REPLIES.get(verb, "502 5.5.1 Command not implemented"))
            if verb == "QUIT":
                return

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


@contextmanager
def run(host="127.0.0.1"):
    with serving(Recorder(host)) as server:
        yield server
