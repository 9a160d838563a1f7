"""Many rows in one statement, in the way that each database takes them quickest.

PostgreSQL: COPY in, as it stores them, for new rows, one UPDATE over arrays for known ones, one
array for a list of keys. SQLite: one prepared statement for every row, one JSON list for a list of
keys. Either way a statement is the same text however many rows it carries, and every value is bound
by the driver.
Refuses columns that need a conversion on the way in: text, whole numbers and bytes only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
)
from sqlalchemy.sql.elements import ColumnElement

from sync.register.sql_postgres import driver
from sync.register.sql_said import is_among, listed, say_many

# BigInteger is an Integer: it is asked for first
_KINDS = {Text: "text", BigInteger: "int8", Integer: "int4", LargeBinary: "bytea"}
Rows = Iterable[tuple[Any, ...]]  # values in the order of the table's columns, made as they go
_PART = 250  # rows in one statement


def among(
    connection: Connection, column: Column[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """The condition that a column is one of these, as one bound value."""
    return is_among(
        connection.dialect.name, column, bindparam(None, listed(connection, values), Text)
    )


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """New rows. Raises IntegrityError when one of them is there already."""
    if connection.dialect.name != "postgresql":
        say_many(connection, _insert(table), rows)
        return
    for first in (coming := iter(rows)):
        _copy_in(connection, table, chain((first,), coming))


def _copy_in(connection: Connection, table: Table, rows: Rows) -> None:
    with driver(connection) as line, line.cursor() as cursor, cursor.copy(_copy(table)) as copy:
        copy.set_types(_types(tuple(table.columns)))
        for row in rows:
            copy.write_row(row)


def update_many(
    connection: Connection, table: Table, columns: tuple[Column[Any], ...], rows: Rows
) -> None:
    """These columns of known rows, found by the first one, the key.

    A database touches each index over a column that is named, changed or not: name no more.
    """
    if connection.dialect.name == "postgresql":
        _update_in_parts(connection, _update_arrays(table, columns), rows)
    else:
        say_many(connection, _update(table, columns), ((*row[1:], row[0]) for row in rows))


def _update_in_parts(connection: Connection, text: str, rows: Rows) -> None:
    """The database works on one part while the next is made."""
    coming = iter(rows)
    with driver(connection) as line, line.pipeline():
        while some := list(islice(coming, _PART)):
            line.execute(text, [list(values) for values in zip(*some, strict=True)])


def arrays_of(columns: tuple[Column[Any], ...], first: int = 0) -> str:
    """A mark for an array of each of these columns: psycopg's, or the server's from a number on."""
    return ", ".join(
        f"{f'${first + nth}' if first else '%b'}::{name}[]"
        for nth, name in enumerate(_types(columns))
    )


@cache
def _types(columns: tuple[Column[Any], ...]) -> tuple[str, ...]:
    """PostgreSQL's names of their types."""
    return tuple(
        next(name for kind, name in _KINDS.items() if isinstance(column.type, kind))
        for column in columns
    )


def _names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


@cache
def _copy(table: Table) -> str:
    return f"COPY {table.name} ({_names(table)}) FROM STDIN (FORMAT BINARY)"


@cache
def _insert(table: Table) -> str:
    marks = ", ".join("?" for _ in table.columns)
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})"  # noqa: S608 - our own names


@cache
def _update(table: Table, columns: tuple[Column[Any], ...]) -> str:
    key, *rest = [column.name for column in columns]
    sets = ", ".join(f"{name} = ?" for name in rest)
    return f"UPDATE {table.name} SET {sets} WHERE {key} = ?"  # noqa: S608 - our own names


@cache
def _update_arrays(table: Table, columns: tuple[Column[Any], ...]) -> str:
    key, *rest = names = [column.name for column in columns]
    sets = ", ".join(f"{name} = many.{name}" for name in rest)
    return (
        f"UPDATE {table.name} SET {sets} FROM unnest({arrays_of(columns)}) "  # noqa: S608 - our own names
        f"AS many ({', '.join(names)}) WHERE {table.name}.{key} = many.{key}"
    )
