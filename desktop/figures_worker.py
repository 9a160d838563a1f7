"""The process that works figures out: reads the vault along, answers questions, ends with its pipe.

Started by desktop/operations/figures_process.py. While it works it says how far it is and hears
whether anybody still wants the answer. Refuses to write to the vault, to show the key, and to
outlive the program: when the pipe closes it ends, also in the middle of a question.
"""

from __future__ import annotations

import os
import sys
from queue import SimpleQueue
from threading import Thread
from typing import IO

import msgspec

from desktop.operations.figures_process import (
    ANSWERED,
    FAILED,
    PART,
    STOP,
    TOLD,
    Fault,
    Opening,
    Step,
    receive,
    send,
)
from desktop.operations.long_work import WorkStopped
from desktop.presenters.figures_asked import packed_answer, unpacked
from desktop.presenters.figures_desk import FiguresDesk
from desktop.trouble import bare_report, in_words
from forms.rules.pack import Pack
from forms.values import SystemClock
from storage.beside import reading

KINDER = 5  # the window goes first where both want the same core


class Asked:
    """Questions as they come, read by a thread of its own: Stop is heard in the middle of one."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._waiting: SimpleQueue[tuple[int, bytes] | None] = SimpleQueue()
        self._stopped = 0  # the newest question that is wanted no more
        self._gone = False
        Thread(target=self._listen, name="hedgerow-asked", daemon=True).start()

    def next(self) -> tuple[int, bytes]:
        """The next question, with its number. Raises EOFError when nobody asks any more."""
        asked = self._waiting.get()
        if asked is None:
            raise EOFError
        return asked

    def check(self, number: int) -> None:
        """Raises WorkStopped for one that is wanted no more, EOFError when nobody is there."""
        if self._gone:
            raise EOFError
        if self._stopped >= number:
            raise WorkStopped

    def _listen(self) -> None:
        try:
            while True:
                what, number, body = receive(self._source)
                if what == STOP:
                    self._stopped = number
                else:
                    self._waiting.put((number, body))
        except (EOFError, OSError, ValueError):
            self._gone = True
            self._waiting.put(None)


def main() -> int:
    """Begin with the ticket, then answer until the pipe closes."""
    if hasattr(os, "nice"):
        os.nice(KINDER)
    # Unbuffered: a thread may still wait in it when the process ends, and holds no lock there.
    source = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115
    target = sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not speak into the pipe
    try:
        _what, _number, first = receive(source)
        begun = msgspec.json.decode(first, type=Opening)
        pack = msgspec.json.decode(begun.pack, type=Pack)
        with reading(begun.ticket, SystemClock()) as reader:
            serve(FiguresDesk(reader, pack, practice=begun.practice), Asked(source), target)
    except (EOFError, BrokenPipeError):
        return 0
    return 0


def serve(desk: FiguresDesk, asked: Asked, target: IO[bytes]) -> None:
    """Answer one question after another. Raises EOFError when nobody asks any more."""
    while True:
        number, body = asked.next()

        def tell(words: str, done: int, of: int, number: int = number) -> None:
            asked.check(number)
            send(target, TOLD, number, msgspec.json.encode(Step(words, done, of)))

        def hand(part: bytes, number: int = number) -> None:
            asked.check(number)
            send(target, PART, number, part)

        try:
            answer = packed_answer(desk.answer(unpacked(body), tell, hand))
        except (EOFError, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 -- the border of the process: it is told there
            send(target, FAILED, number, msgspec.json.encode(fault_of(error)))
        else:
            send(target, ANSWERED, number, answer)


def fault_of(error: Exception) -> Fault:
    """An error as it travels: the sentence of a known trouble, or frames without values."""
    trouble = in_words(error)
    if not trouble.ours:
        return Fault(trouble.words, type(error).__name__)
    return Fault("", type(error).__name__, tuple(bare_report(error).splitlines()))


if __name__ == "__main__":
    raise SystemExit(main())
