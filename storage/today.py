"""What Today asks: actions that nobody has done yet, a page at a time and by an index.

Refuses to read every action in order to show ten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.database import Database

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
