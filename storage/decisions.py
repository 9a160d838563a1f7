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
    """Keep a request. False when the same one waits already."""
    if rows.load(db, _KIND, [request.id]):
        return False
    rows.save(db, [Stored(_KIND, request)])
    return True


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
    entry = trail.TrailEntry(
        at=at,
        by_id="register",
        verb=trail.ANSWERED,
        kind=_KIND.name,
        record_id=request.subject_id,
        after={"name": request.name, "id": request.id, "state": state, "words": words},
    )
    trail.write(db, [entry])
    return request
