"""The near end of the process that works figures out: start it, ask, end it.

It reads the vault along by a ticket (storage.beside) that goes through the pipe with the key. One
question at a time, from the figures lane; how far it is comes before the answer, and Stop goes
after the question. Refuses to live longer than the records are open, and long after the last
question: it holds a county's records.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any

import msgspec

from desktop.operations.errors import FiguresMistake, NoFigures, NothingWritten
from desktop.operations.long_work import Progress, WorkStopped

WORKER = (sys.executable, "-m", "desktop.figures_worker")
SECONDS_TO_END = 5
_HEAD = struct.Struct(">cQQ")  # what it is, of which question, and the bytes that follow
ASKED, ANSWERED, FAILED = b"?", b"+", b"-"
TOLD, STOP = b"~", b"!"  # how far a question is; it is wanted no more
PART = b"#"  # a part of a report, before the answer


class Fault(msgspec.Struct, frozen=True):
    """Why there is no answer."""

    words: str  # for people; "" for a mistake of ours
    name: str
    frames: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """How far a question is: words, parts done, parts there are."""

    words: str
    done: int
    of: int


def send(pipe: IO[bytes], what: bytes, number: int, body: bytes = b"") -> None:
    """Put one message into a pipe. `number`: of the question it belongs to, 0 for none."""
    pipe.write(_HEAD.pack(what, number, len(body)))
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[bytes, int, bytes]:
    """What the next message is, of which question, its body. Raises EOFError at the end."""
    what, number, length = _HEAD.unpack(_whole(pipe, _HEAD.size))
    return what, number, _whole(pipe, length)


def _whole(pipe: IO[bytes], length: int) -> bytes:
    parts, missing = [], length
    while missing:
        part = pipe.read(missing)
        if not part:
            raise EOFError
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class FiguresProcess:
    """Answers questions; started by the first one, and again after it broke."""

    def __init__(self, opening: Callable[[], bytes], command: Sequence[str] = WORKER) -> None:
        self._opening, self._command = opening, command  # ticket, pack: what it begins with
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()  # of starting and ending; asking is one thread's
        self._speaking = threading.Lock()  # Stop comes from another thread than the question
        self._number = 0  # of the newest question

    def ask(
        self,
        body: bytes,
        progress: Progress | None = None,
        hand: Callable[[bytes], None] | None = None,
    ) -> bytes:
        """The answer to a packed question; meanwhile `progress` says how far it is.

        `hand` takes the parts of a report as they come, all of them before the answer.
        Raises NoFigures, NothingWritten, FiguresMistake; WorkStopped once a person wants no more.
        """
        progress = progress or Progress()
        progress.check()  # pressed while others were asked
        process = self._running()
        self._number += 1
        number = self._number
        try:
            with progress.done_by(partial(self._pass_on, process, number)):
                self._say(process, ASKED, number, body)
                what, answer = _heard(process, progress, hand)
        except (EOFError, OSError, ValueError) as error:
            self._end()
            raise NoFigures from error
        if what == ANSWERED:
            return answer
        raise _fault(msgspec.json.decode(answer, type=Fault))

    def _pass_on(self, process: subprocess.Popen[bytes], number: int) -> None:
        with suppress(OSError, ValueError):  # it has ended: so has the question
            self._say(process, STOP, number)

    def _say(
        self, process: subprocess.Popen[bytes], what: bytes, number: int, body: bytes = b""
    ) -> None:
        if process.stdin is None:
            raise EOFError
        with self._speaking:
            send(process.stdin, what, number, body)

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
                send(process.stdin, ASKED, 0, self._opening())
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


def _heard(
    process: subprocess.Popen[bytes], progress: Progress, hand: Callable[[bytes], None] | None
) -> tuple[bytes, bytes]:
    """What came of a question, after all that is told and handed over on the way."""
    if process.stdout is None:
        raise EOFError
    while True:
        what, _number, body = receive(process.stdout)
        if what == PART:
            if hand is not None:
                hand(body)
            continue
        if what != TOLD:
            return what, body
        step = msgspec.json.decode(body, type=Step)
        progress.heard(step.words, step.done, step.of)


def _fault(fault: Fault) -> Exception:
    if fault.name == WorkStopped.__name__:
        return WorkStopped()
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
