"""What HTTP clients may do to the daemon: little, and to each other: nothing."""

import socket
from contextlib import ExitStack, contextmanager

import pytest

from configuration import Configuration
from program import daemon
from waiting import eventually

KIB = 1024
HALF = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@pytest.fixture(scope="module")
def running(tmp_path_factory, certificates, exim):
    folder = tmp_path_factory.mktemp("limits")
    configuration = Configuration(folder, certificates)
    configuration.module("greeting", "127.0.0.1:1", ca_file=None)
    configuration.target(exim, "mx", "greeting")
    with daemon(configuration, folder / "daemon.log") as started:
        yield started


@contextmanager
def connected(running):
    with socket.create_connection(("127.0.0.1", running.port), timeout=60) as client:
        yield client


def exchange(running, sent, ends=False):
    """What the daemon says to these bytes until it closes; with `ends`, nothing more will come."""
    with connected(running) as client:
        try:
            client.sendall(sent)
            if ends:
                client.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # It has heard enough; what it said is still to be read.
        return b"".join(iter(lambda: client.recv(64 * KIB), b"")).decode()


def request(method, path, *headers, body=b""):
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def status(answer):
    assert answer.startswith("HTTP/1.1 "), f"no answer but {answer[:200]!r}"
    return int(answer[9:12])


def closed(client):
    """Whether the daemon has ended the connection; what it said before is thrown away."""
    client.setblocking(False)
    try:
        while client.recv(64 * KIB):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        pass
    return True


# 600 are more than there are places for.
@pytest.mark.parametrize("count", [200, 600])
@pytest.mark.parametrize("begun", [b"", b"G", HALF], ids=["silent", "a letter", "half a header"])
def test_slow_clients_hold_up_no_scrape(running, count, begun):
    with ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(connected(running))
            client.sendall(begun)
        assert "smtp_reply_exporter_build_info" in running.get("/metrics")
        assert running.request("/-/reload", method="POST")[0] == 200
    assert running.get("/-/healthy")


def test_a_client_that_goes_on_letter_by_letter_is_cut_off(running):
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(running)) for _ in range(200)]
        for client in clients:
            client.sendall(HALF)

        def drip():
            for client in list(clients):
                try:
                    client.send(b"x")
                except OSError:
                    clients.remove(client)
            assert "smtp_reply_exporter_build_info" in running.get("/metrics")
            return not clients

        eventually(drip, 60, lambda: f"{len(clients)} are still there")


def test_a_request_that_is_never_finished_is_given_up(running):
    halves = {
        "header": HALF,
        "body": request("POST", "/-/reload", "Content-Length: 1000", body=b"half"),
        "chunk": request("POST", "/-/reload", "Transfer-Encoding: chunked", body=b"3e8\r\nhalf"),
    }
    with ExitStack() as stack:
        open_ones = {name: stack.enter_context(connected(running)) for name in halves}
        for name, client in open_ones.items():
            client.sendall(halves[name])

        def all_closed():
            for name, client in list(open_ones.items()):
                if closed(client):
                    del open_ones[name]
            return not open_ones

        eventually(all_closed, 60, lambda: f"still open: {list(open_ones)}")


def test_clients_that_do_not_read_hold_up_no_scrape(running):
    with ExitStack() as stack:
        for _ in range(100):
            client = stack.enter_context(connected(running))
            # As many answers as fill every buffer between us.
            client.setblocking(False)
            client.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
        assert "smtp_reply_exporter_build_info" in running.get("/metrics")


def test_a_header_may_be_long_but_not_endless(running):
    assert status(exchange(running, request("GET", "/-/healthy", "X-A: " + "a" * 15 * KIB))) == 200
    assert status(exchange(running, request("GET", "/-/healthy", "X-A: " + "a" * 17 * KIB))) == 431
    assert status(exchange(running, request("GET", "/" + "a" * 17 * KIB))) == 431
    many = ["X-A: b"] * 4000
    assert status(exchange(running, request("GET", "/-/healthy", *many))) == 431
    endless = HALF + b"x" * 200 * KIB
    assert status(exchange(running, endless, ends=True)) == 431


