"""The PIN that leads from a shared screen back to the whole caseload.

Kept as an Argon2id hash inside the encrypted records, never as digits; wrong tries are counted
there too and have to wait, longer each time (`storage.tries`). The passphrase always works instead.
Refuses fewer than four digits and to say how long the PIN is: it opens no records that are locked.
"""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from storage import keys, slots
from storage.errors import ChangeRefused, TriedTooSoon, WrongPassphrase
from storage.keys import Cost
from storage.meta import Meta, stamp
from storage.slots import Tries
from storage.tries import seconds_to_wait

if TYPE_CHECKING:
    from forms.values import Clock
    from storage.database import Database
    from storage.keys import SecretKey
    from storage.place import Place

SHORTEST, LONGEST = 4, 12
_HASH = "leaving_pin_hash"
_SALT = "leaving_pin_salt"
_COST = "leaving_pin_cost"
_TRIES = "leaving_pin_tries"
_LAST = "leaving_pin_last_try"
_ALL = (_HASH, _SALT, _COST, _TRIES, _LAST)


class LeavingPin:
    """Made by the vault as `vault.leaving_pin`."""

    def __init__(self, db: Database, place: Place, key: SecretKey, clock: Clock) -> None:
        self._db, self._meta = db, Meta(db)
        self._place, self._key, self._clock = place, key, clock

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return bool(self._meta.text(_HASH))

    def choose(self, pin: str, *, cost: Cost | None = None) -> None:
        """Set or change it. Raises ChangeRefused for anything but four to twelve digits."""
        digits = pin.strip()
        if not (digits.isascii() and digits.isdecimal() and SHORTEST <= len(digits) <= LONGEST):
            raise ChangeRefused("The PIN was not set. Use 4 to 12 digits.")
        if len(set(digits)) == 1 or digits in ("1234", "4321", "12345", "123456"):
            raise ChangeRefused("The PIN was not set: it is too easy to guess. Choose another.")
        cost = cost or Cost()
        salt = keys.fresh_salt()
        hashed = keys.stretch(digits, salt, cost)
        with self._db.transaction():
            self._forget()
            self._meta.put(_HASH, hashed.hex())
            self._meta.put(_SALT, salt.hex())
            self._meta.put(_COST, f"{cost.memory},{cost.passes},{cost.lanes}")

    def take_away(self) -> None:
        """No PIN any more: then only the passphrase leads back."""
        with self._db.transaction():
            self._forget()

    def proves(self, pin: str) -> bool:
        """Whether this is the PIN. Raises TriedTooSoon while a wait lasts; counts wrong tries."""
        self._refuse_too_soon()
        return self._tried(self._is_pin(pin.strip()))

    def proves_passphrase(self, passphrase: str) -> bool:
        """Whether this is the passphrase of these records. Raises TriedTooSoon as above."""
        self._refuse_too_soon()
        slot = slots.read(self._place).slot(slots.PASSPHRASE)
        return self._tried(slot is not None and self._opens(passphrase))

    def _opens(self, passphrase: str) -> bool:
        try:
            found = slots.read(self._place).opened(slots.PASSPHRASE, passphrase)
        except WrongPassphrase:
            return False
        same = hmac.compare_digest(found.raw, self._key.raw)
        found.wipe()
        return same

    def _is_pin(self, digits: str) -> bool:
        kept = self._meta.text(_HASH)
        if not kept:
            return False
        memory, passes, lanes = (int(part) for part in self._meta.text(_COST).split(","))
        cost = Cost(memory=memory, passes=passes, lanes=lanes)
        hashed = keys.stretch(digits, bytes.fromhex(self._meta.text(_SALT)), cost)
        return hmac.compare_digest(hashed, bytes.fromhex(kept))

    def _refuse_too_soon(self) -> None:
        tries = Tries(self._meta.number(_TRIES), self._meta.moment(_LAST))
        seconds = seconds_to_wait(tries, self._clock.now())
        if seconds:
            raise TriedTooSoon(seconds)

    def _tried(self, right: bool) -> bool:  # noqa: FBT001 -- what came of the try
        now: datetime = self._clock.now()
        with self._db.transaction():
            if right:
                self._meta.drop(_TRIES)
                self._meta.drop(_LAST)
            else:
                self._meta.put(_TRIES, self._meta.number(_TRIES) + 1)
                self._meta.put(_LAST, stamp(now))
        return right

    def _forget(self) -> None:
        for key in _ALL:
            self._meta.drop(key)
