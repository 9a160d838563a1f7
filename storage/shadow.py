"""The register's value of a field that has an unsent edit here: remembered, not shown.

It comes into use when the edit is acknowledged after it, or when the register does not take the
edit. Refuses to be read by anything but the two that write it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from forms.change import Head, Json
from storage.database import Database
from storage.meta import stamp
from storage.rows import Dots, as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """One remembered field. `touched`: the register told it after the edit was made here."""

    kind: str
    record_id: str
    field: str
    value: Json
    versions: Dots
    heads: tuple[Head, ...] = ()
    before: Json = None
    touched: bool = True


def keep(db: Database, shadow: Shadow) -> None:
    """Remember, in place of what was remembered before."""
    db.do(
        "INSERT OR REPLACE INTO shadow(kind, record_id, field, value, versions, heads, before, "
        "touched) VALUES (?,?,?,?,?,?,?,?)",
        (
            shadow.kind,
            shadow.record_id,
            shadow.field,
            as_text(shadow.value),
            as_text(list(shadow.versions)),
            as_text([[h.dot, h.value, h.actor_id, stamp(h.at)] for h in shadow.heads]),
            as_text(shadow.before),
            shadow.touched,
        ),
    )


def of_records(db: Database, record_ids: Sequence[str]) -> dict[tuple[str, str], Shadow]:
    """(record id, field) -> what is remembered."""
    found = db.rows(
        "SELECT kind, record_id, field, value, versions, heads, before, touched FROM shadow "
        "WHERE record_id IN (SELECT value FROM json_each(?))",
        (as_text(list(record_ids)),),
    )
    out = {}
    for kind, record_id, field, value, versions, heads, before, touched in found:
        out[record_id, field] = Shadow(
            kind=kind,
            record_id=record_id,
            field=field,
            value=json.loads(value),
            versions=tuple(json.loads(versions)),
            heads=tuple(
                Head(dot=h[0], value=h[1], actor_id=h[2], at=datetime.fromisoformat(h[3]))
                for h in json.loads(heads)
            ),
            before=json.loads(before),
            touched=bool(touched),
        )
    return out


def forget(db: Database, kind: str, record_id: str, field: str) -> None:
    """Forget one."""
    db.do(
        "DELETE FROM shadow WHERE kind = ? AND record_id = ? AND field = ?",
        (kind, record_id, field),
    )
