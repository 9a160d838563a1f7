"""The one connection of an open vault, its transactions, and its errors in known words.

SQLAlchemy sees a connection that a creator made: the key never reaches it. One thread at a time.
Refuses a write outside `transaction()`, a transaction inside another, and to lose the real reason
of a failed commit behind a failed rollback.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import Executable
from sqlcipher3 import dbapi2

from storage import connection as encrypted
from storage import migrations, reserve
from storage.errors import VaultBug, VaultFull, VaultReadOnly, classified
from storage.keys import SecretKey

_DATABASE_ERRORS = (dbapi2.Error, SQLAlchemyError, OSError)


class Database:
    """Statements and transactions on the encrypted file."""

    def __init__(self, path: Path, key: SecretKey, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._raw: Any = encrypted.connect(path, key, read_only=read_only)
        self._engine = create_engine(
            "sqlite+pysqlite://",
            module=dbapi2,
            creator=lambda: self._raw,
            poolclass=StaticPool,
            hide_parameters=True,
        )
        # Transactions are begun and ended below, by name; the mapper starts none of its own.
        self._core = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._depth = 0

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._depth > 0

    def run(self, statement: Executable, values: Any = None) -> Sequence[Any]:
        """A statement of the mapper, errors in known words. `values`: one dict or a list."""
        try:
            done = self._core.execute(statement, values)
            # All at once: a page can turn out damaged at any row, and that must be said here.
            return done.all() if done.returns_rows else []
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Rows of a bound SQL query, as tuples."""
        try:
            return list(self._raw.execute(sql, values).fetchall())
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def row(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        """The first row or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def do(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """A bound SQL write inside a transaction; how many rows it touched."""
        self._must_write()
        try:
            return int(self._raw.execute(sql, values).rowcount)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def do_many(self, sql: str, values: Sequence[Any]) -> None:
        """The same bound SQL write for many rows."""
        self._must_write()
        if not values:
            return
        try:
            self._raw.executemany(sql, values)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when the block ends. Inside another it simply joins it."""
        if self.read_only:
            raise VaultReadOnly
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        self._command("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            self._command("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, VaultFull):
                reserve.give_up(self.path.parent)
            raise
        finally:
            self._depth = 0

    def schema(self) -> int:
        """The number of the last step that ran on this vault."""
        return int(self.row("PRAGMA user_version")[0])

    def bring_up(self) -> list[str]:
        """Run the migrations that are missing; their names."""
        try:
            return migrations.bring_up(self._raw)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file; a full disk leaves it for later."""
        if not self.read_only:
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file and with it of the key inside the cipher."""
        self._core.close()
        self._engine.dispose()
        self._raw.close()

    def _command(self, sql: str) -> None:
        try:
            self._raw.execute(sql)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def _roll_back(self) -> None:
        # On a full disk SQLite has often rolled back by itself; asking again would raise "no
        # transaction is active" and hide the true reason from the person.
        if not self._raw.in_transaction:
            return
        try:
            self._raw.execute("ROLLBACK")
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def _must_write(self) -> None:
        if self.read_only:
            raise VaultReadOnly
        if not self._depth:
            raise VaultBug("a write outside a transaction")
