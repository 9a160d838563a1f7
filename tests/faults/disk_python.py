"""Python's own calls that change files and names, so that a disk may see and refuse them.

Only what storage uses: `os` and `shutil` by name, files opened for writing. Refuses to follow a
handle to a path where the system does not tell it (`/proc`): then the call counts as nobody's.
"""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.faults.disk import Disk, Event

_NAMES = {
    "replace": "move",
    "rename": "move",
    "link": "link",
    "unlink": "drop",
    "rmdir": "drop",
    "mkdir": "folder",
}


def lay(patch: pytest.MonkeyPatch, disk: Disk) -> None:
    """Take the calls over until the patch is undone."""
    calls = _Calls(disk)
    for name, what in _NAMES.items():
        over = calls.moving if what in ("move", "link") else calls.changing
        patch.setattr(os, name, over(name, what))
    patch.setattr(os, "open", calls.make)
    patch.setattr(os, "fsync", calls.sync)
    patch.setattr(os, "fdopen", calls.fdopen)
    patch.setattr(io, "open", calls.open)
    patch.setattr(shutil, "rmtree", calls.rmtree)
    patch.setattr(shutil, "copyfile", calls.copyfile)


class _Calls:
    """The calls, as they are while a disk is in place."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._written: set[str] = set()  # by Python, since they were last synced
        self._make, self._fdopen, self._open = os.open, os.fdopen, io.open
        self._rmtree, self._copyfile = shutil.rmtree, shutil.copyfile

    def make(self, path: Any, flags: int, *more: Any, **named: Any) -> int:
        fresh = "dir_fd" not in named and flags & os.O_CREAT and not Path(path).exists()
        if fresh:
            self._disk.step(str(path), grows=True)
        handle = self._make(path, flags, *more, **named)
        if fresh:
            self._disk.tell(Event("make", str(path)))
        elif flags & os.O_TRUNC:
            self._disk.tell(Event("cut", str(path), 0))
        return int(handle)

    def sync(self, handle: int) -> None:
        path = _path_of(handle)
        ours = path in self._written  # others' bytes were told by whoever wrote them
        self._written.discard(path)
        try:
            self._disk.step(path)
        except OSError:
            self._disk.tell(Event("lost", path))
            raise
        if ours:
            self._seen(path)
        self._disk.tell(Event("sync", path))

    def fdopen(self, handle: int, *more: Any, **named: Any) -> Any:
        return self._watched(self._fdopen(handle, *more, **named), _path_of(handle))

    def open(self, file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if not set(mode) & set("wxa+"):
            return self._open(file, mode, *more, **named)
        self._disk.step(str(file), grows=True)
        return self._watched(self._open(file, mode, *more, **named), str(file))

    def _watched(self, inner: Any, path: str) -> _Written:
        return _Written(inner, self._disk, path, self._written)

    def moving(self, name: str, what: str) -> Any:
        call = getattr(os, name)

        def move(source: Any, target: Any, **named: Any) -> None:
            self._disk.step(str(source), grows=what == "link")
            self._seen(str(source))
            call(source, target, **named)
            self._disk.tell(Event(what, str(source), to=str(target)))

        return move

    def changing(self, name: str, what: str) -> Any:
        call = getattr(os, name)

        def change(path: Any, *more: Any, **named: Any) -> None:
            by_name = named.get("dir_fd") is None
            if by_name:
                self._disk.step(str(path), grows=what == "folder")
            call(path, *more, **named)
            if by_name:
                self._disk.tell(Event(what, str(path)))

        return change

    def rmtree(self, path: Any, ignore_errors: Any = False, **named: Any) -> None:
        there = Path(path).exists()
        if there and not ignore_errors:
            self._disk.step(str(path))
        with self._disk.unseen():
            self._rmtree(path, ignore_errors, **named)
        if there:
            self._disk.tell(Event("drop", str(path)))

    def copyfile(self, source: Any, target: Any, **named: Any) -> Any:
        self._disk.step(str(target), grows=True)
        fresh = not Path(target).exists()
        with self._disk.unseen():
            self._copyfile(source, target, **named)
        if fresh:
            self._disk.tell(Event("make", str(target)))
        self._seen(str(target))
        return target

    def _seen(self, path: str) -> None:
        """Tell the bytes that Python has written so far."""
        if self._disk.recording and Path(path).is_file():
            self._disk.tell(Event("whole", path, data=Path(path).read_bytes()))


class _Written:
    """An open file whose writes the disk may refuse, half of them on it already."""

    def __init__(self, inner: Any, disk: Disk, path: str, written: set[str]) -> None:
        self._inner, self._disk, self._path, self._written = inner, disk, path, written

    def write(self, data: bytes) -> int:
        self._written.add(self._path)
        try:
            self._disk.step(self._path, grows=True)
        except OSError:
            self._inner.write(data[: len(data) // 2])
            raise
        return int(self._inner.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.close()


def _path_of(handle: int) -> str:
    try:
        return str(Path(f"/proc/self/fd/{handle}").readlink())
    except OSError:
        return ""
