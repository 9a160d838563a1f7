"""Taking back what was done, and doing it again: by number, or the newest of one enterprise.

Each is a change of its own: what was sent stays in the story, and a new op goes beside it.
Refuses to choose another step when the newest has to stay: it says why instead (CannotUndo).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forms.change import Changes
    from storage.steps import Step
    from storage.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What is wanted: which way, which step (0: the newest), of which enterprise ('': of any)."""

    back: bool
    n: int = 0
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Turned:
    """A step that was taken back or done again, and what that touched."""

    step: Step
    changes: Changes


def numbered(vault: Vault, wanted: Turn) -> Turn:
    """The same with its number: tried again it is not another, whatever was done since."""
    if wanted.n:
        return wanted
    find = vault.steps.to_undo if wanted.back else vault.steps.to_redo
    step = find(wanted.enterprise_id)
    return wanted if step is None else replace(wanted, n=step.n)


def turn(vault: Vault, wanted: Turn, *, by: str, at: datetime) -> Turned | None:
    """Undo or redo one step in one commit; None when there is nothing to turn."""
    steps = vault.steps
    wanted = numbered(vault, wanted)
    step = steps.get(wanted.n) if wanted.n else None
    if step is None:
        return None
    with vault.change(by=by, at=at) as unit:
        (steps.take_back if wanted.back else steps.do_again)(unit, step.n)
    return Turned(step, unit.changes)
