"""Many rows in one statement, in the way that each database takes them quickest.

PostgreSQL: COPY in, as it stores them, for new rows, one UPDATE over arrays for known ones, one
array for a list of keys. SQLite: as many new rows in a statement as it has values for, one prepared
statement for every known one, one JSON list for a list of keys. The texts of statements are few,
however many rows there are, and every value is bound by the driver.
Refuses columns that need a conversion on the way in: text, whole numbers and bytes only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, islice
from struct import Struct
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

from sync.register.sql_postgres import driver, say_on
from sync.register.sql_said import is_among, listed, say_many

# BigInteger is an Integer: it is asked for first
_KINDS = {Text: "text", BigInteger: "int8", Integer: "int4", LargeBinary: "bytea"}
Rows = Iterable[tuple[Any, ...]]  # values in the order of the table's columns, made as they go
_PART = 250  # rows in one statement
_VALUES = 900  # in one statement of SQLite: every build of it takes 999


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
        _insert_in_parts(connection, table, rows)
        return
    for first in (coming := iter(rows)):
        _copy_in(connection, table, chain((first,), coming))


def _insert_in_parts(connection: Connection, table: Table, rows: Rows) -> None:
    """Starting a statement costs SQLite as much as a row does."""
    coming, most = iter(rows), _VALUES // len(table.columns)
    while some := list(islice(coming, most)):
        for count in (most, most // 8 or 1, 1):
            while len(some) >= count:
                said, some = some[:count], some[count:]
                say_many(connection, _insert(table, count), [tuple(chain.from_iterable(said))])


def _copy_in(connection: Connection, table: Table, rows: Rows) -> None:
    with driver(connection) as line, line.cursor() as cursor, cursor.copy(_copy(table)) as copy:
        copy.set_types(_types(tuple(table.columns)))
        for row in rows:
            copy.write_row(row)


def update_many(
    connection: Connection, table: Table, columns: tuple[Column[Any], ...], rows: Rows
) -> None:
    """These columns of known rows, found by the first one, the key.

    A database touches each index over a column that is named, changed or not: name no more. Text
    and small whole numbers. PostgreSQL may raise what is wrong with them with what is said next.
    """
    if connection.dialect.name == "postgresql":
        say_on(connection, _update_arrays(table, columns), _in_parts(columns, rows))
    else:
        say_many(connection, _update(table, columns), ((*row[1:], row[0]) for row in rows))


def _in_parts(columns: tuple[Column[Any], ...], rows: Rows) -> Iterator[list[bytes]]:
    """The database works on one part while the next is made."""
    coming, makes = iter(rows), [_ARRAYS[kind] for kind in _types(columns)]
    while some := list(islice(coming, _PART)):
        yield [make(values) for make, values in zip(makes, zip(*some, strict=True), strict=True)]


def arrays_of(columns: tuple[Column[Any], ...], first: int) -> str:
    """The server's mark for an array of each of these columns, from a number on."""
    return ", ".join(f"${first + nth}::{name}[]" for nth, name in enumerate(_types(columns)))


def _texts(values: Sequence[str]) -> bytes:
    """An array as PostgreSQL reads it in binary; psycopg takes twice as long over one."""
    return _array(25, [value.encode() for value in values])


def _small(values: Sequence[int]) -> bytes:
    return _array(23, [_INT4(value) for value in values])


def _array(oid: int, items: list[bytes]) -> bytes:
    """How many dimensions, no NULL among them, of which type, how many from which number on."""
    out = [_HEAD(1, 0, oid, len(items), 1)] * (2 * len(items) + 1)
    out[1::2] = map(_INT4, map(len, items))
    out[2::2] = items
    return b"".join(out)


_INT4, _HEAD = Struct(">i").pack, Struct(">iiIii").pack
_ARRAYS: dict[str, Callable[[Sequence[Any]], bytes]] = {"text": _texts, "int4": _small}


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
def _insert(table: Table, rows: int = 1) -> str:
    marks = ", ".join("?" for _ in table.columns)
    every = ", ".join([f"({marks})"] * rows)
    return f"INSERT INTO {table.name} ({_names(table)}) VALUES {every}"  # noqa: S608 - our own names


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
        f"UPDATE {table.name} SET {sets} FROM unnest({arrays_of(columns, 1)}) "  # noqa: S608 - our own names
        f"AS many ({', '.join(names)}) WHERE {table.name}.{key} = many.{key}"
    )
