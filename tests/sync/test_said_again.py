"""A register put back to before an erasure hears the rest again: emptied ops leave no hole."""

from __future__ import annotations

import pytest

from forms.facts.listing import QACheck
from forms.facts.people import Enterprise
from forms.values import new_id
from sync.register import admin
from tests.sync.test_vault_machine import Vaults
from tests.sync.world import enterprise


@pytest.fixture
def vaults():
    made = Vaults()
    yield made
    made.close()


def erased(vaults, case):
    for who in ("lee", "kay"):
        laptop = vaults.world.laptop(who)
        answer = vaults.world.ask(laptop, "person.erase", case.id)
    assert answer.state == "granted", answer.words


def test_what_was_written_before_and_after_the_erased_is_said_again(vaults):
    ann = vaults.laptops["a"]
    vaults.keep_copy()
    before = ann.add(enterprise(name="Before"))
    gone = ann.add(enterprise(name="Erased"))
    after = ann.add(enterprise(name="After"))
    vaults.round("a")
    erased(vaults, gone)
    vaults.round("a")
    assert ann.get(Enterprise, gone.id).name != "Erased"
    vaults.put_back()
    vaults.world.settle_down(ann, rounds=8)
    assert vaults.world.row(before.id).fields["name"] == "Before"
    assert vaults.world.row(after.id).fields["name"] == "After"
    row = vaults.world.row(gone.id)
    assert row is None or "Erased" not in str(row.fields)
    assert ann.exchange.unsent_count() == 0


def test_ops_whose_words_were_kept_long_enough_are_not_taken_for_a_copys(vaults):
    """ "Number and date only" shortens what was sent: it is still this laptop's, by this name."""
    ann = vaults.laptops["a"]
    check = ann.add(
        QACheck(
            id=new_id(), enterprise_id=vaults.case, kind="dbs", level="enhanced",
            seen_how="document", reference="001",
        )
    )  # fmt: skip
    vaults.round("a")
    ann.set(check.id, reference="002")
    ann.set(check.id, level="", seen_how="")
    vaults.round("a")
    assert "enhanced" not in repr(ann.exchange._db.rows("SELECT fields, was FROM outbox"))
    mine = ann.exchange.identity().incarnation
    vaults.keep_copy()
    ann.set(check.id, reference="003")
    vaults.round("a")
    vaults.put_back()
    admin.new_history(vaults.world.store, vaults.world.clock)
    report = vaults.world.round(ann)
    assert report.recovered == "epoch"
    assert (report.conflicts, report.refused) == (0, [])
    assert ann.exchange.identity().incarnation == mine
    row = vaults.world.row(check.id)
    assert (row.fields["reference"], row.fields["level"]) == ("003", "")
    assert ann.exchange.unsent_count() == 0


def test_of_such_ops_those_that_still_say_something_are_compared(vaults):
    ann = vaults.laptops["a"]
    check = ann.add(
        QACheck(id=new_id(), enterprise_id=vaults.case, kind="dbs", seen_how="document")
    )
    other = ann.add(QACheck(id=new_id(), enterprise_id=vaults.case, kind="insurance"))
    vaults.round("a")
    mine = ann.exchange.identity().incarnation
    told = [op.record_id for op in ann.exchange.receipted(mine, 0, 100)]
    assert {check.id, other.id} <= set(told)
    ann.set(check.id, level="", seen_how="")
    vaults.round("a")
    told = [op.record_id for op in ann.exchange.receipted(mine, 0, 100)]
    assert check.id not in told
    assert other.id in told
