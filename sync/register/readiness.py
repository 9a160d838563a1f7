"""Whether the register can keep what it is sent, in words: for `/ready`, and whoever asks it often.

A small write is begun and taken back, at most once in five seconds a worker and by one asker at a
time: the others hear what was found last. A disk that is almost full counts as full, and so does
one that turned a request away within the last minute: of PostgreSQL's nobody here sees more.
Refuses to change anything, and to say where the database is.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import perf_counter

from sqlalchemy.exc import DBAPIError

from sync.register.log import database_fault, fault_code
from sync.register.sql_status import StatusTable
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

FLOOR = 64 << 20  # bytes: four times what is written before SQLite's own log is folded in
AGAIN = 5.0  # seconds
REMEMBERED = 60.0
_FULL = frozenset({"SQLITE_FULL", "53100"})
SILENT = "The database does not answer. Laptops keep their work and come back."
UNMADE = "There is no register in this database."
FULL = (
    "The disk of the database is full, or almost. Nothing is lost: laptops keep what they cannot "
    "send, and reading goes on. Make room."
)
SHUT = (
    "The database cannot be written: it is read-only, or somebody holds it. Nothing is lost: "
    "laptops keep what they cannot send, and reading goes on. See hedgerow register status."
)


class Readiness:
    """What one worker knows of it."""

    def __init__(self, store: RegisterStore, ticks: Callable[[], float] = perf_counter) -> None:
        self._store, self._ticks = store, ticks
        self._one = Lock()
        self._found, self._looked, self._full_until = "", -AGAIN, 0.0

    def met(self, error: DBAPIError) -> None:
        """A request was turned away by the database."""
        if fault_code(error) in _FULL:
            self._full_until = self._ticks() + REMEMBERED

    def why_not(self) -> str:
        """Why nothing can be written just now, or ''."""
        if self._ticks() - self._looked >= AGAIN and self._one.acquire(blocking=False):
            try:
                self._found = self._look()
                self._looked = self._ticks()
            finally:
                self._one.release()
        return FULL if self._ticks() < self._full_until else self._found

    def _look(self) -> str:
        try:
            file = self._store.write(_tried)
        except DBAPIError as error:
            database_fault(error)
            return FULL if fault_code(error) in _FULL else SHUT
        try:
            free = shutil.disk_usage(Path(file).parent).free if file else FLOOR
        except OSError:  # the folder is gone under the open file
            return SHUT
        return FULL if free < FLOOR else ""


def _tried(tx: Tx) -> str:
    tx.limits.try_out()
    return StatusTable(tx.connection).file()
