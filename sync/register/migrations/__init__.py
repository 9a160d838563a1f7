"""The register's tables, one numbered step a file. A step that has shipped is never changed.

`bring_up` runs what is missing, each step in its own transaction, on SQLite and PostgreSQL alike;
a step may have a part for PostgreSQL alone, and what it `FILLS` a new table with.
Refuses a database that is newer than this program.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import Connection

from sync.register.errors import RegisterTooNew, RegisterTooOld

_TURN = 0x48656468  # advisory lock of whoever makes tables or begins a history


def steps() -> list[tuple[int, str]]:
    """Number and module name of every step, in order."""
    names = [m.name for m in iter_modules(__path__) if m.name.startswith("m")]
    return sorted((int(name[1:5]), name) for name in names)


def version(connection: Connection) -> int:
    """The newest step that this database has had."""
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"
    )
    found = connection.exec_driver_sql("SELECT max(number) FROM migration").scalar()
    return int(found or 0)


def in_turn(connection: Connection) -> None:
    """Of workers that start at one moment one goes on; the others do when it has ended, and see it.

    SQLite has one writer anyway. What follows takes the time that it takes.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")


def check(connection: Connection) -> None:
    """Raises RegisterTooOld when steps are missing: an older program may be at work there."""
    if version(connection) < steps()[-1][0]:
        raise RegisterTooOld


def bring_up(connection: Connection) -> int:
    """Run the missing steps inside the caller's transaction, and turn. Returns how many ran."""
    have, known = version(connection), steps()
    if known and have > known[-1][0]:
        raise RegisterTooNew(have, known[-1][0])
    blob = "BYTEA" if connection.dialect.name == "postgresql" else "BLOB"
    ran = 0
    for number, name in known:
        if number <= have:
            continue
        step = import_module(f"{__name__}.{name}")
        only = getattr(step, "POSTGRESQL", ()) if blob == "BYTEA" else ()
        for statement in (*step.STATEMENTS, *only):
            connection.exec_driver_sql(statement.replace("{blob}", blob))
        connection.exec_driver_sql(
            f"INSERT INTO migration (number, name) VALUES ({number}, '{name}')"  # noqa: S608 - our own file names
        )
        ran += 1
    fill(connection, have)
    return ran


def fill(connection: Connection, have: int) -> None:
    """Fill what the steps after `have` fill from rows that are older than them."""
    for number, name in steps():
        if number > have:
            step = import_module(f"{__name__}.{name}")
            for statement in getattr(step, "FILLS", {}).get(connection.dialect.name, ()):
                connection.exec_driver_sql(statement)
