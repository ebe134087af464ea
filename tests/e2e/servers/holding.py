"""An SMTP server in which every client gets stuck at the command that the test names."""

import select
import socketserver
import threading
from contextlib import contextmanager

from servers.background import serving

_REPLIES = {
    "EHLO": "250-mail.example.test\r\n250 AUTH PLAIN",
    "AUTH": "235 2.7.0 Accepted",
    "DATA": "354 Go on",
    "QUIT": "221 2.0.0 Bye",
}


class Holding(socketserver.ThreadingTCPServer):
    """Answers all but `verb`, and that one not before `delay` seconds have passed.

    `verb` may be BANNER; a `delay` of None is for ever. `heard` holds, for each client in the order
    of their coming, the lines that it has sent; `gone` counts those that have left; `late` the
    replies to `verb` that were sent while nothing had come after it.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, verb, delay=None):
        super().__init__(("127.0.0.1", 0), _Session)
        self.port = self.server_address[1]
        self.verb = verb
        self.delay = delay
        self.heard = []
        self.gone = 0
        self.late = 0

    def waiting(self):
        """How many clients have said the command and wait, or have only connected for BANNER."""
        if self.verb == "BANNER":
            return len(self.heard) - self.gone
        return sum(any(line.startswith(self.verb) for line in lines) for lines in self.heard)


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        lines = []
        self.server.heard.append(lines)
        try:
            self._talk(lines)
        except OSError:
            pass
        finally:
            self.server.gone += 1

    def _talk(self, lines):
        self._say("BANNER", "220 mail.example.test ESMTP")
        while line := self.rfile.readline(1000).decode("latin-1").rstrip("\r\n"):
            lines.append(line)
            verb = line.split()[0].upper()
            self._say(verb, _REPLIES.get(verb, "250 2.0.0 Ok"))
            if verb == "QUIT":
                return

    def _say(self, verb, reply):
        if verb == self.server.verb:
            if self.server.delay is None:
                return
            threading.Event().wait(self.server.delay)
            readable, _, _ = select.select([self.connection], [], [], 0)
            self.server.late += not readable
        self.wfile.write(reply.encode() + b"\r\n")


@contextmanager
def run(verb, delay=None):
    with serving(Holding(verb, delay)) as server:
        yield server
