"""Bytes of attachments: after the rows, in parts, named by their hash.

Seen and sent only through an attachment record in the person's sight. A hash alone opens nothing,
written into a record of one's own neither: see `_may_have`.
Whose case went to another coach may still send the bytes of it that are not here, and read none.
Refuses bytes that are larger than the record says, that do not hash to their name, or whose record
was removed: what was erased does not come back with the end of an upload.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from sqlalchemy.exc import OperationalError

from forms.values import Role
from sync.protocol import CHUNK_BYTES, MAX_FILE, BlobReply, Trouble
from sync.register.errors import Troubled
from sync.register.feed import in_sight
from sync.register.log import database_fault
from sync.register.rows import Person, Row
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

MAX_SMALL = 1 << 20  # of a small copy
MOST_LACKING = 5_000  # named in one answer


def status(tx: Tx, person: Person, sha256: str, record_id: str) -> BlobReply:
    """How much of a file the register holds, as far as this person may know."""
    row = _to_send(tx, person, record_id)
    size, _ = _size(row, sha256)
    known = tx.blobs.status(sha256)
    if known is None or (known.size != size and not known.complete):
        return BlobReply(sha256=sha256, size=size, held=0)
    if known.complete and not _may_have(tx, person, row, sha256):
        return BlobReply(sha256=sha256, size=size, held=tx.blobs.shown(sha256, record_id)[0])
    return known


def add(tx: Tx, person: Person, sha256: str, record_id: str, start: int, part: bytes) -> BlobReply:
    """Keep the next part; what was kept stays when the line drops."""
    row = _to_send(tx, person, record_id, lock=True)  # whoever erases it meets us, or we them
    size, most = _size(row, sha256)
    if size > most or len(part) > CHUNK_BYTES:
        words = "That file is larger than the register takes (25 MB)."
        raise Troubled(413, Trouble(trouble="too_big", words=words))
    known = tx.blobs.status(sha256, lock=True)
    if known is not None and known.complete and not _may_have(tx, person, row, sha256):
        return _shown(tx, known, record_id, start, part)
    if known is None:
        tx.blobs.touch(record_id)
    reply = tx.blobs.add(sha256, size, start, part)
    if reply.complete:
        tx.blobs.show(sha256, record_id, reply.size)
    return reply


def read(tx: Tx, person: Person, sha256: str, record_id: str, start: int) -> bytes:
    """The part that begins at `start`; nothing of what came through no record of theirs."""
    row = _record(tx, record_id)
    if row is None or not in_sight(tx, person, row):
        raise _unknown()
    _size(row, sha256)
    return tx.blobs.read(sha256, start) if _may_have(tx, person, row, sha256) else b""


def owes(tx: Tx, sha256: str, record_id: str) -> bool:
    """Whether a record may show a file by what its people see, which is not kept yet."""
    return (sha256, record_id) not in tx.blobs.shown_by({sha256})


def keep(store: RegisterStore, sha256: str, record_id: str) -> None:
    """From now on the record itself may show the file, wherever its case goes."""

    def work(tx: Tx) -> None:
        known = tx.blobs.status(sha256, lock=True)
        if known is not None and known.complete:
            tx.blobs.show(sha256, record_id, known.size)

    try:
        store.write(work)
    except OperationalError as error:  # the next who asks has it kept: a full disk keeps nobody out
        database_fault(error)


def lacking(tx: Tx, named: Mapping[str, Set[str]]) -> list[str]:
    """Which of these files are not here whole, by the records that name them; not too many."""
    shown = {name for name, record in tx.blobs.shown_by(named) if record in named[name]}
    return sorted(set(named) - shown)[:MOST_LACKING]


def _shown(tx: Tx, known: BlobReply, record_id: str, start: int, part: bytes) -> BlobReply:
    """Somebody sends what is here already: who has it proves it. Told at the end alone.

    A word about each part would let the bytes be guessed one by one.
    """
    held, good = tx.blobs.shown(known.sha256, record_id, lock=True)
    if start == held and part:
        end = held + len(part)
        good = good and part == tx.blobs.bytes_at(known.sha256, held, end)
        held = end if end < known.size or (good and end == known.size) else 0
        tx.blobs.show(known.sha256, record_id, held, good=good or not held)
    done = held == known.size
    return BlobReply(sha256=known.sha256, size=known.size, held=held, complete=done)


def _may_have(tx: Tx, person: Person, row: Row, sha256: str) -> bool:
    """Whether the bytes came through this record, or through one that its writer or they may see.

    A hash is told to many, and a record that names it is written by anybody.
    """
    shown = {record_id for _, record_id in tx.blobs.shown_by({sha256})}
    if row.id in shown:
        return True
    others = tx.records.load(shown).values()
    name = "sha256" if row.fields.get("sha256") == sha256 else "small_sha256"
    incs = {int(dot.split(".")[0]) for dot in row.versions.get(name, ())}
    found = [tx.people.incarnation(inc) for inc in incs]
    writers = [tx.people.person(one.person_id) if one else None for one in found]
    return any(in_sight(tx, person, one) for one in others) or (
        bool(writers) and all(who and _knows(tx, who, others) for who in writers)
    )


def _knows(tx: Tx, who: Person, others: Iterable[Row]) -> bool:
    return any(in_sight(tx, who, one) or _was_theirs(tx, who, one) for one in others)


def _to_send(tx: Tx, person: Person, record_id: str, *, lock: bool = False) -> Row:
    """A record that this person may send the bytes of."""
    row = _record(tx, record_id, lock=lock)
    if row is None or row.deleted:
        raise _unknown()
    if not (in_sight(tx, person, row) or _was_theirs(tx, person, row)):
        raise _unknown()
    return row


def _was_theirs(tx: Tx, person: Person, row: Row) -> bool:
    """Whether this is of a case that went from this coach to another."""
    case = row.enterprise_id or row.id
    return person.role is Role.COACH and tx.log.left_at(case, person.id) is not None


def _record(tx: Tx, record_id: str, *, lock: bool = False) -> Row | None:
    row = tx.records.load([record_id], lock=lock).get(record_id)
    return row if row is not None and row.kind == "attachment" else None


def _size(row: Row, sha256: str) -> tuple[int, int]:
    """How many bytes the record says that its file has, and how many it may have."""
    if sha256 and row.fields.get("sha256") == sha256:
        return int(row.fields["size"]), MAX_FILE
    if sha256 and row.fields.get("small_sha256") == sha256:
        return int(row.fields.get("small_size") or 0), MAX_SMALL
    raise _unknown()


def _unknown() -> Troubled:
    return Troubled(404, Trouble(trouble="unknown_file"))
