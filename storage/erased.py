"""Whom the register has erased, as this laptop's records say: nothing more is kept about them.

Refuses to guess from a name: a record is theirs when it hangs on a record that was anonymised.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from forms.facts.kinds import KINDS
from storage import rows
from storage.database import Database
from storage.rows import as_text

_NO_ID = re.compile(r"[^0-9A-Za-z_-]+")  # what stands between ids in the name of a draft
_CASES = ("enterprise", "enquiry")


def cases(db: Database, among: Collection[str]) -> list[str]:
    """Those of these enterprises and enquiries that the register anonymised."""
    wanted = ""
    found: list[str] = []
    for name in _CASES:
        # The index is named: left to itself SQLite reads the row of each of a thousand cases.
        erased = f"{name} INDEXED BY {name}_anonymised WHERE anonymised_on IS NOT NULL"
        if db.row(f"SELECT EXISTS(SELECT 1 FROM {erased})") == (0,):  # noqa: S608 - our own names
            continue
        wanted = wanted or as_text(sorted(among))
        found += [
            row[0]
            for row in db.rows(
                f"SELECT id FROM {erased} AND id IN (SELECT value FROM json_each(?))",  # noqa: S608
                (wanted,),
            )
        ]
    return found


def is_named(db: Database, said: str) -> bool:
    """Whether one of the ids in this text is theirs, or of a record that hangs on them."""
    if not any_erased(db):
        return False
    ids = [each for each in _NO_ID.split(said) if each]
    hangs_on = {
        item.enterprise_id
        for kind in KINDS.values()
        if not kind.local
        for item in rows.load(db, kind, ids).values()
    }
    return bool(cases(db, {*ids, *hangs_on}))


def any_erased(db: Database) -> bool:
    """Whether there is anybody at all: two looks into small indexes."""
    return any(
        db.row(
            f"SELECT EXISTS(SELECT 1 FROM {name} INDEXED BY {name}_anonymised "  # noqa: S608
            "WHERE anonymised_on IS NOT NULL)"
        )
        == (1,)
        for name in _CASES
    )
