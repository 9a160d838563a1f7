"""A new key for everything: records, files, copies and the list of erasures, then new ways in.

For when the old key may be known to somebody. Everything is written anew beside the old, proven,
and swapped (storage.swap); until the swap is named nothing has changed. Afterwards the old key, the
old passphrase and the old recovery sheet open nothing. Refuses a damaged vault: put a good copy
back first.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import backup, copied_files, keys, opening, recovery, slots, swap
from storage.atomic import write_whole
from storage.check import problems
from storage.cipher import NOW
from storage.copied_files import Named
from storage.database import Database
from storage.erasures import sealing_key
from storage.errors import FileMissing, VaultDamaged, VaultMissing, classified
from storage.files import seal, unseal
from storage.keys import Cost, SecretKey
from storage.lock import WriterLock
from storage.opening import Way
from storage.place import Place
from storage.slots import Header, Swap

NewFiles = dict[str, Named]  # sha256 -> where it lies now and under which key


@dataclass(frozen=True, slots=True)
class ReKeyed:
    """What a re-key did. `sheet` is shown once. `ended`: ways in that have to be set up again.

    `copies` were locked anew; `removed` did not check and could not be, so they are gone: only the
    old key would have opened them.
    """

    sheet: tuple[str, ...]
    ended: tuple[str, ...]
    copies: int
    removed: tuple[str, ...]


def re_key(
    folder: Path, way: Way, now: datetime, passphrase: str, cost: Cost | None = None
) -> ReKeyed:
    """Lock everything with a new key that `passphrase` and a new recovery sheet open.

    The vault must be closed. Raises WrongPassphrase, VaultInUse, VaultDamaged, VaultFull: then
    everything is as it was.
    """
    place = Place(folder)
    old_key = opening.tried(place, swap.settled(place), way, now)
    lock = WriterLock(place.lock)
    try:
        return _Work(place, slots.read(place), old_key).do(passphrase, cost)
    except OSError as error:
        raise classified(error) from error
    finally:
        old_key.wipe()
        lock.release()


class _Work:
    """One re-key. Holds both keys for as long as it lasts."""

    def __init__(self, place: Place, header: Header, old: SecretKey) -> None:
        self._place, self._header, self._old = place, header, old
        self._new = SecretKey.fresh()
        self._files: NewFiles = {}

    def do(self, passphrase: str, cost: Cost | None) -> ReKeyed:
        swap.forget_unfinished(self._place, self._header)
        after, sheet = self._ways(passphrase, cost)
        try:
            self._write_all()
            removed = tuple(self._write_copies(after))
        except BaseException:
            self._undo()
            raise
        swap.begin(self._place, self._header, Swap(after.slots, after.cipher, new_key=True))
        self._sweep()
        had = {slot.type for slot in self._header.slots}
        ended = tuple(sorted(had - {slot.type for slot in after.slots}))
        copies = sum(backup.taken_at(p) is not None for p in self._place.copies.glob("*"))
        self._new.wipe()
        return ReKeyed(sheet, ended, copies, removed)

    def _ways(self, passphrase: str, cost: Cost | None) -> tuple[Header, tuple[str, ...]]:
        """vault.json as it will be; the key store's way ends: its secret may be known too."""
        sheet = recovery.fresh_sheet()
        after = replace(self._header, slots=(), cipher=NOW, swap=None)
        after = after.sealed(slots.PASSPHRASE, self._new, passphrase, cost or keys.calibrated())
        after = after.sealed(slots.RECOVERY, self._new, recovery.secret_of(" ".join(sheet)))
        council = self._header.slot(slots.ESCROW)
        if council is not None and council.to:
            after = after.sealed_for_council(self._new, council.to)
        if self._header.practice:
            secret = slots.practice_secret(self._header.vault_id)
            after = after.sealed(slots.PRACTICE, self._new, secret)
        return after, sheet

    def _write_all(self) -> None:
        place = self._place
        old = Database(place.records, self._old, self._header.cipher)
        try:
            if problems(old):
                raise VaultDamaged
            old.bring_up()
            with old.transaction():
                pass  # receipts in one row are marked first: the two files are compared op by op
            self._seal_again(copied_files.named(old), place.files)
            swap.write_beside(old, self._old, place.next_records, self._new, self._name_files)
        finally:
            old.close()
        self._write_erasures()

    def _write_erasures(self) -> None:
        try:
            told = unseal(self._place.erasures.read_bytes(), sealing_key(self._old))
        except FileNotFoundError:
            return
        except FileMissing:
            told = json.dumps({}).encode()  # damaged: the register tells every erasure again
        write_whole(self._place.next_erasures, seal(told, sealing_key(self._new)))

    def _seal_again(self, names: Iterable[Named], folder: Path) -> None:
        """Files under keys of their own, once more: who had the old key had theirs too."""
        self._place.files.mkdir(exist_ok=True, mode=0o700)
        for one in names:
            if one.sha256 in self._files or not one.is_good(folder / one.file_name):
                continue
            data = unseal((folder / one.file_name).read_bytes(), one.key)
            fresh = Named(one.sha256, os.urandom(16).hex(), AESGCM.generate_key(bit_length=256))
            write_whole(self._place.files / fresh.file_name, seal(data, fresh.key))
            self._files[one.sha256] = fresh

    def _name_files(self, db: Database) -> None:
        with db.transaction():
            db.do_many(
                "UPDATE stored_file SET file_name = ?, key = ? WHERE sha256 = ?",
                [(one.file_name, one.key, one.sha256) for one in self._files.values()],
            )

    def _write_copies(self, after: Header) -> Iterator[str]:
        """Each copy anew beside itself; the names of those that do not check."""
        made: list[Path] = []
        found = [p for p in self._place.copies.glob("*") if backup.taken_at(p)]
        for path in sorted(found):
            new = Place(path.with_name(path.name + swap.NEXT))
            try:
                self._write_copy(Place(path), new, after, made)
            except (VaultDamaged, VaultMissing):  # a full or failing disk is no reason to lose one
                shutil.rmtree(new.folder, ignore_errors=True)
                yield path.name
            else:
                made.insert(0, new.folder)

    def _write_copy(self, copy: Place, new: Place, after: Header, made: list[Path]) -> None:
        shutil.rmtree(new.folder, ignore_errors=True)
        db = Database(copy.records, self._old, slots.read(copy).cipher, read_only=True)
        try:
            if problems(db):
                raise VaultDamaged
            new.folder.mkdir(mode=0o700)
            self._seal_again(copied_files.named(db), copy.files)
            swap.write_beside(db, self._old, new.records, self._new, self._name_files)
        finally:
            db.close()
        write_whole(new.header, slots.to_bytes(after))
        fresh = Database(new.records, self._new, NOW, read_only=True)
        try:
            copied_files.add_to(new, fresh, self._place, made)
        finally:
            fresh.close()

    def _undo(self) -> None:
        """Nothing was named: what was written beside goes again."""
        swap.forget_unfinished(self._place, self._header)
        for one in self._files.values():
            (self._place.files / one.file_name).unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Old bytes of files, which only the old key's owner could read."""
        db = Database(self._place.records, self._new, NOW)
        try:
            known = {one.file_name for one in copied_files.named(db)}
        finally:
            db.close()
        for path in self._place.files.iterdir():
            if path.name not in known:
                path.unlink(missing_ok=True)
