"""Bytes of attachments: after the rows, in parts, named by their hash.

Seen and sent only through an attachment record in the person's sight: a hash alone opens nothing.
Refuses bytes that are larger than the record says or that do not hash to their name.
"""

from __future__ import annotations

from sync.protocol import CHUNK_BYTES, BlobReply, Trouble
from sync.register.errors import Troubled
from sync.register.feed import in_sight
from sync.register.rows import Person
from sync.register.sql_store import Tx

MAX_FILE = 25 << 20
MAX_SMALL = 1 << 20  # of a small copy


def status(tx: Tx, person: Person, sha256: str, record_id: str) -> BlobReply:
    """How much of a file the register holds."""
    size, _ = _size(tx, person, sha256, record_id)
    return tx.blobs.status(sha256) or BlobReply(sha256=sha256, size=size, held=0)


def add(tx: Tx, person: Person, sha256: str, record_id: str, start: int, part: bytes) -> BlobReply:
    """Keep the next part; what was kept stays when the line drops."""
    size, most = _size(tx, person, sha256, record_id)
    if size > most or len(part) > CHUNK_BYTES:
        words = "That file is larger than the register takes (25 MB)."
        raise Troubled(413, Trouble(trouble="too_big", words=words))
    return tx.blobs.add(sha256, size, start, part)


def read(tx: Tx, person: Person, sha256: str, record_id: str, start: int) -> bytes:
    """The part that begins at `start`."""
    _size(tx, person, sha256, record_id)
    return tx.blobs.read(sha256, start)


def _size(tx: Tx, person: Person, sha256: str, record_id: str) -> tuple[int, int]:
    """How many bytes the record says that it has, and how many it may have."""
    row = tx.records.load([record_id]).get(record_id)
    if row is not None and row.kind == "attachment" and sha256 and in_sight(tx, person, row):
        if row.fields.get("sha256") == sha256:
            return int(row.fields["size"]), MAX_FILE
        if row.fields.get("small_sha256") == sha256:
            return int(row.fields.get("small_size") or 0), MAX_SMALL
    raise Troubled(404, Trouble(trouble="unknown_file"))
