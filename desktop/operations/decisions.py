"""Asking the register to decide, and settling a thing to check.

A request waits beside the outbox until there is a signal; it never changes a record by itself.
Refuses to ask for the same decision twice while one is waiting.
"""

from __future__ import annotations

from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.operations.writing import Writing
from forms.facts.decisions import DecisionRequest
from forms.values import new_id


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
