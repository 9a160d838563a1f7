"""A register put back to before an erasure hears the rest again: emptied ops leave no hole."""

from __future__ import annotations

import pytest

from forms.facts.people import Enterprise
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
