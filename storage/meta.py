"""Facts about the vault itself: ids, counters, bookmark, identity. One row each.

Refuses nothing; the names are all here, so that no other module invents one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from storage.database import Database

VAULT_ID = "vault_id"
PRACTICE = "practice"
INCARNATION = "incarnation"
NEXT_SEQ = "next_seq"
HLC = "hlc"
BOOKMARK = "bookmark"
IDENTITY = "identity"
LAST_SAVED = "last_saved_at"
LAST_SENT = "last_sent_at"
PACK_VERSION = "pack_version"
RECOVERING = "recovering"
WITNESSED = "witnessed"
TOLD_WAITING = "told_waiting"  # what the register was last told of what waits
CARRIED = "carried"  # how far files have got by stick that are not there whole: bytes, by hash
COMPARED = "compared_at"
STORY_UP_TO = "story_up_to"  # place in the trail; absent: no entry stands in `trail_of` yet
WORDS_UP_TO = "words_up_to"  # place in the trail; absent: search knows every word


class Meta:
    """Named values in the table `meta`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def text(self, key: str, default: str = "") -> str:
        """The value, or the default when there is none."""
        known = self._db.known.now()
        if key not in known:
            row = self._db.row("SELECT value FROM meta WHERE key = ?", (key,))
            known[key] = None if row is None else str(row[0])
        value: str | None = known[key]
        return default if value is None else value

    def texts(self, *keys: str) -> dict[str, str]:
        """The values of several keys that have one, in one reading."""
        marks = ", ".join("?" * len(keys))
        return dict(self._db.rows(f"SELECT key, value FROM meta WHERE key IN ({marks})", keys))  # noqa: S608 - marks only

    def number(self, key: str, default: int = 0) -> int:
        """The value as a whole number."""
        return int(self.text(key, str(default)))

    def moment(self, key: str) -> datetime | None:
        """The value as a moment, or None."""
        found = self.text(key)
        return datetime.fromisoformat(found) if found else None

    def put(self, key: str, value: str | int) -> None:
        """Set a value, inside a transaction."""
        self.put_all({key: value})

    def put_all(self, values: Mapping[str, str | int]) -> None:
        """Set several values, inside a transaction."""
        self._db.do_many(
            "INSERT INTO meta(key, value) VALUES (?, ?) "
            "ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            [(key, str(value)) for key, value in values.items()],
        )

    def drop(self, key: str) -> None:
        """Remove a value, inside a transaction."""
        self._db.do("DELETE FROM meta WHERE key = ?", (key,))


def stamp(moment: datetime) -> str:
    """A moment as the books write it: UTC, ISO."""
    return moment.astimezone(UTC).isoformat()


def unstamp(text: str | None) -> datetime | None:
    """A moment from the books."""
    return datetime.fromisoformat(text) if text else None
