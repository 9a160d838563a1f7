"""Many rows in one statement, in the way that each database takes them quickest.

PostgreSQL: COPY in for new rows, one UPDATE over arrays for known ones, one array for a list of
keys. SQLite: one prepared statement for every row, one JSON list for a list of keys. Either way a
statement is the same text however many rows it carries, and every value is bound by the driver.
Refuses columns that need a conversion on the way in: text, whole numbers and bytes only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import msgspec
import psycopg
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    Table,
    Text,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.elements import ColumnElement

Rows = Sequence[tuple[Any, ...]]  # values in the order of the table's columns


def among(
    connection: Connection, column: Column[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """The condition that a column is one of these, as one bound value."""
    if connection.dialect.name == "postgresql":
        kind = BigInteger if isinstance(column.type, BigInteger) else Text
        listed = cast(bindparam(None, _array(values), Text), ARRAY(kind))
        return column == func.any(listed)
    text = msgspec.json.encode(list(values)).decode()
    each = func.json_each(bindparam(None, text, Text)).table_valued("value")
    return column.in_(select(each.c.value))


def insert_many(connection: Connection, table: Table, rows: Rows) -> None:
    """New rows. Raises IntegrityError when one of them is there already."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        with (
            _as_of_sqlalchemy(connection),
            _cursor(connection) as cursor,
            cursor.copy(_copy(table)) as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    connection.exec_driver_sql(_insert(table), list(rows))


def update_many(
    connection: Connection, table: Table, columns: tuple[Column[Any], ...], rows: Rows
) -> None:
    """These columns of known rows, found by the first one, the key.

    A database touches each index over a column that is named, changed or not: name no more.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        arrays = [list(values) for values in zip(*rows, strict=True)]
        with _as_of_sqlalchemy(connection), _cursor(connection) as cursor:
            cursor.execute(_update_arrays(table, columns), arrays)
        return
    text = _update(table, columns)
    connection.exec_driver_sql(text, [(*row[1:], row[0]) for row in rows])


def _array(values: Collection[str] | Collection[int]) -> str:
    """A list as PostgreSQL reads it; every text in quotes, so that nothing in it means anything."""
    said = [
        str(value)
        if isinstance(value, int)
        else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in values
    ]
    return "{" + ",".join(said) + "}"


def _names(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


@cache
def _copy(table: Table) -> str:
    return f"COPY {table.name} ({_names(table)}) FROM STDIN"


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
    arrays = ", ".join(
        f"%b::{'text' if isinstance(column.type, Text) else 'bigint'}[]" for column in columns
    )
    return (
        f"UPDATE {table.name} SET {sets} FROM unnest({arrays}) AS many ({', '.join(names)}) "  # noqa: S608 - our own names
        f"WHERE {table.name}.{key} = many.{key}"
    )


def _cursor(connection: Connection) -> psycopg.Cursor[Any]:
    driver: Any = connection.connection.driver_connection
    cursor: psycopg.Cursor[Any] = driver.cursor()
    return cursor


@contextmanager
def _as_of_sqlalchemy(connection: Connection) -> Iterator[None]:
    """What the driver raises, as the rest of the store knows it."""
    try:
        yield
    except psycopg.Error as error:
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
