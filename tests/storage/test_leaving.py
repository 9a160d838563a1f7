"""What leaves the caseload, what is removed elsewhere, and what waits for a person."""

from __future__ import annotations

import pytest

from forms.change import Page, RecordState
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage.vault import Vault
from tests.storage.register_pages import (
    LATER,
    ack,
    edit,
    now_of,
    page,
    state_of,
)
from tests.storage.samples import COACH, NOON


def test_what_left_the_caseload_is_gone_with_all_that_hangs_on_it(
    enrolled: Vault, shared: Enterprise
) -> None:
    leader = Leader(id=new_id(), enterprise_id=shared.id, name="Mary Thorne")
    enrolled.exchange.absorb(page(state_of(leader)), NOON)
    enrolled.exchange.absorb(page(left=(shared.id,)), LATER)
    assert enrolled.reader.get(Leader, leader.id) is None
    assert enrolled.reader.caseload().count == 0
    assert enrolled.reader.search("mary") == []


def many(vault: Vault, count: int) -> list[Enterprise]:
    cases = [Enterprise(id=new_id(), name=f"Case {number}") for number in range(count)]
    vault.exchange.absorb(page(*map(state_of, cases)), NOON)
    return cases


def test_very_many_at_once_stay_until_a_person_has_looked(enrolled: Vault) -> None:
    cases = many(enrolled, 80)
    gone = tuple(case.id for case in cases[:60])
    enrolled.exchange.absorb(page(left=gone, seq=11), LATER)
    assert enrolled.reader.count(Enterprise) == 80
    assert enrolled.exchange.held_back() == 60
    assert enrolled.exchange.bookmark().seq == 11
    changes = enrolled.exchange.let_leave(LATER)
    assert {one.record_id for one in changes.records} == set(gone)
    assert enrolled.reader.count(Enterprise) == 20
    assert enrolled.exchange.held_back() == 0


def test_a_whole_page_that_names_next_to_nothing_takes_nothing_away(enrolled: Vault) -> None:
    cases = many(enrolled, 80)
    enrolled.exchange.absorb(page(state_of(cases[0]), whole=True), LATER)
    assert enrolled.reader.count(Enterprise) == 80
    assert enrolled.exchange.held_back() == 79


def test_what_the_register_names_again_is_held_back_no_longer(enrolled: Vault) -> None:
    cases = many(enrolled, 80)
    enrolled.exchange.absorb(page(left=tuple(case.id for case in cases), seq=11), LATER)
    enrolled.exchange.absorb(page(*map(state_of, cases[:70]), seq=12), LATER)
    assert enrolled.exchange.held_back() == 10
    enrolled.exchange.let_leave(LATER)
    assert enrolled.reader.count(Enterprise) == 70


def test_a_few_leave_without_a_word_and_so_does_a_tenth_of_very_many(enrolled: Vault) -> None:
    cases = many(enrolled, 700)
    enrolled.exchange.absorb(page(left=tuple(c.id for c in cases[:70]), seq=11), LATER)
    assert (enrolled.reader.count(Enterprise), enrolled.exchange.held_back()) == (630, 0)


def test_what_left_with_unsent_edits_waits_for_their_receipt(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    enrolled.exchange.absorb(page(left=(shared.id,)), LATER)
    assert now_of(enrolled, shared.id).phone == "02"
    ack(enrolled)
    assert enrolled.reader.get(Enterprise, shared.id) is None


def test_a_whole_snapshot_leaves_only_what_it_names_and_what_is_unsent(
    enrolled: Vault, shared: Enterprise
) -> None:
    stays = Enterprise(id=new_id(), name="Stays")
    typed = Enterprise(id=new_id(), name="Typed here")
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(typed)
    enrolled.exchange.absorb(page(state_of(stays), whole=True), LATER)
    assert {e.name for e in enrolled.reader.all(Enterprise)} == {"Stays", "Typed here"}


def test_absence_in_an_ordinary_page_removes_nothing(enrolled: Vault, shared: Enterprise) -> None:
    enrolled.exchange.absorb(page(seq=11), LATER)
    assert enrolled.reader.get(Enterprise, shared.id) == shared


def test_a_removal_elsewhere_waits_for_an_edit_here(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    gone = RecordState(
        kind="enterprise",
        record_id=shared.id,
        fields={},
        versions={"_deleted": ("9.3",)},
        deleted=True,
    )
    enrolled.exchange.absorb(page(gone), LATER)
    assert enrolled.reader.get(Enterprise, shared.id) is not None


def test_a_removal_elsewhere_is_followed_and_can_be_taken_back(
    enrolled: Vault, shared: Enterprise
) -> None:
    def told(dot: str, *, deleted: bool) -> Page:
        return page(
            RecordState(
                kind="enterprise",
                record_id=shared.id,
                fields={},
                versions={"_deleted": (dot,)},
                deleted=deleted,
            )
        )

    enrolled.exchange.absorb(told("9.3", deleted=True), LATER)
    assert enrolled.reader.get(Enterprise, shared.id) is None
    enrolled.exchange.absorb(told("9.4", deleted=False), LATER)
    assert enrolled.reader.get(Enterprise, shared.id) == shared


def test_without_that_brake_they_would_be_gone(
    enrolled: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.leave.MANY", 10_000)
    cases = many(enrolled, 80)
    enrolled.exchange.absorb(page(left=tuple(case.id for case in cases), seq=11), LATER)
    assert enrolled.reader.count(Enterprise) == 0
