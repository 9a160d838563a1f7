"""Asking the register to decide, and settling a thing to check.

A request waits beside the outbox until there is a signal; it never changes a record by itself.
Refuses to ask for the same decision twice while one is waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.alive import is_alive
from desktop.operations.errors import NothingWritten
from desktop.operations.exchange import from_afar
from desktop.operations.writing import Writing
from forms.change import Changes
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS, fields_of, from_json
from forms.values import Clock, new_id

if TYPE_CHECKING:
    from desktop.context import Context


def request(
    writing: Writing, name: str, subject_id: str, payload: dict[str, object] | None = None
) -> DecisionRequest:
    """The request as it would be asked now, not yet kept."""
    return DecisionRequest(
        id=new_id(),
        name=name,
        subject_id=subject_id,
        asked_by_id=writing.actor.id,
        asked_at=writing.at,
        payload=dict(payload or {}),
    )


def ask(
    writing: Writing, name: str, subject_id: str, payload: dict[str, object] | None = None
) -> str:
    """Ask for a decision; it goes out with the next exchange. Returns the request's id."""
    waiting = writing.reader.decisions(state="waiting")
    if any(d.name == name and d.subject_id == subject_id for d in waiting):
        raise NothingWritten("You have asked already. The answer comes with the next exchange.")
    asked = request(writing, name, subject_id, payload)
    writing.unit.ask(asked)
    return asked.id


def settle(writing: Writing, conflict_id: str, value: Any, *, note: str = "") -> None:
    """Choose what a field shall hold. The other values stay in the history."""
    writing.unit.settle(conflict_id, value, note=note.strip())


def put_back(
    writing: Writing, *, kind: str, record_id: str, field: str, before: Any, after: Any
) -> None:
    """Write what a field held before it was merged. Raises NothingWritten when it changed since."""
    known = KINDS[kind]
    record = writing.reader.get(known.cls, record_id)
    spec = next(each for each in known.specs if each.name == field)
    if record is None or fields_of(record).get(field) != after:
        raise NothingWritten("It was changed again since. Nothing was put back.")
    writing.unit.set(known.cls, record_id, **{field: from_json(spec, before)})


def request_now(
    context: Context, name: str, subject_id: str, payload: dict[str, object]
) -> DecisionRequest:
    """A request that is asked at once and kept only when it was answered."""
    return DecisionRequest(
        id=new_id(),
        name=name,
        subject_id=subject_id,
        asked_by_id=context.actor.id,
        asked_at=context.clock.now(),
        payload=dict(payload),
    )


def ask_online(
    context: Context,
    asked: DecisionRequest,
    *,
    owner: object,
    on_done: Callable[[DecisionRequest], None],
    on_failed: Callable[[Exception], None],
) -> None:
    """Ask in the network lane; the answer comes back on the GUI thread, or a fault in words.

    An answer is told to whoever shows it, also when the page that asked is gone.
    """
    jobs: Any = context.jobs  # the lanes beside the vault's are known to the real Jobs alone
    vault, clock = context.session.vault, context.clock

    def answered(request: DecisionRequest) -> None:
        at, by = request.answered_at or request.asked_at, request.asked_by_id
        context.broadcast.announce(Changes(at=at, by=by, decisions=1))
        if is_alive(owner):
            on_done(request)

    def failed(error: Exception) -> None:
        if is_alive(owner):
            on_failed(error)

    jobs.run(
        lambda: _answer_of(from_afar(vault, partial(jobs.through, "vault")), asked, clock),
        owner=context,  # outlives the page
        on_done=answered,
        on_failed=failed,
        lane="network",
    )


def _answer_of(far: Any, asked: DecisionRequest, clock: Clock) -> DecisionRequest:
    from sync.client.decide import ask_now
    from sync.client.transport import open_transport
    from sync.errors import SignInNeeded

    identity = far.exchange.identity()
    if identity is None:
        raise SignInNeeded
    transport = open_transport(identity)
    try:
        answered: DecisionRequest = ask_now(far, transport, asked, clock)
        return answered
    finally:
        transport.close()
