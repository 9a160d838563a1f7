"""Steps: what a person did, by name, and the way back from it and there again.

A step names the trail rows that its change left; the inverse is made from what they tell, as new
ops. Nothing that was sent is ever rewritten. Refuses to take back what somebody changed again since
(their work would be lost without a word), what the register was asked for, what is only ever added
to, and a choice between two values: the register has laid the other one down for good.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from forms.change import DELETED, Json
from forms.facts.field import Policy
from forms.facts.kinds import KINDS
from forms.facts.money import SeedClaim
from forms.rules.claims import EDITABLE
from storage import rows, trail
from storage.database import Database
from storage.errors import CannotUndo, RecordUnknown
from storage.meta import stamp
from storage.rows import as_text
from storage.trail import TrailEntry

if TYPE_CHECKING:
    from storage.unit import Unit

KEPT = 200  # steps of one enterprise
PAUSE = timedelta(minutes=2)  # typing on in the same field within this is one step
ASKED, STORY, CHOSEN = "asked", "story", "chosen"
_WHY = {
    ASKED: "The council was asked for this, so it cannot be undone here. You can withdraw it.",
    STORY: "This stays in the story as it was written. Add what is right now instead.",
    CHOSEN: "This was a choice between two values. "
    "Change the field itself if the other one is right.",
}
CLAIM_SENT = (
    "This claim has been sent, so nothing in it was undone. Withdraw it, or ask for it back first."
)
_MISSING = object()
_COLUMNS = "n, at, by_id, name, enterprise_id, trail, fixed, undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A change that has just been written and is about to be a step."""

    at: datetime
    by_id: str
    name: str
    enterprise_id: str
    after: int  # the newest trail row before it
    asked: bool  # the register was asked for something
    chosen: bool = False  # things to check were settled


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step as a list shows it. `entries` is what it did; `why_not` says why it must stay."""

    n: int
    at: datetime
    by_id: str
    name: str
    enterprise_id: str
    is_undone: bool
    why_not: str
    entries: tuple[TrailEntry, ...]


@dataclass(slots=True)
class _Net:
    """What a step came to for one record: first before, last after."""

    kind: str
    record_id: str
    made: bool = False
    removed: tuple[bool, bool] | None = None  # (was, is)
    before: dict[str, Json] = field(default_factory=dict)
    after: dict[str, Json] = field(default_factory=dict)


class Steps:
    """Made by the vault as `vault.steps`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def recent(self, limit: int = KEPT, enterprise_id: str = "") -> list[Step]:
        """The newest first; of one enterprise when it is named."""
        if self._db.schema() < 4:  # opened for looking, as an older version left it
            return []
        where, values = ("WHERE enterprise_id = ? ", [enterprise_id]) if enterprise_id else ("", [])
        found = self._db.rows(
            f"SELECT {_COLUMNS} FROM step {where}ORDER BY n DESC LIMIT ?",  # noqa: S608
            [*values, limit],
        )
        return [self._step(row) for row in found]

    def to_undo(self, enterprise_id: str = "") -> Step | None:
        """The newest step that stands. It may be one that has to stay: `why_not` says so."""
        return self._first("undone = 0", "n DESC", enterprise_id)

    def to_redo(self, enterprise_id: str = "") -> Step | None:
        """The step that Redo does again next: the last that was taken back."""
        return self._first("undone > 0", "undone DESC", enterprise_id)

    def get(self, n: int) -> Step | None:
        """The step with this number."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM step WHERE n = ?", (n,))  # noqa: S608
        return None if row is None else self._step(row)

    def take_back(self, unit: Unit, n: int) -> Step:
        """Undo a step inside an open change. Raises CannotUndo with nothing changed."""
        step = self._standing(n, undone=False)
        nets = _nets(step.entries)
        parents = {net.record_id for net in nets if net.made and net.kind == "enterprise"}
        for net in reversed(nets):
            if not _belongs_to(net, parents):
                self._refuse_sent_claim(unit, net)
                _back(unit, net)
        mark = int(self._db.row("SELECT coalesce(max(undone), 0) + 1 FROM step")[0])
        self._db.do("UPDATE step SET undone = ? WHERE n = ?", (mark, n))
        return step

    def do_again(self, unit: Unit, n: int) -> Step:
        """Redo a step that was taken back. Raises CannotUndo with nothing changed."""
        step = self._standing(n, undone=True)
        nets = _nets(step.entries)
        parents = {net.record_id for net in nets if net.made and net.kind == "enterprise"}
        for net in nets:
            if not _belongs_to(net, parents):
                self._refuse_sent_claim(unit, net)
                _again(unit, net)
        self._db.do("UPDATE step SET undone = 0 WHERE n = ?", (n,))
        return step

    def _standing(self, n: int, *, undone: bool) -> Step:
        step = self.get(n)
        if step is None or step.is_undone != undone:
            raise CannotUndo("That is no longer in the list. Nothing was changed.")
        if step.why_not:
            raise CannotUndo(step.why_not)
        return step

    def _refuse_sent_claim(self, unit: Unit, net: _Net) -> None:
        claim_id = net.record_id if net.kind == "seed_claim" else _claim_of(unit, net)
        if not claim_id:
            return
        fields, _ = unit.now(SeedClaim, claim_id)
        if fields.get("state") not in EDITABLE:
            raise CannotUndo(CLAIM_SENT)

    def _first(self, state: str, order: str, enterprise_id: str) -> Step | None:
        if self._db.schema() < 4:
            return None
        where, values = (" AND enterprise_id = ?", [enterprise_id]) if enterprise_id else ("", [])
        sql = f"SELECT {_COLUMNS} FROM step WHERE {state}{where} ORDER BY {order} LIMIT 1"  # noqa: S608
        row = self._db.row(sql, values)
        return None if row is None else self._step(row)

    def _step(self, row: tuple[int, str, str, str, str, str, str, int]) -> Step:
        n, at, by_id, name, enterprise_id, told, fixed, undone = row
        entries = trail.numbered(self._db, json.loads(told))
        return Step(
            n=n,
            at=datetime.fromisoformat(at),
            by_id=by_id,
            name=name,
            enterprise_id=enterprise_id,
            is_undone=undone > 0,
            why_not=_WHY.get(fixed, ""),
            entries=tuple(entries.values()),
        )


def keep(db: Database, fresh: Fresh) -> int:
    """Write a step down, inside the transaction of its change; its number.

    A change of nothing is no step: 0.
    """
    numbers = trail.numbers_after(db, fresh.after)
    if not numbers and not fresh.asked:
        return 0
    # What was taken back before this cannot be done again: the two would cross.
    db.do("DELETE FROM step WHERE undone > 0 AND enterprise_id = ?", (fresh.enterprise_id,))
    entries = list(trail.numbered(db, numbers).values())
    fixed = _fixed(fresh, entries)
    same = 0 if fixed else _types_on(db, fresh, entries, numbers)
    if same:
        return same
    db.do(
        "INSERT INTO step(at, by_id, name, enterprise_id, trail, fixed, undone) "
        "VALUES (?,?,?,?,?,?,0)",
        (
            stamp(fresh.at),
            fresh.by_id,
            fresh.name,
            fresh.enterprise_id,
            as_text(numbers),
            fixed,
        ),
    )
    db.do(
        "DELETE FROM step WHERE enterprise_id = ? AND n NOT IN "
        "(SELECT n FROM step WHERE enterprise_id = ? ORDER BY n DESC LIMIT ?)",
        (fresh.enterprise_id, fresh.enterprise_id, KEPT),
    )
    return int(db.row("SELECT max(n) FROM step")[0])


def forget(db: Database, record_ids: Iterable[str]) -> None:
    """These records left or lost their words: nothing about them can be taken back."""
    ids = as_text(list(record_ids))
    db.do(
        "DELETE FROM step WHERE enterprise_id IN (SELECT value FROM json_each(?)) OR n IN "
        "(SELECT step.n FROM step, json_each(step.trail) AS told, trail "
        "WHERE trail.n = told.value AND trail.record_id IN (SELECT value FROM json_each(?)))",
        (ids, ids),
    )


def _fixed(fresh: Fresh, entries: list[TrailEntry]) -> str:
    if fresh.asked:
        return ASKED
    if fresh.chosen:
        return CHOSEN
    made = {each.record_id for each in entries if each.kind == "enterprise" and each.verb == "new"}
    added_only = [each for each in entries if KINDS[each.kind].append_only]
    loose = [each for each in added_only if each.after.get("enterprise_id") not in made]
    return STORY if loose else ""


def _types_on(db: Database, fresh: Fresh, entries: list[TrailEntry], numbers: list[int]) -> int:
    """The newest step when this goes on typing in its field, else 0."""
    field_now = _one_field(entries)
    row = db.row(f"SELECT {_COLUMNS} FROM step ORDER BY n DESC LIMIT 1")  # noqa: S608
    if field_now is None or row is None:
        return 0
    n, at, by_id, name, _, told, fixed, undone = row
    soon = timedelta() <= fresh.at - datetime.fromisoformat(at) <= PAUSE
    if fixed or undone or not soon or (by_id, name) != (fresh.by_id, fresh.name):
        return 0
    before = json.loads(told)
    if _one_field(list(trail.numbered(db, before).values())) != field_now:
        return 0
    db.do(
        "UPDATE step SET trail = ?, at = ? WHERE n = ?",
        (as_text([*before, *numbers]), stamp(fresh.at), n),
    )
    return int(n)


def _one_field(entries: list[TrailEntry]) -> tuple[str, str] | None:
    """(record, field) when all of it is one text in one field."""
    found = {
        (entry.record_id, name)
        for entry in entries
        for name in entry.after
        if entry.verb == "set" and isinstance(entry.after[name], str)
    }
    whole = all(entry.verb == "set" and len(entry.after) == 1 for entry in entries)
    return found.pop() if whole and len(found) == 1 else None


def _nets(entries: Iterable[TrailEntry]) -> list[_Net]:
    out: dict[tuple[str, str], _Net] = {}
    for entry in entries:
        key = (entry.kind, entry.record_id)
        net = out.setdefault(key, _Net(*key))
        if entry.verb == "new":
            net.made = True
            net.after = dict(rows.told_whole(entry.kind, entry.after))
            continue
        for name, value in entry.after.items():
            if name == DELETED:
                was = net.removed[0] if net.removed else bool(entry.before.get(DELETED))
                net.removed = (was, bool(value))
            else:
                net.before.setdefault(name, entry.before.get(name))
                net.after[name] = value
    return list(out.values())


def _belongs_to(net: _Net, parents: set[str]) -> bool:
    """Written once, under an enterprise of the same step: it goes out of sight with it."""
    return KINDS[net.kind].append_only and net.after.get("enterprise_id") in parents


def _claim_of(unit: Unit, net: _Net) -> str:
    if net.kind != "claim_line":
        return ""
    fields, _ = unit.now(KINDS[net.kind].cls, net.record_id)
    return str(fields.get("claim_id", ""))


def _back(unit: Unit, net: _Net) -> None:
    cls = KINDS[net.kind].cls
    fields, removed = _now(unit, net)
    if net.made:
        _same(fields, net.after, _own(net))
        if not removed:
            unit.remove(cls, net.record_id, why="undone")
        return
    if net.removed is not None and net.removed[0] != removed:
        _mark(unit, net, removed=net.removed[0])
    values = dict(_put(fields, net.after, net.before))
    if values and not (net.removed and net.removed[0]):
        unit.set(cls, net.record_id, **values)


def _again(unit: Unit, net: _Net) -> None:
    cls = KINDS[net.kind].cls
    fields, removed = _now(unit, net)
    if net.made and net.removed:
        return  # made and removed within the step
    if net.made and removed:
        unit.bring_back(cls, net.record_id, why="done again")
    values = {} if net.made else dict(_put(fields, net.before, net.after))
    if values:
        unit.set(cls, net.record_id, **values)
    if net.removed is not None and net.removed[1] != removed:
        _mark(unit, net, removed=net.removed[1])


def _mark(unit: Unit, net: _Net, *, removed: bool) -> None:
    cls = KINDS[net.kind].cls
    if removed:
        unit.remove(cls, net.record_id, why="undone")
    else:
        unit.bring_back(cls, net.record_id, why="undone")


def _now(unit: Unit, net: _Net) -> tuple[dict[str, Json], bool]:
    try:
        return unit.now(KINDS[net.kind].cls, net.record_id)
    except RecordUnknown as error:
        raise CannotUndo("That record is no longer on this laptop. Nothing was undone.") from error


def _own(net: _Net) -> Iterator[str]:
    """The fields of a new record that only people write: what the register decides may differ."""
    theirs = rows.names_with(net.kind, Policy.REGISTER)
    return (name for name in net.after if name not in theirs)


def _same(fields: dict[str, Json], told: dict[str, Json], names: Iterable[str]) -> None:
    if any(fields.get(name) != told[name] for name in names):
        raise CannotUndo


def _put(
    fields: dict[str, Json], expected: dict[str, Json], wanted: dict[str, Json]
) -> Iterator[tuple[str, Json]]:
    """The values to set so that `expected` becomes `wanted`; a mapping key by key."""
    for name, value in wanted.items():
        now, there = fields.get(name), expected.get(name)
        if isinstance(now, dict) and isinstance(there, dict) and isinstance(value, dict):
            yield name, _put_keys(now, there, value)
        elif now != there:
            raise CannotUndo
        else:
            yield name, value


def _put_keys(
    now: dict[str, Json], there: dict[str, Json], value: dict[str, Json]
) -> dict[str, Json]:
    out = dict(now)
    for key in {*there, *value}:
        before, after = there.get(key, _MISSING), value.get(key, _MISSING)
        if before == after:
            continue
        if now.get(key, _MISSING) != before:
            raise CannotUndo
        if after is _MISSING:
            out.pop(key, None)
        else:
            out[key] = after
    return out
