"""Why a database would not be opened, as far as it can be told: a sentence for who typed.

The words of the database are never among them: they may hold an address with its password. Refuses
to guess: what is not known is said to be unreachable by whoever asks.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from sync.register.errors import RegisterError, StoreDamaged, StoreFull, StoreShut
from sync.register.log import fault_code

_LEAST = 1 << 18  # bytes: SQLite's own log and its index want some before anything can be read
_NO_RIGHT = frozenset({"42501", "25006"})  # of this role; of a standby or a read-only database


def known(url: str, error: DBAPIError) -> RegisterError | None:
    """The fault in words, or None."""
    code = fault_code(error)
    if code in _NO_RIGHT or code.startswith("SQLITE_READONLY"):
        return StoreShut()
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreDamaged()
    if code in ("SQLITE_FULL", "53100"):
        return StoreFull()
    named = make_url(url)
    if named.get_backend_name() != "sqlite" or not named.database:
        return None
    return _of_file(Path(named.database))


def _of_file(file: Path) -> RegisterError | None:
    folder = file.absolute().parent
    if not folder.is_dir():
        return None
    if shutil.disk_usage(folder).free < _LEAST:
        return StoreFull()
    writable = os.access(folder, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    return None if writable else StoreShut()
