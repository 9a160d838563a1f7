"""Putting a good copy back in the place of a damaged records file, with what was typed since.

The damaged file is put aside, never deleted. What it can still tell and the copy does not have
comes along: ops with the same dots, so that the register recognises what it had already, and what
only this laptop knows (storage.rescue). Sound records that have lost their vault.json get that
back and are left as they are. Refuses a copy that does not check, or of another vault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from forms.change import DELETED, Json, Op, Verb
from forms.facts.kinds import KINDS, fields_of
from forms.values import SetClock
from storage import (
    backup,
    copied_files,
    enrolment,
    lost_header,
    opening,
    outbox,
    rescue,
    rows,
    slots,
    summary,
    swap,
    torn_log,
    trail,
)
from storage import meta as m
from storage.atomic import sync_file, sync_folder
from storage.check import problems
from storage.cipher import Cipher
from storage.connection import private_file
from storage.database import Database
from storage.enrolment import Enrolment
from storage.erasures import Erasures
from storage.errors import StorageError, ValueRefused, VaultDamaged, VaultMissing, classified
from storage.files import Files
from storage.hearing import MB, Tell, counted, nobody
from storage.keys import SecretKey
from storage.lock import WriterLock
from storage.meta import Meta
from storage.opening import Way
from storage.place import Place
from storage.rescue import Rescued
from storage.rows import Dots, Stored
from storage.slots import Header, Swap
from storage.trail import TrailEntry

_PIECE = 8 * MB


@dataclass(frozen=True, slots=True)
class PutBack:
    """What came back: which copy, how many later changes and files; where the damaged one is.

    Without `taken_at` the records need nothing out of a copy but its vault.json.
    """

    taken_at: datetime | None
    later_changes: int
    files: int
    aside: Path | None


_HEADER_ALONE = PutBack(None, 0, 0, None)


def put_back(folder: Path, way: Way, now: datetime, tell: Tell = nobody) -> PutBack:
    """Put the newest good copy back. Raises WrongPassphrase, VaultMissing when there is no copy.

    `tell` hears how far it is; what it raises ends it, and all is as it was before.
    """
    place = Place(folder)
    header, is_lost = _header(place, way)
    key = opening.tried(place, header, way, now)
    lock = WriterLock(place.lock)
    try:
        if is_lost and _is_sound(place, header, key, tell):
            # Last: a Stop must leave it lost, or the next try would put an older copy in the
            # place of records that are sound.
            lost_header.put_in_place(place, header)
            return _HEADER_ALONE
        return _put_back(place, header if is_lost else None, key, now, tell)
    except OSError as error:
        raise classified(error) from error
    finally:
        key.wipe()
        lock.release()


def look(folder: Path, way: Way, now: datetime, tell: Tell = nobody) -> PutBack:
    """What `put_back` would bring back; nothing is changed. Raises as `put_back` does."""
    place = Place(folder)
    header, is_lost = _header(place, way)
    key = opening.tried(place, header, way, now)
    lock = WriterLock(place.lock)
    try:
        if is_lost and _is_sound(place, header, key, tell):
            return _HEADER_ALONE
        copy = _newest_good(place, key, tell)
        found = _later(place, header, copy, key, tell)
        return PutBack(backup.taken_at(copy), found.later, 0, None)
    except OSError as error:
        raise classified(error) from error
    finally:
        key.wipe()
        lock.release()


def _header(place: Place, way: Way) -> tuple[Header, bool]:
    """vault.json, and whether it was lost and is a copy's."""
    try:
        return swap.settled(place), False
    except (VaultMissing, VaultDamaged) as fault:
        return lost_header.in_copies(place, way, fault), True


def _is_sound(place: Place, header: Header, key: SecretKey, tell: Tell) -> bool:
    """Whether the records need nothing but their vault.json. Their log is folded, if it is whole.

    A log whose saved edits cannot be read stays as it is, as it does when a vault is opened.
    """
    if not place.records.exists() or place.records.stat().st_size < opening.LEAST_BYTES:
        return False
    log = torn_log.keep(place)
    sound = False
    try:
        sound = _holds(place, header, key, log, tell)
    finally:
        if log is not None:
            (log.forget if sound else log.give_back)()
    return sound


