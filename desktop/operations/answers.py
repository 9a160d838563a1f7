"""Answers that a coach and a leader give: checklist items, the entity decision, records of forms.

A checklist item is made the first time somebody touches it, under an id that every laptop derives
alike. Refuses to mark "not needed" or "waived" without a reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.operations.writing import Writing
from forms.facts.casework import ChecklistItem, EntityDecision
from forms.facts.kinds import KINDS, record_from
from forms.facts.people import Enterprise
from forms.values import derived_id, new_id

STATES = ("to do", "doing", "done", "not needed", "waived")


def item_id(enterprise_id: str, code: str) -> str:
    """The id that an item has on every laptop."""
    return derived_id(enterprise_id, code)


def set_item(writing: Writing, enterprise_id: str, code: str, **fields: Any) -> str:
    """Change fields of a checklist item, making it when nobody has touched it yet."""
    record_id = item_id(enterprise_id, code)
    known = writing.reader.get(ChecklistItem, record_id)
    _check_state(known, fields)
    if known is None:
        writing.unit.add(
            ChecklistItem(id=record_id, enterprise_id=enterprise_id, code=code, **fields)
        )
    else:
        writing.unit.set(ChecklistItem, record_id, **fields)
    return record_id


def _check_state(known: ChecklistItem | None, fields: dict[str, Any]) -> None:
    state = fields.get("state", known.state if known else "to do")
    reason = fields.get("reason", known.reason if known else "")
    if state not in STATES:
        raise NothingWritten(f"Nothing was changed: {state!r} is not one of the five states.")
    if state in ("not needed", "waived") and not str(reason).strip():
        raise NothingWritten("Nothing was changed: write the reason first.")


def verify_item(writing: Writing, enterprise_id: str, code: str) -> None:
    """A second person has looked at the evidence today."""
    set_item(writing, enterprise_id, code, checked_by_id=writing.actor.id, checked_on=writing.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """How a legal form was chosen: what was asked, what the guide said, what the person decided."""

    answers: dict[str, object]
    ruleset_version: str
    ranked: dict[str, object]
    chosen: str
    chosen_why: str
    advised_to_seek: tuple[str, ...]
    information_not_advice: bool


def decide_entity(writing: Writing, enterprise_id: str, choosing: Choosing) -> str:
    """Keep how a legal form was chosen, and set it on the enterprise."""
    if not choosing.information_not_advice:
        raise NothingWritten("Nothing was kept: tick that this was information, not advice.")
    if not choosing.chosen or not choosing.chosen_why.strip():
        raise NothingWritten("Nothing was kept: say which form was chosen, and why.")
    decision = EntityDecision(
        id=new_id(),
        enterprise_id=enterprise_id,
        decided_on=writing.today,
        answers=choosing.answers,
        ruleset_version=choosing.ruleset_version,
        ranked=choosing.ranked,
        chosen=choosing.chosen,
        chosen_why=choosing.chosen_why.strip(),
        advised_to_seek=choosing.advised_to_seek,
        information_not_advice=True,
        by_id=writing.actor.id,
    )
    writing.unit.add(decision)
    writing.unit.set(Enterprise, enterprise_id, entity_form=choosing.chosen)
    return decision.id


# forms whose questions are named like the fields of a record
TELLS = {"activity_return": KINDS["activity_return"]}


def record_from_form(form_id: str, enterprise_id: str, answers: dict[str, object]) -> Any:
    """The record a finished form tells, or None. Raises NothingWritten when it does not fit."""
    kind = TELLS.get(form_id)
    if kind is None:
        return None
    values: dict[str, object] = {"enterprise_id": enterprise_id}
    try:
        for spec in kind.specs:
            if spec.name in answers:
                text = str(answers[spec.name])
                values[spec.name] = int(Decimal(text)) if spec.type is int else text
        return record_from(kind, new_id(), values)
    except (ValueError, ArithmeticError) as error:
        raise NothingWritten("The form was not finished: an answer does not fit.") from error


def runs_out(writing: Writing, enterprise_id: str, code: str, day: date | None) -> None:
    """Set the day an item's evidence runs out on."""
    set_item(writing, enterprise_id, code, expires_on=day)
