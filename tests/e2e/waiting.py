"""Waiting for what another process does: by looking again, until a deadline."""

import socket
import time


def eventually(condition, within=15.0, what=None):
    """Looks again and again until condition() returns something true, and returns that.

    An AssertionError or OSError inside counts as "not yet" and is told at the end, past `within`
    seconds.
    `what` names the thing waited for in the failure; it may be a function that returns the text.
    """
    deadline = time.monotonic() + within
    failure = None
    while True:
        try:
            value = condition()
            if value:
                return value
            failure = None
        except (AssertionError, OSError) as error:
            failure = error
        if time.monotonic() > deadline:
            named = (
                what() if callable(what) else what or getattr(condition, "__name__", "condition")
            )
            raise AssertionError(f"not within {within:g} s: {named}") from failure
        time.sleep(0.05)


def free_port(kind=socket.SOCK_STREAM):
    """A loopback port that nobody listens on now."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening(port, host="127.0.0.1"):
    """Whether a TCP connection to the port is accepted."""
    with socket.create_connection((host, port), timeout=5):
        return True