def _holds(
    place: Place, header: Header, key: SecretKey, log: torn_log.KeptLog | None, tell: Tell
) -> bool:
    try:
        db = Database(place.records, key, header.cipher)
    except StorageError:
        return False
    try:
        if log is not None and log.is_damaged(db):
            return False
        return not problems(db, tell) and db.schema() > 0
    except StorageError:
        return False
    finally:
        db.close()


def _put_back(
    place: Place, lost: Header | None, key: SecretKey, now: datetime, tell: Tell
) -> PutBack:
    """Written whole beside the damaged file; only then are the names changed, all or nothing.

    `lost` is the copy's header where vault.json is gone too; it too is written last.
    """
    header = lost or slots.read(place)
    copy = _newest_good(place, key, tell)
    found = _later(place, header, copy, key, tell)
    swap.forget_unfinished(place, header)
    try:
        files = _written_beside(place, header, key, now, (copy, found), tell)
    except BaseException:
        swap.forget_unfinished(place, header)
        raise
    if lost is not None:
        lost_header.put_in_place(place, header)
    aside = _keep_aside(place)
    swap.begin(place, header, Swap(header.slots, header.cipher, new_key=False))
    _sweep(place, header, key, now)
    return PutBack(backup.taken_at(copy), found.later, files, aside)


def _written_beside(
    place: Place,
    header: Header,
    key: SecretKey,
    now: datetime,
    back: tuple[Path, Rescued],
    tell: Tell,
) -> int:
    """The copy with what is later, on disk and whole; how many files came back."""
    copy, found = back
    _copy_records(Place(copy), place.next_records, key, header.cipher, tell)
    db = Database(place.next_records, key, header.cipher)
    try:
        tell("Later changes put back", 0, found.later)
        db.bring_up()  # a copy may be older than the last step of the schema
        with db.transaction():
            _write_again(db, _as_joined(db, place, key, found), tell)
            rescue.take_in(db, found)
            Erasures(place, key).replay(db, now)
        db.checkpoint()
        files = copied_files.put_back(Place(copy), db, place, tell)  # the last that may be stopped
    finally:
        db.close()
    sync_file(place.next_records)
    return files


def _copy_records(copy: Place, target: Path, key: SecretKey, cipher: Cipher, tell: Tell) -> None:
    """The copy's records under the cipher that the vault's own vault.json names."""
    private_file(target)
    theirs = slots.read(copy).cipher
    if theirs == cipher:
        _copy_bytes(copy.records, target, tell)
        return
    fresh = Database(target, key, cipher)
    try:
        with fresh.heard(partial(tell, "Copying the records of an older version", 0, 0)):
            fresh.take_over(copy.records, key, theirs)
    finally:
        fresh.close()


