"""Broken lines over real sockets: the right words, and nothing lost or believed."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

import pytest

from sync import errors
from sync.client.transport import HttpTransport
from tests.support.names import needs_localhost
from tests.support.tls import untrusted
from tests.sync.world import enterprise


@contextmanager
def socket_that(behaves):
    """A server on loopback that does one thing to each connection and ends with the test."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def run():
        try:
            connection, _ = listener.accept()
        except (TimeoutError, OSError):
            return
        with connection:
            connection.settimeout(5)
            connection.recv(65536)
            behaves(connection)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
        thread.join(10)


def hung_up(line, ask, begun, over):
    """`ask` in a thread, and hang up once it has `begun`: (does it wait still, what it raised).

    `over` lets go of the other end.
    """
    raised = []

    def go():
        try:
            ask(line)
        except errors.SyncError as error:
            raised.append(type(error))

    thread = threading.Thread(target=go)
    thread.start()
    assert begun.wait(10)
    line.close()
    thread.join(5)
    alive = thread.is_alive()
    over.set()
    thread.join(30)
    return alive, raised


def half_a_body(connection):
    connection.sendall(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/vnd.hedgerow+json\r\n"
        b"content-length: 5000\r\n\r\n\x28\xb5\x2f\xfd12345"
    )


def hang_up(connection):
    connection.close()


def not_http(connection):
    connection.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize("behaves", [half_a_body, hang_up, not_http])
def test_over_a_real_socket_a_broken_line_is_a_broken_line(quick, behaves):
    ann = quick.laptop("ann")
    ann.add(enterprise())
    with socket_that(behaves) as url:
        line = HttpTransport(url)
        with pytest.raises(errors.Unreachable):
            quick.round(ann, line)
        line.close()
    assert len(ann.unsent(10)) == 1
    assert quick.round(ann).pushed == 1


def test_nobody_there_at_all(quick):
    free = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{free.getsockname()[1]}"
    free.close()
    line = HttpTransport(url)
    with pytest.raises(errors.Unreachable):
        quick.round(quick.laptop("ann"), line)
    line.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_this_computer_does_not_trust_is_never_accepted(quick, tmp_path, host):
    """Nothing is said over such a line, and the words do not frighten."""
    if host == "localhost":
        needs_localhost()
    ann = quick.laptop("ann")
    heard = []
    with untrusted(tmp_path, heard) as port:
        line = HttpTransport(f"https://{host}:{port}")
        with pytest.raises(errors.CertificateNotTrusted) as caught:
            quick.round(ann, line)
        line.close()
    assert heard == []
    assert "Your work is saved here" in str(caught.value)
    assert "does not trust the certificate" in str(caught.value)
    assert "certificate" in caught.value.detail


def test_hanging_up_ends_a_request_that_is_under_way(quick):
    ann = quick.laptop("ann")
    asked, ended = threading.Event(), threading.Event()

    def keeps_silent(_connection):
        asked.set()
        ended.wait(10)

    with socket_that(keeps_silent) as url:
        heard = hung_up(HttpTransport(url), lambda line: quick.round(ann, line), asked, ended)
    assert heard == (False, [errors.Unreachable])
