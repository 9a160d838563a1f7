"""Bytes of files by their hash, in parts, in SQL. An object store can take this file's place."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sync.protocol import CHUNK_BYTES, BlobReply
from sync.register.errors import AgainPlease
from sync.register.tables import blob, blob_part, blob_shown, record

_SLICE = 500


class BlobTable:
    """Parts of files; a file is complete when its bytes hash to its name. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def status(self, sha256: str, *, lock: bool = False) -> BlobReply | None:
        """How much of a file is here, or None."""
        query = select(blob).where(blob.c.sha256 == sha256)
        found = self._c.execute(query.with_for_update() if lock else query).first()
        if found is None:
            return None
        return BlobReply(
            sha256=found.sha256, size=found.size, held=found.held, complete=bool(found.complete)
        )

    def complete(self, names: Collection[str]) -> set[str]:
        """Which of these files are here whole."""
        wanted, out = sorted(names), set[str]()
        for start in range(0, len(wanted), _SLICE):
            some = wanted[start : start + _SLICE]
            query = select(blob.c.sha256).where(blob.c.sha256.in_(some), blob.c.complete == 1)
            out.update(self._c.execute(query).scalars())
        return out

    def add(self, sha256: str, size: int, start: int, part: bytes) -> BlobReply:
        """Keep a part that follows what is here; the last part is checked against the name.

        What came for a record that gives another size goes: one of the two is wrong about it, and
        who has the bytes shall not wait for the other.
        """
        known = self.status(sha256, lock=True)
        if known is not None and known.size != size and not known.complete:
            self.drop(sha256)
            known = None
        if known is None:
            try:
                self._c.execute(insert(blob).values(sha256=sha256, size=size, held=0, complete=0))
            except IntegrityError as error:  # another worker has just begun it
                raise AgainPlease from error
            known = BlobReply(sha256=sha256, size=size, held=0)
        if known.complete or start != known.held or (size and not part):  # it may be empty
            return known
        self._c.execute(insert(blob_part).values(sha256=sha256, start=start, bytes=part))
        held = start + len(part)
        complete = held == size
        if held > size or (complete and self._digest(sha256) != sha256):
            return self.drop(sha256, size)  # not those bytes: start again
        self._c.execute(
            update(blob).where(blob.c.sha256 == sha256).values(held=held, complete=int(complete))
        )
        return BlobReply(sha256=sha256, size=size, held=held, complete=complete)

    def touch(self, record_id: str) -> None:
        """Nothing changes, but a serialisable transaction that began before begins again.

        What is new beside a record it would not see, and so not take away with it.
        """
        same = update(record).where(record.c.id == record_id).values(deleted=record.c.deleted)
        self._c.execute(same)

    def is_named(self, sha256: str) -> bool:
        """Whether a record that was not removed names these bytes, whole or as a small copy."""
        query = select(record.c.id).where(
            record.c.kind == "attachment",
            record.c.deleted == 0,
            record.c.body.contains(f'"{sha256}"', autoescape=True),
        )
        return self._c.execute(query.limit(1)).first() is not None

    def drop(self, sha256: str, size: int = 0) -> BlobReply:
        """Forget a file's bytes."""
        self._c.execute(delete(blob_part).where(blob_part.c.sha256 == sha256))
        self._c.execute(delete(blob_shown).where(blob_shown.c.sha256 == sha256))
        self._c.execute(delete(blob).where(blob.c.sha256 == sha256))
        return BlobReply(sha256=sha256, size=size, held=0)

    def shown_by(self, names: Collection[str]) -> set[tuple[str, str]]:
        """(file, record): of the files that are here whole, through which records they came."""
        wanted, out = sorted(names), set[tuple[str, str]]()
        for start in range(0, len(wanted), _SLICE):
            query = (
                select(blob_shown.c.sha256, blob_shown.c.record_id)
                .join(blob, blob.c.sha256 == blob_shown.c.sha256)
                .where(blob.c.sha256.in_(wanted[start : start + _SLICE]), blob.c.complete == 1)
                .where(blob_shown.c.good == 1, blob_shown.c.held == blob.c.size)
            )
            out.update((str(name), str(record_id)) for name, record_id in self._c.execute(query))
        return out

    def shown(self, sha256: str, record_id: str, *, lock: bool = False) -> tuple[int, bool]:
        """How many bytes came again through a record, and whether all of them were right."""
        query = select(blob_shown.c.held, blob_shown.c.good).where(
            blob_shown.c.sha256 == sha256, blob_shown.c.record_id == record_id
        )
        found = self._c.execute(query.with_for_update() if lock else query).first()
        return (int(found.held), bool(found.good)) if found is not None else (0, True)

    def show(self, sha256: str, record_id: str, held: int, *, good: bool = True) -> None:
        """Keep how many came through a record. All of them, and right: it may show the file."""
        one = blob_shown.c.sha256 == sha256, blob_shown.c.record_id == record_id
        self._c.execute(delete(blob_shown).where(*one))
        values = {"sha256": sha256, "record_id": record_id, "held": held, "good": int(good)}
        self._c.execute(insert(blob_shown).values(**values))

    def bytes_at(self, sha256: str, start: int, end: int) -> bytes:
        """The bytes from a place to another, however the parts came."""
        query = select(blob_part).where(
            blob_part.c.sha256 == sha256,
            blob_part.c.start > start - CHUNK_BYTES,
            blob_part.c.start < end,
        )
        parts = self._c.execute(query.order_by(blob_part.c.start)).all()
        if not parts:
            return b""
        before = start - int(parts[0].start)
        return b"".join(bytes(one.bytes) for one in parts)[before : before + end - start]

    def read(self, sha256: str, start: int) -> bytes:
        """The part that begins at a place, or nothing."""
        query = select(blob_part.c.bytes).where(
            blob_part.c.sha256 == sha256, blob_part.c.start == start
        )
        found = self._c.execute(query).scalar()
        return b"" if found is None else bytes(found)

    def _digest(self, sha256: str) -> str:
        digest = hashlib.sha256()
        query = (
            select(blob_part.c.bytes)
            .where(blob_part.c.sha256 == sha256)
            .order_by(blob_part.c.start)
        )
        for part in self._c.execute(query).scalars():
            digest.update(part)
        return digest.hexdigest()