def _copy_bytes(source: Path, target: Path, tell: Tell) -> None:
    there = source.stat().st_size // MB
    with source.open("rb") as read, target.open("wb") as write:
        done = 0
        while piece := read.read(_PIECE):
            tell(f"Copied: {done // MB:,} MB of {there:,} MB", done // MB, there)
            write.write(piece)
            done += len(piece)


def _sweep(place: Place, header: Header, key: SecretKey, now: datetime) -> None:
    """Bytes of files that nobody has a key for any more, an erased person's above all."""
    db = Database(place.records, key, header.cipher)
    try:
        Files(db, place, SetClock(now)).sweep()
    finally:
        db.close()


def _newest_good(place: Place, key: SecretKey, tell: Tell) -> Path:
    found = sorted((p for p in place.copies.glob("*") if backup.taken_at(p)), reverse=True)
    for copy in found:
        try:
            backup.verify(Place(copy), key, tell)
        except StorageError:
            continue  # an older copy may be better than none
        return copy
    raise VaultMissing("There is no good copy to put back. Nothing was changed. Ask for help.")


def _later(place: Place, header: Header, copy: Path, key: SecretKey, tell: Tell) -> Rescued:
    """What the damaged file can still tell and the copy does not have."""
    known = Database(Place(copy).records, key, slots.read(Place(copy)).cipher, read_only=True)
    try:
        return rescue.from_damaged(place, header, key, known, tell)
    finally:
        known.close()


def _keep_aside(place: Place) -> Path | None:
    """The damaged file and its log under a second name; both stay where they are until the swap."""
    number = 1
    while (aside := place.folder / f"damaged-{number}-records.db").exists():
        number += 1
    for ending in ("-wal", ""):
        path = place.records.with_name(place.records.name + ending)
        target = aside.with_name(aside.name + ending)
        if path.exists():
            target.unlink(missing_ok=True)
            copied_files.link(path, target)
    sync_folder(place.folder)
    return aside if aside.exists() else None


def _as_joined(db: Database, place: Place, key: SecretKey, found: Rescued) -> Sequence[Op]:
    """Go on as the laptop that has joined since the copy; the later ops that are not in it yet."""
    joined = found.enrolled or Enrolment(place, key).read()
    if joined is None or joined == enrolment.of(db):
        return found.ops
    here = enrolment.carry_over(db, joined, found.ops)
    return [op for op in found.ops if op.dot not in here]


def _write_again(db: Database, ops: Sequence[Op], tell: Tell = nobody) -> None:
    """The same ops once more: journal, records, trail and lists."""
    if not ops:
        return
    held: dict[tuple[str, str], Stored] = {}
    entries = []
    for op in counted(ops, tell, "Later changes put back", len(ops)):
        item = held.get((op.kind, op.record_id)) or _known(db, op)
        done = _after(op, item)
        if done is not None:
            held[op.kind, op.record_id] = done
            after: dict[str, Json] = {DELETED: True} if op.verb is Verb.DELETE else op.fields
            entries.append(_entry(op, after))
    at = outbox.moment_of(ops[-1])
    outbox.write(db, ops, at)
    rows.save(db, held.values())
    trail.write(db, entries)
    summary.refresh(db, list(held.values()))
    meta = Meta(db)
    inc = meta.number(m.INCARNATION)
    seqs = [op.seq for op in ops if op.inc == inc]
    meta.put(m.NEXT_SEQ, max([meta.number(m.NEXT_SEQ, 1), *(seq + 1 for seq in seqs)]))
    meta.put(m.HLC, max(meta.number(m.HLC), *(op.hlc for op in ops)))


def _known(db: Database, op: Op) -> Stored | None:
    return rows.load(db, KINDS[op.kind], [op.record_id]).get(op.record_id)


def _after(op: Op, item: Stored | None) -> Stored | None:
    """The record as it is after one op; None when the op cannot be followed here."""
    kind = KINDS[op.kind]
    if item is None and op.verb is not Verb.NEW:
        return None  # the register has it and will tell it
    before = fields_of(item.record) if item else {}
    plain = {name: value for name, value in op.fields.items() if name != DELETED}
    try:
        record = rows.checked(kind, op.record_id, before | plain)
    except ValueRefused:
        return item
    ver: dict[str, Dots] = dict(item.ver) if item else {"*": (op.dot,)}
    names = [DELETED] if op.verb is Verb.DELETE else list(op.fields)
    if op.verb is not Verb.NEW:
        ver |= dict.fromkeys(names, (op.dot,))
    deleted = (item.deleted if item else False) or op.verb is Verb.DELETE
    if DELETED in op.fields:
        deleted = bool(op.fields[DELETED])
    return replace(item or Stored(kind, record), record=record, ver=ver, deleted=deleted)


def _entry(op: Op, after: dict[str, Json]) -> TrailEntry:
    return TrailEntry(
        at=outbox.moment_of(op),
        by_id=op.actor_id,
        verb=op.verb.value,
        kind=op.kind,
        record_id=op.record_id,
        before=op.was,
        after=after,
        note=op.note,
    )
