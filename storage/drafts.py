"""Half-typed text, kept on this laptop only: never an op, never in the trail.

Refuses to keep anything about somebody whom the register has erased; else a draft is whatever was
on the screen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from forms.values import Clock
from storage import erased
from storage.database import Database
from storage.forms import half_filled
from storage.meta import stamp
from storage.text import whole

if TYPE_CHECKING:
    from storage.keys import SecretKey

CHOSEN, NOTE = "/chosen", "/note"  # a quick note says beside it whom it is for: "visit <id>"


class Drafts:
    """Text by a key that the screen chooses, e.g. 'session:<enterprise id>'."""

    prefix = ""  # of every key here

    def __init__(self, db: Database, clock: Clock, key: SecretKey) -> None:
        self._db, self._clock, self._key = db, clock, key

    def keep(self, key: str, text: str, about: str = "") -> None:
        """Remember the text; on disk when this returns. `about`: whom it was for, as ids.

        About somebody who was erased nothing is kept, whatever stands on a page still.
        """
        said = text if key.endswith(CHOSEN) else ""
        if self.is_about_erased(key, f"{about} {said}"):
            self.drop(key)
            return
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

    def is_about_erased(self, key: str, about: str = "") -> bool:
        """Whether a text of this name is about somebody erased; `about`: what else says whom."""
        beside = self.read(key.removesuffix(NOTE) + CHOSEN) if key.endswith(NOTE) else ""
        return erased.is_named(self._db, f"{key} {about} {beside}")

    def about(self, ids: Iterable[str]) -> dict[str, str]:
        """Every half-typed text that is about one of these records, and their half-filled forms.

        Its key names them, or it is a quick note that was meant for them. A text about a claim or a
        form names that alone: who asks about a person gives the ids of their records too.
        """
        wanted = tuple(ids)
        typed = _about(self._db, wanted)
        return typed | half_filled(self._db, wanted)

    def drop(self, key: str) -> None:
        """Forget it."""
        with self._db.transaction():
            self._db.do("DELETE FROM draft WHERE key = ?", (whole(key),))

    def sealed(self, text: str) -> bytes:
        """For what the disk did not take: no more readable once the vault is closed than it is."""
        from storage.files import seal

        return seal(text.encode(), self._held_under())

    def unsealed(self, sealed: bytes) -> str:
        """The text again. Raises FileMissing when it was sealed under another key."""
        from storage.files import unseal

        return unseal(sealed, self._held_under()).decode()

    def _held_under(self) -> bytes:
        return hashlib.blake2b(self._key.raw, person=b"held drafts", digest_size=32).digest()


def forget(db: Database, ids: Iterable[str]) -> None:
    """Delete every half-typed text about one of these, within the caller's transaction."""
    for key in _about(db, tuple(ids)):
        db.do("DELETE FROM draft WHERE key = ?", (key,))


def _about(db: Database, wanted: tuple[str, ...]) -> dict[str, str]:
    kept = {
        str(key): str(text) for key, text in db.rows("SELECT key, text FROM draft ORDER BY key")
    }
    theirs = {key for key in kept if any(one in key for one in wanted)}
    for key, text in kept.items():
        if key.endswith(CHOSEN) and text.rpartition(" ")[2] in wanted:
            theirs |= {key, key.removesuffix(CHOSEN) + NOTE}
    return {key: text for key, text in kept.items() if key in theirs}
