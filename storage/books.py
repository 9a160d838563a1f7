"""What one exchange with the register changes, gathered and then written together.

Shared by pages that come in and receipts that come back. Refuses to write a record without its
trail and its place in lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from forms.change import DELETED, Changed, Changes, Head, Json
from forms.facts.kinds import fields_of
from storage import clashes, rows, summary, trail
from storage.database import Database
from storage.errors import ValueRefused
from storage.rows import Dots, Stored
from storage.trail import TrailEntry


@dataclass(slots=True)
class Books:
    """Records to write, entries to tell, clashes opened or closed."""

    db: Database
    at: datetime
    records: dict[tuple[str, str], Stored] = field(default_factory=dict)
    entries: list[TrailEntry] = field(default_factory=list)
    touched: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    conflicts: int = 0
    parked_before: bool = True  # whether anything was parked when this began
    arrived: list[Changed] = field(default_factory=list)  # new ones that are written already
    cases: set[str] = field(default_factory=set)  # the enterprises and enquiries they belong to
    lines: set[str] = field(default_factory=set)  # enterprises whose line in lists they change
    words_later: bool = False  # whether search takes the words in afterwards
    is_enough: Callable[[], bool] = bool  # whether this commit should begin with no more records
    most: int = 1_000_000  # records that this commit should try, at most

    def put(self, held: Stored, names: Iterable[str] = ()) -> None:
        """Write this record at the end; `names` are the fields that look different now."""
        key = (held.kind.name, held.record.id)
        self.records[key] = held
        shown = set(names)
        if shown:
            self.touched.setdefault(key, set()).update(shown)

    def take_value(self, held: Stored, name: str, value: Json, versions: Dots) -> bool:
        """Give one field the register's value. False when this version cannot hold the value."""
        if name == DELETED:
            changed = held.deleted != bool(value)
            held.deleted = bool(value)
        else:
            before = fields_of(held.record)
            try:
                held.record = rows.checked(held.kind, held.record.id, before | {name: value})
            except ValueRefused:
                return False
            changed = fields_of(held.record)[name] != before[name]
        held.ver[name] = versions
        self.put(held, [name] if changed else [])
        return True

    def clash(
        self, held: Stored, name: str, heads: tuple[Head, ...], versions: Dots, before: Json
    ) -> None:
        """Keep, follow or close the clash of one field as the register tells it."""
        key = (held.kind.name, held.record.id, name)
        if len(heads) > 1 and versions:  # the register names heads only while a clash is open
            self.conflicts += clashes.record(self.db, key, heads, versions[0], before, self.at)
            return
        old = clashes.open_at(self.db, *key)
        if old is not None:
            by = heads[0].actor_id if heads else ""
            clashes.settle(self.db, old.id, by, self.at, "")
            self.conflicts += 1
            self.touched.setdefault(key[:2], set()).add(name)  # also where its value stays

    def tell(self, entry: TrailEntry) -> None:
        """Add an entry to the trail."""
        self.entries.append(entry)

    def write(self) -> None:
        """Write everything, inside the transaction."""
        written = list(self.records.values())
        rows.save(self.db, written)
        trail.write(self.db, self.entries)
        if not self.words_later:
            summary.refresh_search(self.db, written)
        summary.refresh_caseload(self.db, summary.cases_of(written) | self.lines)

    def changes(self) -> Changes:
        """What people see changed."""
        return Changes(
            at=self.at,
            by="register",
            records=(
                *self.arrived,
                *(
                    Changed(kind, record_id, frozenset(names))
                    for (kind, record_id), names in self.touched.items()
                ),
            ),
            conflicts=self.conflicts,
        )
