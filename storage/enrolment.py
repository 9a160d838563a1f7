"""Who this laptop is to its register, kept sealed beside the records file as well.

A laptop may have joined after the newest copy was taken. When that copy is put back, the laptop is
still the same to the register: its key and its number come from what the damaged file still tells,
else from here. Refuses to replace what the records file itself says while it is whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from forms.change import Op
from storage import adopt, outbox
from storage import meta as m
from storage.atomic import write_whole
from storage.database import Database
from storage.errors import FileMissing, VaultFault, classified
from storage.files import seal, unseal
from storage.keys import SecretKey
from storage.meta import Meta
from storage.place import Place


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What the records file says of it: the identity as kept there, and the numbers in use."""

    identity: str
    incarnation: int


def of(db: Database) -> Enrolled | None:
    """What this file says, None before the laptop joined. Raises VaultDamaged."""
    meta = Meta(db)
    identity = meta.text(m.IDENTITY)
    return Enrolled(identity, meta.number(m.INCARNATION)) if identity else None


class Enrolment:
    """The sealed file."""

    def __init__(self, place: Place, key: SecretKey) -> None:
        self._path = place.enrolment
        self._under = hashlib.blake2b(key.raw, person=b"enrolment", digest_size=32).digest()

    def read(self) -> Enrolled | None:
        """What was sealed last; None when there is none, or another key sealed it."""
        try:
            return Enrolled(**json.loads(unseal(self._path.read_bytes(), self._under)))
        except (OSError, FileMissing, ValueError, TypeError):
            return None

    def keep(self, enrolled: Enrolled) -> None:
        """Seal this. Raises VaultFull, VaultUnwell."""
        body = {"identity": enrolled.identity, "incarnation": enrolled.incarnation}
        try:
            write_whole(self._path, seal(json.dumps(body).encode(), self._under))
        except OSError as error:
            raise classified(error) from error

    def follow(self, db: Database) -> None:
        """Bring it in step with a whole records file; a bad disk leaves that for another day."""
        said = of(db)
        if said is not None and said != self.read():
            with suppress(VaultFault):
                self.keep(said)


def carry_over(db: Database, enrolled: Enrolled, later: Sequence[Op]) -> set[str]:
    """A copy goes on as the laptop that has joined since, inside a transaction.

    Unsent ops of the copy that got new numbers when it joined are known by their clock: `later` is
    what the damaged file tells. Those of before any joining that it does not tell get the next
    numbers. Returns the dots of `later` that are in the copy now.
    """
    inc, known = enrolled.incarnation, {(op.hlc, op.record_id): op.dot for op in later}
    unsent = outbox.unsent(db, outbox.unsent_count(db))
    again = {op.dot: known[place] for op in unsent if (place := (op.hlc, op.record_id)) in known}
    used = [op.seq for op in (*later, *unsent) if op.inc == inc]
    bare = [op.dot for op in unsent if op.inc == 0 and op.dot not in again]
    fresh = {dot: f"{inc}.{n}" for n, dot in enumerate(bare, start=max(used, default=0) + 1)}
    adopt.rename(db, again | fresh)
    last = db.row("SELECT max(seq) FROM outbox WHERE inc = ?", (inc,))[0] or 0
    Meta(db).put_all({m.IDENTITY: enrolled.identity, m.INCARNATION: inc, m.NEXT_SEQ: last + 1})
    return set(again.values())
