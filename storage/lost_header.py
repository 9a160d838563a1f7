"""A vault.json that is gone or damaged, found again: each copy holds the one of its day.

Without it nothing opens, whole as the records may be. The newest that the given secret opens takes
its place; a damaged one is put aside. Refuses to make one up: where no copy opens, none is written.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from storage import backup, opening, slots
from storage.atomic import write_whole
from storage.cipher import NOW, Cipher
from storage.database import Database
from storage.errors import StorageError, VaultFault, WrongPassphrase
from storage.keys import SecretKey
from storage.opening import Way
from storage.place import Place
from storage.slots import Header, Tries


def in_copies(place: Place, way: Way, why: VaultFault) -> Header:
    """The header of the newest copy that this secret opens. Raises WrongPassphrase, or `why`."""
    for path in sorted(place.copies.glob("*Z"), reverse=True):
        if backup.taken_at(path) is None:
            continue
        try:
            header = slots.read(Place(path))
        except StorageError:
            continue
        why = WrongPassphrase()
        try:
            key = opening.unlock(header, way)
        except WrongPassphrase:
            continue  # an older copy may be from before the passphrase was changed
        cipher = _cipher_of(place.records, key, header)
        key.wipe()
        return replace(header, tries=Tries(), cipher=cipher)
    raise why


def put_in_place(place: Place, header: Header) -> None:
    """Under the lock. Raises OSError."""
    number = 1
    while (aside := place.folder / f"damaged-{number}-vault.json").exists():
        number += 1
    if place.header.exists():
        place.header.replace(aside)
    write_whole(place.header, slots.to_bytes(header))


def _cipher_of(records: Path, key: SecretKey, header: Header) -> Cipher:
    """The cipher of the records as they are: they may be newer than the copy's vault.json."""
    for cipher in (NOW, header.cipher):
        if not records.exists():
            break
        try:
            Database(records, key, cipher, read_only=True).close()
        except StorageError:
            continue
        return cipher
    return header.cipher
