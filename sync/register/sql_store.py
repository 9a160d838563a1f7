"""A register on SQLite or PostgreSQL: the same statements, two ways to lock.

SQLite: WAL, synchronous FULL, every write begins IMMEDIATE. PostgreSQL: READ COMMITTED for pushes
with rows locked in order of id and the counter row last; SERIALIZABLE for decisions, one after
the other; locks go before the disk has it, answers after (`sql_postgres`). Work that the database
asks for again runs again. Records of SQLite may follow after an answer (`sql_behind`): every
transaction begins by bringing them level. Refuses to give up at the first lock.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError

from sync.register import migrations, sql_behind, sql_postgres, sql_tail, sql_unopened
from sync.register.errors import AgainPlease, Behind, NoRegister, StoreUnknown, StoreUnreachable
from sync.register.rows import NOBODY, Entry, OwnNumber, Row
from sync.register.sql_audit import AuditTable
from sync.register.sql_blobs import BlobTable
from sync.register.sql_decisions import DecisionTable
from sync.register.sql_limits import LimitTable
from sync.register.sql_log import LogTable
from sync.register.sql_logins import LoginTable
from sync.register.sql_people import PeopleTable
from sync.register.sql_postgres import Last
from sync.register.sql_records import RecordTable
from sync.register.sql_said import as_known, make_all_ready
from sync.register.sql_tail import Words
from sync.register.sql_untaken import Untaken

T = TypeVar("T")
A = TypeVar("A")
ATTEMPTS = 30
_LEDGER = 0x48656467  # advisory lock: decisions queue up instead of failing against each other
_READING = ("read", "glance")
_KEPT = 5  # of SQLite's handles, between two requests
_PRAGMAS = (
    "page_size=4096",  # of a new database: a small push changes a row here and a row there
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=60000",
    "cache_size=-16384",  # a batch meets thousands of pages: none goes twice for want of room
    "wal_autocheckpoint=4000",
)
_TRY_AGAIN = {"40001", "40P01", "55P03"}


class Tx:
    """One transaction: tables to work on. Never kept beyond the work it was given to."""

    def __init__(self, connection: Connection, own: OwnNumber, *, behind: bool = False) -> None:
        self._connection = connection
        self._own = own
        self._behind = behind  # records are not as the log has them
        self.looks = False  # at what needs no record: none is written for it
        self.kept: sql_behind.Kept | None = None  # those that follow after the commit
        self.last: Last = []  # what goes in with the commit, unless somebody asks again before

    @property
    def connection(self) -> Connection:
        """The database's, with everything written that was left for the end.

        Raises Behind while there are records that are not written yet.
        """
        if (
            self.kept is not None and not self.looks
        ):  # more is to be done in the transaction that let them follow
            sql_behind.make_level(self._connection, self.kept)
            self.kept, self._behind = None, False
        if self._behind:
            raise Behind
        return self._without_records

    @property
    def _without_records(self) -> Connection:
        """The same, for tables that say nothing of how a record stands."""
        self.settle()
        return self._connection

    def settle(self) -> None:
        """Write now what was left for the end."""
        if self.last:
            sql_postgres.settle(self._connection, self.last)

    @property
    def people(self) -> PeopleTable:
        """People, codes, devices, incarnations, settings."""
        return PeopleTable(self._without_records)

    @property
    def records(self) -> RecordTable:
        """Records as they stand."""
        return RecordTable(self.connection)

    @property
    def log(self) -> LogTable:
        """The log of ops and who may see what since when."""
        return LogTable(self._without_records)  # whose a record is, an edit does not change

    @property
    def untaken(self) -> Untaken:
        """Ops that reached no record."""
        return Untaken(self.connection)

    @property
    def decisions(self) -> DecisionTable:
        """Decisions and the public directory."""
        return DecisionTable(self.connection)

    @property
    def blobs(self) -> BlobTable:
        """Bytes of files, by their hash."""
        return BlobTable(self.connection)

    @property
    def audit(self) -> AuditTable:
        """The audit log."""
        return AuditTable(self._without_records)

    @property
    def logins(self) -> LoginTable:
        """Accounts of the council's sign-in, and logins."""
        return LoginTable(self.connection)

    @property
    def limits(self) -> LimitTable:
        """Counters of how often and how much."""
        return LimitTable(self._without_records)

    def enter(self, entries: Sequence[Entry], words: Words) -> None:
        """The last of a transaction: ops, and the audit log's entry that tells of them.

        `words` makes the entry, given the feed's new end and its link. The ops have their places
        when the transaction has ended, or after `settle`.
        """
        if self._connection.dialect.name == "postgresql":
            self.last += sql_tail.enter(self.connection, entries, words)
        else:
            self.audit.append(words(*self.log.append(entries)))

    def may_follow(self, ops: int) -> bool:
        """Whether the records of so many edits may be written after the answer."""
        few = sql_behind.FEWEST <= ops <= sql_behind.MOST
        return few and self._connection.dialect.name == "sqlite"

    def let_follow(self, rows: Sequence[Row], ops: int) -> None:
        """The records of the last so many ops, all plain edits, are written after the answer."""
        self.kept = sql_behind.leave(self._connection, rows, ops)
        self._behind = True

    def note(self, entry: dict[str, Any]) -> None:
        """The last of a transaction that wrote no op: the audit log's entry."""
        if self._connection.dialect.name == "postgresql":
            self.last += sql_tail.note(entry)
        else:
            self.audit.append(entry)

    def take_time(self) -> None:
        """What follows in this transaction goes through the whole log: it takes what it takes."""
        if self._connection.dialect.name == "postgresql":
            sql_postgres.say(self.connection, "SET LOCAL statement_timeout = 0")
        else:
            line: Any = self._connection.connection.driver_connection
            line.set_progress_handler(None, 0)

    def own(self) -> tuple[int, int]:
        """(incarnation, newest op) for what the register itself writes now; the row is locked.

        When the database holds less than was written under this number it was put back from a copy
        behind our back, and a new number is taken.
        """
        mine = self.people.incarnation(self._own.inc, lock=True) if self._own.inc >= 0 else None
        if mine is None or mine.last < self._own.last:
            self._own.inc, self._own.last = self.people.new_incarnation(NOBODY, NOBODY), 0
            return self._own.inc, 0
        return mine.inc, mine.last

    def wrote(self, inc: int, last: int) -> None:
        """The newest op of the register itself, in this transaction."""
        self.people.set_last(inc, last)
        if inc == self._own.inc:
            self._own.last = last


