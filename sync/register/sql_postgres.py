"""PostgreSQL's own: how a transaction begins, and when what it did, or saw, is on the disk.

A write lets go of its locks at commit, before the write-ahead log is on the disk, so the feed's
counter is never held over a wait for the disk. Nobody is told of it before: an answer leaves when
the log is on the disk up to what the answer knows. What a crash keeps is always a beginning of the
log, so nothing that was told can be undone by one (docs/decisions/0032).

Refuses to let go early where a standby must have each commit too: there the server keeps its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from sync.register.errors import AgainPlease
from sync.register.sql_line import Answer, Each, Line, Statement

T = TypeVar("T")
# Of the transaction that says it: its commit does not wait for the disk.
EARLY = (
    "SELECT CASE WHEN current_setting('synchronous_standby_names') = '' "
    "THEN set_config('synchronous_commit', 'off', true) END"
)
# The place is read after the snapshot was taken: what is in the snapshot lies before it.
_PLACE = (
    "SELECT place::text, place <= pg_current_wal_flush_lsn() FROM pg_current_wal_insert_lsn() place"
)
_BEGIN = {
    "read": ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", _PLACE),
    "write": ("BEGIN ISOLATION LEVEL READ COMMITTED",),
    "decide": ("BEGIN ISOLATION LEVEL SERIALIZABLE",),
    "turn": ("BEGIN", "SET LOCAL statement_timeout = 0"),  # waiting for a turn is not asking
}
# A message in the log takes the whole log before it to the disk; those of many workers share one
# wait. From PostgreSQL 17 on it does so by itself. Before that, and where a standby is waited for
# too, it is the commit of its transaction that waits, on a server that never waits by itself, too.
_BY_ITSELF = (
    "WHEN current_setting('synchronous_standby_names') = '' "
    "THEN pg_logical_emit_message(false, 'hedgerow', '', true)::text"
)
_SINCE = 170000
_EMIT = (
    f"CASE {_BY_ITSELF} ELSE ROW(set_config('synchronous_commit', "
    "replace(current_setting('synchronous_commit'), 'off', 'on'), true), "
    "pg_logical_emit_message(true, 'hedgerow', ''))::text END"
)
_FLUSH = f"SELECT {_EMIT}"
_FLUSH_REST = (  # nothing is written, and nobody waits, where all there is is on the disk
    f"SELECT CASE WHEN pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn() THEN {_EMIT} END"
)
_FLUSH_TO = f"SELECT CASE WHEN pg_current_wal_flush_lsn() < $1::pg_lsn THEN {_EMIT} END"


class Left(NamedTuple):
    """A statement that was left for the end of a transaction, and what its result is for."""

    text: str
    values: Sequence[Any] = ()
    then: Callable[[Answer], object] = id


Last = list[Left]


def engine(url: URL, query_seconds: float) -> Engine:
    """Connections on which we say BEGIN ourselves; `hedgerow` in their options says which."""
    said = url.query.get("options", "")
    options = said if isinstance(said, str) else " ".join(said)
    # No question here is worth compiling. What the planner believes of one grows with the history,
    # and past a few million ops it would compile a page of a hundred.
    most = f"-c statement_timeout={round(query_seconds * 1000)} -c jit=off"
    made = create_engine(
        url.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
        isolation_level="AUTOCOMMIT",
        pool_size=10,
        max_overflow=30,
        # Lines speak UTF-8 (`sql_line`), whatever the machine or the database would have said.
        connect_args={"options": f"{options} {most}".strip(), "client_encoding": "utf8"},
    )
    event.listen(made, "begin", begin)
    event.listen(made, "rollback", undo)
    event.listen(made, "before_cursor_execute", _catch_up)
    return made


def told_from_disk(connection: Connection, kind: str, work: Callable[[], T], last: Last) -> T:
    """Run a transaction; by the time this ends, all that its answer tells of is on the disk.

    A refusal tells, too, and waits for what is not on the disk yet: whoever is refused, a stranger
    even, buys no writing of their own. What the database itself could not do, or asks for again,
    tells nothing of anybody, and is not waited for.

    `last` are statements that a write has left for its end: they go with the commit, in one
    exchange, so that the locks of the last of them are held for no longer than that.
    """
    wait = wait_for_what_was_seen if kind == "read" else wait_for_what_was_done
    try:
        with connection.begin():
            result = work()
            if kind == "read":
                end_reading(connection)
            else:
                commit(connection, last)
    except (DBAPIError, AgainPlease):
        raise
    except Exception:  # a refusal, or a bug on its way out: what it tells of is on the disk first
        wait(connection)
        raise
    return result


def commit(connection: Connection, last: Last) -> None:
    """Write what was left for the end, let go of every lock, and wait for the disk."""
    if not last:  # whatever is left for the end has said it with its locks (`sql_tail`)
        last.append(Left(EARLY))
    done, _ = settle(connection, last, ("COMMIT", ()), _waiting(connection, _FLUSH))
    if done.statusmessage != "COMMIT":
        raise AssertionError("a fault was passed over, and the transaction undone")


def settle(connection: Connection, last: Last, *more: Statement) -> list[Answer]:
    """Write what was left, and say more, in one exchange: what came of the rest."""
    left, said = last.copy(), [(one.text, one.values) for one in last]
    last.clear()
    done = exchange(connection, *said, *more)
    for one, answer in zip(left, done, strict=False):
        one.then(answer)
    return done[len(left) :]


def end_reading(connection: Connection) -> None:
    """End a reading, and wait until all that its snapshot held is on the disk."""
    exchange(connection, ("COMMIT", ()), *_what_was_seen(connection))


def wait_for_what_was_done(connection: Connection) -> None:
    """Until everything that was committed before now is on the disk."""
    exchange(connection, _waiting(connection, _FLUSH_REST))


def wait_for_what_was_seen(connection: Connection) -> None:
    """Until everything that the snapshot of the last reading held is on the disk."""
    exchange(connection, *_what_was_seen(connection))


def _what_was_seen(connection: Connection) -> list[Statement]:
    began = line_of(connection).began
    place, settled = began[1].fetchone() or ("", True) if began else ("", True)
    return [] if settled else [_waiting(connection, _FLUSH_TO, place)]


def _waiting(connection: Connection, text: str, *values: Any) -> Statement:
    """A statement that waits for the disk, as this server knows it."""
    by_itself = line_of(connection).driver.pgconn.server_version >= _SINCE
    return text if by_itself else text.replace(_BY_ITSELF, "WHEN false THEN NULL"), values


def begin(connection: Connection) -> None:
    """What the engine says when a transaction begins, by its kind, with its first question."""
    kind = connection.get_execution_options().get("hedgerow", "turn")
    line = line_of(connection)
    line.began, line.ahead = [], [(text, ()) for text in _BEGIN[kind]]


def undo(connection: Connection) -> None:
    """Undo a transaction. Psycopg would let go of what is prepared, what we prepared too."""
    if connection.invalidated:  # the line is gone, and what it was doing with it
        return
    line = line_of(connection)
    line.ahead = []
    line.hear_out()
    if line.driver.pgconn.transaction_status in (
        TransactionStatus.INTRANS,
        TransactionStatus.INERROR,
    ):
        exchange(connection, ("ROLLBACK", ()))


def say(connection: Connection, text: str, *values: Any) -> Answer:
    """One exchange with the server: what comes of it."""
    return exchange(connection, (text, values))[0]


def exchange(connection: Connection, *said: Statement, each: Each | None = None) -> list[Answer]:
    """Several statements, none of which needs another's result here, in one exchange.

    `each` is handed every answer as it comes (`Line.exchange`).
    """
    line = line_of(connection)
    if not said:
        return []
    with _as_known(connection, line):
        return line.exchange(*said, each=each)


def say_on(connection: Connection, text: str, values: Iterable[Sequence[Any]]) -> None:
    """A statement for each of these, without waiting for what comes of them (`Line.say_on`)."""
    line = line_of(connection)
    with _as_known(connection, line):
        line.say_on(text, values)


def line_of(connection: Connection) -> Line:
    """The line under a connection: one for as long as the server's end is the same."""
    info: dict[str, Any] = connection.info
    driven: Any = connection.connection.driver_connection
    line: Line | None = info.get("line")
    if line is None or line.driver is not driven:
        line = info["line"] = Line(driven)
    return line


def _catch_up(connection: Connection, *_: Any) -> None:
    line = line_of(connection)
    with _as_known(connection, line):
        line.catch_up()


@contextmanager
def driver(connection: Connection) -> Iterator[Any]:
    """The connection of psycopg, for what it does best; what it raises, as the store knows it."""
    line = line_of(connection)
    with _as_known(connection, line):
        line.catch_up()
        yield line.driver


@contextmanager
def _as_known(connection: Connection, line: Line) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        if line.driver.closed:
            connection.exec_driver_sql("SELECT 1")  # raises: the pool lets go of every such line
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
