"""Lines that nobody uses: who does not ask, who does not take the answer, who holds many."""

from __future__ import annotations

import logging
import socket
import struct
import threading
from contextlib import contextmanager, suppress

import pytest
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sync.register import openapi, patience, serve
from tests.sync.conftest import serving

HEAD = b"GET /health HTTP/1.1\r\nhost: x\r\n"


@contextmanager
def line_to(url):
    port = int(url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        yield line


def hangs_up(line):
    """Whether the other end closed, and nothing more was said."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("said", [b"", b"GET /hea", HEAD], ids=["nothing", "a word", "no end"])
def test_who_does_not_say_what_they_want_is_hung_up_on(quick, monkeypatch, said):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.1)
    with serving(quick) as url, line_to(url) as line:
        line.sendall(said)
        assert hangs_up(line)


def test_who_said_it_once_has_to_say_it_the_next_time_too(quick, monkeypatch):
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)
    with serving(quick) as url, line_to(url) as line:
        line.sendall(HEAD + b"\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
        line.sendall(HEAD)
        assert hangs_up(line)


def test_without_that_a_line_would_be_held_for_nothing(quick, monkeypatch):
    """The tests above can fail: uvicorn alone waits for ever."""
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.05)
    monkeypatch.setattr(serve, "patient", lambda _named: HttpToolsProtocol)
    with serving(quick) as url, line_to(url) as line:
        line.sendall(HEAD)
        line.settimeout(0.4)
        with pytest.raises(TimeoutError):
            line.recv(1)


def test_one_address_has_so_many_lines(quick, monkeypatch):
    monkeypatch.setattr(patience, "LINES", 2)
    with serving(quick) as url, line_to(url) as one, line_to(url) as two:
        for line in (one, two):
            line.sendall(HEAD + b"\r\n")
            assert line.recv(4096).startswith(b"HTTP/1.1 200")
        with line_to(url) as three:
            assert hangs_up(three)
        one.sendall(HEAD + b"\r\n")
        assert one.recv(4096).startswith(b"HTTP/1.1 200")


def test_a_proxy_that_was_named_has_as_many_as_it_needs(quick, monkeypatch):
    monkeypatch.setattr(patience, "LINES", 1)
    with serving(quick, proxies=("127.0.0.0/8",)) as url, line_to(url) as one, line_to(url) as two:
        for line in (one, two):
            line.sendall(HEAD + b"\r\n")
            assert line.recv(4096).startswith(b"HTTP/1.1 200")


class Said(logging.Handler):
    """Tells when the register writes this down."""

    def __init__(self, words):
        super().__init__()
        self.words, self.heard = words, threading.Event()

    def emit(self, record):
        if record.getMessage() == self.words:
            self.heard.set()


LARGE = b" " * (32 << 20)  # more than two kernels hold for a line
DESCRIBED = b"GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n"


@contextmanager
def unread(world, monkeypatch, asked):
    """Somebody asks for very much and takes none of it; the line, and when that is noticed."""
    monkeypatch.setattr(openapi, "described", lambda *_: LARGE)
    noticed = Said("nobody takes the answer")
    log = logging.getLogger("hedgerow.register")
    before = log.level
    log.addHandler(noticed)
    log.setLevel(logging.INFO)
    try:
        with serving(world) as url, line_to(url) as line:
            line.sendall(asked)
            yield line, noticed.heard
    finally:
        log.removeHandler(noticed)
        log.setLevel(before)


def taken(line):
    """How many bytes come, until the other end closes or a whole answer is there."""
    found = 0
    with suppress(ConnectionResetError):
        while found < len(LARGE) and (came := line.recv(1 << 20)):
            found += len(came)
    return found


@pytest.mark.parametrize("times", [1, 3], ids=["one question", "the next ones said already"])
def test_an_answer_that_nobody_takes_does_not_hold_its_line(quick, monkeypatch, times):
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.2)
    with unread(quick, monkeypatch, DESCRIBED * times) as (line, noticed):
        assert noticed.wait(20)
        assert taken(line) < len(LARGE)


def test_without_that_it_is_held_and_comes_whole(quick, monkeypatch):
    """The test above can fail: uvicorn alone keeps it until somebody takes it."""
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(patience.Patient, "_watch", lambda _self: None)
    with unread(quick, monkeypatch, DESCRIBED) as (line, noticed):
        assert not noticed.wait(0.4)
        assert taken(line) >= len(LARGE)


def test_who_asks_much_at_once_and_goes_is_no_bug_of_ours(quick, monkeypatch):
    """The world looks at the register's log when it ends."""
    with unread(quick, monkeypatch, DESCRIBED * 3) as (line, _):
        assert line.recv(16)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Slow:
    """The two ends of a line in one: what waits to be taken, and when somebody looks again."""

    def __init__(self, left):
        self.left, self.aborted, self.waiting = left, False, []

    def get_write_buffer_size(self):
        return self.left

    def abort(self):
        self.aborted = True

    def call_later(self, _seconds, look, *said):
        self.waiting.append((look, said))

    def look(self):
        look, said = self.waiting.pop()
        look(*said)


def test_an_answer_that_is_taken_slowly_is_waited_for():
    slow = Slow(70_000)
    line = object.__new__(patience.Patient)
    line.transport = line.loop = slow
    line._watch()
    for slow.left in (69_999, 30_000, 1):
        slow.look()
        assert not slow.aborted
    slow.look()
    assert slow.aborted
    assert slow.waiting == []


def test_the_end_of_an_answer_is_watched_too():
    slow = Slow(16_000)  # the rest was taken: the line is open for more, and nothing more comes
    line = object.__new__(patience.Patient)
    line.transport = line.loop = slow
    line.flow = FlowControl(slow)
    line.resume_writing()
    slow.look()
    assert slow.aborted
