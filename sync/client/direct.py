"""A line straight to the register, by the standard library's own HTTP client.

A question goes out in one piece and an answer comes back, at half of what the larger library takes
for it (`sync.client.transport`), which still has the lines through a proxy. Connections are kept,
and one that the other end has closed meanwhile is not used again. Raises what the standard library
does. Refuses redirects, cookies and everything else that a register does not say.
"""

from __future__ import annotations

import contextlib
import io
import select
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import SplitResult

from sync.envelope import MAX_BODY

CONNECT_SECONDS, SECONDS = 8.0, 20.0  # to be connected; for each piece that goes or comes
PATIENCE = 60.0  # seconds for any answer, and more by what has come of it
LEAST_PACE = 1 << 10  # bytes a second: who drips would hold a round for ever
_MOST_HEAD = 1 << 18  # bytes of a head, with all that may be said before it
_MOST = 4 * MAX_BODY  # bytes of an answer: what goes around the parts of a body counts too
_KEPT = 3  # connections between two requests
_PIECE = 1 << 16
_HUNG_UP = (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError)


class Closed(HTTPException):
    """The line was hung up on this side."""


class Endless(HTTPException):
    """More came than an answer may have."""


def is_plain(parts: SplitResult) -> bool:
    """Whether an address is a host, perhaps a port and a path, and nothing else."""
    try:
        port = parts.port
    except ValueError:
        return False
    known = parts.scheme in ("http", "https") and port != 0
    return known and bool(parts.hostname) and "@" not in parts.netloc and not parts.query


class Direct:
    """Connections to one register."""

    def __init__(self, parts: SplitResult, trust: Callable[[], ssl.SSLContext]) -> None:
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path
        self._tls = trust() if parts.scheme == "https" else None
        self._lock = Lock()
        self._idle: list[_Piecewise] = []
        self._busy: list[_Piecewise] = []
        self._open = True

    @contextmanager
    def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Iterator[tuple[int, Mapping[str, str], Iterator[bytes]]]:
        """(status, headers by small letters, the body as it comes) of one request."""
        line, kept = self._line(), False
        try:
            if line.sock is None:
                self._connect(line)
            with contextlib.suppress(*_HUNG_UP):  # it may have said why before it had heard all
                line.ask(method, self._path + path, body, dict(headers))
            answer = line.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            yield answer.status, named, _pieces(answer)
            kept = answer.isclosed() and line.sock is not None
        finally:
            self._done(line, kept=kept)

    def close(self) -> None:
        """Hang up. A thread that waits for an answer is woken."""
        with self._lock:
            self._open = False
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for line in idle:
            line.close()
        for line in busy:
            if line.wire is not None:
                with contextlib.suppress(OSError):  # it has gone already
                    line.wire.shutdown(socket.SHUT_RDWR)

    def _connect(self, line: _Piecewise) -> None:
        line.connect()
        line.sock.settimeout(SECONDS)
        line.wire = line.sock
        if not self._open:  # we hung up meanwhile, and nothing was there to be woken
            raise Closed

    def _line(self) -> _Piecewise:
        """A connection of this request's own: one that is kept and still open, or a new one."""
        while True:
            with self._lock:
                if not self._open:
                    raise Closed
                line = self._idle.pop() if self._idle else self._new()
                self._busy.append(line)
            if line.sock is None or not _readable(line.sock):
                return line
            self._done(line, kept=False)  # nobody asked: the other end has hung up

    def _done(self, line: _Piecewise, *, kept: bool) -> None:
        with self._lock:
            self._busy.remove(line)
            if kept and self._open and len(self._idle) < _KEPT:
                self._idle.append(line)
                return
        line.close()

    def _new(self) -> _Piecewise:
        if self._tls is None:
            return _Piecewise(self._host, self._port, timeout=CONNECT_SECONDS)
        return _Tls(self._host, self._port, timeout=CONNECT_SECONDS, context=self._tls)


class _Watched(io.RawIOBase):
    """What comes of one answer, head and all, while it comes quickly enough and may end.

    The library reads what precedes an answer, and what follows its body, for as long as any comes.
    """

    def __init__(self, line: io.RawIOBase) -> None:
        self._line, self._began, self._came = line, monotonic(), 0
        self.most = _MOST_HEAD

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, room: Any) -> int | None:
        """The next piece. Raises TimeoutError for one that drips, Endless, OSError."""
        got: int | None = self._line.readinto(room)
        self._came += got or 0
        if self._came > self.most:
            raise Endless
        if monotonic() - self._began > PATIENCE + self._came / LEAST_PACE:
            raise TimeoutError
        return got

    def close(self) -> None:
        """Let go of the line."""
        super().close()
        self._line.close()


class _Response(HTTPResponse):
    """An answer that is watched from its first byte to its last."""

    def __init__(self, line: socket.socket, *how: Any, **more: Any) -> None:
        super().__init__(line, *how, **more)
        self._watched = _Watched(self.fp.detach())
        self.fp = io.BufferedReader(self._watched)

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        self._watched.most = _MOST


class _Piecewise(HTTPConnection):
    """Head and body go together, and as long as anything goes.

    A slow line has so many seconds for each piece of a file, not for all of it.
    """

    response_class = _Response
    wire: socket.socket | None = None  # also when its answer is the last, and the library lets go
    _held: list[bytes] | None = None

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """A request in one go. Raises TimeoutError when nothing goes for a while."""
        self._held = []
        self.request(method, path, body, headers)
        said, self._held = self._held, None
        left = memoryview(b"".join(said))
        while left:
            left = left[self.sock.send(left) :]

    def send(self, data: Any) -> None:
        """What a request consists of, part by part; a connection's own words go at once."""
        if self._held is None:
            super().send(data)
        else:
            self._held.append(data)


class _Tls(_Piecewise, HTTPSConnection):
    pass


def _pieces(answer: HTTPResponse) -> Iterator[bytes]:
    """What comes, as it comes. Raises IncompleteRead where it breaks off."""
    while piece := answer.read1(_PIECE):
        yield piece
    if answer.length:
        raise IncompleteRead(b"", answer.length)
    answer.close()  # the connection is free for the next


def _readable(line: socket.socket) -> bool:
    """Whether something has come that nobody asked for, such as an end."""
    if hasattr(select, "poll"):
        look = select.poll()
        look.register(line, select.POLLIN)
        return bool(look.poll(0))
    return bool(select.select([line], [], [], 0)[0])  # Windows
