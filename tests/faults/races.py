"""Races for one vault and for one window: forks children that all start at once, kills the winner.

Run as `python -m tests.faults.races FOLDER RACES vault|window [unlocked]`; prints one JSON object.
Every race begins with the lock file that the killed winner of the last one left behind. Refuses to
share anything between children but the folder: each has its own connection and its own Qt.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from storage import lock
from storage.errors import VaultInUse
from storage.vault import warm
from tests.storage.samples import new_vault, reopen

RUNNERS = {"vault": 8, "window": 4}
FIRST, SECOND, LOST = b"F", b"S", b"-"
Runner = Callable[[Path, int], bytes]


def open_vault(folder: Path, _: int) -> bytes:
    """Open for writing, and hold it."""
    try:
        KEPT.append(reopen(folder))
    except VaultInUse:
        return SECOND
    return FIRST


def start_program(folder: Path, told: int) -> bytes:
    """What a start of the program does before its window: be the first, or call the first."""
    from PySide6.QtCore import QCoreApplication

    from desktop.second_copy import OneCopy

    app = QCoreApplication([])
    one = OneCopy(folder)
    if not one.is_first():
        return SECOND if one.call_first() else LOST
    one.called.connect(lambda: os.write(told, b"c"))
    one.listen()
    os.write(told, FIRST)
    app.exec()
    return b""


KEPT: list[object] = []
RUNS: dict[str, Runner] = {"vault": open_vault, "window": start_program}


def race(folder: Path, what: str) -> Counter[str]:
    """One race; the winner is killed while it holds the lock."""
    (go_out, go_in), (end_out, end_in), (told_out, told_in) = os.pipe(), os.pipe(), os.pipe()
    children = []
    for _ in range(RUNNERS[what]):
        child = os.fork()
        if child == 0:
            os.close(go_in)
            os.close(end_in)
            os.read(go_out, 1)
            os.write(told_in, RUNS[what](folder, told_in))
            os.read(end_out, 1)
            os._exit(0)
        children.append(child)
    os.close(go_out)
    os.close(go_in)
    told = b""
    while _waits(told, what):
        told += os.read(told_out, 64)
    for child in children:  # -9, as a crash or a switched-off laptop: nobody says goodbye
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    for handle in (end_out, end_in, told_out, told_in):
        os.close(handle)
    return Counter(told.decode())


def _waits(told: bytes, what: str) -> bool:
    said = sum(told.count(one) for one in (FIRST, SECOND, LOST))
    heard = told.count(b"c") >= told.count(SECOND) or told.count(FIRST) != 1
    return said < RUNNERS[what] or (what == "window" and not heard)


def run(folder: Path, races: int, what: str) -> dict[str, int]:
    """`odd`: races without exactly one first; `silent`: seconds that raised no window."""
    warm()
    if what == "vault":
        new_vault(folder).close()
    else:
        import PySide6.QtNetwork  # noqa: F401 - loaded once, before the forks

    seen = {"races": 0, "odd": 0, "silent": 0}
    for _ in range(races):
        told = race(folder, what)
        seen["races"] += 1
        seen["odd"] += told["F"] != 1
        seen["silent"] += told["-"]
    return seen


if __name__ == "__main__":
    if "unlocked" in sys.argv:
        from desktop import second_copy

        lock._take = second_copy._take = lambda handle: None
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
