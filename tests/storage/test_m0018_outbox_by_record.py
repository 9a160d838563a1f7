"""Where everything is walks indexes in order: no long history is sorted in memory."""

from typing import Any

import pytest

from forms.change import Op
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import ledger, outbox
from storage.database import Database
from storage.vault import Vault
from tests.storage.samples import COACH, NOON


def steps(vault: Vault, asked: list[tuple[str, Any]], said: str = "") -> list[str]:
    """How they are answered. The driver keeps an answer by its text: `said` makes it another."""
    return [
        row[3]
        for sql, values in asked
        if "outbox" in sql
        for row in vault._db.rows(f"EXPLAIN QUERY PLAN {sql} --{said}", values)
    ]


def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []
    rows = Database.rows

    def note(self: Database, sql: str, values: Any = ()) -> list[Any]:
        if not sql.startswith("EXPLAIN"):
            asked.append((sql, values))
        return rows(self, sql, values)

    monkeypatch.setattr(Database, "rows", note)
    return asked


def sorts(plan: list[str]) -> list[str]:
    """Steps that hold something of every op: lists to group by, and whole tables read for it."""
    return [step for step in plan if "FOR GROUP BY" in step or step == "SCAN outbox"]


@pytest.mark.parametrize("view", list(ledger.View))
def test_every_view_walks_an_index(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, view: ledger.View
) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), name="Green Lane"))
    asked = noted(monkeypatch)
    assert len(vault.ledger(view).lines) == (view is not ledger.View.REFUSED)
    plan = steps(vault, asked)
    assert any("outbox_of_record" in step for step in plan)
    assert sorts(plan) == []
    with vault._db.transaction():  # what is seen without it
        vault._db.do("DROP INDEX outbox_of_record")
    assert sorts(steps(vault, asked, "without"))


def test_what_waits_is_still_found_by_the_index_of_what_waits(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Enterprise(id=new_id(), name="Green Lane")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(one)
    asked = noted(monkeypatch)
    found: list[Op] = outbox.unsent_of(vault._db, [one.id])
    assert [op.record_id for op in found] == [one.id]
    assert any("outbox_unsent_record" in step for step in steps(vault, asked))
