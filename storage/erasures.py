"""What was erased, remembered outside the records file: a copy put back must not bring it again.

For each erased person the ids and what was left after it: counts and records without a name, sealed
under the vault's key. From it come the receipt, and the same erasure once more on an older copy.
Refuses to remember anything that the erasure took away.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from forms.change import DELETED
from forms.facts.kinds import KINDS, fields_of
from storage import erase, rows, summary, trail
from storage.atomic import write_whole
from storage.books import Books
from storage.database import Database
from storage.errors import FileMissing, classified
from storage.files import seal, unseal
from storage.keys import SecretKey
from storage.meta import stamp
from storage.place import Place
from storage.rows import Stored


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of one erasure, without a name: what stays as a count, how many files went."""

    subject_id: str
    erased_at: datetime
    kept_as_counts: dict[str, int]
    files_removed: int


class Erasures:
    """The sealed list beside the records file."""

    def __init__(self, place: Place, key: SecretKey) -> None:
        self._path = place.erasures
        self._under = sealing_key(key)

    def receipts(self) -> list[Receipt]:
        """Every erasure that reached this laptop, oldest first."""
        found = [
            Receipt(one, datetime.fromisoformat(b["at"]), b["counts"], b["files"])
            for one, b in self._read().items()
        ]
        return sorted(found, key=lambda receipt: receipt.erased_at)

    def remember(self, db: Database, done: erase.Erased, at: datetime) -> None:
        """Keep what is left of these people, inside the transaction that erased them."""
        if not done.subjects:
            return
        everything = self._read()
        for subject in done.subjects:
            left = erase.of(db, [subject])
            before = everything.get(subject, {"at": stamp(at), "files": 0})
            everything[subject] = {
                "at": before["at"],
                "files": before["files"] + done.files,
                "counts": dict(Counter(item.kind.name for item in left if not item.deleted)),
                "records": [_told(item) for item in left],
            }
        try:
            write_whole(self._path, seal(json.dumps(everything).encode(), self._under))
        except OSError as error:
            raise classified(error) from error

    def replay(self, db: Database, at: datetime) -> list[str]:
        """Erase again who comes back with an older copy; inside a transaction. Their ids."""
        again = []
        for subject, body in self._read().items():
            here = erase.of(db, [subject])
            if here and not _is_clean(here, body["records"]):
                _erase_again(db, subject, body["records"], here, at)
                again.append(subject)
        return again

    def came_back(self, db: Database) -> list[str]:
        """Who was erased and stands here with a name again: the register told them anew."""
        return [
            subject
            for subject, body in self._read().items()
            if (here := erase.of(db, [subject])) and not _is_clean(here, body["records"])
        ]

    def _read(self) -> dict[str, Any]:
        try:
            body: dict[str, Any] = json.loads(unseal(self._path.read_bytes(), self._under))
        except FileNotFoundError:
            return {}
        except (FileMissing, ValueError):
            # A damaged list: the register tells every erasure again with its next whole reading.
            return {}
        return body


def sealing_key(key: SecretKey) -> bytes:
    """What seals the list under a vault's key."""
    return hashlib.blake2b(key.raw, person=b"erasures", digest_size=32).digest()


def _told(item: Stored) -> dict[str, Any]:
    return {
        "kind": item.kind.name,
        "id": item.record.id,
        "fields": fields_of(item.record),
        "ver": item.ver,
        DELETED: item.deleted,
    }


def _is_clean(here: list[Stored], told: list[dict[str, Any]]) -> bool:
    anonymous = {(t["kind"], t["id"]) for t in told if t["fields"].get("anonymised_on")}
    return all(
        getattr(item.record, "anonymised_on", None) is not None
        for item in here
        if (item.kind.name, item.record.id) in anonymous
    )


def _erase_again(
    db: Database, subject: str, told: list[dict[str, Any]], here: list[Stored], at: datetime
) -> None:
    books = Books(db, at)
    known = {(item.kind.name, item.record.id): item for item in here}
    for body in told:
        kind = KINDS[body["kind"]]
        record = rows.checked(kind, body["id"], body["fields"])
        ver = {name: tuple(dots) for name, dots in body["ver"].items()}
        held = known.pop((kind.name, record.id), Stored(kind, record))
        books.put(replace(held, record=record, ver=ver, deleted=body[DELETED], extra={}))
    books.write()
    erase.clean(books, [subject])
    for item in known.values():  # what had gone before the erasure, or with it
        db.do(f'DELETE FROM "{item.kind.name}" WHERE id = ?', (item.record.id,))  # noqa: S608
    summary.forget(db, [item.record.id for item in known.values()])
    summary.squeeze(db)
    trail.write(db, [_gone(item, at) for item in known.values()])


def _gone(item: Stored, at: datetime) -> trail.TrailEntry:
    return trail.TrailEntry(
        at=at, by_id="register", verb=trail.LEFT, kind=item.kind.name, record_id=item.record.id
    )
