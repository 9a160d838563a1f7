"""One statement for many rows, compiled once: SQLAlchemy would compile the parameters of each row.

The values are bound by the driver as in any other statement. Refuses statements whose columns need
a conversion on the way in: everything here is text, whole numbers and bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable

_compiled: dict[tuple[str, str], tuple[str, tuple[str, ...] | None]] = {}


def execute_many(
    connection: Connection, name: str, statement: Executable, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Run a statement for every row. `name` names it; all rows carry the same columns."""
    if not rows:
        return
    key = (name, connection.dialect.name)
    if key not in _compiled:
        _compiled[key] = _compile(connection, statement, list(rows[0]))
    text, order = _compiled[key]
    if order is None:
        connection.exec_driver_sql(text, [dict(row) for row in rows])
    else:
        connection.exec_driver_sql(text, list(map(itemgetter(*order), rows)))


def _compile(
    connection: Connection, statement: Any, columns: list[str]
) -> tuple[str, tuple[str, ...] | None]:
    named = [column for column in columns if column in statement.table.c]
    made = statement.compile(dialect=connection.dialect, column_keys=named)
    order = tuple(made.positiontup) if made.positional else None
    return str(made), order
