"""A new incarnation: unsent ops take its numbers, and everything that names them follows.

Happens at enrolment (edits made before had incarnation 0) and when the register says that this
laptop came back from an old image. Refuses to touch an op that the register has acknowledged.
"""

from __future__ import annotations

import json

from forms.facts.kinds import KINDS
from storage import meta as m
from storage import rows
from storage.database import Database
from storage.meta import Meta
from storage.rows import as_text


def renumber(db: Database, incarnation: int) -> None:
    """Give every unsent op a number of this incarnation, in the order they were written."""
    meta = Meta(db)
    if meta.number(m.INCARNATION) == incarnation and meta.text(m.INCARNATION):
        return
    last = db.row("SELECT coalesce(max(seq), 0) FROM outbox WHERE inc = ?", (incarnation,))[0]
    old = db.rows("SELECT inc, seq FROM outbox WHERE acked_at IS NULL ORDER BY hlc, inc, seq")
    names = {
        f"{inc}.{seq}": f"{incarnation}.{last + number}"
        for number, (inc, seq) in enumerate(old, start=1)
    }
    rename(db, names)
    meta.put(m.INCARNATION, incarnation)
    meta.put(m.NEXT_SEQ, last + len(old) + 1)


def rename(db: Database, names: dict[str, str]) -> None:
    """Give unsent ops other dots, and have everything follow that names them."""
    touched = db.rows(
        "SELECT DISTINCT kind, record_id FROM outbox WHERE acked_at IS NULL ORDER BY kind"
    )
    _ops(db, names)
    _records(db, touched, names)
    _clashes(db, names)


def _ops(db: Database, names: dict[str, str]) -> None:
    for inc, seq, base in db.rows(
        "SELECT inc, seq, base FROM outbox WHERE acked_at IS NULL ORDER BY hlc, inc, seq"
    ):
        new = {
            field: [names.get(dot, dot) for dot in dots] for field, dots in json.loads(base).items()
        }
        dot = names.get(f"{inc}.{seq}", f"{inc}.{seq}").split(".")
        db.do(
            "UPDATE outbox SET inc = ?, seq = ?, base = ? WHERE inc = ? AND seq = ?",
            (int(dot[0]), int(dot[1]), as_text(new), inc, seq),
        )


def _records(db: Database, touched: list[tuple[str, str]], names: dict[str, str]) -> None:
    by_kind: dict[str, list[str]] = {}
    for kind, record_id in touched:
        by_kind.setdefault(kind, []).append(record_id)
    for kind, ids in by_kind.items():
        held = list(rows.load(db, KINDS[kind], ids).values())
        for item in held:
            item.ver = {
                field: tuple(names.get(dot, dot) for dot in dots)
                for field, dots in item.ver.items()
            }
        rows.save(db, held)


def _clashes(db: Database, names: dict[str, str]) -> None:
    for clash_id, heads, in_use in db.rows(
        "SELECT id, heads, in_use FROM clash WHERE settled_at IS NULL"
    ):
        new = [[names.get(head[0], head[0]), *head[1:]] for head in json.loads(heads)]
        db.do(
            "UPDATE clash SET heads = ?, in_use = ? WHERE id = ?",
            (as_text(new), names.get(in_use, in_use), clash_id),
        )
