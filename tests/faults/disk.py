"""A disk under the vault: every write, sync and cut passes here, to be recorded or refused.

The cipher's library tells where its own functions are, so that a file system of ours is laid under
the product's own driver (`disk_cipher`): the same pages, the same order of calls. Calls of Python
that make names and small files durable pass through here too (`disk_python`). It records them all,
for the suites that put the lights out, or refuses the n-th, for those of broken and full disks.

Refuses to pretend: where the library hides its functions (`why_not` says so) nothing is tested.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to the disk: write, cut, sync, make, folder, move, link, drop.

    `lost` is a sync that was refused: what waited for it is taken for written, and is not there.
    """

    what: str
    path: str
    at: int = 0
    data: bytes = b""
    to: str = ""


class Disk:
    """What is between the vault and the disk. Only one is in place at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.events: list[Event] = []
        self.recording = False
        self.seen = 0
        self.fails_at = 0  # the n-th step from `fail` on; 0 for never
        self.goes_on = False  # whether every later step fails too, as on a full disk
        self.full = False
        self.short = False  # a refused write leaves its first half on the disk
        self._unseen = 0

    def fail(
        self, at: int, *, full: bool = False, goes_on: bool = False, short: bool = False
    ) -> None:
        """Refuse the n-th step from here."""
        self.seen, self.fails_at = 0, at
        self.full, self.goes_on, self.short = full, goes_on, short

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """What happens inside is told and refused as one step, by the caller."""
        self._unseen += 1
        try:
            yield
        finally:
            self._unseen -= 1

    def heal(self) -> None:
        """From here on the disk is well."""
        self.fails_at = 0

    def is_refused(self, path: str, *, grows: bool = False) -> bool:
        """Count a step on a file of the vault; whether the disk refuses it.

        A full disk refuses only what needs room.
        """
        if self._unseen or not path.startswith(self.folder) or (self.full and not grows):
            return False
        self.seen += 1
        if not self.fails_at:
            return False
        return self.seen == self.fails_at or (self.goes_on and self.seen > self.fails_at)

    def step(self, path: str, *, grows: bool = False) -> None:
        """The same for a call of Python. Raises OSError."""
        if self.is_refused(path, grows=grows):
            raise OSError(errno.ENOSPC if self.full else errno.EIO, "disk")

    def tell(self, event: Event) -> None:
        """Remember what happened to a file of the vault."""
        if self.recording and not self._unseen and event.path.startswith(self.folder):
            self.events.append(event)


@contextmanager
def laid(folder: Path) -> Iterator[Disk]:
    """A disk under everything that happens in this folder."""
    from tests.faults import disk_cipher, disk_python

    disk = Disk(folder)
    with pytest.MonkeyPatch.context() as patch:
        disk_python.lay(patch, disk)
        with disk_cipher.laid(disk):
            yield disk


def why_not() -> str:
    """Why no disk can be laid under the driver here; '' when one can."""
    from tests.faults import disk_cipher

    return disk_cipher.why_not()
