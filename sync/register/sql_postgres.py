"""PostgreSQL's own: how a transaction begins, and when what it did, or saw, is on the disk.

A write lets go of its locks at commit, before the write-ahead log is on the disk, so the feed's
counter is never held over a wait for the disk. Nobody is told of it before: an answer leaves when
the log is on the disk up to what the answer knows. What a crash keeps is always a beginning of the
log, so nothing that was told can be undone by one (docs/decisions/0032).

Refuses to let go early where a standby must have each commit too: there the server keeps its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from sync.register.errors import AgainPlease

T = TypeVar("T")
Statement = tuple[str, Sequence[Any]]
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
    "read": f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {_PLACE}",
    "write": "BEGIN ISOLATION LEVEL READ COMMITTED",
    "decide": "BEGIN ISOLATION LEVEL SERIALIZABLE",
    "turn": "BEGIN; SET LOCAL statement_timeout = 0",  # waiting for a turn is not asking
}
# A commit of its own that waits for the disk takes the whole log before it along; those of many
# workers share one wait. A server that never waits by itself waits here.
_WAITS = (
    "set_config('synchronous_commit', "
    "replace(current_setting('synchronous_commit'), 'off', 'on'), true)"
)
_EMIT = "pg_logical_emit_message(true, 'hedgerow', '')"
_FLUSH = f"SELECT {_WAITS}, {_EMIT}"
_FLUSH_REST = (  # nothing is written, and nobody waits, where all there is is on the disk
    f"SELECT {_WAITS}, "
    f"CASE WHEN pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn() THEN {_EMIT} END"
)
_FLUSH_TO = f"SELECT {_WAITS}, CASE WHEN pg_current_wal_flush_lsn() < %s::pg_lsn THEN {_EMIT} END"


class Left(NamedTuple):
    """A statement that was left for the end of a transaction, and what its result is for."""

    text: str
    values: Sequence[Any] = ()
    then: Callable[[psycopg.Cursor[Any]], None] = psycopg.Cursor.close


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
        connect_args={"options": f"{options} {most}".strip()},
    )
    event.listen(made, "begin", begin)
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
            if kind != "read":
                commit(connection, last)
    except (DBAPIError, AgainPlease):
        raise
    except Exception:  # a refusal, or a bug on its way out: what it tells of is on the disk first
        wait(connection)
        raise
    if kind == "read":
        wait(connection)
    return result


def commit(connection: Connection, last: Last) -> None:
    """Write what was left for the end, let go of every lock, and wait for the disk."""
    if not last:  # whatever is left for the end has said it with its locks (`sql_tail`)
        last.append(Left(EARLY))
    done, _ = settle(connection, last, ("COMMIT", ()), (_FLUSH, ()))
    if done.statusmessage != "COMMIT":
        raise AssertionError("a fault was passed over, and the transaction undone")


def settle(connection: Connection, last: Last, *more: Statement) -> list[psycopg.Cursor[Any]]:
    """Write what was left, and say more, in one exchange: what came of the rest."""
    left, said = last.copy(), [(one.text, one.values) for one in last]
    last.clear()
    done = exchange(connection, *said, *more)
    for one, cursor in zip(left, done, strict=False):
        one.then(cursor)
    return done[len(left) :]


def wait_for_what_was_done(connection: Connection) -> None:
    """Until everything that was committed before now is on the disk."""
    say(connection, _FLUSH_REST)


def wait_for_what_was_seen(connection: Connection) -> None:
    """Until everything that the snapshot of the last reading held is on the disk."""
    place, settled = connection.info["seen"]
    if not settled:
        say(connection, _FLUSH_TO, place)


def begin(connection: Connection) -> None:
    """What the engine says when a transaction begins, by its kind."""
    kind = connection.get_execution_options().get("hedgerow", "turn")
    cursor = say(connection, _BEGIN[kind])
    if kind == "read":
        cursor.nextset()
        connection.info["seen"] = cursor.fetchone()


def say(connection: Connection, text: str, *values: Any) -> psycopg.Cursor[Any]:
    """One exchange with the server, in the driver's own words: what comes of it, by column."""
    with driver(connection) as line:
        cursor: psycopg.Cursor[Any] = line.execute(text, values or None)
    return cursor


def exchange(connection: Connection, *said: Statement) -> list[psycopg.Cursor[Any]]:
    """Several statements, none of which needs another's result here, in one exchange."""
    with driver(connection) as line, line.pipeline():
        return [line.execute(text, values or None) for text, values in said]


@contextmanager
def driver(connection: Connection) -> Iterator[Any]:
    """The driver's connection; what it raises, as the rest of the store knows it."""
    line: Any = connection.connection.driver_connection
    try:
        yield line
    except psycopg.Error as error:
        if line.closed:
            connection.exec_driver_sql("SELECT 1")  # raises: the pool lets go of every such line
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
