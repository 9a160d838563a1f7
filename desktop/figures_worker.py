"""The process that works figures out: reads the vault along, answers questions, ends with its pipe.

Started by desktop/operations/figures_process.py. Refuses to write to the vault, to show the key,
and to outlive the program: when the pipe closes it ends.
"""

from __future__ import annotations

import os
import sys
from typing import IO

import msgspec

from desktop.operations.figures_process import ANSWERED, FAILED, Fault, Opening, receive, send
from desktop.presenters.figures_asked import packed_answer, unpacked
from desktop.presenters.figures_desk import FiguresDesk
from desktop.trouble import bare_report, in_words
from forms.rules.pack import Pack
from forms.values import SystemClock
from storage.beside import reading

KINDER = 5  # the window goes first where both want the same core


def main() -> int:
    """Begin with the ticket, then answer until the pipe closes."""
    if hasattr(os, "nice"):
        os.nice(KINDER)
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not speak into the pipe
    try:
        _what, first = receive(source)
        begun = msgspec.json.decode(first, type=Opening)
        pack = msgspec.json.decode(begun.pack, type=Pack)
        with reading(begun.ticket, SystemClock()) as reader:
            serve(FiguresDesk(reader, pack, practice=begun.practice), source, target)
    except (EOFError, BrokenPipeError):
        return 0
    return 0


def serve(desk: FiguresDesk, source: IO[bytes], target: IO[bytes]) -> None:
    """Answer one question after another. Raises EOFError when nobody asks any more."""
    while True:
        _what, body = receive(source)
        try:
            answer = packed_answer(desk.answer(unpacked(body)))
        except Exception as error:  # noqa: BLE001 -- the border of the process: it is told there
            send(target, FAILED, msgspec.json.encode(fault_of(error)))
        else:
            send(target, ANSWERED, answer)


def fault_of(error: Exception) -> Fault:
    """An error as it travels: the sentence of a known trouble, or frames without values."""
    trouble = in_words(error)
    if not trouble.ours:
        return Fault(trouble.words, type(error).__name__)
    return Fault("", type(error).__name__, tuple(bare_report(error).splitlines()))


if __name__ == "__main__":
    raise SystemExit(main())
