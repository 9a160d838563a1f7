"""Things to check: a field with two values, the register's in use and the others beside it.

One open clash a field. Refuses to forget a value: settling keeps every head in the row. Those of a
removed record stay open as the register has them, but nobody is asked: they are there again, as
they were, when the removal is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from forms.change import DELETED, Conflict, Head, Json, Op, Verb
from forms.facts.kinds import KINDS
from forms.values import derived_id
from storage.database import Database
from storage.meta import stamp, unstamp
from storage.rows import as_text

_COLUMNS = (
    "id, kind, record_id, field, before, heads, in_use, opened_at, settled_at, settled_by_id, note"
)
_SELECT = f"SELECT {_COLUMNS} FROM clash"  # noqa: S608 - constants of this module
_OPEN_AT = " WHERE kind = ? AND record_id = ? AND field = ? AND settled_at IS NULL"


def read(db: Database, clash_id: str) -> Conflict | None:
    """One clash, open or settled."""
    row = db.row(f"{_SELECT} WHERE id = ?", (clash_id,))
    return _conflict(row) if row else None


def every(db: Database, *, open_only: bool) -> list[Conflict]:
    """All clashes, oldest first; or the open ones that a person can settle."""
    where = " WHERE settled_at IS NULL" if open_only else ""
    found = [_conflict(row) for row in db.rows(f"{_SELECT}{where} ORDER BY opened_at, id")]
    return _of_what_stands(db, found) if open_only else found


def _of_what_stands(db: Database, found: list[Conflict]) -> list[Conflict]:
    """Without fields of removed records: whether one is removed is asked all the same."""
    by_kind: dict[str, set[str]] = {}
    for one in found:
        by_kind.setdefault(one.kind, set()).add(one.record_id)
    removed = {
        (kind, row[0])
        for kind, ids in by_kind.items()
        if kind in KINDS
        for row in db.rows(
            f'SELECT id FROM "{kind}" WHERE deleted = 1 '  # noqa: S608 - a kind
            "AND id IN (SELECT value FROM json_each(?))",
            (as_text(sorted(ids)),),
        )
    }
    return [c for c in found if c.field == DELETED or (c.kind, c.record_id) not in removed]


def open_at(db: Database, kind: str, record_id: str, field: str) -> Conflict | None:
    """The open clash of this field, if there is one."""
    row = db.row(_SELECT + _OPEN_AT, (kind, record_id, field))
    return _conflict(row) if row else None


def dots_with(db: Database, kind: str, record_id: str, field: str, value: Json) -> set[str]:
    """The heads of an open clash that hold this value."""
    clash = open_at(db, kind, record_id, field)
    return {head.dot for head in clash.heads if head.value == value} if clash else set()


def record(
    db: Database,
    key: tuple[str, str, str],
    heads: Sequence[Head],
    in_use: str,
    before: Json,
    at: datetime,
) -> bool:
    """Keep an open clash as the register tells it. Whether it is a new one."""
    kind, record_id, field = key
    old = open_at(db, kind, record_id, field)
    if old is not None:
        _write_heads(db, old.id, heads, in_use)
        return False
    dots = sorted(head.dot for head in heads)
    db.do(
        f"INSERT INTO clash({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,NULL,'','') "  # noqa: S608
        "ON CONFLICT(id) DO UPDATE SET heads = excluded.heads, in_use = excluded.in_use, "
        "settled_at = NULL, settled_by_id = '', note = ''",
        (
            derived_id("clash", kind, record_id, field, *dots),
            kind,
            record_id,
            field,
            as_text(before),
            _heads_text(heads),
            in_use,
            stamp(at),
        ),
    )
    return True


def settle(db: Database, clash_id: str, by: str, at: datetime, note: str) -> None:
    """Close a clash; its heads stay readable."""
    db.do(
        "UPDATE clash SET settled_at = ?, settled_by_id = ?, note = ? WHERE id = ?",
        (stamp(at), by, note, clash_id),
    )


def reopen(db: Database, kind: str, record_id: str, field: str, chosen: Collection[str]) -> None:
    """The register did not take a choice between these dots: their clash is open again."""
    row = db.row(
        f"{_SELECT} WHERE kind = ? AND record_id = ? AND field = ? "
        "ORDER BY settled_at DESC LIMIT 1",
        (kind, record_id, field),
    )
    clash = _conflict(row) if row else None
    if clash is not None and any(head.dot in chosen for head in clash.heads):
        db.do(
            "UPDATE clash SET settled_at = NULL, settled_by_id = '', note = '' WHERE id = ?",
            (clash.id,),
        )


def empty(db: Database, record_ids: Sequence[str]) -> None:
    """No values any more: these records are removed, and their person is erased.

    Which fields are open stays as the register has it, since both ends are compared by it.
    """
    for row in db.rows(
        f"{_SELECT} WHERE settled_at IS NULL AND field <> ? "  # noqa: S608
        "AND record_id IN (SELECT value FROM json_each(?))",
        (DELETED, as_text(list(record_ids))),
    ):
        clash = _conflict(row)
        db.do("UPDATE clash SET before = ? WHERE id = ?", (as_text(""), clash.id))
        silent = [replace(head, value="") for head in clash.heads]
        _write_heads(db, clash.id, silent, clash.in_use)


def follow(db: Database, ops: Sequence[Op], at: datetime) -> int:
    """What own work makes of open clashes. How many of them it settled.

    An edit replaces the head that the person saw. A removal names every head of the mark, so it
    settles whether the record is removed; the register does not tell its author of it again.
    """
    if not db.row("SELECT 1 FROM clash WHERE settled_at IS NULL LIMIT 1"):
        return 0
    settled = 0
    for op in ops:
        if op.verb is Verb.DELETE:
            settled += _settled_by_removal(db, op, at)
        if op.verb is not Verb.SET:
            continue
        for field, value in op.fields.items():
            clash = open_at(db, op.kind, op.record_id, field)
            if clash is None:
                continue
            kept = [head for head in clash.heads if head.dot not in op.base[field]]
            mine = Head(dot=op.dot, value=value, actor_id=op.actor_id, at=at)
            _write_heads(db, clash.id, [mine, *kept], op.dot)
    return settled


def _settled_by_removal(db: Database, op: Op, at: datetime) -> bool:
    clash = open_at(db, op.kind, op.record_id, DELETED)
    if clash is not None:
        settle(db, clash.id, op.actor_id, at, op.note)
    return clash is not None


def _write_heads(db: Database, clash_id: str, heads: Sequence[Head], in_use: str) -> None:
    db.do(
        "UPDATE clash SET heads = ?, in_use = ? WHERE id = ?",
        (_heads_text(heads), in_use, clash_id),
    )


def _heads_text(heads: Sequence[Head]) -> str:
    return as_text([[head.dot, head.value, head.actor_id, stamp(head.at)] for head in heads])


def _conflict(row: Sequence[Any]) -> Conflict:
    return Conflict(
        id=row[0],
        kind=row[1],
        record_id=row[2],
        field=row[3],
        before=json.loads(row[4]),
        heads=tuple(
            Head(dot=dot, value=value, actor_id=actor, at=datetime.fromisoformat(when))
            for dot, value, actor, when in json.loads(row[5])
        ),
        in_use=row[6],
        opened_at=datetime.fromisoformat(row[7]),
        settled_at=unstamp(row[8]),
        settled_by_id=row[9],
        note=row[10],
    )
