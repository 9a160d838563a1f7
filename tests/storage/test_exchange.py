"""What comes from the register meets what was typed here, and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forms.change import Bookmark, Head, Identity, RecordState
from forms.facts.casework import ChecklistItem
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS
from forms.facts.money import SeedClaim
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import leave, rebuild
from storage.errors import PracticeVault, RegisterDecides
from storage.vault import Vault
from tests.storage.register_pages import (
    IDENTITY,
    LATER,
    ack,
    clash_state,
    edit,
    now_of,
    page,
    part,
    state_of,
)
from tests.storage.samples import COACH, NOON, bare_record, full_record, new_vault, reopen


def test_an_identity_is_kept_whole_and_never_printed(enrolled: Vault, tmp_path: Path) -> None:
    assert enrolled.exchange.identity() == IDENTITY
    assert "ssss" not in repr(IDENTITY)
    enrolled.close()
    with reopen(tmp_path / "vault") as again:
        assert again.exchange.identity() == IDENTITY


def test_before_enrolment_there_is_no_identity(vault: Vault) -> None:
    assert vault.exchange.identity() is None
    assert vault.exchange.bookmark() == Bookmark()


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if not k.local], ids=lambda k: k.name)
def test_every_kind_arrives(kind: Any, enrolled: Vault) -> None:
    named = {spec.name for spec in kind.specs}
    record = full_record(
        kind, decided=True, **({"anonymised_on": None} if "anonymised_on" in named else {})
    )
    changes = enrolled.exchange.absorb(page(state_of(record)), LATER)
    assert enrolled.reader.get(kind.cls, record.id) == record
    assert changes.touches(kind.name)
    assert enrolled.reader.unsent_count() == 0
    (entry,) = enrolled.reader.history(record.id)
    assert (entry.verb, entry.by_id) == ("received", "coach-2")
    assert enrolled.exchange.bookmark() == Bookmark(epoch="e", seq=10, chain="c")


def test_the_same_page_twice_changes_nothing(enrolled: Vault) -> None:
    record = full_record(KINDS["enterprise"], decided=True, anonymised_on=None)
    enrolled.exchange.absorb(page(state_of(record)), LATER)
    again = enrolled.exchange.absorb(page(state_of(record)), LATER)
    assert again.records == ()
    assert len(enrolled.reader.history(record.id)) == 1


def test_different_fields_of_one_record_both_stay(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", place="Deal")), LATER)
    now = now_of(enrolled, shared.id)
    assert (now.phone, now.place) == ("02", "Deal")
    assert enrolled.reader.caseload("deal").ids == (shared.id,)


def test_an_unsent_field_keeps_what_was_typed(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    changes = enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", phone="03")), LATER)
    assert now_of(enrolled, shared.id).phone == "02"
    assert changes.records == ()


def test_a_receipt_older_than_the_feed_gives_way_to_the_register(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", phone="03"), seq=20), LATER)
    changes = ack(enrolled, "clash", feed_seq=15)  # the feed up to 20 already tells the outcome
    assert now_of(enrolled, shared.id).phone == "03"
    assert changes.touches("enterprise")


def test_a_receipt_newer_than_the_feed_keeps_what_was_typed(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", phone="03"), seq=20), LATER)
    ack(enrolled, "ok", feed_seq=21)
    assert now_of(enrolled, shared.id).phone == "02"


def test_a_lost_receipt_does_not_hide_the_register(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    (op,) = enrolled.exchange.unsent()
    mine = Head(dot=op.dot, value="02", actor_id=COACH, at=NOON)
    theirs = Head(dot="9.2", value="03", actor_id="coach-2", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, mine, theirs, phone="03")), LATER)
    assert now_of(enrolled, shared.id).phone == "03"
    (clash,) = enrolled.reader.conflicts()
    assert {head.value for head in clash.heads} == {"02", "03"}


def test_what_was_remembered_goes_when_the_register_names_the_newest_edit(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "9.2", phone="old"), seq=20), LATER)
    (op,) = enrolled.exchange.unsent()
    mine = Head(dot=op.dot, value="02", actor_id=COACH, at=NOON)
    theirs = Head(dot="9.3", value="03", actor_id="coach-2", at=NOON)
    both = clash_state(shared.id, mine, theirs, phone="03")
    enrolled.exchange.absorb(page(both, seq=30), LATER)
    ack(enrolled, "clash", feed_seq=25)  # the receipt that was lost, sent again
    assert now_of(enrolled, shared.id).phone == "03"


def test_an_old_image_gets_new_numbers_and_reads_the_feed_again(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    enrolled.exchange.renumber(30)
    assert [op.dot for op in enrolled.exchange.unsent()] == ["30.1"]
    assert enrolled.exchange.bookmark() == Bookmark()
    renewed = enrolled.exchange.identity()
    assert renewed is not None
    assert renewed.incarnation == 30


def test_a_decision_made_online_is_kept_with_its_answer(enrolled: Vault) -> None:
    request = DecisionRequest(
        id=new_id(),
        name="claim.approve",
        subject_id="c1",
        asked_by_id=COACH,
        asked_at=NOON,
        state="granted",
        answered_at=LATER,
        words="Approved.",
    )
    enrolled.exchange.keep_decision(request)
    assert enrolled.reader.decisions() == [request]
    assert [entry.verb for entry in enrolled.reader.history("c1")] == ["asked", "answered"]


def test_what_this_version_does_not_know_is_kept_aside(enrolled: Vault, shared: Enterprise) -> None:
    strange = RecordState(
        kind="spaceship", record_id="s1", fields={"x": 1}, versions={"x": ("9.9",)}
    )
    newer = part(Enterprise, shared.id, "9.2", place="Deal", colour="red")
    wrong = part(Enterprise, shared.id, "9.3", employee_count="many", phone="05")
    enrolled.exchange.absorb(page(strange, newer, wrong), LATER)
    now = now_of(enrolled, shared.id)
    assert (now.place, now.phone, now.employee_count) == ("Deal", "05", None)
    health = enrolled.check()
    assert any("2 kept aside" in check.words for check in health.checks)


def test_a_page_and_its_bookmark_move_together(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(5, "io")

    monkeypatch.setattr(leave, "sweep_attic", fails)
    before = enrolled.exchange.bookmark()
    with pytest.raises(OSError, match="io"):
        enrolled.exchange.absorb(
            page(part(Enterprise, shared.id, "9.2", phone="03"), seq=77), LATER
        )
    assert enrolled.exchange.bookmark() == before
    assert enrolled.reader.get(Enterprise, shared.id) == shared


def test_edits_before_enrolment_get_the_numbers_of_the_incarnation(vault: Vault) -> None:
    record = Enterprise(id=new_id(), name="Early", phone="1")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(record)
        unit.set(Enterprise, record.id, phone="2")
    vault.exchange.adopt(IDENTITY)
    new, changed = vault.exchange.unsent()
    assert (new.dot, changed.dot, changed.base) == ("17.1", "17.2", {"phone": ("17.1",)})
    edit(vault, record.id, phone="3")
    assert vault.exchange.unsent()[-1].base == {"phone": ("17.2",)}
    assert vault.exchange.unsent()[-1].dot == "17.3"


def test_a_new_incarnation_leaves_acknowledged_ops_alone(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    ack(enrolled)
    edit(enrolled, shared.id, phone="03")
    again = Identity(**{**{f: getattr(IDENTITY, f) for f in IDENTITY.__slots__}, "incarnation": 21})
    enrolled.exchange.adopt(again)
    (op,) = enrolled.exchange.unsent()
    assert (op.dot, op.base) == ("21.1", {"phone": ("17.1",)})
    assert enrolled.exchange.incarnations() == {17: 1, 21: 1}


def test_a_decision_waits_and_is_answered_once(enrolled: Vault) -> None:
    request = DecisionRequest(
        id=new_id(), name="claim.approve", subject_id="c1", asked_by_id=COACH, asked_at=NOON
    )
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.ask(request)
        unit.ask(request)
    assert unit.changes.decisions == 1
    assert enrolled.reader.unsent_count() == 0
    assert enrolled.exchange.waiting_decisions() == [request]
    enrolled.exchange.answer(
        request.id, state="refused", codes=("NO",), words="Too late.", at=LATER
    )
    enrolled.exchange.answer(request.id, state="granted", at=LATER)
    assert enrolled.exchange.waiting_decisions() == []
    (answered,) = enrolled.reader.decisions("refused")
    assert (answered.codes, answered.words, answered.answered_at) == (("NO",), "Too late.", LATER)


def test_practice_records_have_no_exchange(tmp_path: Path) -> None:
    with new_vault(tmp_path / "p", practice=True) as vault:
        with pytest.raises(PracticeVault, match="never sent"):
            _ = vault.exchange
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(full_record(KINDS["seed_claim"], decided=True, state="PAID"))
        assert vault.reader.all(SeedClaim)[0].state == "PAID"
        assert vault.reader.unsent_count() == 0


def test_the_registers_fields_are_not_written_here(enrolled: Vault) -> None:
    claim = bare_record(KINDS["seed_claim"])
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(claim)
    with (
        pytest.raises(RegisterDecides, match="Only the council register"),
        enrolled.change(by=COACH, at=NOON) as unit,
    ):
        unit.set(SeedClaim, claim.id, state="PAID")
    with pytest.raises(RegisterDecides), enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(bare_record(KINDS["seed_claim"], state="PAID"))
    assert [c.state for c in enrolled.reader.all(SeedClaim)] == ["DRAFT"]


def test_progress_follows_what_arrives(enrolled: Vault, shared: Enterprise) -> None:
    items = [
        ChecklistItem(id=new_id(), enterprise_id=shared.id, code=f"C0{n}", state=state)
        for n, state in enumerate(("done", "waived", "to do", "not needed"))
    ]
    enrolled.exchange.absorb(page(*(state_of(item) for item in items)), LATER)
    (line,) = enrolled.reader.caseload_rows([shared.id])
    assert (line.done, line.of) == (2, 3)
    assert rebuild.differences(enrolled._db) == []
