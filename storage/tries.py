"""Wrong secrets are counted in vault.json; from the second on one has to wait: 1, 2, 4 … 60 s.

The given clock decides; a right secret ends the count. Refuses to wipe anything, to look at a
secret before the wait is over, and to lock a person out because the laptop's clock was set back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from storage import slots
from storage.atomic import write_whole
from storage.errors import TriedTooSoon, VaultFault
from storage.lock import WriterLock
from storage.place import Place
from storage.slots import Header, Tries

_FREE = 1  # one slip of the finger costs nothing
_MOST_SECONDS = 60


def seconds_to_wait(tries: Tries, now: datetime) -> int:
    """How long until the next try is looked at; 0 for at once."""
    if tries.count <= _FREE or tries.last is None or now < tries.last:
        return 0
    wait = timedelta(seconds=min(_MOST_SECONDS, 2 ** min(tries.count - _FREE - 1, 10)))
    left = (tries.last + wait - now).total_seconds()
    return max(0, int(-(-left // 1)))


def refuse_too_soon(header: Header, now: datetime) -> None:
    """Raise TriedTooSoon while the wait lasts."""
    seconds = seconds_to_wait(header.tries, now)
    if seconds:
        raise TriedTooSoon(seconds)


def count_wrong(place: Place, now: datetime) -> None:
    """One more wrong secret. The vault.json of a window that is open is left alone."""
    try:
        lock = WriterLock(place.lock)
    except VaultFault:
        return  # open elsewhere, or a folder that cannot be written: there is nothing to count in
    try:
        header = slots.read(place)
        _write(place, header, Tries(header.tries.count + 1, now))
    finally:
        lock.release()


def forget_wrong(place: Place, header: Header) -> Header:
    """The right secret was given. Called by the holder of the writer's lock."""
    if not header.tries.count:
        return header
    return _write(place, slots.read(place), Tries())


def _write(place: Place, header: Header, tries: Tries) -> Header:
    counted = replace(header, tries=tries)
    try:
        write_whole(place.header, slots.to_bytes(counted))
    except OSError:
        return header  # a full or read-only disk must not stand between a person and their records
    return counted