def test_a_body_may_be_long_but_not_endless(running):
    def post(size, *headers, body=None):
        text = b"x" * size if body is None else body
        return exchange(running, request("POST", "/-/reload", *headers, body=text))

    assert status(post(60 * KIB, f"Content-Length: {60 * KIB}")) == 200
    assert status(post(70 * KIB, f"Content-Length: {70 * KIB}")) == 413
    # What is announced counts; nobody waits for it to come.
    assert status(post(0, "Content-Length: 9999999999")) == 413
    chunk = b"4000\r\n" + b"x" * 16 * KIB + b"\r\n"
    chunked = "Transfer-Encoding: chunked"
    assert status(post(0, chunked, body=chunk * 3 + b"0\r\n\r\n")) == 200
    assert status(post(0, chunked, body=chunk * 5 + b"0\r\n\r\n")) == 413


@pytest.mark.parametrize("sent", [
    b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nBad Header: x\r\n\r\n", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", b"GET * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"POST /-/reload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /-/reload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /codes/%4 HTTP/1.1\r\nHost: a\r\n\r\n",
], ids=lambda sent: ascii(sent[:60]))  # fmt: skip
def test_what_is_no_request_is_refused(running, sent):
    assert status(exchange(running, sent, ends=True)) == 400
    assert running.get("/-/healthy")


def test_requests_that_follow_each_other_are_answered_in_order(running):
    both = b"GET /-/healthy HTTP/1.1\r\nHost: a\r\n\r\n" + request("GET", "/nothing-here")
    answer = exchange(running, both)
    assert answer.index("HTTP/1.1 200") < answer.index("is healthy") < answer.index("HTTP/1.1 404")


@pytest.mark.parametrize("path", [
    "/nothing-here", "/metrics/", "/probe/", "/sd/x", "/checks/", "/checks/mx", "/api/v2/checks",
    "/..", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/", "//", "/-/",
])  # fmt: skip
def test_an_unknown_path_is_told_what_there_is(running, path):
    answer = exchange(running, request("GET", path))
    assert status(answer) == 404
    for known in ("/metrics", "/probe?target=HOST:PORT&module=NAME", "/sd", "/checks/TARGET/CHECK"):
        assert f" {known} " in answer


@pytest.mark.parametrize("path, told", [
    ("/checks/mx/tls", "mx"), ("/codes/999", "200 to 599"), ("/reasons/no_such_reason", "/reasons"),
    ("/assets/no-such.css", "style.css"),
])  # fmt: skip
def test_an_unknown_name_on_a_known_path_is_not_found(running, path, told):
    answer = exchange(running, request("GET", path))
    assert status(answer) == 404
    assert told in answer


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("path", ["/", "/metrics", "/probe", "/sd", "/config", "/checks/mx/greeting",
                                  "/codes", "/api/v1/checks", "/-/healthy"])  # fmt: skip
def test_what_is_to_be_read_takes_no_other_method(running, path, method):
    answer = exchange(running, request(method, path, "Content-Length: 0"))
    assert status(answer) == 405
    assert "Allow: GET, HEAD\r\n" in answer


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
@pytest.mark.parametrize("path", ["/-/reload", "/checks/mx/greeting/run"])
def test_what_changes_something_takes_post_alone(running, path, method):
    answer = exchange(running, request(method, path))
    assert status(answer) == 405
    assert "Allow: POST\r\n" in answer


@pytest.mark.parametrize("path", ["/", "/metrics", "/sd", "/-/ready", "/nothing-here"])
def test_head_is_get_without_the_body(running, path):
    head, _, body = exchange(running, request("HEAD", path)).partition("\r\n\r\n")
    assert body == ""
    assert status(head) == status(exchange(running, request("GET", path)))
    assert int(head.split("Content-Length: ")[1].split("\r\n")[0]) > 0
