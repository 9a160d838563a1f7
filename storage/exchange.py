"""What the sync client may ask of a vault: identity, what is unsent, receipts, the bookmark, pages.

Everything that changes the vault is one transaction. Refuses to know how any of it travels.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from forms.change import Ack, Bookmark, Changes, Identity, Op, Page
from forms.facts.decisions import DecisionRequest
from storage import absorb, acknowledge, adopt, decisions, outbox
from storage import meta as m
from storage.database import Database
from storage.meta import Meta, stamp


class Exchange:
    """Made by the vault as `vault.exchange`; a practice vault has none."""

    def __init__(self, db: Database) -> None:
        self._db, self._meta = db, Meta(db)

    def identity(self) -> Identity | None:
        """Who this laptop is to its register, or None before it was enrolled."""
        text = self._meta.text(m.IDENTITY)
        return _identity(text) if text else None

    def adopt(self, identity: Identity) -> None:
        """Take an identity. With another incarnation, unsent ops get its numbers."""
        with self._db.transaction():
            self._meta.put(m.IDENTITY, _identity_text(identity))
            adopt.renumber(self._db, identity.incarnation)

    def unsent(self, limit: int = 2000) -> list[Op]:
        """The oldest ops without a receipt, in order."""
        return outbox.unsent(self._db, limit)

    def unsent_count(self) -> int:
        """How many ops have no receipt."""
        return outbox.unsent_count(self._db)

    def acknowledge(
        self, acks: Sequence[Ack], at: datetime, incarnation: int | None = None
    ) -> Changes:
        """Store receipts. What the register did not take goes back to the register's value."""
        with self._db.transaction():
            inc = self._meta.number(m.INCARNATION) if incarnation is None else incarnation
            changes = acknowledge.acknowledge(self._db, inc, acks, at)
            if acks:
                self._meta.put(m.LAST_SENT, stamp(at))
        return changes

    def reopen(self, incarnation: int, after_seq: int) -> int:
        """Unsent again: every op of an incarnation after this seq (the register went back)."""
        with self._db.transaction():
            return self._db.do(
                "UPDATE outbox SET acked_at = NULL, feed_seq = NULL, result = '', words = '' "
                "WHERE inc = ? AND seq > ? AND acked_at IS NOT NULL",
                (incarnation, after_seq),
            )

    def incarnations(self) -> dict[int, int]:
        """Every incarnation this vault ever had -> its last seq."""
        return dict(self._db.rows("SELECT inc, max(seq) FROM outbox GROUP BY inc ORDER BY inc"))

    def bookmark(self) -> Bookmark:
        """Where this laptop is in the register's feed."""
        text = self._meta.text(m.BOOKMARK)
        return Bookmark(**json.loads(text)) if text else Bookmark()

    def reset_bookmark(self) -> None:
        """Begin again at the start of the feed; records stay as they are."""
        with self._db.transaction():
            self._meta.drop(m.BOOKMARK)

    def absorb(self, page: Page, at: datetime) -> Changes:
        """Apply a page and its bookmark in one transaction. Typed work that is unsent stays."""
        with self._db.transaction():
            changes = absorb.absorb(self._db, page, at)
            self._meta.put(m.BOOKMARK, json.dumps(asdict(page.bookmark)))
            if not outbox.unsent_count(self._db):
                self._meta.put(m.LAST_SENT, stamp(at))
        return changes

    def waiting_decisions(self) -> list[DecisionRequest]:
        """Decisions asked for and not answered yet, oldest first."""
        return decisions.every(self._db, "waiting")

    def answer(
        self,
        decision_id: str,
        *,
        state: str,
        at: datetime,
        codes: Sequence[str] = (),
        words: str = "",
    ) -> Changes:
        """The register's answer: granted or refused, and why. A second answer is ignored."""
        with self._db.transaction():
            answered = decisions.answer(
                self._db, decision_id, state=state, codes=codes, words=words, at=at
            )
        return Changes(at=at, by="register", decisions=int(answered is not None))

    def keep_receipt(self, body: str, at: datetime) -> None:
        """Keep what the register signed for a batch."""
        with self._db.transaction():
            self._db.do("INSERT INTO receipt(body, at) VALUES (?,?)", (body, stamp(at)))

    def pack_version(self) -> str:
        """The version of the programme pack that the register last named, or ''."""
        return self._meta.text(m.PACK_VERSION)

    def use_pack(self, version: str) -> None:
        """Remember the version of the programme pack."""
        with self._db.transaction():
            self._meta.put(m.PACK_VERSION, version)


def _identity_text(identity: Identity) -> str:
    body = {
        name: getattr(identity, name)
        for name in ("register_url", "device_id", "incarnation", "actor_id", "actor_name", "role")
    }
    body["signing_key"] = base64.b64encode(identity.signing_key).decode()
    body["register_key"] = base64.b64encode(identity.register_key).decode()
    return json.dumps(body)


def _identity(text: str) -> Identity:
    body = json.loads(text)
    for name in ("signing_key", "register_key"):
        body[name] = base64.b64decode(body[name])
    return Identity(**body)
