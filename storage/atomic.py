"""Writing a small file so that it is either the old one or the new one, whatever happens.

Temporary file beside it, fsync, rename, fsync of the folder. Refuses to leave a half-written file
under the final name.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put `data` at `path`, on disk, all or nothing. What was there is there when it raises."""
    before = path.read_bytes() if path.exists() else None
    _replace(path, data)
    try:
        sync_folder(path.parent)
    except OSError:
        with suppress(OSError):  # a disk that takes nothing any more keeps what it has
            _take_back(path, before)
        raise


def _replace(path: Path, data: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    handle = os.open(
        beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600
    )
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def _take_back(path: Path, before: bytes | None) -> None:
    """Whoever is told that a write failed goes on with the old bytes: an old passphrase, say."""
    if before is None:
        path.unlink(missing_ok=True)
    else:
        _replace(path, before)


def name_for_good(unfinished: Path, final: Path) -> None:
    """Give something whole its name. Whoever is told that it failed finds nothing under it."""
    unfinished.rename(final)
    try:
        sync_folder(final.parent)
    except OSError:
        with suppress(OSError):  # on a dead disk it keeps its name; it is whole
            final.rename(unfinished)
        raise


def sync_file(path: Path) -> None:
    """Make a whole file durable."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a private folder, and those above it, so that their names outlive a power cut."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in missing:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
