"""Ask the register to decide: what waited offline, and what only exists online.

A waiting request is asked once a round and answered by the register alone. `ask_now` asks
directly; without a line it says so and leaves nothing waiting. Refuses to guess an answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from forms.change import Changes
from forms.facts.decisions import DecisionRequest
from forms.values import Clock
from sync import errors
from sync.client.side import Laptop
from sync.client.transport import Transport
from sync.client.wire import Line, Told
from sync.protocol import DecideReply, decision_to_wire

if TYPE_CHECKING:
    from sync.client.exchange import Round


def ask_waiting(this: Round) -> None:
    """Ask everything that waits, in the order it was asked for."""
    for request in this.vault.exchange.waiting_decisions():
        this.report.requests += 1
        this.along = None  # that page was read before the answer
        reply = this.line.ask("/v1/decide", decision_to_wire(request, waited=True), DecideReply)
        _check(request, reply)
        put_answer(this, reply)


def ask_now(
    vault: Laptop, transport: Transport, request: DecisionRequest, clock: Clock
) -> DecisionRequest:
    """Ask a decision that only exists online. Raises OnlineOnly when there is no answer.

    Its effects arrive with the next round.
    """
    identity = vault.exchange.identity()
    if identity is None:
        raise errors.SignInNeeded(detail="not enrolled")
    line = Line(transport, identity, clock)
    try:
        reply = line.ask("/v1/decide", decision_to_wire(request), DecideReply)
    except (errors.Unreachable, errors.RegisterDown, errors.CaptivePortal) as error:
        raise errors.OnlineOnly(_why_not(error), detail=error.trouble) from error
    except Told as told:
        raise errors.Refused(told.trouble.words, detail=told.trouble.trouble) from told
    _check(request, reply)
    answered = answered_by(request, reply)
    vault.exchange.keep_decision(answered)
    return answered


def _check(request: DecisionRequest, reply: DecideReply) -> None:
    """Raises NotTheRegister for the answer to another question."""
    if reply.id != request.id:
        raise errors.NotTheRegister(detail="the answer is to another question")


def _why_not(error: errors.SyncError) -> str:
    """Somebody waits for the answer: what is in the way is said, when it is not only the line."""
    plain = type(error) in (errors.Unreachable, errors.Slow, errors.TooOften)
    if plain or str(error) == errors.RegisterDown.words:
        return ""
    return f"{error} Nothing was decided."


def answered_by(request: DecisionRequest, reply: DecideReply) -> DecisionRequest:
    """The request with the register's answer in it."""
    return replace(
        request,
        state=reply.state,
        answered_at=reply.answered_at,
        codes=tuple(reply.codes),
        words=reply.words,
    )


def put_answer(this: Round, reply: DecideReply) -> None:
    """Keep the register's answer beside the request; a second one changes nothing and is not told.

    It is on disk before the pull: whoever shows it is told, also when the line breaks after it.
    """
    changes = this.vault.exchange.answer(
        reply.id,
        state=reply.state,
        codes=tuple(reply.codes),
        words=reply.words,
        at=reply.answered_at,
    )
    if isinstance(changes, Changes) and changes.decisions:
        this.report.changes.append(changes)
        this.report.decisions_answered += changes.decisions
