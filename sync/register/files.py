"""Bytes of attachments: after the rows, in parts, named by their hash.

Seen and sent only through an attachment record in the person's sight. A hash alone opens nothing,
written into a record of one's own neither: see `_may_have`.
Whose case went to another coach may still send the bytes of it that are not here, and read none.
Refuses bytes that are larger than the record says, that do not hash to their name, or whose record
was removed: what was erased does not come back with the end of an upload.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import OperationalError

from forms.values import Role
from sync.protocol import CHUNK_BYTES, MAX_FILE, BlobReply, Trouble
from sync.register import audit, limits
from sync.register.auth import Caller
from sync.register.errors import Troubled
from sync.register.feed import in_sight
from sync.register.limits import Limits
from sync.register.log import database_fault
from sync.register.rows import Person, Row
from sync.register.sql_store import Tx
from sync.register.sql_uploads import Sender, Upload
from sync.register.store import RegisterStore

MAX_SMALL = 1 << 20  # of a small copy
MOST_LACKING = 5_000  # named in one answer


def status(tx: Tx, who: Caller, sha256: str, record_id: str) -> BlobReply:
    """How much of a file the register holds, as far as this laptop may know."""
    row = _to_send(tx, who.person, record_id)
    size, _ = _size(row, sha256)
    known = tx.blobs.status(sha256)
    if known is not None and _may_have(tx, who.person, row, sha256):
        return known
    one = tx.blobs.uploads.of(_sender(who, sha256, record_id))
    held = one.held if one is not None and one.size == size else 0
    return BlobReply(sha256=sha256, size=size, held=held)


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file, and where they begin."""

    start: int
    bytes: bytes = field(repr=False)


def add(
    tx: Tx, who: Caller, sha256: str, record_id: str, part: Part, most: Limits, now: datetime
) -> BlobReply:
    """Keep the next part; what was kept stays when the line drops.

    It is this laptop's own, and so is what is here already until the last part shows that the
    laptop has it: a word about each part would let the bytes be guessed one by one.
    """
    row = _to_send(tx, who.person, record_id, lock=True)  # whoever erases it meets us, or we them
    size, allowed = _size(row, sha256)
    if size > allowed or len(part.bytes) > CHUNK_BYTES:
        words = "That file is larger than the register takes (25 MB)."
        raise Troubled(413, Trouble(trouble="too_big", words=words))
    known = tx.blobs.status(sha256, lock=True)
    if known is not None and _may_have(tx, who.person, row, sha256):
        _shows(tx, sha256, record_id)
        return known
    sender = _sender(who, sha256, record_id)
    one = _begun(tx, sender, size, part, now)
    if part.start != one.held or (size and not part.bytes):  # it may be empty
        return BlobReply(sha256=sha256, size=size, held=one.held)
    limits.check_quota(tx, most, who.person.id, len(part.bytes))
    one = tx.blobs.uploads.add(one, part.bytes, now)
    if one.held < size:
        return BlobReply(sha256=sha256, size=size, held=one.held)
    if one.held > size or tx.blobs.uploads.digest(one) != sha256:
        tx.blobs.uploads.let_go([one.id])  # not those bytes: start again
        return BlobReply(sha256=sha256, size=size, held=0)
    reply = known or tx.blobs.keep(sha256, one, who.person.id)
    _shows(tx, sha256, record_id)
    about = {"file": record_id, "bytes": size}
    act = audit.Act(act="file", by=who.person.id, device=who.device.id, about=about)
    audit.note(tx, act, now)
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
        row = _record(tx, record_id, lock=True)
        if row is not None and not row.deleted and tx.blobs.status(sha256, lock=True) is not None:
            tx.blobs.show(sha256, record_id)

    try:
        store.write(work)
    except OperationalError as error:  # the next who asks has it kept: a full disk keeps nobody out
        database_fault(error)


def lacking(tx: Tx, named: Mapping[str, Set[str]]) -> list[str]:
    """Which of these files are not here whole, by the records that name them; not too many."""
    shown = {name for name, record in tx.blobs.shown_by(named) if record in named[name]}
    return sorted(set(named) - shown)[:MOST_LACKING]


def forget(tx: Tx, record_ids: Collection[str], named: Set[str]) -> None:
    """An erasure takes the bytes of these records: those they name, and those that came by them.

    The same paper may stand in another case. What keeps it is a record that may show it: a hash is
    told to many, and one that somebody has only written down keeps nothing.
    """
    tx.blobs.uploads.let_go_for(record_ids)
    for sha256 in sorted(named | tx.blobs.came_by(record_ids)):
        if tx.blobs.status(sha256, lock=True) is None:
            continue
        others = _came_by(tx, sha256)
        rows = tx.records.load(set(tx.blobs.naming(sha256)) - set(record_ids)).values()
        named_by = (row for row in rows if _names(row, sha256))
        keeps = [row.id for row in named_by if _may_show(tx, row, sha256, others)]
        for record_id in keeps:  # by itself from here on: what it had it from goes
            tx.blobs.show(sha256, record_id)
        if not keeps:
            tx.blobs.drop(sha256)
    tx.blobs.unshow(record_ids)


def _begun(tx: Tx, sender: Sender, size: int, part: Part, now: datetime) -> Upload:
    """What has come from this laptop: nothing, where the record has another size by now."""
    uploads = tx.blobs.uploads
    one = uploads.of(sender, lock=True)
    if one is not None and one.size != size:
        uploads.let_go([one.id])
        one = None
    if one is None and not part.start:
        tx.blobs.touch(sender.record_id)
        one = uploads.begin(sender, size, now)
    return one or Upload("", size, 0)


def _shows(tx: Tx, sha256: str, record_id: str) -> None:
    """The record may show the file, and nobody has to send it for this record any more."""
    tx.blobs.show(sha256, record_id)
    tx.blobs.uploads.let_go_for([record_id], sha256)


def _sender(who: Caller, sha256: str, record_id: str) -> Sender:
    return Sender(
        sha256=sha256, record_id=record_id, device_id=who.device.id, person_id=who.person.id
    )


def _may_have(tx: Tx, person: Person, row: Row, sha256: str) -> bool:
    """Whether this person may see a record that the bytes came by, or this one may show them."""
    others = _came_by(tx, sha256)
    seen = any(in_sight(tx, person, one) for one in others.values())
    return seen or _may_show(tx, row, sha256, others)


def _may_show(tx: Tx, row: Row, sha256: str, others: Mapping[str, Row]) -> bool:
    """Whether the bytes came by this record, or by one that its writer may see.

    A hash is told to many, and a record that names it is written by anybody.
    """
    if row.id in others:
        return True
    name = "sha256" if row.fields.get("sha256") == sha256 else "small_sha256"
    incs = {int(dot.split(".")[0]) for dot in row.versions.get(name, ())}
    found = [tx.people.incarnation(inc) for inc in incs]
    writers = [tx.people.person(one.person_id) if one else None for one in found]
    return bool(writers) and all(who and _knows(tx, who, others.values()) for who in writers)


def _came_by(tx: Tx, sha256: str) -> Mapping[str, Row]:
    return tx.records.load(record_id for _, record_id in tx.blobs.shown_by({sha256}))


def _knows(tx: Tx, who: Person, others: Iterable[Row]) -> bool:
    return any(in_sight(tx, who, one) or _was_theirs(tx, who, one) for one in others)


def _names(row: Row, sha256: str) -> bool:
    return sha256 in (row.fields.get("sha256"), row.fields.get("small_sha256"))


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
