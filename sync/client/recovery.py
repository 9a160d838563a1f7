"""Laptop and register disagree about the past: say again what was lost, lose nothing, and end.

A register put back from a copy hears every op again that it forgot, under the same dots. A laptop
that came back from an old image goes on under a new incarnation. Each step is on disk before the
next, so a recovery cut short goes on with the next round. Refuses to go round for ever.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sync import errors
from sync.protocol import HelloAsk, HelloReply, Trouble, acks_from_wire

if TYPE_CHECKING:
    from sync.client.exchange import Round

ROUNDS = 3


def recover(this: Round, trouble: Trouble) -> None:
    """Put this laptop right for the next try of the round."""
    this.report.recovered = trouble.trouble
    if trouble.trouble == "device_regressed":
        _go_on_anew(this, trouble)
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
    for inc in {mine: 0} | this.vault.exchange.incarnations():
        if inc == 0:  # written before this laptop was enrolled
            continue
        this.report.requests += 1
        held = this.line.ask("/v1/hello", HelloAsk(inc=inc), HelloReply)
        this.vault.exchange.reopen(held.last, incarnation=inc)


def _go_on_anew(this: Round, trouble: Trouble) -> None:
    """The disk is older than what it already told: keep the receipts that fit, then renumber."""
    mine = this.line.identity
    if trouble.acks:
        acks = acks_from_wire(trouble.acks)
        this.vault.exchange.acknowledge(acks, this.now())
    this.report.requests += 1
    fresh = this.line.ask("/v1/hello", HelloAsk(inc=mine.incarnation, fresh=True), HelloReply)
    if fresh.inc < 1 or fresh.inc in {mine.incarnation} | this.vault.exchange.incarnations().keys():
        # two ops of one name: one of them would be lost
        raise errors.NotTheRegister(detail="a number that this laptop has written under")
    this.line.identity = replace(mine, incarnation=fresh.inc)
    this.vault.exchange.adopt(this.line.identity)
