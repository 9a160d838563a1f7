"""What the window and the processes beside it take, by the kernel's own books of each.

`VmHWM` is the most that a process ever held (RSS): pages that both hold count twice. It begins anew
with the program that a process runs; `ru_maxrss` does not, and gives a child what its parent held
when it was begun. `Pss` shares a page among all who hold it: what is not free because of them.
"""

from __future__ import annotations

import os
from pathlib import Path

MB = 1024  # the books speak of kB


def most(pid: int) -> float:
    """The most it held so far, MB."""
    return _of(Path(f"/proc/{pid}/status"), "VmHWM:")


def now(pid: int) -> tuple[float, float]:
    """What it holds at this moment, MB: counted whole, and each page shared out."""
    books = Path(f"/proc/{pid}/smaps_rollup")
    return _of(books, "Rss:"), _of(books, "Pss:")


def _of(books: Path, name: str) -> float:
    line = next(each for each in books.read_text().splitlines() if each.startswith(name))
    return int(line.split()[1]) / MB


class Watch:
    """The most of all at one moment, looked at between actions and all the time a report is made.

    The process of the figures and the one that draws need not run. `beside_most` adds the most that
    each of those which run held so far: nothing that came between two looks is missed.
    """

    def __init__(self) -> None:
        self.whole = self.shared = self.helper_most = self.drawn_most = self.beside_most = 0.0
        self.looks = 0

    def look(self, helper: int | None, drawing: int | None = None) -> None:
        """Look at this process, at `helper` and at `drawing`."""
        own, *beside = (_look(pid) for pid in (os.getpid(), helper, drawing))
        found = [each for each in (own, *beside) if each is not None]
        self.whole = max(self.whole, sum(rss for rss, _, _ in found))
        self.shared = max(self.shared, sum(pss for _, pss, _ in found))
        peaks = [each[2] if each is not None else 0.0 for each in beside]
        self.beside_most = max(self.beside_most, sum(peaks))
        self.helper_most = max(self.helper_most, peaks[0])
        self.drawn_most = max(self.drawn_most, peaks[1])
        self.looks += 1


def _look(pid: int | None) -> tuple[float, float, float] | None:
    """RSS and PSS now and the most it held, MB; None where it does not run (any more)."""
    if pid is None:
        return None
    try:
        return (*now(pid), most(pid))
    except (OSError, StopIteration):  # it has just ended
        return None