@contextmanager
def looking(tx: Tx) -> Iterator[None]:
    """Inside, records that are to follow are not written for a question: it raises Behind."""
    tx.looks = True
    try:
        yield
    finally:
        tx.looks = False


class SqlStore:
    """A register's database."""

    def __init__(
        self, url: str, *, query_seconds: float = 0.0, new: bool = True, up: bool = True
    ) -> None:
        self._seconds = 0.0  # the steps that make tables take as long as they take
        try:
            self._engine = _engine(url, query_seconds)
            self._engine.connect().close()
        except (ArgumentError, NoSuchModuleError, ValueError) as error:  # of the address
            raise StoreUnknown from error
        except DBAPIError as error:
            raise (sql_unopened.known(url, error) or StoreUnreachable()) from error
        self._own = OwnNumber()
        self._idle: list[Connection] = []  # SQLite's, newest last
        self._kept = sql_behind.Kept()
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="beside")  # one writes at a time
        self._turn = Lock()  # one decision at a time needs two connections, never all of them
        try:
            make = "make" if self.dialect == "sqlite" else "write"
            self._again(lambda tx: _bring_up(tx.connection, new=new, up=up), make, queue=False)
            self.read(lambda tx: make_all_ready(tx.connection))
            if self.dialect == "sqlite":
                event.listen(self._engine, "do_connect", _none_anew)
        except BaseException as error:
            self.close()
            why = sql_unopened.known(url, error) if isinstance(error, DBAPIError) else None
            if why is not None:
                raise why from error
            raise
        self._seconds = query_seconds

    @property
    def dialect(self) -> str:
        """The database's name: sqlite or postgresql."""
        return self._engine.dialect.name

    def read(self, work: Callable[[Tx], T], *, of_records: bool = True) -> T:
        """Run in one read-only snapshot.

        Work that is rarely `of_records` does not wait for those that are behind, until it asks.
        """
        kind = "read" if of_records or self.dialect != "sqlite" else "glance"
        for attempt in range(ATTEMPTS):
            try:
                with self._connected(kind) as connection:
                    try:
                        return self._run(connection, kind, work)
                    except Behind:  # the handle is as good as before
                        pass
                self.catch_up()
            except AgainPlease:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AgainPlease

    def write(self, work: Callable[[Tx], T]) -> T:
        """Run in one transaction, again when the database asks for it."""
        return self._again(work, "write", queue=False)

    def write_and(self, work: Callable[[Tx], T], beside: Callable[[T], A]) -> A:
        """The same, and what `beside` makes of it. Raises what either raises.

        On SQLite it is made while the disk takes what was done, and nobody hears of it before.
        """
        if self.dialect != "sqlite":
            return beside(self.write(work))
        return self.write(lambda tx: self._beside.submit(beside, work(tx))).result()

    def decide(self, work: Callable[[Tx], T]) -> T:
        """Run in one serialisable transaction, one decision after the other."""
        return self._again(work, "decide", queue=self.dialect == "postgresql")

    @property
    def owes(self) -> bool:
        """Whether records wait here to be written after an answer."""
        return bool(self._kept.chain)

    def catch_up(self) -> None:
        """Write the records that are behind, if any are; without waiting for the disk.

        What is lost of this with the machine is told again by the log.
        """
        if self.dialect == "sqlite":
            self._again(lambda _tx: None, "records", queue=False)

    def wipe(self) -> bool:
        """What was written over is gone from the disk, as far as the database can see to it.

        SQLite zeroes it where it stood, and the log beside the file is emptied; PostgreSQL frees
        its row for the next one. Backups of the disk itself are not ours to reach. False: somebody
        is reading just now, and it goes later.
        """
        with self._turn, self._engine.connect() as connection:
            line: Any = connection.connection.driver_connection
            if self.dialect == "sqlite":
                busy, _, _ = line.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                return not busy
            line.execute("VACUUM meta")  # these lines say BEGIN themselves, and here nobody did
            return True

    def close(self) -> None:
        """Let go of every connection."""
        self._beside.shutdown()
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()

    def _again(self, work: Callable[[Tx], T], kind: str, *, queue: bool) -> T:
        for attempt in range(ATTEMPTS):
            try:
                return self._once(work, kind, queue=queue)
            except AgainPlease:
                if attempt == ATTEMPTS - 1:
                    raise
            except DBAPIError as error:
                if attempt == ATTEMPTS - 1 or getattr(error.orig, "sqlstate", "") not in _TRY_AGAIN:
                    raise
        raise AssertionError("unreachable")

    def _once(self, work: Callable[[Tx], T], kind: str, *, queue: bool) -> T:
        if queue:
            return self._queued(work, kind)
        with self._writers(), self._connected(kind) as connection:
            return self._run(connection, kind, work)

    def _connected(self, kind: str) -> AbstractContextManager[Connection]:
        if self.dialect == "sqlite":
            return self._handle(kind)
        return self._for(self._engine.connect(), kind)

    @contextmanager
    def _handle(self, kind: str) -> Iterator[Connection]:
        """A handle that stays ready: handing it to the pool and back costs more than a question."""
        connection = self._idle.pop() if self._idle else self._engine.connect()
        if not _is_of_the_file(connection):
            connection.close()
            connection = self._engine.connect()
        try:
            yield self._for(connection, kind)
        except BaseException:
            connection.close()
            raise
        if len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def _for(self, connection: Connection, kind: str) -> Connection:
        return connection.execution_options(hedgerow=kind, hedgerow_seconds=self._seconds)

    def _run(self, connection: Connection, kind: str, work: Callable[[Tx], T]) -> T:
        if self.dialect == "postgresql":
            tx = Tx(connection, self._own)
            return sql_postgres.told_from_disk(connection, kind, lambda: work(tx), tx.last)
        with connection.begin():  # SQLite's commit is the wait for the disk: nothing is seen before
            tx = Tx(connection, self._own, behind=self._begun_behind(connection, kind))
            done = work(tx)
            _still_going(connection)
        if kind not in _READING:  # in its turn, so nobody else has put anything here
            self._kept = tx.kept or sql_behind.Kept()
        return done

    def _begun_behind(self, connection: Connection, kind: str) -> bool:
        """Whether records are behind where nobody may write them; else they are level now."""
        if kind == "make" or not sql_behind.count(connection):
            return False
        if kind == "read":
            raise Behind
        if kind == "glance":
            return True
        sql_behind.make_level(connection, self._kept)
        return False

    def _writers(self) -> AbstractContextManager[Any]:
        # SQLite has one writer and makes the others guess when to ask again: the unlucky wait long
        # while newcomers go first. Within a worker they stand in line instead.
        return self._turn if self.dialect == "sqlite" else nullcontext()

    def _queued(self, work: Callable[[Tx], T], kind: str) -> T:
        # The lock is taken before the transaction, so that its snapshot starts with our turn.
        with self._turn, self._connected("turn") as turn, turn.begin():
            turn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LEDGER})")
            return self._once(work, kind, queue=False)


