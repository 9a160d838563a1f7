"""Opening the encrypted file itself: raw key first, then the settings that keep promises.

Imports nothing heavy, so that a vault can be tried and refused before the rest is loaded. Refuses
to show the key: it is in no URL, no repr and no log.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from storage.cipher import NOW, Cipher
from storage.errors import VaultDamaged, VaultReadOnly, classified
from storage.keys import SecretKey

_BUSY_MS = 5_000
_CACHE_KB = 16_384
_WHOLE_KB = 32_768  # a file no longer than this is kept whole: no page of it is unsealed twice
_LOG_SHUT = (
    "The newest changes in these records can only be read where something may be written, and this "
    "folder cannot be. Nothing was changed. Copy the whole folder to a disk that can be written, "
    "and open it there."
)

# The driver looks for somebody who knows how to bind whatever is no plain text or number, and is
# told so by an exception: a microsecond for each empty field, ten times the binding itself. An
# empty mapping has nothing for nothing, and says so without a step of the interpreter.
dbapi2.register_adapter(type(None), {}.get)
dbapi2.register_adapter(bool, int)


def connect(path: Path, key: SecretKey, cipher: Cipher = NOW, *, read_only: bool = False) -> Any:
    """A database connection with the key accepted. Raises VaultDamaged when the file is not ours.

    The file must exist; `create` makes one on purpose. Raises VaultReadOnly when the newest edits
    stand in a log that cannot be read where nothing may be written.
    """
    mode = "rw"
    if read_only:
        mode = "ro"
        if not os.access(path.parent, os.W_OK):
            # Not even the log's index may be made: the file alone is read, when it is all there is.
            if not _has(path, "-wal"):
                mode = "ro&immutable=1"
            elif not _has(path, "-shm"):
                raise VaultReadOnly(_LOG_SHUT)
    return _opened(path, mode, key, cipher, read_only=read_only)


def _has(path: Path, ending: str) -> bool:
    """Whether there is a log, or its index, with anything in it."""
    beside = path.with_name(path.name + ending)
    return beside.exists() and beside.stat().st_size > 0


def create(path: Path, key: SecretKey, cipher: Cipher = NOW) -> Any:
    """A new, empty encrypted file; its log files follow its rights."""
    try:
        private_file(path)
    except OSError as error:
        raise classified(error) from error
    return _opened(path, "rwc", key, cipher, read_only=False)


def private_file(path: Path) -> None:
    """An empty file that only its owner may read, whatever the umask says."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _cache_of(path: Path) -> int:
    """Kilobytes of pages to hold: of a county's file a part, of a coach's own all there is."""
    return _WHOLE_KB if path.stat().st_size <= _WHOLE_KB << 10 else _CACHE_KB


def _opened(path: Path, mode: str, key: SecretKey, cipher: Cipher, *, read_only: bool) -> Any:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = None
    try:
        connection = dbapi2.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
        # Nothing may run before the key, not even SELECT 1; but a wrong key must not reach stderr.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.raw.hex()}'\"")
        for pragma in cipher.pragmas():
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _settle(connection, _cache_of(path), read_only=read_only)
    except (dbapi2.Error, OSError) as error:
        if connection is not None:
            connection.close()
        raise classified(error) from error
    return connection


def _settle(connection: Any, cache: int, *, read_only: bool) -> None:
    """WAL and FULL are the promise behind the word Saved; MEMORY keeps plaintext off the disk."""
    if not read_only:
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise VaultDamaged
    for pragma in (
        "synchronous = FULL",
        "temp_store = MEMORY",
        "foreign_keys = ON",
        "secure_delete = ON",
        f"busy_timeout = {_BUSY_MS}",
        f"cache_size = -{cache}",
        "cell_size_check = ON",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
