"""Bytes of attachments: after the rows, in parts, named by their hash.

Seen and sent only through an attachment record in the person's sight: a hash alone opens nothing.
Whose case went to another coach may still send the bytes of it that are not here, and read none.
Refuses bytes that are larger than the record says, that do not hash to their name, or whose record
was removed: what was erased does not come back with the end of an upload.
"""

from __future__ import annotations

from collections.abc import Set

from forms.values import Role
from sync.protocol import CHUNK_BYTES, MAX_FILE, BlobReply, Trouble
from sync.register.errors import Troubled
from sync.register.feed import in_sight
from sync.register.rows import Person, Row
from sync.register.sql_store import Tx

MAX_SMALL = 1 << 20  # of a small copy
MOST_LACKING = 5_000  # named in one answer


def status(tx: Tx, person: Person, sha256: str, record_id: str) -> BlobReply:
    """How much of a file the register holds."""
    size, _ = _to_send(tx, person, sha256, record_id)
    known = tx.blobs.status(sha256)
    if known is None or (known.size != size and not known.complete):
        return BlobReply(sha256=sha256, size=size, held=0)
    return known


def add(tx: Tx, person: Person, sha256: str, record_id: str, start: int, part: bytes) -> BlobReply:
    """Keep the next part; what was kept stays when the line drops."""
    size, most = _to_send(tx, person, sha256, record_id)
    if size > most or len(part) > CHUNK_BYTES:
        words = "That file is larger than the register takes (25 MB)."
        raise Troubled(413, Trouble(trouble="too_big", words=words))
    return tx.blobs.add(sha256, size, start, part)


def read(tx: Tx, person: Person, sha256: str, record_id: str, start: int) -> bytes:
    """The part that begins at `start`."""
    row = _record(tx, record_id)
    if row is None or not in_sight(tx, person, row):
        raise _unknown()
    _size(row, sha256)
    return tx.blobs.read(sha256, start)


def lacking(tx: Tx, named: Set[str]) -> list[str]:
    """Which of these files are not here whole, at most `MOST_LACKING`."""
    return sorted(named - tx.blobs.complete(named))[:MOST_LACKING]


def _to_send(tx: Tx, person: Person, sha256: str, record_id: str) -> tuple[int, int]:
    """How many bytes the record says that its file has, and how many it may have."""
    row = _record(tx, record_id)
    if row is None or row.deleted:
        raise _unknown()
    if not (in_sight(tx, person, row) or _was_theirs(tx, person, row)):
        raise _unknown()
    return _size(row, sha256)


def _was_theirs(tx: Tx, person: Person, row: Row) -> bool:
    """Whether this is of a case that went from this coach to another."""
    case = row.enterprise_id or row.id
    return person.role is Role.COACH and tx.log.left_at(case, person.id) is not None


def _record(tx: Tx, record_id: str) -> Row | None:
    row = tx.records.load([record_id]).get(record_id)
    return row if row is not None and row.kind == "attachment" else None


def _size(row: Row, sha256: str) -> tuple[int, int]:
    if sha256 and row.fields.get("sha256") == sha256:
        return int(row.fields["size"]), MAX_FILE
    if sha256 and row.fields.get("small_sha256") == sha256:
        return int(row.fields.get("small_size") or 0), MAX_SMALL
    raise _unknown()


def _unknown() -> Troubled:
    return Troubled(404, Trouble(trouble="unknown_file"))
