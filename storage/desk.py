"""What the desk remembers between two days: where the person was, views of a list, columns.

It lies in the vault because a filter can hold a name. Refuses to be an op or a trail row: it never
leaves this laptop.
"""

from __future__ import annotations

from storage.database import Database
from storage.text import whole


class Desk:
    """Text by a key that the window chooses, e.g. 'place' or 'views/caseload'."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, key: str, text: str) -> None:
        """Remember the text; on disk when this returns. '' forgets it."""
        with self._db.transaction():
            if text:
                self._db.do(
                    'INSERT INTO desk("key", text) VALUES (?,?) '
                    'ON CONFLICT("key") DO UPDATE SET text = excluded.text',
                    (whole(key), whole(text)),
                )
            else:
                self._db.do('DELETE FROM desk WHERE "key" = ?', (whole(key),))

    def read(self, key: str) -> str:
        """The text, or '' when there is none (also in a vault that is only looked at)."""
        if self._db.schema() < 4:  # opened for looking, as an older version left it
            return ""
        row = self._db.row('SELECT text FROM desk WHERE "key" = ?', (whole(key),))
        return "" if row is None else str(row[0])
