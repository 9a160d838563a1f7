"""A vault in memory for presenter tests: the API of storage, the facts of forms, nothing on disk.

Widget tests use a real vault; this twin keeps presenter tests quick and can fail a commit.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from forms.change import Changed, Changes, Conflict
from forms.facts.kinds import fields_of, kind_of
from forms.values import SetClock
from storage import today
from storage.forms import Forms
from storage.migrations import m0007_forms, split


class PlainBooks:
    """The tables of forms in a plain file in memory, with the statements of the real ones."""

    def __init__(self):
        self._raw = sqlite3.connect(":memory:", isolation_level=None)
        for statement in split(m0007_forms.SQL):
            if "checklist_item" not in statement and "form_response" not in statement:
                self._raw.execute(statement)

    def rows(self, sql, values=()):
        return self._raw.execute(sql, values).fetchall()

    def row(self, sql, values=()):
        return self._raw.execute(sql, values).fetchone()

    def do(self, sql, values=()):
        return self._raw.execute(sql, values).rowcount

    def do_many(self, sql, values):
        self._raw.executemany(sql, values)

    @contextmanager
    def transaction(self):
        yield


@dataclass
class MemoryUnit:
    vault: MemoryVault
    by: str
    at: datetime
    writes: list[Any] = field(default_factory=list)
    settled: list[Any] = field(default_factory=list)
    asked: list[Any] = field(default_factory=list)
    step: int = 0

    def add(self, record):
        self.writes.append((type(record), record.id, "new", fields_of(record), record))

    def set(self, cls, record_id, **fields):
        self.writes.append((cls, record_id, "set", fields, None))

    def remove(self, cls, record_id, *, why):
        self.writes.append((cls, record_id, "delete", {"why": why}, None))

    def settle(self, conflict_id, value, *, note=""):
        self.settled.append((conflict_id, value, note))

    def ask(self, request):
        self.asked.append(request)

    @property
    def changes(self):
        touched = tuple(
            Changed(kind_of(cls).name, rid, frozenset(fields))
            for cls, rid, _verb, fields, _r in self.writes
        )
        return Changes(
            at=self.at,
            by=self.by,
            records=touched,
            conflicts=len(self.settled),
            decisions=len(self.asked),
        )


class MemorySteps:
    """Whole pictures of the records before and after each named change."""

    def __init__(self, vault):
        self.vault, self.kept = vault, []

    def keep(self, name, before, after):
        self.kept.append((name, before, after))
        return len(self.kept)

    def get(self, n):
        return SimpleNamespace(n=n, name=self.kept[n - 1][0], entries=())

    def to_undo(self, _enterprise_id=""):
        return self.get(len(self.kept)) if self.kept else None

    def take_back(self, _unit, n):
        self.vault.records = self.kept[n - 1][1]

    def do_again(self, _unit, n):
        self.vault.records = self.kept[n - 1][2]


@dataclass
class MemoryVault:
    records: dict[Any, Any] = field(default_factory=dict)
    open_conflicts: list[Any] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    trail: list[Any] = field(default_factory=list)
    blobs: dict[Any, Any] = field(default_factory=dict)
    half_typed: dict[Any, Any] = field(default_factory=dict)
    fails_with: Exception | None = None
    prefix: str = ""  # of every name of a draft
    settled: list[Any] = field(default_factory=list)
    gone: dict[Any, Any] = field(default_factory=dict)  # records that were removed

    def __post_init__(self):
        self.steps = MemorySteps(self)

    def hold(self, *records) -> MemoryVault:
        for record in records:
            self.records[type(record), record.id] = record
        return self

    @property
    def reader(self):
        return self

    @contextmanager
    def one_moment(self):
        yield

    def changed_since(self, number):
        later = () if number is None else self.trail[number:]
        return len(self.trail), frozenset(each.kind for each in later)

    @property
    def files(self):
        return self

    is_read_only = False

    @property
    def drafts(self):
        return self

    @cached_property
    def forms(self):
        return Forms(PlainBooks(), SetClock(NOON))

    def form_versions(self, form_id=""):
        return self.forms.versions(form_id)

    def ending_items(self, by, renewals, limit=200):
        return [
            each
            for (cls, _), each in self.records.items()
            if cls.__name__ == "ChecklistItem"
            and each.state == "done"
            and (
                each.expires_on <= by
                if each.expires_on
                else each.evidence_on and each.evidence_on <= renewals.get(each.code, date.min)
            )
        ]

    def ending_steps(self, on, limit=200):
        return today.ending_steps(self.forms._db, on, limit)

    def get_all(self, cls, record_ids):
        found = (self.get(cls, each) for each in sorted(record_ids))
        return [each for each in found if each is not None]

    def get(self, cls, record_id):
        return self.records.get((cls, record_id))

    def all(self, cls, **equals):
        return self._equal(self.records, cls, equals)

    def removed(self, cls, **equals):
        return self._equal(self.gone, cls, equals)

    def _equal(self, records, cls, equals):
        found = [r for (c, _), r in records.items() if c is cls]
        found = [r for r in found if all(getattr(r, k) == v for k, v in equals.items())]
        return sorted(found, key=lambda r: r.id)

    def history(self, record_id):
        return [each for each in self.trail if each.record_id == record_id]

    def conflicts(self, *, open_only=True) -> list[Conflict]:
        return [c for c in self.open_conflicts if not open_only or c.settled_at is None]

    def decisions(self, state=None):
        return [r for r in self.requests if state is None or r.state == state]

    def unsent_count(self):
        return 0

    def last_sent_at(self):
        return None

    def store(self, data, *, name, mime):
        sha = hashlib.sha256(data).hexdigest()
        self.blobs[sha] = data
        return SimpleNamespace(sha256=sha, size=len(data), mime=mime)

    def keep(self, key, text, about=""):
        del about
        self._fail_if_told()
        self.half_typed[key] = text

    def is_about_erased(self, key, about=""):
        del key, about
        return False

    def read(self, key):
        return self.blobs.get(key) or self.half_typed.get(key)

    def missing(self):
        return []

    def drop(self, key):
        self.half_typed.pop(key, None)

    def _fail_if_told(self):
        if self.fails_with is not None:
            raise self.fails_with

    @contextmanager
    def change(self, *, by, at, name=None):
        unit = MemoryUnit(self, by, at)
        before, typed = dict(self.records), dict(self.half_typed)
        try:
            yield unit
            self._fail_if_told()
        except Exception:  # whatever it is goes on its way: as in a vault, its drafts stay
            self.half_typed.clear()
            self.half_typed.update(typed)
            raise
        for cls, record_id, verb, fields, record in unit.writes:
            self._apply(cls, record_id, verb, fields, record, by, at)
        for conflict_id, value, note in unit.settled:
            self.settled.append((conflict_id, value, note))
            self.open_conflicts = [c for c in self.open_conflicts if c.id != conflict_id]
        self.requests.extend(unit.asked)
        if name is not None:
            unit.step = self.steps.keep(name, before, dict(self.records))

    def _apply(self, cls, record_id, verb, fields, record, by, at):
        before = {}
        if verb == "new":
            self.records[cls, record_id] = record
        elif verb == "delete":
            self.gone[cls, record_id] = self.records.pop((cls, record_id))
        else:
            old = self.records[cls, record_id]
            before = {name: getattr(old, name) for name in fields}
            self.records[cls, record_id] = replace(old, **fields)
        self.trail.append(
            SimpleNamespace(
                kind=kind_of(cls).name,
                record_id=record_id,
                by_id=by,
                at=at,
                verb=verb,
                before=before,
                after=fields,
            )
        )


NOON = datetime(2022, 11, 20, 14, 32, tzinfo=UTC)
