"""The one connection of an open vault, its transactions, and its errors in known words.

One thread at a time. Statements go straight to the driver; the key is seen by the connection alone.
Refuses a write outside `transaction()`, a transaction inside another, and to lose the real reason
of a failed commit behind a failed rollback.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from storage import atomic, migrations, reserve
from storage import connection as encrypted
from storage.cipher import NOW, Cipher
from storage.errors import StorageError, VaultBug, VaultFull, VaultReadOnly, VaultUnwell, classified
from storage.keys import SecretKey
from storage.known import Known
from storage.log_again import write_again
from storage.pace import Pace

_DATABASE_ERRORS = (dbapi2.Error, OSError)
_FOLD_AT = 1000  # pages in the write-ahead log: SQLite's own measure
_LOST = (
    "The disk of this laptop did not keep the newest records from the council. Nothing more is "
    "written here. Close the program and open it again: they are sent again. If it comes again, "
    "put back your last good copy."
)
_LOOK_EACH = 20_000  # steps of SQLite's machine: some hundred times a second


class Database:
    """Statements and transactions on the encrypted file."""

    def __init__(
        self, path: Path, key: SecretKey, cipher: Cipher = NOW, *, read_only: bool = False
    ) -> None:
        self.path = path
        self.read_only = read_only
        self.cipher = cipher
        self.pace = Pace()
        self._raw: Any = encrypted.connect(path, key, cipher, read_only=read_only)
        self._depth = 0
        self._owes_sync = False  # the newest commit did not wait for the disk
        self._sync_failed = False  # the disk was asked for it and did not say so
        self.known = Known(self._raw, read_only=read_only)
        self.owes_outbox = False  # it is not as it should be: see `late_receipts`
        self.before_outbox: Callable[[Database, str], None] = _nothing_owed

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._depth > 0

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """Rows of a bound SQL query, as tuples."""
        if self.owes_outbox:
            self.before_outbox(self, sql)
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
        if self.owes_outbox:
            self.before_outbox(self, sql)
        try:
            return int(self._raw.execute(sql, values).rowcount)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def do_many(self, sql: str, values: Iterable[Any]) -> None:
        """The same bound SQL write for many rows."""
        self._must_write()
        if isinstance(values, list) and not values:
            return
        try:
            self._raw.executemany(sql, values)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    @contextmanager
    def transaction(self, *, folds: bool = True, waits: bool = True) -> Iterator[None]:
        """All or nothing, on disk when the block ends. Inside another it simply joins it.

        Without `folds` its commit never folds the write-ahead log into the file as well: `fold`
        does that, as a step of its own. One that does not wait for the disk (`waits`) is for what
        can be had again: until `make_sure` the machine may lose it, as a whole. The next one makes
        sure before it begins: no more than the newest was ever cut short (`torn_log`).
        """
        if self.read_only:
            raise VaultReadOnly
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        if not waits:
            with _meanwhile(self._command, "synchronous", "NORMAL", "FULL"):
                with self.transaction(folds=folds):
                    yield
                self._owes_sync = True
            return
        self.make_sure()
        self._command("BEGIN IMMEDIATE")
        self._depth = 1
        owed = self.owes_outbox
        try:
            if owed:
                self.before_outbox(self, "outbox")
            yield
            if folds:
                self._command("COMMIT")
            else:
                with _meanwhile(self._command, "wal_autocheckpoint", "0", f"{_FOLD_AT:d}"):
                    self._command("COMMIT")
        except BaseException as error:
            self.owes_outbox = self.owes_outbox or owed
            self._roll_back()
            if isinstance(error, VaultFull):
                reserve.give_up(self.path.parent)
            raise
        finally:
            self._depth = 0

    def make_sure(self) -> None:
        """All that was committed is on disk. Raises VaultUnwell when the disk does not say so.

        After a sync that failed the next may be called good without the bytes: then they are
        written once more before.
        """
        if not self._owes_sync:
            return
        log = self.path.with_name(self.path.name + "-wal")
        try:
            if not self._sync_failed:
                atomic.sync_file(log)
            elif not write_again(log, int(self.row("PRAGMA wal_checkpoint(NOOP)")[1])):
                raise VaultUnwell(_LOST)
        except OSError as error:
            self._sync_failed = True
            raise classified(error) from error
        self._owes_sync = self._sync_failed = False

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """All that is read inside stands as it was at the first read; commits go on meanwhile.

        Of a connection that only reads. The vault's own needs none: it is the one writer, and
        whoever reads by it in one go has no commit in between.
        """
        if not self.read_only or self._raw.in_transaction:
            yield
            return
        self._command("BEGIN")
        try:
            yield
        finally:
            self._command("COMMIT")

    def schema(self) -> int:
        """The number of the last step that ran on this vault."""
        return int(self.row("PRAGMA user_version")[0])

    def bring_up(self) -> list[str]:
        """Run the migrations that are missing; their names."""
        from storage import late_receipts

        try:
            ran = migrations.bring_up(self._raw)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error
        late_receipts.watch(self)
        return ran

    def each(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[Any]:
        """Rows of a bound SQL query one by one, for what may be longer than memory."""
        if self.owes_outbox:
            self.before_outbox(self, sql)
        try:
            yield from self._raw.execute(sql, values)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    @contextmanager
    def heard(self, look: Callable[[], None]) -> Iterator[None]:
        """`look` is called now, and many times a second by the statements inside.

        What it raises ends them and comes out as it is.
        """
        raised: list[BaseException] = []

        def come() -> int:
            try:
                look()
            except BaseException as error:  # noqa: BLE001 - the driver would swallow it
                raised.append(error)
            return len(raised)

        look()
        self._raw.set_progress_handler(come, _LOOK_EACH)
        try:
            yield
        except StorageError:
            if not raised:
                raise
        finally:
            self._raw.set_progress_handler(None, _LOOK_EACH)
        if raised:
            raise raised[0]

    def take_over(self, source: Path, key: SecretKey, cipher: Cipher) -> None:
        """Everything of another file, its schema number too, into this empty one. Only reads it.

        In one commit: a commit for each table and index would wait for the disk each time.
        """
        uri = f"{source.absolute().as_uri()}?mode=ro"
        for pragma in cipher.defaults():  # it is read as it is attached: later would be too late
            self._command(pragma)
        self.rows(f"ATTACH DATABASE ? AS source KEY \"x'{key.raw.hex()}'\"", (uri,))
        try:
            schema = int(self.row("PRAGMA source.user_version")[0])
            with self.transaction():
                self.rows("SELECT sqlcipher_export('main', 'source')")
                self.known.forget()
                self._command(f"PRAGMA main.user_version = {schema:d}")
        finally:
            self._command("DETACH DATABASE source")

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file; a full disk leaves it for later."""
        if not self.read_only:
            self.make_sure()  # a sync that fails must be known as one
            self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def fold(self) -> bool:
        """Fold the write-ahead log in when it has grown long; whether anything was folded.

        Nobody's write waits for it: the write lock is free meanwhile. A full disk leaves it for
        later: everything stands in the log.
        """
        if self._depth:
            return False
        _, long, folded = self.row("PRAGMA wal_checkpoint(NOOP)")
        if long - folded < _FOLD_AT:
            return False
        try:
            self.make_sure()
            return bool(self.row("PRAGMA wal_checkpoint(PASSIVE)")[2] > folded)
        except VaultFull:
            return False

    def close(self) -> None:
        """Let go of the file and with it of the key inside the cipher."""
        self.known.forget()
        self._raw.close()

    def _command(self, sql: str) -> None:
        try:
            self._raw.execute(sql)
        except _DATABASE_ERRORS as error:
            raise classified(error) from error

    def _roll_back(self) -> None:
        # On a full disk SQLite has often rolled back by itself; asking again would raise "no
        # transaction is active" and hide the true reason from the person.
        self.known.forget()
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


@contextmanager
def _meanwhile(
    command: Callable[[str], None], setting: str, value: str, otherwise: str
) -> Iterator[None]:
    command(f"PRAGMA {setting} = {value}")
    try:
        yield
    finally:
        command(f"PRAGMA {setting} = {otherwise}")


def _nothing_owed(_db: Database, _sql: str) -> None:
    """What is done before a question to the outbox of a file that is no open vault."""
