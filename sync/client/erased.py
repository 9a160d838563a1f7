"""A register that was put back to before an erasure: a laptop that saw it asks for it again.

It asks the ordinary decision, in its person's name: one asks, another agrees, as the first time. So
no laptop can have anybody erased alone, and two that have seen the erasure bring it about by
themselves. Refuses to take anything away here: the register's answer does that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms.change import Changes
from forms.facts.decisions import DecisionRequest
from forms.values import Role, derived_id

if TYPE_CHECKING:
    from sync.client.exchange import Round

_MAY = frozenset({Role.COACH, Role.LEAD, Role.QA})


def ask_again(this: Round) -> int:
    """Ask for the erasure of whoever came back, once in a history; how many. They wait like any."""
    side, identity = this.vault.exchange, this.line.identity
    back, epoch = side.came_back(), side.bookmark().epoch
    if not back or not epoch or identity.role not in _MAY:
        return 0
    asked = {one.id for one in this.vault.reader.decisions()}
    fresh = [
        DecisionRequest(
            id=derived_id("erase again", subject, epoch, identity.actor_id),
            name="person.erase",
            subject_id=subject,
            asked_by_id=identity.actor_id,
            asked_at=this.now(),
        )
        for subject in back
    ]
    fresh = [one for one in fresh if one.id not in asked]
    for one in fresh:
        changes = side.keep_decision(one)
        if isinstance(changes, Changes):
            this.report.changes.append(changes)
    return len(fresh)
