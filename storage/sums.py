"""The numbers of the records here, a few at a time, to compare with the register's.

Left out is what the register rightly does not have for this laptop: a record it did not take, and
one that waits to leave. Refuses to write anything.
"""

from __future__ import annotations

from forms.facts.kinds import KINDS, fields_of
from forms.sums import sum_of
from storage import rows
from storage.database import Database
from storage.rows import as_text

_TRAVEL = tuple(kind.name for kind in KINDS.values() if not kind.local)
_NOT_THEIRS = (
    "SELECT record_id FROM outbox WHERE verb = 'new' AND record_id IN "
    "(SELECT value FROM json_each(?1)) AND (result LIKE 'refused%' OR result LIKE 'held%') "
    "UNION SELECT record_id FROM leaving UNION SELECT record_id FROM held_back"
)


def numbers(db: Database, after: tuple[str, str], limit: int) -> list[tuple[str, str, int]]:
    """The next (kind, record id, number) after a place in the list; empty at its end."""
    kind_name, last = after if after[0] else (_TRAVEL[0], "")
    for name in _TRAVEL[_TRAVEL.index(kind_name) :]:
        found = [
            row[0]
            for row in db.rows(
                f'SELECT id FROM "{name}" WHERE id > ? ORDER BY id LIMIT ?',  # noqa: S608 - a kind
                (last, limit),
            )
        ]
        if found:
            return _of(db, name, found)
        last = ""
    return []


def _of(db: Database, name: str, ids: list[str]) -> list[tuple[str, str, int]]:
    text = as_text(ids)
    apart = {row[0] for row in db.rows(_NOT_THEIRS, (text,))}
    clashing: dict[str, list[str]] = {}
    for record_id, field in db.rows(
        "SELECT record_id, field FROM clash WHERE settled_at IS NULL AND kind = ? "
        "AND record_id IN (SELECT value FROM json_each(?))",
        (name, text),
    ):
        clashing.setdefault(record_id, []).append(field)
    held = rows.load(db, KINDS[name], ids)
    out = []
    for record_id in ids:
        item = held[record_id]
        number = sum_of(
            name,
            record_id,
            fields_of(item.record),
            item.dots,
            deleted=item.deleted,
            clashing=clashing.get(record_id, ()),
        )
        out.append((name, record_id, -1 if record_id in apart else number))
    return out
