"""What Today asks: actions not done yet, evidence that runs out; a page at a time, by an index.

Refuses to read every action, item or form in order to show ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from storage.database import Database
from storage.forms import Ending
from storage.rows import as_text

_COUNT = "SELECT count(*) FROM action WHERE "
_IDS = "SELECT id FROM action WHERE "
_OPEN = (
    "done_on IS NULL AND deleted = 0 AND (start_on IS NULL OR start_on <= :begun_by) "
    "AND (:due_by IS NULL OR due_on IS NULL OR due_on <= :due_by) AND "
)
_WHOSE = {True: "owner = 'coach'", False: "owner <> 'coach'"}
_ORDER = {
    True: " ORDER BY due_on IS NULL, due_on, id LIMIT :limit",
    False: (
        " ORDER BY coalesce(start_on, due_on) IS NULL, coalesce(start_on, due_on), id LIMIT :limit"
    ),
}


@dataclass(frozen=True, slots=True)
class Open:
    """Which open actions: the coach's or other people's, begun by a day, due by a day."""

    mine: bool
    begun_by: date
    due_by: date | None = None

    def values(self) -> dict[str, object]:
        """The days as the tables hold them."""
        due = self.due_by.isoformat() if self.due_by else None
        return {"begun_by": self.begun_by.isoformat(), "due_by": due}


def open_action_ids(db: Database, where: Open, limit: int) -> list[str]:
    """Their ids, most pressing first."""
    sql = _IDS + _OPEN + _WHOSE[where.mine] + _ORDER[where.mine]
    return [row[0] for row in db.rows(sql, where.values() | {"limit": limit})]


def count_open_actions(db: Database, where: Open) -> int:
    """How many there are."""
    return int(db.row(_COUNT + _OPEN + _WHOSE[where.mine], where.values())[0])


_ENDS = (
    "SELECT id, expires_on FROM checklist_item WHERE state = 'done' AND deleted = 0 "
    "AND expires_on IS NOT NULL AND expires_on <= :by"
)
_RENEWS = (
    "SELECT item.id, item.evidence_on FROM json_each(:renewals) AS rule "
    "JOIN checklist_item AS item ON item.code = rule.key AND item.evidence_on <= rule.value "
    "WHERE item.expires_on IS NULL AND item.evidence_on IS NOT NULL AND item.deleted = 0 "
    "AND item.state = 'done'"
)


def ending_item_ids(db: Database, by: date, renewals: Mapping[str, date], limit: int) -> list[str]:
    """Done items that run out by a day, the soonest first.

    `renewals`: code -> the day up to which evidence is too old by then, where no end is written.
    """
    days = {code: day.isoformat() for code, day in renewals.items()}
    found = db.rows(_ENDS + " ORDER BY expires_on LIMIT :n", {"by": by.isoformat(), "n": limit})
    found += db.rows(_RENEWS + " LIMIT :n", {"renewals": as_text(days), "n": limit})
    return [row[0] for row in found]


def ending_steps(db: Database, on: date, limit: int) -> list[Ending]:
    """Steps of checklist forms whose day to speak up has come, the soonest end first."""
    found = db.rows(
        "SELECT code, label, expires_on, warn_on, response_id, enterprise_id FROM form_expiry "
        "WHERE warn_on <= ? ORDER BY expires_on, code LIMIT ?",
        (on.isoformat(), limit),
    )
    return [
        Ending(
            code=row[0], label=row[1], expires_on=date.fromisoformat(row[2]),
            warn_on=date.fromisoformat(row[3]), response_id=row[4], enterprise_id=row[5],
        )
        for row in found
    ]  # fmt: skip
