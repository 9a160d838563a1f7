"""One enterprise of the caseload in words: what the table, the preview and a copied list say.

Refuses to hold the vault: it is carried into the vault lane and keeps plain values only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desktop.presenters.chip import date_words
from desktop.presenters.counted import counted, done_words
from desktop.presenters.words import counted as counted_words
from forms.facts.casework import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forms.rules.checklist import Progress
    from forms.rules.pack import Pack
    from storage.caseload import CaseloadRow
    from storage.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table, in words."""

    id: str
    cells: tuple[str, ...]  # in the order of the columns
    in_file: tuple[str, ...]  # the same for a file: days as 2026-11-28, "today" means nothing there
    done: int
    of: int
    name: str
    leader: str
    waiting_on: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a caseload row in words; runs in the vault lane, so it holds plain values only."""

    stages: dict[str, str]
    today: date
    pack: Pack

    def lines(self, reader: Reader, ids: Sequence[str]) -> list[Line]:
        """The rows of these enterprises, each with its checklist counted."""
        counts = counted(reader, self.pack, ids, self.today)
        rows = reader.caseload_rows(ids)
        since = _waiting_since(reader, [row.id for row in rows if row.waiting_on])
        return [self.line(row, counts.get(row.id), since.get(row.id)) for row in rows]

    def line(self, row: CaseloadRow, counts: Progress | None, since: date | None = None) -> Line:
        """One row; `since`: the day from which somebody else has been waited for."""
        waits = _waiting(row)
        days = (self.today - since).days if since is not None and waits else 0
        waited = f"{waits}, {counted_words(days, 'day')}" if days > 0 else waits
        due = f" ({date_words(row.next_due, self.today)})" if row.next_due else ""
        due_on = f" ({row.next_due.isoformat()})" if row.next_due else ""
        contact = self._contact(row.last_contact, row.last_kind)
        contact_on = row.last_contact.isoformat() if row.last_contact else contact
        to_come = f"; {row.planned_kind} planned" if row.planned else ""
        if row.planned:
            contact += f"{to_come} {self._day(row.planned)}"
            to_come += f" {row.planned.isoformat()}"
        first = (
            _name(row),
            row.place,
            self.stages.get(row.stage, row.stage.replace("_", " ").capitalize()),
            done_words(counts) or "nothing asked yet",
        )
        return Line(
            id=row.id,
            cells=(*first, f"{row.next_action}{due}", waited, contact),
            in_file=(
                *first,
                f"{row.next_action}{due_on}",
                waited,
                f"{contact_on}, {row.last_kind}{to_come}"
                if row.last_kind
                else f"{contact_on}{to_come}",
            ),
            done=counts.done if counts else 0,
            of=counts.total if counts else 0,
            name=row.name or row.leader,
            leader=row.leader,
            waiting_on=waited,
        )

    def _contact(self, day: date | None, kind: str) -> str:
        """The day and the kind: "Tue 17 Nov, call"."""
        if day is None:
            return "none yet"
        said = self._day(day)
        return f"{said}, {kind}" if kind else said

    def _day(self, day: date) -> str:
        if abs((day - self.today).days) <= 1:
            return date_words(day, self.today)
        year = "" if day.year == self.today.year else f" {day.year}"
        return f"{day:%a} {day.day} {day:%b}{year}"


def _name(row: CaseloadRow) -> str:
    """The enterprise, and who runs it; somebody without a trading name is there by her own."""
    if not row.name:
        return row.leader or "No name yet"
    return f"{row.name} ({row.leader})" if row.leader and row.leader != row.name else row.name


def _waiting(row: CaseloadRow) -> str:
    return {"leader": row.leader or "the leader", "other": "somebody else"}.get(
        row.waiting_on, row.waiting_on
    )


def _waiting_since(reader: Reader, ids: Sequence[str]) -> dict[str, date]:
    """Since when each is waited for: of the very thing that the list names (vault lane)."""
    found: dict[str, date] = {}
    for enterprise_id, actions in (reader.under(Action, ids) if ids else {}).items():
        theirs = [each for each in actions if each.owner != "coach" and each.done_on is None]
        theirs.sort(key=lambda each: (each.due_on is None, each.due_on or date.max, each.id))
        named = theirs[0] if theirs else None
        if named is not None and named.start_on is not None:
            found[enterprise_id] = named.start_on
    return found
