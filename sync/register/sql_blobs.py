"""Bytes of whole files by their hash, in SQL. An object store can take this file's place.

What is still on its way is `sql_uploads`.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from sync.protocol import BlobReply
from sync.register.errors import AgainPlease
from sync.register.sql_uploads import Upload, UploadTable
from sync.register.tables import blob, blob_part, blob_shown, record

_SLICE = 500


class BlobTable:
    """Files whose bytes hash to their name, and the records they came by. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    @property
    def uploads(self) -> UploadTable:
        """Those that are not whole."""
        return UploadTable(self._c)

    def status(self, sha256: str, *, lock: bool = False) -> BlobReply | None:
        """A file that is here, or None."""
        query = select(blob.c.size).where(blob.c.sha256 == sha256)
        size = self._c.execute(query.with_for_update() if lock else query).scalar()
        if size is None:
            return None
        return BlobReply(sha256=sha256, size=int(size), held=int(size), complete=True)

    def complete(self, names: Collection[str]) -> set[str]:
        """Which of these files are here."""
        wanted, out = sorted(names), set[str]()
        for start in range(0, len(wanted), _SLICE):
            some = wanted[start : start + _SLICE]
            out.update(
                self._c.execute(select(blob.c.sha256).where(blob.c.sha256.in_(some))).scalars()
            )
        return out

    def keep(self, sha256: str, one: Upload, person_id: str) -> BlobReply:
        """An upload has become this file, counted for whoever sent it."""
        values = {"sha256": sha256, "size": one.size, "held": one.size, "complete": 1}
        try:
            self._c.execute(insert(blob).values(**values, parts=one.id, person_id=person_id))
        except IntegrityError as error:  # another worker has just made it whole
            raise AgainPlease from error
        self.uploads.became_a_file(one)
        return BlobReply(sha256=sha256, size=one.size, held=one.size, complete=True)

    def touch(self, record_id: str) -> None:
        """Nothing changes, but a serialisable transaction that began before begins again.

        What is new beside a record it would not see, and so not take away with it.
        """
        same = update(record).where(record.c.id == record_id).values(deleted=record.c.deleted)
        self._c.execute(same)

    def naming(self, sha256: str) -> list[str]:
        """Records that were not removed and name these bytes, whole or as a small copy."""
        query = select(record.c.id).where(
            record.c.kind == "attachment",
            record.c.deleted == 0,
            record.c.body.contains(f'"{sha256}"', autoescape=True),
        )
        return list(self._c.execute(query).scalars())

    def drop(self, sha256: str) -> None:
        """Forget a file's bytes."""
        parts = select(blob.c.parts).where(blob.c.sha256 == sha256)
        self._c.execute(delete(blob_part).where(blob_part.c.sha256.in_(parts)))
        self._c.execute(delete(blob_shown).where(blob_shown.c.sha256 == sha256))
        self._c.execute(delete(blob).where(blob.c.sha256 == sha256))

    def shown_by(self, names: Collection[str]) -> set[tuple[str, str]]:
        """(file, record): of the files that are here, through which records they came."""
        wanted, out = sorted(names), set[tuple[str, str]]()
        for start in range(0, len(wanted), _SLICE):
            query = (
                select(blob_shown.c.sha256, blob_shown.c.record_id)
                .join(blob, blob.c.sha256 == blob_shown.c.sha256)
                .where(blob.c.sha256.in_(wanted[start : start + _SLICE]))
            )
            out.update((str(name), str(record_id)) for name, record_id in self._c.execute(query))
        return out

    def came_by(self, record_ids: Collection[str]) -> set[str]:
        """The files that came by these records, whatever these name by now."""
        wanted, out = sorted(record_ids), set[str]()
        for start in range(0, len(wanted), _SLICE):
            some = wanted[start : start + _SLICE]
            query = select(blob_shown.c.sha256).where(blob_shown.c.record_id.in_(some))
            out.update(self._c.execute(query).scalars())
        return out

    def show(self, sha256: str, record_id: str) -> None:
        """From now on the record may show the file. Both are touched: see `touch`."""
        one = blob_shown.c.sha256 == sha256, blob_shown.c.record_id == record_id
        if self._c.execute(select(blob_shown.c.held).where(*one)).first() is not None:
            return
        self.touch(record_id)
        same = update(blob).where(blob.c.sha256 == sha256).values(complete=1)
        size = self._c.execute(same.returning(blob.c.size)).scalar()
        values = {"sha256": sha256, "record_id": record_id, "held": size, "good": 1}
        try:
            self._c.execute(insert(blob_shown).values(**values))
        except IntegrityError as error:  # another worker has just said so
            raise AgainPlease from error

    def unshow(self, record_ids: Collection[str]) -> None:
        """From now on these records show no file."""
        wanted = sorted(record_ids)
        for start in range(0, len(wanted), _SLICE):
            some = wanted[start : start + _SLICE]
            self._c.execute(delete(blob_shown).where(blob_shown.c.record_id.in_(some)))

    def read(self, sha256: str, start: int) -> bytes:
        """The part that begins at a place, or nothing."""
        parts = select(blob.c.parts).where(blob.c.sha256 == sha256).scalar_subquery()
        query = select(blob_part.c.bytes).where(
            blob_part.c.sha256 == parts, blob_part.c.start == start
        )
        found = self._c.execute(query).scalar()
        return b"" if found is None else bytes(found)
