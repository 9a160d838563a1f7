"""What the register writes itself: the effects of decisions, as ops of its own in the feed.

They meet the records by the same rule of heads, naming every head they replace, so a decision
leaves nothing open behind it. Refuses to judge: by the time this runs, the answer is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from forms.change import Json, Verb
from forms.rules.listing import PUBLIC_WORDS
from sync.register import files
from sync.register.batch import Batch
from sync.register.people import HANGS_ON_NOTHING, NOT_PERSONAL, UNASSIGNED
from sync.register.rows import Move, Row


@dataclass(slots=True, kw_only=True)
class Pen:
    """Writes system ops into a batch, in one person's name."""

    batch: Batch
    actor_id: str
    moves: list[tuple[int, str, str, str]] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    papers: set[str] = field(default_factory=set)  # erased records of files
    files: set[str] = field(default_factory=set)  # that these named
    erasing: bool = False  # nothing of this case stays before the public

    def write(
        self, kind: str, record_id: str, values: Mapping[str, Json], *, new: bool = False
    ) -> Row:
        """One system op: a new record, or fields of one that exists."""
        row = self._row(record_id)
        verb = Verb.NEW if row is None and new else Verb.SET
        if row is None:
            row = self.batch.rows[record_id] = self._fresh(kind, record_id, values)
        before = dict(row.fields)
        base = {n: row.versions[n] for n in values if n in row.versions}
        op = self.batch.of_register(verb, row, values, base, self.actor_id)
        self.batch.write_system(row, op)
        self._consequences(row, before)
        return row

    def drop(self, record_id: str) -> None:
        """Mark a record as removed, its bytes too if it is a file (an erasure)."""
        row = self._row(record_id)
        if row is None:
            return
        op = self.batch.of_register(Verb.DELETE, row, {}, row.versions, self.actor_id)
        self.batch.write_system(row, op)
        self.erased.append(record_id)
        if row.kind == "attachment":
            named = (row.fields.get("sha256"), row.fields.get("small_sha256"))
            self.files.update(str(name) for name in named if name)
            self.papers.add(record_id)

    def finish(self) -> int:
        """Write everything, the log last. Returns the newest place in the feed, or 0."""
        tx = self.batch.tx
        if self.erased:  # what may be without its words from here on, and by whose decision
            self.batch.about["erased"] = sorted(set(self.erased))
        if self.papers:  # before anything is written: who may see what is as it was
            files.forget(tx, self.papers, self.files)
        self.batch.finish()
        tx.settle()  # the places are told below
        entries = self.batch.entries
        for place, enterprise_id, audience, way in self.moves:
            tx.log.note_move(
                Move(
                    feed_seq=entries[place].feed_seq,
                    enterprise_id=enterprise_id,
                    audience=audience,
                    way=way,
                )
            )
        if self.erased:
            tx.log.erase_bodies(sorted(set(self.erased)))
        return entries[-1].feed_seq if entries else 0

    def _row(self, record_id: str) -> Row | None:
        if record_id not in self.batch.rows:
            self.batch.rows.update(self.batch.tx.records.load([record_id], lock=True))
        return self.batch.rows.get(record_id)

    def _fresh(self, kind: str, record_id: str, values: Mapping[str, Json]) -> Row:
        case_id = str(values.get("enterprise_id") or "")
        case = self._row(case_id) if case_id else None
        owner = case.owner_id if case is not None else UNASSIGNED
        owner = "" if kind in NOT_PERSONAL else owner
        return Row(id=record_id, kind=kind, enterprise_id=case_id, owner_id=owner)

    def _consequences(self, row: Row, before: Mapping[str, Json]) -> None:
        """What follows from a field that the register has just written."""
        coach = before.get("coach_id", row.fields.get("coach_id"))
        if row.kind in HANGS_ON_NOTHING and coach != row.fields.get("coach_id"):
            self._move_case(row, str(coach))
        if row.kind == "seed_claim" and row.fields.get("state") != "DRAFT":
            self._show(row.enterprise_id, "claims")
        if row.kind == "register_entry":
            self._list(row)
        if row.kind == "enterprise" and row.fields.get("erasure_asked_on"):
            self._show(row.id, "erasures")  # whoever has to agree sees whom it is about

    def _move_case(self, row: Row, old: str) -> None:
        new = str(row.fields.get("coach_id") or UNASSIGNED)
        linked = self._enquiry_of(row)
        tree = self.batch.tx.records.tree(row.id, lock=True)
        for other in [*(r.id for r in tree), linked, row.id]:
            found = self._row(other) if other else None
            if found is not None:
                found.owner_id, found.touched = new, True
        place = len(self.batch.entries) - 1
        if old:
            self.moves.append((place, row.id, old, "leave"))
        self.moves.append((place, row.id, new, "enter"))

    def _enquiry_of(self, case: Row) -> str:
        """The enquiry that a case came from and goes with: never a colleague's that it names."""
        found = self._row(str(case.fields.get("enquiry_id") or ""))
        if found is None or found.kind != "enquiry":
            return ""
        theirs = found.fields.get("enterprise_id") == case.id or found.owner_id == case.owner_id
        return found.id if theirs else ""

    def _show(self, enterprise_id: str, audience: str) -> None:
        pending = any(m[1:3] == (enterprise_id, audience) for m in self.moves)
        if not pending and enterprise_id not in self.batch.tx.log.entered([audience]):
            self.moves.append((len(self.batch.entries) - 1, enterprise_id, audience, "enter"))

    def _list(self, row: Row) -> None:
        """The public reads the words that were reviewed, never a later draft."""
        status = row.fields.get("status")
        if status != "draft":
            self._show(row.enterprise_id, "listings")
        if status == "published" and not self.erasing:
            fields = {n: row.fields[n] for n in PUBLIC_WORDS if row.fields.get(n)}
            self.batch.tx.decisions.publish(
                row.id, row.enterprise_id, fields, str(row.fields.get("published_on") or "")
            )
        else:
            self.batch.tx.decisions.withdraw(row.id)
