"""A new records file in the place of the old one: written beside it, proven, swapped by names.

vault.json names the swap. Before that write the old files count, after it the new ones; what is
left then is renaming, which needs no key and can be taken up again at any point, by the next
opening too. Refuses to swap in a file that does not check, or tells anything else than the old one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from storage import slots
from storage.atomic import sync_file, sync_folder, write_whole
from storage.check import problems
from storage.cipher import NOW
from storage.connection import private_file
from storage.database import Database
from storage.errors import StorageError, VaultDamaged, VaultFault, classified
from storage.keys import SecretKey
from storage.lock import WriterLock
from storage.place import Place
from storage.slots import Header, Swap

NEXT = ".next"  # the ending of a copy that is about to take the place of the one with its name
_LOG_ENDINGS = ("-wal", "-shm")
_ASIDE = ("damaged-*", "unfinished-*")


def settled(place: Place) -> Header:
    """vault.json, after a swap that was begun has been ended. Raises VaultMissing, VaultInUse."""
    header = slots.read(place)
    if header.swap is None:
        return header
    lock = WriterLock(place.lock)
    try:
        return finish(place, slots.read(place))
    except OSError as error:
        raise classified(error) from error
    finally:
        lock.release()


def to_newest_cipher(place: Place, header: Header, key: SecretKey) -> Header:
    """The same key, the cipher of today: for a vault of an older version, under the lock."""
    if header.cipher == NOW:
        return header
    old = Database(place.records, key, header.cipher)
    try:
        write_beside(old, key, place.next_records, key)
    except BaseException:
        place.next_records.unlink(missing_ok=True)
        raise
    finally:
        old.close()
    return begin(place, header, Swap(header.slots, NOW, new_key=False))


def write_beside(
    old: Database,
    old_key: SecretKey,
    target: Path,
    key: SecretKey,
    mend: Callable[[Database], None] | None = None,
) -> None:
    """Everything of `old` at `target` under this key and today's cipher, proven and on disk.

    `mend` may then change what must differ; what it changes is not compared. Raises VaultDamaged
    when the new file does not tell the same, VaultFull.
    """
    _clear(target)
    private_file(target)
    fresh = Database(target, key, NOW)
    try:
        fresh.take_over(old.path, old_key, old.cipher)
        if problems(fresh) or not _same(old, fresh):
            raise VaultDamaged("The new file did not check. The old one is as it was. Try again.")
        if mend is not None:
            mend(fresh)
        fresh.checkpoint()
    finally:
        fresh.close()
    sync_file(target)


def begin(place: Place, header: Header, swap: Swap) -> Header:
    """From here on the new files count: name the swap, then end it."""
    named = replace(header, swap=swap)
    try:
        write_whole(place.header, slots.to_bytes(named))
        return finish(place, named)
    except OSError as error:
        raise classified(error) from error


def finish(place: Place, header: Header) -> Header:
    """Give the new files their names. Harmless to do again from any point."""
    swap = header.swap
    if swap is None:
        return header
    for new, old in (
        (place.next_records, place.records),
        (place.next_erasures, place.erasures),
    ):
        if new.exists():
            _without_logs(old)
            new.replace(old)
    sync_folder(place.folder)
    if swap.new_key:
        place.enrolment.unlink(missing_ok=True)  # the next opening seals it with the new key
        _swap_copies(place, swap)
    after = Header(header.vault_id, header.practice, swap.slots, swap.cipher)
    write_whole(place.header, slots.to_bytes(after))
    return after


def forget_unfinished(place: Place, header: Header) -> None:
    """Remove what a swap that was never named left behind; under the lock."""
    if header.swap is None:
        for path in (place.next_records, place.next_erasures):
            _clear(path)
        for path in place.copies.glob(f"*{NEXT}"):
            shutil.rmtree(path)


def _swap_copies(place: Place, swap: Swap) -> None:
    """Copies under the new key take the old ones' names; what only the old key opens goes."""
    for path in place.copies.glob("*") if place.copies.exists() else ():
        if path.name.endswith(NEXT):
            continue
        new = path.with_name(path.name + NEXT)
        if new.exists() or not _opens_with(path, swap):
            shutil.rmtree(path)
    for new in place.copies.glob(f"*{NEXT}"):
        new.rename(new.with_name(new.name.removesuffix(NEXT)))
    if place.copies.exists():
        sync_folder(place.copies)
    for pattern in _ASIDE:
        for path in place.folder.glob(pattern):
            path.unlink()


def _opens_with(copy: Path, swap: Swap) -> bool:
    try:
        return slots.read(Place(copy)).slots == swap.slots
    except StorageError:
        return False


def _same(old: Database, new: Database) -> bool:
    """Whether two files hold the same rows in every table that is not made from others."""
    tables = [
        row[0]
        for row in old.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        )
    ]
    theirs = {row[0] for row in new.rows("SELECT name FROM sqlite_master")}
    return all(name in theirs and _same_rows(old, new, name) for name in tables)


def _same_rows(old: Database, new: Database, table: str) -> bool:
    # Both are read in the order of their rows, which the export keeps: no sorting, flat memory.
    sql = f'SELECT * FROM "{table}"'  # noqa: S608 - a name the file itself tells
    try:
        return all(a == b for a, b in zip(old.each(sql), new.each(sql), strict=True))
    except ValueError:  # one of them has more rows
        return False
    except VaultFault as fault:
        raise VaultDamaged from fault


def _without_logs(path: Path) -> None:
    for ending in _LOG_ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def _clear(path: Path) -> None:
    _without_logs(path)
    path.unlink(missing_ok=True)