def _bring_up(connection: Connection, *, new: bool, up: bool) -> None:
    """The tables as they are today. A database without a register may be another program's."""
    migrations.in_turn(connection)
    if not new and not inspect(connection).has_table("meta"):
        raise NoRegister
    if not up:
        migrations.check(connection)
    migrations.bring_up(connection)


def _engine(url: str, query_seconds: float) -> Engine:
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return sql_postgres.engine(parsed, query_seconds)
    if parsed.get_backend_name() != "sqlite":
        raise NoSuchModuleError("neither SQLite nor PostgreSQL")
    # Handles are kept: their pages and statements stay warm. One has one piece of work at a time.
    engine = create_engine(
        parsed,
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=35,
        pool_use_lifo=True,
        connect_args={"timeout": 60, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "checkout", _same_file)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    path = cursor.execute("PRAGMA database_list").fetchone()[2]
    cursor.close()
    record.info["file"] = path, _identity(path)


def _none_anew(_dialect: Any, _record: Any, names: list[Any], more: dict[str, Any]) -> None:
    """A file that was moved away under a running register is missed, and no empty one made."""
    if not more.get("uri") and names[0] != ":memory:":
        names[0], more["uri"] = f"{Path(names[0]).absolute().as_uri()}?mode=rw", True


def _same_file(_connection: Any, record: Any, _proxy: Any) -> None:
    """A database that was put back under an open handle is opened anew, never written beside."""
    path, known = record.info["file"]
    if _identity(path) != known:
        raise DisconnectionError


def _is_of_the_file(connection: Connection) -> bool:
    """Whether a kept handle is still of the database that its path names."""
    path, known = connection.info["file"]
    return bool(_identity(path) == known)


def _identity(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - at every request
    except OSError:
        return 0, 0  # in memory, or gone
    return found.st_dev, found.st_ino


def _still_going(connection: Connection) -> None:
    """Raises where SQLite has taken a transaction back by itself.

    It may, when the disk is full or fails or memory runs out, in the middle of a question too.
    Whoever passed over that fault would commit nothing, and hear nothing of it.
    """
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        raise as_known(connection, sqlite3.OperationalError("undone by the database"))


def _wait_for_the_disk(connection: Connection, driver: Any, *, wait: bool) -> None:
    """Whether this handle's next commit does: all do but that of records that follow."""
    if connection.info.get("waits", True) != wait:
        driver.execute(f"PRAGMA synchronous={'FULL' if wait else 'NORMAL'}")
        connection.info["waits"] = wait


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    kind = options.get("hedgerow")
    driver: Any = connection.connection.driver_connection
    try:
        if kind not in _READING:
            _wait_for_the_disk(connection, driver, wait=kind != "records")
        driver.execute("BEGIN" if kind in _READING else "BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise as_known(connection, error) from error
    seconds = options.get("hedgerow_seconds", 0.0)
    ends = perf_counter() + seconds  # from here on: waiting for a turn is not asking
    driver.set_progress_handler((lambda: perf_counter() > ends) if seconds else None, 20_000)
