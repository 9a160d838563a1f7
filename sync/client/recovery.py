"""Laptop and register disagree about the past: say again what was lost, lose nothing, and end.

A register put back from a copy hears every op again that it forgot, under the same dots. A laptop
that came back from an old image goes on under a new incarnation. Each step is on disk before the
next, so a recovery cut short goes on with the next round. Refuses to go round for ever.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from sync import envelope, errors, keys, signing
from sync.client.receipt import Receipt
from sync.client.wire import Line, Told
from sync.protocol import HelloAsk, HelloReply, PushReply, Trouble, acks_from_wire, op_to_wire

if TYPE_CHECKING:
    from forms.change import Identity
    from sync.client.exchange import Round
    from sync.client.side import Exchange, Laptop

ROUNDS = 3
MANY = 1_000  # ops looked at in one step of the vault's lane


def recover(this: Round, trouble: Trouble, inc: int | None = None) -> None:
    """Put this laptop right for the next try of the round. `inc`: of the batch that was refused."""
    this.report.recovered = trouble.trouble
    if trouble.trouble == "device_regressed":
        _go_on_anew(this, trouble, inc)
    else:
        _say_again(this)
    this.vault.exchange.reset_bookmark()


def newest_written(this: Round) -> int:
    """The newest op of this incarnation."""
    mine = this.line.identity.incarnation
    return int(this.vault.exchange.incarnations().get(mine, 0))


def newest_receipted(this: Round) -> int:
    """The newest op of this incarnation with a receipt; -1 when an older one still waits."""
    waiting = this.vault.exchange.unsent(1)
    if not waiting:
        return newest_written(this)
    mine = this.line.identity.incarnation
    return waiting[0].seq - 1 if waiting[0].inc == mine else -1


def was_reset(this: Round) -> bool:
    """Whether an empty bookmark means a new beginning rather than a new laptop."""
    return any(last for last in this.vault.exchange.incarnations().values())


def _say_again(this: Round) -> None:
    """The register forgot: every op after what it holds, of every incarnation, waits again."""
    mine = this.line.identity.incarnation  # it may be forgotten before anything was written in it
    anew = False
    for inc in {mine: 0} | this.vault.exchange.incarnations():
        if inc:  # 0: written before this laptop was enrolled
            try:
                held = _asked(this, inc)
            except errors.Refused as refused:
                if inc == mine:
                    raise errors.TakenForAnother(detail=refused.detail) from refused
                anew = bool(_own_again(this.vault.exchange, inc, this.line.identity)) or anew
                continue
            this.vault.exchange.reopen(0 if held is None else held.last, incarnation=inc)
            anew = anew or held is None
            if held is not None:
                _rename_others(this, held)
    if anew:
        _renumber(this)


def _asked(this: Round, inc: int) -> HelloReply | None:
    this.report.requests += 1
    return _hello(this.line, this.vault.exchange, inc)


def _hello(line: Line, exchange: Exchange, inc: int) -> HelloReply | None:
    """What the register holds of an incarnation. One that it has forgotten is shown by a receipt.

    None: it has forgotten it and there is no receipt of it here, so nothing of it may be said again
    under that number. Raises SyncError or Told.
    """
    ask = HelloAsk(inc=inc, which=True)
    try:
        return line.ask("/v1/hello", ask, HelloReply)
    except Told as told:
        if told.trouble.trouble != "unproven":
            raise
    ask.shown = shown(exchange, inc).get(inc)
    try:
        return line.ask("/v1/hello", ask, HelloReply) if ask.shown is not None else None
    except Told as told:
        if told.trouble.trouble != "unproven":
            raise
        return None


def shown(exchange: Exchange, *incs: int) -> dict[int, PushReply]:
    """A receipt of each of these incarnations as it came, where there is one."""
    kept, found = exchange.kept_receipts(), {}
    for inc in incs:
        if inc in kept:
            found[inc] = msgspec.json.decode(kept[inc], type=PushReply)
            found[inc].hashes, found[inc].page = [], None
    return found


def look_back(vault: Laptop, line: Line) -> None:
    """A laptop that joins once more asks whether what it holds a receipt for is still there.

    A register put back from an older copy may know neither the device nor what it sent, and what is
    written from here on has other names, which would not show it. Raises SyncError.
    """
    exchange = vault.exchange
    for inc in exchange.incarnations():
        if not inc or not exchange.receipted(inc, 0, 1):
            continue
        try:
            held = _hello(line, exchange, inc)
        except errors.Refused:
            _own_again(exchange, inc, line.identity)
            continue
        except Told as told:
            raise errors.Refused(told.trouble.words, detail=told.trouble.trouble) from told
        exchange.reopen(0 if held is None else held.last, incarnation=inc)
        if held is not None:
            exchange.reopen(0, incarnation=inc, only=others(exchange, inc, held.which))


def written_by(exchange: Exchange, inc: int, person: str) -> list[int]:
    """Ops with a receipt of an incarnation that this person wrote."""
    after, found = 0, []
    while some := exchange.receipted(inc, after, MANY):
        after = some[-1].seq
        found += [op.seq for op in some if op.actor_id == person]
    return found


def _own_again(exchange: Exchange, inc: int, who: Identity) -> int:
    """The register has that number as somebody else's, so it has nothing that we wrote under it.

    That waits again, for another number. The rest is of who had these records before.
    """
    return exchange.reopen(0, incarnation=inc, only=written_by(exchange, inc, who.actor_id))


def others(exchange: Exchange, inc: int, which: bytes) -> list[int]:
    """Ops with a receipt in whose place the register has others, that a copy of this vault wrote.

    A register that does not say which it has is believed to have these.
    """
    after, found = 0, []
    while which and (some := exchange.receipted(inc, after, MANY)):
        after = some[-1].seq
        for op in some:
            told = which[signing.MARK * (op.seq - 1) : signing.MARK * op.seq]
            if told and told != signing.op_mark(signing.op_hash(op_to_wire(op))):
                found.append(op.seq)
    return found


def _rename_others(this: Round, held: HelloReply) -> None:
    """They wait again, and since their names are taken they get new ones."""
    found = others(this.vault.exchange, held.inc, held.which)
    if this.vault.exchange.reopen(0, incarnation=held.inc, only=found):
        _renumber(this)


def _go_on_anew(this: Round, trouble: Trouble, inc: int | None) -> None:
    """The disk is older than what it already told: keep the receipts that fit, then renumber."""
    if trouble.acks:
        acks = acks_from_wire(trouble.acks)
        body = _evidence(this, trouble, inc)
        this.vault.exchange.acknowledge(acks, this.now(), receipt=body, incarnation=inc)
    mine = this.line.identity.incarnation
    for one in {mine, mine if inc is None else inc}:
        held = _asked(this, one)
        if held is not None:
            _rename_others(this, held)
    if this.line.identity.incarnation == mine:
        _renumber(this)


def _evidence(this: Round, trouble: Trouble, inc: int | None) -> bytes:
    """The signed receipt of what the register has of a batch that it refused, to be kept.

    Empty from a register that does not sign it by itself yet. Raises NotTheRegister.
    """
    if not trouble.signature:
        return b""
    reply = PushReply(
        inc=trouble.inc, epoch=trouble.epoch, acks=trouble.acks, signature=trouble.signature
    )
    signed = Receipt(reply, reply.acks).is_signed(*keys.known_to(this.line.identity))
    if not signed or (inc is not None and inc != trouble.inc):
        raise errors.NotTheRegister(detail="the receipt is not for what was sent")
    return envelope.canonical(reply)


def _renumber(this: Round) -> None:
    """A fresh incarnation: what waits gets its numbers."""
    mine = this.line.identity
    this.report.requests += 1
    fresh = this.line.ask("/v1/hello", HelloAsk(inc=mine.incarnation, fresh=True), HelloReply)
    go_on_under(this, fresh.inc)


def go_on_under(this: Round, inc: int) -> None:
    """What waits gets the numbers of this incarnation."""
    if not is_fresh(this, inc):  # two ops of one name: one of them would be lost
        raise errors.NotTheRegister(detail="a number that this laptop has written under")
    this.line.identity = replace(this.line.identity, incarnation=inc)
    this.vault.exchange.adopt(this.line.identity)


def is_fresh(this: Round, inc: int) -> bool:
    """Whether this laptop never wrote under that number."""
    mine = this.line.identity.incarnation
    return inc > 0 and inc not in {mine} | this.vault.exchange.incarnations().keys()
