"""Files on their way, in SQL: each laptop's own parts, for the record that it sends them for.

Parts of two laptops never meet, so nobody can spoil what another sends. What nobody goes on with
goes in the end. Refuses to say whether bytes are the right ones before the last of them is here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from forms.values import new_id
from sync.register.errors import AgainPlease
from sync.register.tables import blob_part, upload

LEFT_BEHIND = timedelta(days=30)  # since the last part
_SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends which bytes, for which record."""

    sha256: str
    record_id: str
    device_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Upload:
    """How much has come. Its parts are kept under its id."""

    id: str
    size: int
    held: int


class UploadTable:
    """Parts of files that are not whole. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def of(self, sender: Sender, *, lock: bool = False) -> Upload | None:
        """What has come of a file from one laptop for one record, or None."""
        query = select(upload.c.id, upload.c.size, upload.c.held).where(
            upload.c.sha256 == sender.sha256,
            upload.c.record_id == sender.record_id,
            upload.c.device_id == sender.device_id,
        )
        found = self._c.execute(query.with_for_update() if lock else query).first()
        return None if found is None else Upload(found.id, int(found.size), int(found.held))

    def begin(self, sender: Sender, size: int, now: datetime) -> Upload:
        """A laptop begins with a file. What others left behind long ago goes."""
        old = select(upload.c.id).where(upload.c.at < (now - LEFT_BEHIND).isoformat())
        self.let_go(self._c.execute(old.with_for_update(skip_locked=True)).scalars().all())
        one = Upload(new_id(), size, 0)
        values: dict[str, Any] = {
            "id": one.id,
            "sha256": sender.sha256,
            "record_id": sender.record_id,
            "device_id": sender.device_id,
            "person_id": sender.person_id,
            "size": size,
            "held": 0,
            "at": now.isoformat(),
        }
        try:
            self._c.execute(insert(upload).values(**values))
        except IntegrityError as error:  # another request of this laptop has just begun it
            raise AgainPlease from error
        return one

    def add(self, one: Upload, part: bytes, now: datetime) -> Upload:
        """Keep the part that follows."""
        self._c.execute(insert(blob_part).values(sha256=one.id, start=one.held, bytes=part))
        after = replace(one, held=one.held + len(part))
        values = {"held": after.held, "at": now.isoformat()}
        self._c.execute(update(upload).where(upload.c.id == one.id).values(**values))
        return after

    def digest(self, one: Upload) -> str:
        """What its bytes hash to."""
        digest = hashlib.sha256()
        query = select(blob_part.c.bytes).where(blob_part.c.sha256 == one.id)
        for part in self._c.execute(query.order_by(blob_part.c.start)).scalars():
            digest.update(part)
        return digest.hexdigest()

    def became_a_file(self, one: Upload) -> None:
        """It is no upload any more; its parts stay."""
        self._c.execute(delete(upload).where(upload.c.id == one.id))

    def let_go(self, ids: Collection[str]) -> None:
        """These are forgotten, with their parts."""
        for some in _slices(ids):
            self._c.execute(delete(upload).where(upload.c.id.in_(some)))
            self._c.execute(delete(blob_part).where(blob_part.c.sha256.in_(some)))

    def let_go_for(self, record_ids: Iterable[str], sha256: str = "") -> None:
        """The same of what came for these records, of one file or of any."""
        for some in _slices(record_ids):
            query = select(upload.c.id).where(upload.c.record_id.in_(some))
            named = query.where(upload.c.sha256 == sha256) if sha256 else query
            self.let_go(self._c.execute(named).scalars().all())


def _slices(ids: Iterable[str]) -> Iterable[list[str]]:
    wanted = sorted(ids)
    return (wanted[start : start + _SLICE] for start in range(0, len(wanted), _SLICE))
