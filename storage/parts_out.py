"""The parts of an export, one after another, each with its sum: files of a folder, or of a zip.

A part is written as it comes, so that a county needs no more memory than a village. Refuses to
write over anything.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from storage.atomic import make_folder, sync_folder

Put = Callable[[bytes], object]
_Open = Callable[[str], AbstractContextManager[IO[bytes]]]
_PRIVATE = 0o600


class Parts:
    """What is written so far. `sums`: name of a part -> SHA-256 of its bytes."""

    def __init__(self, open_part: _Open) -> None:
        self._open = open_part
        self.sums: dict[str, str] = {}

    @contextmanager
    def part(self, name: str) -> Iterator[Put]:
        """A new part, and what puts bytes into it. Raises OSError."""
        told = hashlib.sha256()
        with self._open(name) as out:

            def put(data: bytes) -> None:
                told.update(data)
                out.write(data)

            yield put
        self.sums[name] = told.hexdigest()

    def add(self, name: str, data: bytes) -> None:
        """A part that is at hand as a whole."""
        with self.part(name) as put:
            put(data)


@contextmanager
def folder(path: Path) -> Iterator[Parts]:
    """Parts as files of a new private folder, on disk when the block ends."""
    make_folder(path)

    @contextmanager
    def opened(name: str) -> Iterator[IO[bytes]]:
        file = path / name
        make_folder(file.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(file, flags, _PRIVATE), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        sync_folder(file.parent)

    yield Parts(opened)


@contextmanager
def zipped(path: Path, now: datetime) -> Iterator[Parts]:
    """Parts of a new private zip file of that moment, on disk when the block ends."""
    with path.open("xb") as out:
        path.chmod(_PRIVATE)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as whole:

            def opened(name: str) -> AbstractContextManager[IO[bytes]]:
                about = zipfile.ZipInfo(name, now.timetuple()[:6])
                about.compress_type = zipfile.ZIP_DEFLATED
                about.external_attr = _PRIVATE << 16
                return whole.open(about, "w", force_zip64=True)  # nobody knows yet how long it is

            yield Parts(opened)
        out.flush()
        os.fsync(out.fileno())
