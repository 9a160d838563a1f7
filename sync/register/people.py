"""Who may see what and who may write what. One table for each question, read by feed and accept.

A coach sees their own caseload; a lead and an auditor the programme without coach-only notes; QA
and finance only what a claim or a listing has brought before them. Refuses to look at records:
these are functions of role, kind and field.
"""

from __future__ import annotations

from dataclasses import dataclass

from forms.facts.field import Policy
from forms.facts.kinds import KINDS
from forms.rules.gate import OPEN_KINDS
from forms.values import Role
from sync.register.rows import Person

NOT_PERSONAL = OPEN_KINDS | {"market_gap", "signpost"}  # in no case: every laptop may hold them
EVERYBODY = ""  # owner of what every laptop holds
UNASSIGNED = "-"  # owner of a case without a coach: only the programme sees it
ALL = frozenset({"*"})

_SHARED = dict.fromkeys(NOT_PERSONAL, ALL)
_CLAIM = {
    "seed_claim": ALL,
    "claim_line": ALL,
    "claim_event": ALL,
    "attachment": ALL,
}
_ENTERPRISE_FOR_MONEY = frozenset(
    {"name", "coach_id", "district", "entity_form", "established_on", "suspended_on"}
)
_FOR_QA = (
    "enterprise",
    "leader",
    "consent",
    "checklist_item",
    "entity_decision",
    "register_entry",
    "qa_check",
    "stage_event",
)
_SEES: dict[Role, dict[str, frozenset[str]]] = {
    Role.QA: _SHARED | _CLAIM | dict.fromkeys(_FOR_QA, ALL),
    Role.FINANCE: _SHARED | _CLAIM | {"enterprise": _ENTERPRISE_FOR_MONEY},
}
_CHECKER = frozenset({"checked_by_id", "checked_on", "note"})
_WRITES: dict[Role, dict[str, frozenset[str]]] = {
    Role.QA: {"qa_check": ALL, "attachment": ALL, "checklist_item": _CHECKER},
    Role.FINANCE: {},
    Role.AUDITOR: {},
}
_AUDIENCES: dict[Role, tuple[str, ...]] = {
    Role.QA: ("claims", "listings"),
    Role.FINANCE: ("claims",),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a person sees."""

    everything: bool  # the whole programme
    owners: tuple[str, ...]  # whose records, if not everything
    audiences: tuple[str, ...]  # whose comings and goings to follow


def sight(person: Person) -> Sight:
    """How far this person sees."""
    if person.role in (Role.LEAD, Role.AUDITOR):
        return Sight(everything=True, owners=(), audiences=())
    if person.role is Role.COACH:
        return Sight(everything=False, owners=(EVERYBODY, person.id), audiences=(person.id,))
    return Sight(everything=False, owners=(EVERYBODY,), audiences=_AUDIENCES[person.role])


def sees_fields(role: Role, kind: str) -> frozenset[str]:
    """The fields of a kind that a role may see (ALL = every one); private ones are apart."""
    table = _SEES.get(role)
    if table is None:
        return ALL
    return table.get(kind, frozenset())


def writes_fields(role: Role, kind: str) -> frozenset[str]:
    """The fields of a kind that a role may write by an op; empty = none."""
    table = _WRITES.get(role)
    if table is not None:
        return table.get(kind, frozenset())
    return ALL if _anyone_writes(kind) else frozenset()


def private_fields(kind: str) -> frozenset[str]:
    """Coach-only fields of a kind."""
    known = KINDS.get(kind)
    if known is None:
        return frozenset()
    return frozenset(s.name for s in known.specs if s.policy is Policy.PRIVATE)


def _anyone_writes(kind: str) -> bool:
    known = KINDS.get(kind)
    # the fields that every record must have only say where it belongs
    return known is None or any(
        s.policy is not Policy.REGISTER and not s.required for s in known.specs
    )
