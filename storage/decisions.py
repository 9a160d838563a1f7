"""Decision requests: asked here, answered by the register alone, never an op.

Refuses a second answer: the first one stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS
from storage import rows, trail
from storage.database import Database
from storage.rows import Stored

_KIND = KINDS["decision_request"]


def add(db: Database, request: DecisionRequest) -> bool:
    """Keep a request. False when the same one is kept already."""
    if rows.load(db, _KIND, [request.id]):
        return False
    rows.save(db, [Stored(_KIND, rows.checked_record(request, _KIND))])
    _tell(db, request, trail.ASKED, request.asked_by_id, request.asked_at)
    return True


def keep(db: Database, request: DecisionRequest) -> None:
    """Keep a request with its answer, whatever was kept of it before."""
    add(db, replace(request, state="waiting", answered_at=None, codes=(), words=""))
    if request.state != "waiting":
        answer(
            db,
            request.id,
            state=request.state,
            codes=request.codes,
            words=request.words,
            at=request.answered_at or request.asked_at,
        )


def every(db: Database, state: str | None) -> list[DecisionRequest]:
    """Requests in the order they were asked."""
    found = rows.load_where(db, _KIND, {} if state is None else {"state": state})
    return sorted((item.record for item in found), key=lambda one: (one.asked_at, one.id))


def answer(
    db: Database, decision_id: str, *, state: str, codes: Sequence[str], words: str, at: datetime
) -> DecisionRequest | None:
    """The register's answer. The answered request, or None when it is unknown or answered."""
    held = rows.load(db, _KIND, [decision_id]).get(decision_id)
    if held is None or held.record.state != "waiting":
        return None
    request: DecisionRequest = replace(
        held.record, state=state, codes=tuple(codes), words=words, answered_at=at
    )
    rows.save(db, [replace(held, record=request)])
    _tell(db, request, trail.ANSWERED, "register", at)
    return request


def _tell(db: Database, request: DecisionRequest, verb: str, by: str, at: datetime) -> None:
    after = {"name": request.name, "id": request.id, "state": request.state}
    entry = trail.TrailEntry(
        at=at,
        by_id=by,
        verb=verb,
        kind=_KIND.name,
        record_id=request.subject_id,
        after=after,
        note=request.words,
    )
    trail.write(db, [entry])
