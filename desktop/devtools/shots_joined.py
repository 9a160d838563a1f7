"""A joined laptop for the pictures: two invented enterprises, unsent work, one thing to check.

Refuses to talk to anybody: its register does not exist, and no line is opened.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from forms.change import Bookmark, Head, Identity, Page, RecordState
from forms.facts.people import Colleague, Enterprise, Leader
from storage.keys import Cost
from storage.vault import Vault

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from forms.values import Clock

ME, OTHER = "coach-shots", "qa-shots"
WORDS = "made up for pictures"
QUICK = Cost(memory=8, passes=1)  # a vault that lives for a minute and holds nobody


def joined_vault(folder: Path, clock: Clock) -> Vault:
    """A vault that knows a register, with one value changed on both sides."""
    vault, _sheet = Vault.create(folder, passphrase=WORDS, clock=clock, cost=QUICK)
    vault.exchange.adopt(
        Identity(
            register_url="https://register.example.org",
            device_id="dev-shots",
            incarnation=17,
            actor_id=ME,
            actor_name="Robin Aldous",
            role="coach",
            signing_key=bytes(32),
        )
    )
    now = clock.now()
    vault.exchange.absorb(_page((_people(), _agreed()), 1), now)
    with vault.change(by=ME, at=now) as unit:
        unit.set(Enterprise, "shots-1", place="Ashwick, Mill Lane")
        unit.add(Leader(id="shots-leader", enterprise_id="shots-1", name="Mary Thorne"))
        unit.add(Enterprise(id="shots-2", name="Pearce Meals", coach_id=ME, place="Holcombe"))
    mine = next(op for op in vault.exchange.unsent(10) if "place" in op.fields)
    vault.exchange.absorb(_page((_clash(now, mine.dot),), 2), now)
    return vault


def _people() -> RecordState:
    fields: dict[str, object] = {"name": "Priya Shah", "role": "qa", "active": True}
    return _state(Colleague, OTHER, fields, "1.1")


def _agreed() -> RecordState:
    fields: dict[str, object] = {"name": "Mary's Helping Hands", "coach_id": ME, "place": "Ashwick"}
    return _state(Enterprise, "shots-1", fields, "1.2")


def _clash(now: datetime, dot: str) -> RecordState:
    earlier = now - timedelta(hours=2)
    theirs = Head(dot="1.3", value="Ashwick, Old Forge", actor_id=OTHER, at=earlier)
    mine = Head(dot=dot, value="Ashwick, Mill Lane", actor_id=ME, at=now)
    return RecordState(
        kind="enterprise",
        record_id="shots-1",
        fields={"place": theirs.value},
        versions={"place": (theirs.dot, mine.dot)},
        heads={"place": (theirs, mine)},
        before={"place": "Ashwick"},
        last_actor_id=OTHER,
        last_at=earlier,
    )


def _state(cls: type, record_id: str, fields: dict[str, object], dot: str) -> RecordState:
    from forms.facts.kinds import kind_of

    return RecordState(
        kind=kind_of(cls).name,
        record_id=record_id,
        fields=fields,
        versions=dict.fromkeys(fields, (dot,)),
    )


def _page(states: tuple[RecordState, ...], seq: int) -> Page:
    return Page(states=states, left=(), bookmark=Bookmark(epoch="shots", seq=seq, chain="c"))
