"""A second look at an open vault, from a process of our own: it reads, and can write nothing.

The ticket carries the key. It goes through a pipe to a process that this program started, never
into an argument, the environment or a file. Refuses to write and to bring an old vault up to date.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from storage.cipher import Cipher
from storage.errors import VaultDamaged
from storage.keys import SecretKey
from storage.place import Place

if TYPE_CHECKING:
    from forms.values import Clock
    from storage.reader import Reader

_CACHE_KB = 2_048  # a kind is gone through once, and no page met again: no place for a county's


class Ticket(msgspec.Struct, frozen=True):
    """What another process needs to read along. Shown nowhere: its repr names no key."""

    folder: str
    key: bytes
    page: int
    seal: str
    practice: bool

    def __repr__(self) -> str:
        return "Ticket(...)"


def ticket(place: Place, key: SecretKey, cipher: Cipher, *, practice: bool) -> bytes:
    """A ticket for the vault at this place, as it goes through a pipe."""
    made = Ticket(str(place.folder), key.raw, cipher.page, cipher.seal, practice)
    return msgspec.json.encode(made)


@contextmanager
def reading(packed: bytes, clock: Clock) -> Iterator[Reader]:
    """The read side of the vault a ticket names. Raises as opening a vault does."""
    from storage.database import Database
    from storage.reader import Reader

    try:
        given = msgspec.json.decode(packed, type=Ticket)
    except msgspec.DecodeError as error:
        raise VaultDamaged from error
    key = SecretKey(given.key)
    cipher = Cipher(given.page, given.seal)
    db = Database(Place(Path(given.folder)).records, key, cipher, read_only=True)
    try:
        db.rows(f"PRAGMA cache_size = -{_CACHE_KB:d}")
        yield Reader(db, clock, _nothing_waits, practice=given.practice)
    finally:
        db.close()
        key.wipe()


def _nothing_waits() -> None:
    """No unit is open in a process that cannot write."""
