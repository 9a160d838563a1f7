"""A line without a proxy: kept between requests, left when the other end has gone, whole or not."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from sync import errors
from sync.client import direct, transport
from sync.client.transport import HttpTransport
from tests.sync.test_bad_lines import hung_up, socket_that

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nX-Said: Yes\r\n\r\nword"


def heard(line: socket.socket) -> bytes:
    """One request as it came; b"" for none."""
    said = b""
    while b"\r\n\r\n" not in said:
        part = line.recv(1 << 16)
        if not part:
            return b""
        said += part
    head, _, body = said.partition(b"\r\n\r\n")
    size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < size:
        body += line.recv(1 << 16)
    return head


@contextmanager
def serving(*answers: bytes, hangs_up: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """Answers one request after the other; (address, one entry for each connection)."""
    door, came = socket.create_server(("127.0.0.1", 0)), list[bytes]()
    over = threading.Event()

    def serve() -> None:
        left = list(answers)
        while left:
            line, _ = door.accept()
            if over.is_set():
                line.close()
                return
            came.append(b"")
            with line:
                while left and (said := heard(line)):
                    came[-1] = said
                    line.sendall(left.pop(0))
                    if hangs_up:
                        break

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/at/", came
    finally:
        over.set()
        socket.create_connection(door.getsockname()).close()  # wakes it, if it waits for one more
        thread.join(10)
        door.close()


def asked(line: HttpTransport, body: bytes = b"") -> bytes:
    return line.send("POST", "/v1/push", {"hedgerow-time": "now"}, body).body


def test_it_is_kept_and_says_what_it_has_to() -> None:
    chunked = (
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nwo\r\n2\r\nrd\r\n0\r\n\r\n"
    )
    with serving(OK, chunked, OK) as (url, came):
        line = HttpTransport(url)
        answer = line.send("POST", "/v1/push", {"hedgerow-time": "now"}, b"x")
        assert (answer.status, answer.body, answer.headers["x-said"]) == (200, b"word", "Yes")
        assert [asked(line), asked(line)] == [b"word", b"word"]
        line.close()
    assert len(came) == 1
    head = came[0].lower()
    assert head.startswith(b"post /at/v1/push http/1.1\r\n")
    assert b"accept-encoding: identity" in head
    assert head.count(b"accept-encoding") == head.count(b"host: ") == 1


def test_one_that_the_other_end_has_left_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def twice() -> int:
        with serving(OK, OK, hangs_up=True) as (url, came):
            line = HttpTransport(url)
            asked(line)
            kept = line._direct._idle[0].sock  # type: ignore[union-attr]
            assert kept.recv(1, socket.MSG_PEEK) == b"", "the end has come here"
            try:
                asked(line)
            finally:
                line.close()
            return len(came)

    assert twice() == 2
    monkeypatch.setattr(direct, "_readable", lambda _: False)
    with pytest.raises(errors.Unreachable):
        twice()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nword",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nword\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9",
        b"word\r\n\r\n",
        b"",
    ],
    ids=["half a body", "no last part", "half a head", "no answer", "nothing"],
)
def test_half_an_answer_is_none(answer: bytes) -> None:
    with serving(answer, hangs_up=True) as (url, _):
        line = HttpTransport(url)
        with pytest.raises(errors.Unreachable):
            asked(line)
        assert not line._direct._idle  # type: ignore[union-attr]
        line.close()


def test_who_is_refused_before_all_was_said_hears_why(monkeypatch: pytest.MonkeyPatch) -> None:
    no = b"HTTP/1.1 413 Too much\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno"
    with serving(no) as (url, _):
        line = HttpTransport(url)
        real = direct._Piecewise.ask

        def breaks(one: direct._Piecewise, *said: Any) -> None:
            real(one, *said)
            raise BrokenPipeError

        monkeypatch.setattr(direct._Piecewise, "ask", breaks)
        answer = line.send("POST", "/v1/push", {}, b"x" * 99)
        line.close()
    assert (answer.status, answer.body) == (413, b"no")


def bounded(line: socket.socket, begin: bytes, piece: bytes) -> None:
    """Says the same again and again, and ends after a few megabytes: a test has to end too."""
    with contextlib.suppress(OSError):
        line.sendall(begin)
        for _ in range((4 << 20) // len(piece)):
            line.sendall(piece)


CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        (CHUNKED + b"4\r\nword\r\n0\r\n", b"x-more: yes\r\n" * 1000),
        (CHUNKED, b"1;" + b"x" * 1000 + b"\r\ny\r\n"),
    ],
    ids=["before it", "after it", "around it"],
)
def test_an_answer_that_does_not_end_is_none(
    monkeypatch: pytest.MonkeyPatch, begin: bytes, piece: bytes
) -> None:
    monkeypatch.setattr(direct, "_MOST", 1 << 20)
    with socket_that(lambda line: bounded(line, begin, piece)) as url:
        line = HttpTransport(url)
        with pytest.raises(errors.NotTheRegister):
            asked(line)
        line.close()


def test_a_head_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judged by all of it, not by each byte: here there is no patience at all."""
    monkeypatch.setattr(direct, "PATIENCE", -1.0)
    monkeypatch.setattr(direct, "LEAST_PACE", 1 << 40)
    with socket_that(lambda line: bounded(line, b"HTTP/1.1 200 OK\r\nx-said: ", b"x" * 64)) as url:
        line = HttpTransport(url)
        with pytest.raises(errors.Slow):
            asked(line)
        line.close()


def test_hanging_up_is_heard_while_a_last_answer_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library has let go of the socket by then."""
    begun, over = threading.Event(), threading.Event()
    real = transport._whole

    def whole(pieces: Iterator[bytes]) -> bytes:
        def noted() -> Iterator[bytes]:
            for piece in pieces:
                begun.set()
                yield piece

        return real(noted())

    def half(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 99\r\n\r\nword")
        over.wait(10)

    monkeypatch.setattr(transport, "_whole", whole)
    with socket_that(half) as url:
        heard = hung_up(HttpTransport(url), asked, begun, over)
    assert heard == (False, [errors.Unreachable])


def test_a_line_that_was_hung_up_says_so() -> None:
    line = HttpTransport("http://127.0.0.1:9")
    line.close()
    with pytest.raises(errors.Unreachable, match="There is no line"):
        asked(line)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://a.b:8640", True),
        ("https://a.b/x", True),
        ("http://[::1]:80", True),
        ("ftp://a.b", False),
        ("http://u:p@a.b", False),
        ("http://", False),
        ("http://a.b:x", False),
    ],
)
def test_what_it_takes_is_an_address_and_nothing_else(url: str, plain: bool) -> None:
    assert direct.is_plain(urlsplit(url)) is plain
