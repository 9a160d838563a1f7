"""What the window and the process of the figures take, by the kernel's own books of each.

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
    """The most of both at one moment, looked at between actions. The second may not run yet."""

    def __init__(self) -> None:
        self.whole = self.shared = self.helper_most = 0.0
        self.looks = 0

    def look(self, helper: int | None) -> None:
        """Look at this process and at `helper`."""
        found = [now(pid) for pid in (os.getpid(), helper) if pid is not None]
        self.whole = max(self.whole, sum(rss for rss, _ in found))
        self.shared = max(self.shared, sum(pss for _, pss in found))
        self.looks += 1
        if helper is not None:
            self.helper_most = max(self.helper_most, most(helper))
