"""Who may see what and who may write what, as feed and accept ask it. The table is `roles.toml`.

A coach sees their own caseload; a lead and an auditor the programme without coach-only notes; QA
and finance only what a claim or a listing has brought before them. Refuses to look at records:
these are functions of role, kind and field.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from forms.values import Role
from sync.register.matrix import ALL, matrix
from sync.register.rows import Person

__all__ = ["ALL", "EVERYBODY", "HANGS_ON_NOTHING", "NOT_PERSONAL", "UNASSIGNED", "Sight", "sight"]
NOT_PERSONAL = matrix().in_no_case()  # every laptop may hold them
HANGS_ON_NOTHING = frozenset({"enterprise", "enquiry"})  # they are cases themselves
EVERYBODY = ""  # owner of what every laptop holds
UNASSIGNED = "-"  # owner of a case without a coach: only the programme sees it


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a person sees."""

    everything: bool  # the whole programme
    owners: tuple[str, ...]  # whose records, if not everything
    audiences: tuple[str, ...]  # whose comings and goings to follow


def sight(person: Person) -> Sight:
    """How far this person sees."""
    row = matrix().roles[person.role.value]
    if row.reach == "programme":
        return Sight(everything=True, owners=(), audiences=())
    if row.reach == "own cases":
        return Sight(everything=False, owners=(EVERYBODY, person.id), audiences=(person.id,))
    return Sight(everything=False, owners=(EVERYBODY,), audiences=row.brought_by)


@lru_cache(maxsize=1024)
def sees_fields(role: Role, kind: str) -> frozenset[str]:
    """The fields of a kind that a role may see (ALL = every one); private ones are apart."""
    return matrix().sees(role, kind)


@lru_cache(maxsize=1024)
def writes_fields(role: Role, kind: str) -> frozenset[str]:
    """The fields of a kind that a role may write by an op; empty = none."""
    return matrix().writes(role, kind)


def private_fields(kind: str) -> frozenset[str]:
    """Fields of a kind that go to their author only."""
    row = matrix().kinds.get(kind)
    return frozenset() if row is None else row.only_author
