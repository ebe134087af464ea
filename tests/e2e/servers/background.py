"""A socketserver that serves beside the test."""

import threading
from contextlib import contextmanager


@contextmanager
def serving(server):
    """Serves on a thread of its own; at the end the thread is gone and the port closed."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
