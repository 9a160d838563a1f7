"""A file system of ours under the cipher's own driver, by the functions its library shows.

It is the common one with four methods of a file and two of the file system itself taken over: open,
close, write, cut, sync, delete. Reading and locking go straight through. A sync is told and not
done: what it would have confirmed, the suites know.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3._sqlite3 as driver

from tests.faults.disk import Disk, Event

OK, FULL, CANTOPEN, IOERR = 0, 13, 14, 10
IOERR_WRITE, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_DELETE = (IOERR | n << 8 for n in (3, 4, 6, 10))
CREATE = 0x4  # SQLITE_OPEN_CREATE
_INT, _I64, _PTR, _TEXT = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p, ctypes.c_char_p


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = (
        ("version", _INT),
        ("file_size", _INT),
        ("longest_name", _INT),
        ("next", _PTR),
        ("name", _TEXT),
        ("app", _PTR),
        ("open", _PTR),
        ("delete", _PTR),
        *((f"rest{number}", _PTR) for number in range(14)),
    )


class _Methods(ctypes.Structure):
    """sqlite3_io_methods, version 3."""

    _fields_ = (
        ("version", _INT),
        ("close", _PTR),
        ("read", _PTR),
        ("write", _PTR),
        ("truncate", _PTR),
        ("sync", _PTR),
        *((f"rest{number}", _PTR) for number in range(13)),
    )


_OPEN = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _PTR, _INT, ctypes.POINTER(_INT))
_DELETE = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _INT)
_CLOSE = ctypes.CFUNCTYPE(_INT, _PTR)
_WRITE = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _INT, _I64)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _PTR, _I64)
_SYNC = ctypes.CFUNCTYPE(_INT, _PTR, _INT)
_CHANGING = {"close": _CLOSE, "write": _WRITE, "truncate": _TRUNCATE, "sync": _SYNC}


class _Shim:
    """The file system that the driver uses by default while a Disk is in place."""

    def __init__(self) -> None:
        self.disk: Disk | None = None
        self._library = ctypes.CDLL(driver.__file__)
        find, self._register = self._library.sqlite3_vfs_find, self._library.sqlite3_vfs_register
        find.restype, find.argtypes = ctypes.POINTER(_Vfs), [_TEXT]
        self._register.argtypes = [_PTR, _INT]
        self._under = find(None)
        self._vfs = _Vfs.from_buffer_copy(self._under.contents)
        self._vfs.name, self._vfs.next = b"hedgerow-faults", None
        self._real_open = _OPEN(self._vfs.open)
        self._real_delete = _DELETE(self._vfs.delete)
        self._kept: list[Any] = [_OPEN(self._open), _DELETE(self._delete)]
        self._vfs.open = ctypes.cast(self._kept[0], _PTR).value
        self._vfs.delete = ctypes.cast(self._kept[1], _PTR).value
        self.names: dict[int, str] = {}
        self._methods: dict[int, _Methods] = {}

    def lay(self, disk: Disk) -> None:
        self.disk = disk
        self._register(ctypes.addressof(self._vfs), 1)

    def lift(self) -> None:
        self._register(ctypes.addressof(self._under.contents), 1)
        self.disk = None

    def _open(self, _: int, name: int, file: int, flags: int, out: Any) -> int:
        path = _text(name)
        disk = self.disk
        fresh = bool(path and flags & CREATE and not Path(path).exists())
        if disk and fresh and disk.is_refused(path, grows=True):
            return CANTOPEN
        code = int(self._real_open(ctypes.addressof(self._under.contents), name, file, flags, out))
        methods = ctypes.cast(file, ctypes.POINTER(_PTR))
        if code == OK and methods[0]:
            self.names[file] = path
            methods[0] = ctypes.addressof(self._over(int(methods[0])))
            if disk and fresh:
                disk.tell(Event("make", path))
        return code

    def _delete(self, _: int, name: int, sync: int) -> int:
        path = _text(name)
        if self.disk and self.disk.is_refused(path):
            return IOERR_DELETE
        code = int(self._real_delete(ctypes.addressof(self._under.contents), name, sync))
        if self.disk and code == OK:
            self.disk.tell(Event("drop", path))
            if sync:
                self.disk.tell(Event("sync", str(Path(path).parent)))
        return code

    def _over(self, address: int) -> _Methods:
        """The methods of a kind of file, with ours over those that change it."""
        if address not in self._methods:
            ours = _Methods.from_buffer_copy(_Methods.from_address(address))
            file = _File(self, ours)
            for name, kind in _CHANGING.items():
                call = kind(getattr(file, name))
                self._kept.append(call)
                setattr(ours, name, ctypes.cast(call, _PTR).value)
            self._methods[address] = ours
        return self._methods[address]


class _File:
    """What an open file is asked to do, as long as the disk allows it."""

    def __init__(self, shim: _Shim, methods: _Methods) -> None:
        self._shim, self._names = shim, shim.names
        self._real = {name: kind(getattr(methods, name)) for name, kind in _CHANGING.items()}

    def close(self, file: int) -> int:
        self._names.pop(file, None)
        return int(self._real["close"](file))

    def write(self, file: int, data: int, size: int, at: int) -> int:
        disk, path = self._shim.disk, self._names.get(file, "")
        if disk and disk.is_refused(path, grows=True):
            if disk.short:
                self._real["write"](file, data, size // 2, at)
            return FULL if disk.full else IOERR_WRITE
        if disk and disk.recording:
            disk.tell(Event("write", path, at, ctypes.string_at(data, size)))
        return int(self._real["write"](file, data, size, at))

    def truncate(self, file: int, size: int) -> int:
        disk, path = self._shim.disk, self._names.get(file, "")
        if disk and disk.is_refused(path):
            return IOERR_TRUNCATE
        if disk:
            disk.tell(Event("cut", path, size))
        return int(self._real["truncate"](file, size))

    def sync(self, file: int, flags: int) -> int:
        disk, path = self._shim.disk, self._names.get(file, "")
        if disk is None:
            return int(self._real["sync"](file, flags))
        if disk.is_refused(path):
            disk.tell(Event("lost", path))
            return IOERR_FSYNC
        disk.tell(Event("sync", path))
        if path.endswith(("-wal", "-journal")):  # their first sync makes their name durable
            disk.tell(Event("sync", str(Path(path).parent)))
        return OK


def _text(name: int | None) -> str:
    return ctypes.string_at(name).decode() if name else ""


_shims: list[_Shim] = []


def why_not() -> str:
    """Why nothing can be laid under the driver here; '' when it can."""
    if os.name == "nt" or not hasattr(ctypes.CDLL(driver.__file__), "sqlite3_vfs_register"):
        return "the cipher's library does not show its file system here"
    return ""


@contextmanager
def laid(disk: Disk) -> Iterator[None]:
    """The driver writes through this disk; files opened meanwhile do so until they are closed."""
    if not _shims:
        _shims.append(_Shim())
    _shims[0].lay(disk)
    try:
        yield
    finally:
        _shims[0].lift()
