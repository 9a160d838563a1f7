"""Where a laptop stands in each of its incarnations, and fresh ones, after trouble: `/v1/hello`.

A register that was put back has forgotten numbers that it gave since. Whoever shows a receipt that
it signed for one of them had it: the names of ops are told to many, a receipt only to the laptop
that sent them. Refuses a number that is another person's, and a forgotten one to whoever shows
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sync import signing
from sync.columns import acks_of, receipt_bytes
from sync.protocol import HelloAsk, HelloReply, Trouble
from sync.register.auth import Caller
from sync.register.errors import Troubled
from sync.register.rows import Incarnation
from sync.register.sql_people import MOST_INCARNATION
from sync.register.sql_store import Tx


def where(
    tx: Tx, who: Caller, ask: HelloAsk, epoch: str, now: datetime, keys: Sequence[bytes]
) -> HelloReply:
    """Where a device stands; a fresh incarnation if its disk came back from an old image.

    `keys`: every key that this register has signed with. Raises Troubled.
    """
    if ask.fresh:
        inc = tx.people.new_incarnation(who.device.id, who.person.id)
        return HelloReply(epoch=epoch, inc=inc, last=0)
    mine = tx.people.incarnation(ask.inc)
    if mine is None:
        if not 0 < ask.inc <= MOST_INCARNATION:
            raise Troubled(403, Trouble(trouble="refused", now=now))
        if not _had_it(ask, keys):
            raise Troubled(403, Trouble(trouble="unproven", now=now))
        tx.people.readmit(ask.inc, who.device.id, who.person.id)
        return HelloReply(epoch=epoch, inc=ask.inc, last=0)
    if mine.person_id != who.person.id:
        raise Troubled(403, Trouble(trouble="refused", now=now))
    return _held(tx, mine, epoch, which=ask.which)


def everywhere(tx: Tx, person_id: str, epoch: str) -> list[HelloReply]:
    """Where every incarnation of a person stands, and with which ops."""
    found = (tx.people.incarnation(inc) for inc in tx.people.incarnations_of(person_id))
    return [_held(tx, mine, epoch, which=True) for mine in found if mine is not None]


def _had_it(ask: HelloAsk, keys: Sequence[bytes]) -> bool:
    """Whether they hold a receipt of that incarnation, of any epoch."""
    shown = ask.shown
    if shown is None or shown.inc != ask.inc:
        return False
    acks = acks_of(shown)
    said = receipt_bytes(shown.inc, shown.epoch, acks)
    return bool(acks) and any(signing.signed(key, shown.signature, said) for key in keys)


def _held(tx: Tx, mine: Incarnation, epoch: str, *, which: bool) -> HelloReply:
    held = tx.log.of(mine.inc, 1, mine.last) if which else {}
    marks = b"".join(signing.op_mark(held[seq].hash) for seq in sorted(held))
    return HelloReply(epoch=epoch, inc=mine.inc, last=mine.last, which=marks)
