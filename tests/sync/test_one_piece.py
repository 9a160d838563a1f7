"""An answer's head and the first of its body leave as one piece, and nothing stays behind."""

from __future__ import annotations

import asyncio
import socket

import pytest

from sync.register import patience
from tests.sync.conftest import serving
from tests.sync.mutants import instead

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class Line(asyncio.Transport):
    """What goes out, piece by piece."""

    def __init__(self):
        super().__init__()
        self.pieces, self.closed = [], False

    def write(self, data):
        self.pieces.append(bytes(data))

    def writelines(self, list_of_data):
        self.write(b"".join(list_of_data))

    def is_closing(self):
        return self.closed

    def close(self):
        self.closed = True


@pytest.mark.parametrize(
    ("said", "goes"),
    [
        ([HEAD, b"body"], [HEAD + b"body"]),
        ([HEAD, b"bo", b"HTTP/1.1 dy"], [HEAD + b"bo", b"HTTP/1.1 dy"]),
        ([GO_ON, HEAD, b"b"], [GO_ON, HEAD + b"b"]),
        ([HEAD, b""], [HEAD]),
        ([HEAD], []),
    ],
)  # fmt: skip
def test_a_head_waits_for_its_body_and_nothing_else_waits(said, goes):
    line = Line()
    together = patience._Together(line)
    for data in said:
        together.write(data)
    assert line.pieces == goes
    together.flush()
    together.close()
    assert b"".join(line.pieces) == b"".join(said)
    assert together.is_closing()


def answered(url, asked, *, upto):
    """What comes on one line, up to these words."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=20) as line:
        line.sendall(asked)
        came = b""
        while upto not in came:
            piece = line.recv(65536)
            assert piece, came
            came += piece
    return came


def test_an_answer_without_a_body_is_told_and_the_next_question_heard(quick):
    one, last = (
        b"%b /health HTTP/1.1\r\nhost: x\r\n%b\r\n" % (verb, end)
        for verb, end in ((b"HEAD", b""), (b"GET", b"connection: close\r\n"))
    )
    with serving(quick) as url:
        assert answered(url, one, upto=b"\r\n\r\n").startswith(b"HTTP/1.1 200")
        both = answered(url, one + last, upto=b'{"alive":true}')
        assert both.count(b"HTTP/1.1 200") == 2


def test_who_asks_whether_to_go_on_is_told_before_the_answer(quick):
    asked = (
        b"POST /v1/pull HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n"
        b"content-type: application/vnd.hedgerow+json\r\n\r\n"
    )
    with serving(quick) as url:
        assert answered(url, asked, upto=b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")


def test_an_answer_is_one_piece_on_the_line_and_two_without_this(quick, monkeypatch):
    pieces = []

    class Heard(patience._Together):
        def __init__(self, line):
            super().__init__(line)
            real, many = line.write, line.writelines
            self._line = Line()
            self._line.write = lambda data: pieces.append(1) or real(data)
            self._line.writelines = lambda data: pieces.append(1) or many(data)

    ask = b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    monkeypatch.setattr(patience, "_Together", Heard)
    with serving(quick) as url:
        answered(url, ask, upto=b'{"alive":true}')
        assert len(pieces) == 1
        with instead(Heard, "write", lambda self, data: self._line.write(data)):
            answered(url, ask, upto=b'{"alive":true}')
        assert len(pieces) == 3
