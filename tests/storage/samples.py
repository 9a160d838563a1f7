"""Made-up records of every kind, and vaults that open at once because their Argon2id is tiny."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from forms.facts.field import Policy
from forms.facts.kinds import Kind, Record
from forms.values import SetClock, new_id
from storage.keys import Cost
from storage.vault import Vault

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TINY = Cost(memory=8, passes=1)
PASSPHRASE = "violet anvil tractor"  # noqa: S105 - opens test vaults only
COACH = "coach-1"
_SAMPLES = {
    str: "Élan & <b>co</b> 'x'",
    int: 7,
    bool: True,
    date: date(2026, 2, 3),
    datetime: datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
    Decimal: Decimal("12.50"),
    tuple: ("one", "two"),
    dict: {"vol": 3, "svc": ["pc", "dom"], "yes": True},
}


def new_vault(folder: Path, *, practice: bool = False, clock: SetClock | None = None) -> Vault:
    """A fresh vault."""
    vault, _ = Vault.create(
        folder,
        passphrase=PASSPHRASE,
        clock=clock or SetClock(NOON),
        practice=practice,
        cost=TINY,
    )
    return vault


def reopen(folder: Path, **how: object) -> Vault:
    """The same vault again."""
    how = how or {"passphrase": PASSPHRASE}
    return Vault.open(folder, clock=SetClock(NOON), **how)  # type: ignore[arg-type]


def full_record(kind: Kind, *, decided: bool = False, **fixed: object) -> Record:
    """A record with a value in every field; fields of the register only when asked."""
    values = {
        spec.name: _SAMPLES[spec.type]
        for spec in kind.specs
        if decided or spec.policy is not Policy.REGISTER
    }
    if kind.name == "decision_request":
        values |= {"state": "waiting", "answered_at": None, "codes": (), "words": ""}
    return kind.cls(id=new_id(), **(values | fixed))


def bare_record(kind: Kind, **fixed: object) -> Record:
    """A record with nothing but what its kind needs."""
    values = {spec.name: _SAMPLES[spec.type] for spec in kind.specs if spec.required}
    return kind.cls(id=new_id(), **(values | fixed))
