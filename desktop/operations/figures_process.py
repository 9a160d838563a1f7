"""The near end of the process that works figures out: start it, ask, end it.

It reads the vault along by a ticket (storage.beside) that goes through the pipe with the key. One
question at a time, from the figures lane. Refuses to live longer than the records are open, and
long after the last question: it holds a county's records.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import msgspec

from desktop.operations.errors import FiguresMistake, NoFigures, NothingWritten

WORKER = (sys.executable, "-m", "desktop.figures_worker")
SECONDS_TO_END = 5
_HEAD = struct.Struct(">cQ")  # what it is, and the bytes that follow
ASKED, ANSWERED, FAILED = b"?", b"+", b"-"


class Fault(msgspec.Struct, frozen=True):
    """Why there is no answer."""

    words: str  # for people; "" for a mistake of ours
    name: str
    frames: tuple[str, ...] = ()


def send(pipe: IO[bytes], what: bytes, body: bytes) -> None:
    """Put one message into a pipe."""
    pipe.write(_HEAD.pack(what, len(body)))
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[bytes, bytes]:
    """The next message. Raises EOFError when the other end is gone."""
    head = _whole(pipe, _HEAD.size)
    what, length = _HEAD.unpack(head)
    return what, _whole(pipe, length)


def _whole(pipe: IO[bytes], length: int) -> bytes:
    body = pipe.read(length)
    if len(body) < length:
        raise EOFError
    return body


class FiguresProcess:
    """Answers questions; started by the first one, and again after it broke."""

    def __init__(self, opening: Callable[[], bytes], command: Sequence[str] = WORKER) -> None:
        self._opening, self._command = opening, command  # ticket, pack: what it begins with
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()  # of starting and ending; asking is one thread's

    def ask(self, body: bytes) -> bytes:
        """The answer to a packed question. Raises NoFigures, NothingWritten, FiguresMistake."""
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise NoFigures
        try:
            send(process.stdin, ASKED, body)
            what, answer = receive(process.stdout)
        except (EOFError, OSError, ValueError) as error:
            self._end()
            raise NoFigures from error
        if what == ANSWERED:
            return answer
        raise _fault(msgspec.json.decode(answer, type=Fault))

    def close(self) -> None:
        """End it now, with the key it holds. Safe to call twice, and from another thread."""
        self._closed = True
        self._end()

    def rest(self) -> None:
        """Give back what it holds: end it until the next question. In the lane that asks."""
        self._end()

    @property
    def pid(self) -> int | None:
        """Its number while it runs."""
        return self._process.pid if self._process is not None else None

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise NoFigures
            if self._process is None:
                self._process = self._started()
            return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603  our own module, no shell, no arguments
            list(self._command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if process.stdin is not None:
            with suppress(OSError):  # it ended at once: the first question says so
                send(process.stdin, ASKED, self._opening())
        return process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait(SECONDS_TO_END)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent is for nobody
                    pipe.close()


def _fault(fault: Fault) -> Exception:
    if not fault.words:
        return FiguresMistake((fault.name, *fault.frames))
    return NothingWritten(fault.words) if fault.name == "NothingWritten" else NoFigures(fault.words)


def _environment() -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[2])
    rest = os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in (root, rest) if p)}


class Opening(msgspec.Struct, frozen=True):
    """What the process begins with."""

    ticket: bytes
    pack: msgspec.Raw
    practice: bool


def opening(ticket: bytes, pack: Any, *, practice: bool) -> bytes:
    """The first message."""
    packed = msgspec.Raw(msgspec.json.encode(pack))
    return msgspec.json.encode(Opening(ticket, packed, practice))
