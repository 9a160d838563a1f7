"""One change of the vault: record, op and trail row in one commit, and then `Changes`.

Every write of a record goes through here or through `storage.absorb`. Values are checked before a
row is made. Refuses what only the register may decide, changes of kinds that are only added to, and
to say anything was saved before the commit is on disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from forms.change import DELETED, Changed, Changes, Json, Op, Verb
from forms.facts.decisions import DecisionRequest
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, Kind, Record, fields_of, kind_of, to_json
from storage import clashes, decisions, erased, outbox, rows, steps, summary, trail
from storage import meta as m
from storage.errors import (
    AppendOnly,
    PersonErased,
    RecordExists,
    RecordUnknown,
    RegisterDecides,
    VaultBug,
)
from storage.rows import Stored
from storage.text import whole
from storage.trail import TrailEntry

if TYPE_CHECKING:
    from storage.database import Database

Key = tuple[str, str]


@dataclass(slots=True)
class _Waiting:
    """What the unit has not written yet."""

    records: dict[Key, Stored] = field(default_factory=dict)
    ops: list[Op] = field(default_factory=list)
    trail: list[TrailEntry] = field(default_factory=list)


class Unit:
    """Made by `vault.change`. Use it inside its `with` block only."""

    def __init__(
        self,
        db: Database,
        by: str,
        at: datetime,
        *,
        practice: bool = False,
        name: str | None = None,
    ) -> None:
        self._db, self._by, self._at = db, by, at
        self.step = 0  # its number in the list of steps, once the block has ended well; 0 for none
        self._name = name
        self._told_before = trail.newest(db) if name is not None else 0
        self._practice = practice  # practice records have no register to decide anything
        self._numbers = outbox.Numbers(m.Meta(db), at)
        self._waiting = _Waiting()
        self._known: dict[Key, Stored] = {}
        self._touched: dict[Key, set[str]] = {}
        self._conflicts = self._settled_beside = self._decisions = 0
        self._changes: Changes | None = None

    @property
    def changes(self) -> Changes:
        """What the commit changed. Only after the block has ended well."""
        if self._changes is None:
            raise VaultBug("nothing is saved yet")
        return self._changes

    def add(self, record: Record) -> None:
        """A new record. Raises RecordExists, RegisterDecides, ValueRefused."""
        self.add_all((record,))

    def add_all(self, records: Iterable[Record]) -> None:
        """Many new records at once: a door for imports and practice data."""
        fresh: list[tuple[Kind, Record]] = []
        for record in records:
            kind = self._travelling(record)
            self._refuse_decided(kind, self._decided_in(kind, record))
            fresh.append((kind, rows.checked_record(record, kind)))
        self._refuse_taken(fresh)
        for kind, record in fresh:
            self._new(kind, record)

    def set(self, cls: type, record_id: str, **values: object) -> None:
        """Change fields of a record. Values that are already so make no change at all."""
        kind = self._travelling(cls)
        if kind.append_only:
            raise AppendOnly
        unknown = sorted(set(values) - set(rows.specs_of(kind.name)))
        if unknown:
            raise VaultBug(f"{kind.name} has no field {', '.join(unknown)}")
        self._refuse_decided(kind, set(values) & rows.names_with(kind.name, Policy.REGISTER))
        held = self._held(kind, record_id)
        record = rows.changed(kind, held.record, values)
        told = [(n, to_json(getattr(record, n)), to_json(getattr(held.record, n))) for n in values]
        names = [name for name, now, before in told if now != before]
        if names:
            self._change(Verb.SET, held, record, names)

    def remove(self, cls: type, record_id: str, why: str = "") -> None:
        """Mark a record as removed. It stays in the vault and in its story."""
        kind = self._travelling(cls)
        held = self._held(kind, record_id)
        base = {name: held.dots(name) for name in (*rows.specs_of(kind.name), DELETED)}
        clash = clashes.open_at(self._db, kind.name, record_id, DELETED)
        if clash is not None:
            base[DELETED] = tuple(dict.fromkeys((*(h.dot for h in clash.heads), *base[DELETED])))
        op = self._op(Verb.DELETE, held, fields={}, base=base, was={}, note=why)
        held.deleted = True
        held.ver[DELETED] = (op.dot,)
        self._keep(held, [DELETED])
        self._tell(op.verb.value, held, {DELETED: False}, {DELETED: True}, why)

    def bring_back(self, cls: type, record_id: str, why: str = "") -> None:
        """Take a removal back. Raises RecordUnknown when there is no such record."""
        kind = self._travelling(cls)
        held = self._held(kind, record_id, removed_too=True)
        if held.deleted:
            self._settle_removal(held, held.dots(DELETED), why, remove=False)

    def now(self, cls: type, record_id: str) -> tuple[dict[str, Json], bool]:
        """The fields of a record as they are inside this change, and whether it is removed."""
        held = self._held(kind_of(cls), record_id, removed_too=True)
        return fields_of(held.record), held.deleted

    def settle(self, conflict_id: str, value: object, note: str = "") -> None:
        """Choose a value for a thing to check. Replaces every value the field had."""
        self.flush()  # heads of this very unit's edits must be seen
        clash = clashes.read(self._db, conflict_id)
        if clash is None or clash.settled_at is not None:
            raise RecordUnknown("This was settled already. Nothing was changed.")
        kind, name = KINDS[clash.kind], clash.field
        held = self._held(kind, clash.record_id, removed_too=True)
        if held.deleted and name != DELETED:
            raise RecordUnknown("This was removed meanwhile. Nothing was changed.")
        self._refuse_decided(kind, {name} & rows.names_with(kind.name, Policy.REGISTER))
        base = tuple(dict.fromkeys((*(h.dot for h in clash.heads), *held.dots(name))))
        if name == DELETED:
            self._settle_removal(held, base, note, remove=bool(value))
        else:
            record = rows.changed(kind, held.record, {name: value})
            self._change(Verb.SETTLE, held, record, [name], {name: base}, note)
        clashes.settle(self._db, conflict_id, self._by, self._at, whole(note))
        self._conflicts += 1

    def ask(self, request: DecisionRequest) -> None:
        """Ask the register for a decision. It waits beside the outbox; asking twice is harmless."""
        if decisions.add(self._db, request):
            self._decisions += 1

    def _travelling(self, record_or_class: object) -> Kind:
        try:
            kind = kind_of(record_or_class)
        except KeyError as error:
            raise VaultBug(f"{record_or_class!r} is no kind of record") from error
        if kind.local:
            raise VaultBug(f"{kind.name} is asked for, not written")
        return kind

    def _refuse_decided(self, kind: Kind, names: Iterable[str]) -> None:
        decided = sorted(names)
        if decided and not self._practice:
            raise RegisterDecides(kind.name, decided)

    def _decided_in(self, kind: Kind, record: Record) -> list[str]:
        plain = kind.cls(
            id=record.id, **{s.name: getattr(record, s.name) for s in kind.specs if s.required}
        )
        return [
            name
            for name in rows.names_with(kind.name, Policy.REGISTER)
            if getattr(record, name) != getattr(plain, name)
        ]

    def _refuse_taken(self, fresh: list[tuple[Kind, Record]]) -> None:
        wanted: dict[str, tuple[Kind, list[str]]] = {}
        for kind, record in fresh:
            ids = wanted.setdefault(kind.name, (kind, []))[1]
            if (kind.name, record.id) in self._known:
                raise RecordExists
            ids.append(record.id)
        for kind, ids in wanted.values():
            if len(set(ids)) != len(ids) or rows.load(self._db, kind, ids):
                raise RecordExists

    def _new(self, kind: Kind, record: Record) -> None:
        held = Stored(kind, record)
        self._known[kind.name, record.id] = held
        theirs = rows.names_with(kind.name, Policy.REGISTER)
        all_fields = fields_of(record)
        fields = {name: value for name, value in all_fields.items() if name not in theirs}
        op = self._op(Verb.NEW, held, fields=fields, base={}, was={})
        held.ver = {"*": (op.dot,)}
        self._keep(held, all_fields)
        self._tell(op.verb.value, held, {}, rows.telling(kind.name, all_fields), "")

    def _change(
        self,
        verb: Verb,
        held: Stored,
        record: Record,
        names: list[str],
        base: dict[str, tuple[str, ...]] | None = None,
        note: str = "",
    ) -> None:
        was = {name: to_json(getattr(held.record, name)) for name in names}
        now = {name: to_json(getattr(record, name)) for name in names}
        if base is None:
            base = {name: self._seen(held, name) for name in names}
        op = self._op(verb, held, fields=now, base=base, was=was, note=note)
        held.record = record
        for name in names:
            rest = [dot for dot in held.dots(name) if dot not in base[name]]
            held.ver[name] = (op.dot, *rest)
        self._keep(held, names)
        self._tell(verb.value, held, was, now, note)

    def _settle_removal(
        self, held: Stored, base: tuple[str, ...], note: str, *, remove: bool
    ) -> None:
        """Removed here, edited there: a person says which."""
        was = {DELETED: held.deleted}
        op = self._op(
            Verb.SETTLE, held, fields={DELETED: remove}, base={DELETED: base}, was=was, note=note
        )
        held.deleted, held.ver[DELETED] = remove, (op.dot,)
        self._keep(held, [DELETED])
        self._tell(op.verb.value, held, was, {DELETED: remove}, note)

    def _seen(self, held: Stored, name: str) -> tuple[str, ...]:
        """The dots whose value the person saw: with an open clash, not the other value's."""
        dots = held.dots(name)
        if len(dots) < 2:
            return dots
        shown = clashes.dots_with(
            self._db, held.kind.name, held.record.id, name, to_json(getattr(held.record, name))
        )
        # Without an open clash they hold one value, so the person saw them all.
        return tuple(dot for dot in dots if dot in shown) or dots

    def _op(
        self,
        verb: Verb,
        held: Stored,
        *,
        fields: dict[str, Json],
        base: dict[str, tuple[str, ...]],
        was: dict[str, Json],
        note: str = "",
    ) -> Op:
        inc, seq, hlc = self._numbers.take()
        op = Op(
            inc=inc,
            seq=seq,
            hlc=hlc,
            actor_id=self._by,
            verb=verb,
            kind=held.kind.name,
            record_id=held.record.id,
            fields=fields,
            base=base,
            was=was,
            note=whole(note),
        )
        self._waiting.ops.append(op)
        return op

    def _held(self, kind: Kind, record_id: str, *, removed_too: bool = False) -> Stored:
        key = (kind.name, record_id)
        held = self._known.get(key)
        if held is None:
            held = rows.load(self._db, kind, [record_id]).get(record_id)
        if held is None or (held.deleted and not removed_too):
            raise RecordUnknown
        self._known[key] = held
        return held

    def _keep(self, held: Stored, names: Iterable[str]) -> None:
        key = (held.kind.name, held.record.id)
        self._waiting.records[key] = held
        self._touched.setdefault(key, set()).update(names)

    def _tell(
        self, verb: str, held: Stored, before: dict[str, Json], after: dict[str, Json], note: str
    ) -> None:
        self._waiting.trail.append(
            TrailEntry(
                at=self._at,
                by_id=self._by,
                verb=verb,
                kind=held.kind.name,
                record_id=held.record.id,
                before=before,
                after=after,
                note=whole(note),
            )
        )

    def flush(self) -> None:
        """Write what waits, inside the transaction. Reads in the block call this first."""
        waiting, self._waiting = self._waiting, _Waiting()
        written = list(waiting.records.values())
        if not self._practice:
            _refuse_erased(self._db, waiting)
        rows.save(self._db, written)
        outbox.write(self._db, waiting.ops, self._at)
        trail.write(self._db, waiting.trail)
        self._settled_beside += clashes.follow(self._db, waiting.ops, self._at)
        summary.refresh(self._db, written)

    def finish(self) -> None:
        """Write everything, still inside the transaction."""
        self.flush()
        self._keep_step()
        self._numbers.save(self._at)

    def _keep_step(self) -> None:
        """A named change can be taken back: its trail rows are the way there and back."""
        if self._name is None:
            return
        owners = {held.enterprise_id for key, held in self._known.items() if key in self._touched}
        self.step = steps.keep(
            self._db,
            steps.Fresh(
                at=self._at,
                by_id=self._by,
                name=whole(self._name),
                enterprise_id=owners.pop() if len(owners) == 1 else "",
                after=self._told_before,
                asked=self._decisions > 0,
                chosen=self._conflicts > 0,
            ),
        )

    def committed(self) -> None:
        """The commit is on disk: say what changed."""
        self._changes = Changes(
            at=self._at,
            by=self._by,
            records=tuple(
                Changed(kind, record_id, frozenset(names))
                for (kind, record_id), names in self._touched.items()
            ),
            conflicts=self._conflicts + self._settled_beside,
            decisions=self._decisions,
        )


def _refuse_erased(db: Database, waiting: _Waiting) -> None:
    """New words about somebody erased would be in the books again: the register has none."""
    says = {(op.kind, op.record_id) for op in waiting.ops if op.verb in (Verb.NEW, Verb.SET)}
    about = {waiting.records[key].enterprise_id or key[1] for key in says}
    if about and erased.cases(db, about):
        raise PersonErased
