"""Half-typed text, kept on this laptop only: never an op, never in the trail.

Refuses nothing: a draft is whatever was on the screen.
"""

from __future__ import annotations

from collections.abc import Iterable

from forms.values import Clock
from storage.database import Database
from storage.forms import half_filled
from storage.meta import stamp
from storage.text import whole


class Drafts:
    """Text by a key that the screen chooses, e.g. 'session:<enterprise id>'."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def keep(self, key: str, text: str) -> None:
        """Remember the text; on disk when this returns."""
        with self._db.transaction():
            self._db.do(
                "INSERT INTO draft(key, text, at) VALUES (?,?,?) "
                "ON CONFLICT(key) DO UPDATE SET text = excluded.text, at = excluded.at",
                (whole(key), whole(text), stamp(self._clock.now())),
            )

    def read(self, key: str) -> str:
        """The text, or '' when there is none."""
        row = self._db.row("SELECT text FROM draft WHERE key = ?", (whole(key),))
        return "" if row is None else str(row[0])

    def about(self, ids: Iterable[str]) -> dict[str, str]:
        """Every half-typed text whose key names one of these, and their half-filled forms."""
        wanted = tuple(ids)
        found = self._db.rows("SELECT key, text FROM draft ORDER BY key")
        typed = {key: text for key, text in found if any(one in key for one in wanted)}
        return typed | half_filled(self._db, wanted)

    def drop(self, key: str) -> None:
        """Forget it."""
        with self._db.transaction():
            self._db.do("DELETE FROM draft WHERE key = ?", (whole(key),))
