"""32 MB kept back beside the vault, given up when the disk is full so that work can go on.

It is made with the first copy of the records and made again with a later one. Refuses to be the
reason that anything fails: where there is no room for a reserve, there is none.
"""

from __future__ import annotations

import os
from pathlib import Path

from storage.connection import private_file

BYTES = 32 * 1024 * 1024
_NAME = "reserve.bin"
_PIECE = 1024 * 1024


def keep(folder: Path) -> bool:
    """Make the reserve where there is none. Whether there is one now."""
    path = folder / _NAME
    try:
        if path.exists() and path.stat().st_size == BYTES:
            return True
        path.unlink(missing_ok=True)
        private_file(path)
        _fill(path)
    except OSError:
        give_up(folder)
        return False
    return True


def give_up(folder: Path) -> bool:
    """Free the room. Whether there was any to free."""
    path = folder / _NAME
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _fill(path: Path) -> None:
    """Room that is truly taken: a file of holes would reserve nothing."""
    with path.open("r+b") as out:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(out.fileno(), 0, BYTES)
        else:
            for start in range(0, BYTES, _PIECE):
                out.write(bytes(min(_PIECE, BYTES - start)))
        out.flush()
        os.fsync(out.fileno())
