"""One vault, one writer: a lock that the operating system drops when its holder dies.

Refuses a second opener at once; a lock file left by a killed process holds nobody up.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from storage.errors import VaultInUse, classified


class WriterLock:
    """Held from opening to closing. The file stays; only the lock on it counts.

    Raises VaultInUse; VaultFull or VaultUnwell when the disk refuses the file.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise classified(error) from error
        try:
            _take(self._handle)
        except OSError as error:
            os.close(self._handle)
            self._handle = -1
            raise VaultInUse from error

    def release(self) -> None:
        """Let go. Safe to call twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
