"""The next ops of the feed for one sight, and with them the records that they are on.

SQLite hands out an op and its record in one go: looked for by themselves, the same rows are found
twice. PostgreSQL is asked for ops alone; whole rows would cross to it and back for each. Window by
window: whatever way a database takes through the two tables, it never goes through more of the
history than a window for each question. Refuses to join where a planner might begin with the
records: then it would go through a whole caseload, and sort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Integer, Select, Text, bindparam, select, text

from sync.register.rows import Step
from sync.register.sql_said import Said, is_among, listed
from sync.register.stored import Kept
from sync.register.tables import op, record

WINDOW = 20_000  # ops of everybody's that one question goes through at most
_decode_names = msgspec.json.Decoder(frozenset[str]).decode
_names_in = lru_cache(maxsize=4096)(_decode_names)  # few sets of fields make up nearly all ops
_STEP = tuple(op.c[name] for name in Step._fields)
_HERE = op.c.feed_seq > bindparam("after"), op.c.feed_seq <= bindparam("upto")
_ALL_STEPS = select(*_STEP).where(*_HERE).order_by(op.c.feed_seq).limit(bindparam("most"))
_WIDE = len(_STEP)


def _steps_of(dialect: str) -> Select[Any]:
    # Asked for each op of the log in its order: joined, a database may go through a whole caseload,
    # and then sort.
    owner = select(record.c.owner_id).where(record.c.id == op.c.record_id).scalar_subquery()
    return _ALL_STEPS.where(is_among(dialect, owner))


def _with_records(join: str, where: str) -> Any:
    """SQLite's CROSS JOIN is a promise to begin with its left side."""
    columns = ", ".join(f"{column.table.name}.{column.name}" for column in (*_STEP, *record.c))
    numbers = [bindparam(name, type_=Integer) for name in ("after", "upto", "most")]
    values = [*numbers, bindparam("some", type_=Text)] if where else numbers
    return text(
        f"SELECT {columns} FROM op {join} JOIN record ON record.id = op.record_id "  # noqa: S608 - names of our own
        f"WHERE op.feed_seq > :after AND op.feed_seq <= :upto {where} "
        "ORDER BY op.feed_seq LIMIT :most"
    ).bindparams(*values)


_AMONG = "AND record.owner_id IN (SELECT value FROM json_each(:some))"
_STEPS, _STEPS_OF = Said(_ALL_STEPS), Said(_steps_of)
_BOTH, _BOTH_OF = Said(_with_records("LEFT", "")), Said(_with_records("CROSS", _AMONG))


def steps(
    connection: Connection,
    after: int,
    top: int,
    owners: Sequence[str] | None,
    limit: int,
    met: dict[str, Kept] | None = None,
) -> list[Step]:
    """The next ops of the feed up to the top, all or those on records of these owners.

    Where `met` is given, it gets the records that were met on the way: all, some or none of them.
    """
    out: list[Step] = []
    while after < top and len(out) < limit:
        upto = min(after + WINDOW, top)
        at: dict[str, Any] = {"after": after, "upto": upto, "most": limit - len(out)}
        if owners is not None:
            at["some"] = listed(connection, owners)
        if met is not None and connection.dialect.name == "sqlite":
            out += _both(connection, at, met)
        else:
            out += _alone(connection, at)
        after = upto
    return out


def _alone(connection: Connection, at: dict[str, Any]) -> Iterator[Step]:
    said = _STEPS_OF if "some" in at else _STEPS
    for place, inc, seq, verb, record_id, names, result, later in said.rows(connection, **at):
        yield Step(place, inc, seq, verb, record_id, _names_in(names), result, later)


def _both(connection: Connection, at: dict[str, Any], met: dict[str, Kept]) -> Iterator[Step]:
    said = _BOTH_OF if "some" in at else _BOTH
    for found in said.rows(connection, **at):
        place, inc, seq, verb, record_id, names, result, later = found[:_WIDE]
        if found[_WIDE] is not None:
            met[record_id] = Kept._make(found[_WIDE:])
        yield Step(place, inc, seq, verb, record_id, _names_in(names), result, later)
