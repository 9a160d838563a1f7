"""What every request asks of the database, put together once and said in the driver's own words.

Putting a statement together and handing its rows round costs SQLAlchemy fifty times what SQLite
takes to answer it. A `Said` is compiled once for each database and then costs what the driver
does. Every value is bound; rows come as plain tuples, all at once. What the driver raises becomes
what SQLAlchemy would raise. Refuses columns that need a conversion on the way: text, whole numbers
and bytes only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import ARRAY, BigInteger, Connection, Text, bindparam, cast, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from sync.register.sql_postgres import exchange, say

Rows = list[tuple[Any, ...]]
_EVERY: list[Said] = []


def make_all_ready(connection: Connection) -> None:
    """Nobody's first question waits for a statement to be put together."""
    for one in _EVERY:
        one.make_ready(connection)


class Said:
    """One statement for each database, its values named by its `bindparam`s."""

    __slots__ = ("_make", "_texts")

    def __init__(self, made: Executable | Callable[[str], Executable]) -> None:
        """A statement, or what makes it for a database of a name (sqlite, postgresql)."""
        self._make = made if callable(made) else lambda _dialect: made
        self._texts: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {}
        _EVERY.append(self)

    def make_ready(self, connection: Connection) -> None:
        """Put it together for this database, if it was not yet."""
        if connection.dialect.name not in self._texts:
            self._texts[connection.dialect.name] = self._compiled(connection)

    def rows(self, connection: Connection, **values: Any) -> Rows:
        """What it finds, or returns of what it changed."""
        return self._say(connection, values)[0]

    def in_parts(
        self, connection: Connection, parts: Sequence[dict[str, Any]], take: Callable[[Rows], None]
    ) -> None:
        """What it finds for each of these, handed on part by part, in order.

        PostgreSQL works on the next part while one is taken.
        """
        if connection.dialect.name != "postgresql":
            for values in parts:
                take(self.rows(connection, **values))
            return
        self.make_ready(connection)
        text, order, fixed = self._texts[connection.dialect.name]
        said = [(text, [(fixed | values)[name] for name in order]) for values in parts]
        exchange(connection, *said, each=lambda answer: take(answer.fetchall()))

    def one(self, connection: Connection, **values: Any) -> tuple[Any, ...] | None:
        """The first of what it finds, or None."""
        found = self._say(connection, values)[0]
        return found[0] if found else None

    def changed(self, connection: Connection, **values: Any) -> int:
        """How many rows it changed."""
        return self._say(connection, values)[1]

    def _say(self, connection: Connection, values: dict[str, Any]) -> tuple[Rows, int]:
        dialect = connection.dialect.name
        if dialect not in self._texts:
            self.make_ready(connection)
        text, order, fixed = self._texts[dialect]
        if fixed:
            values = fixed | values
        if dialect == "postgresql":
            answer = say(connection, text, *[values[name] for name in order])
            return answer.fetchall(), answer.rowcount
        line: Any = connection.connection.driver_connection
        try:
            cursor = line.execute(text, [values[name] for name in order])
            return cursor.fetchall(), cursor.rowcount
        except sqlite3.Error as error:
            raise as_known(connection, error) from error

    def _compiled(self, connection: Connection) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        made: Any = self._make(connection.dialect.name)
        dialect: Any = connection.dialect
        if dialect.name == "postgresql":  # values by number, as the server itself has them
            dialect = type(dialect)(paramstyle="numeric_dollar")
        compiled = made.compile(dialect=dialect)
        fixed = {
            name: bound.value for name, bound in compiled.binds.items() if bound.value is not None
        }
        return str(compiled), tuple(compiled.positiontup or ()), fixed


def say_many(connection: Connection, text: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """SQLite's one prepared statement, run for every row as it is made."""
    line: Any = connection.connection.driver_connection
    try:
        line.executemany(text, rows)
    except sqlite3.Error as error:
        raise as_known(connection, error) from error


def as_known(connection: Connection, error: sqlite3.Error) -> BaseException:
    """What SQLite's driver raised, as the rest of the store knows it: no statement, no values."""
    return DBAPIError.instance(
        None, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
    )


def is_among(
    dialect: str, column: ColumnElement[Any], said: BindParameter[str] | None = None
) -> ColumnElement[bool]:
    """The condition that a column is one of those that are `listed`, under the name "some"."""
    said = bindparam("some", type_=Text) if said is None else said
    if dialect == "postgresql":
        kind = BigInteger if isinstance(column.type, BigInteger) else Text
        return column == func.any(cast(said, ARRAY(kind)))
    each = func.json_each(said).table_valued("value")
    return column.in_(select(each.c.value))


def is_one_of_many(dialect: str, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same for a list of a whole batch, wherever it is a condition that must hold.

    PostgreSQL plans a prepared statement once, for a list of ten, and may do so while a new
    register has a page of rows: then it goes through all of them, and for each through the list.
    What is joined is never looked for in that way.
    """
    if dialect == "postgresql":
        return column.in_(select(func.unnest(cast(bindparam("some", type_=Text), ARRAY(Text)))))
    return is_among(dialect, column)


def listed(connection: Connection, values: Collection[str] | Collection[int]) -> str:
    """Keys as one value, for `is_among` and `is_one_of_many`."""
    if connection.dialect.name == "postgresql":
        return array_text(values)
    return msgspec.json.encode(list(values)).decode()


def array_text(values: Collection[str] | Collection[int]) -> str:
    """A list as PostgreSQL reads it; every text in quotes, so that nothing in it means anything."""
    said = [
        str(value)
        if isinstance(value, int)
        else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        for value in values
    ]
    return "{" + ",".join(said) + "}"
