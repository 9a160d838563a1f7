"""What comes from the register meets what was typed here, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from forms.change import Ack, Bookmark, Head, Identity, Page, RecordState, Verb
from forms.facts.casework import ChecklistItem
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import KINDS, fields_of
from forms.facts.money import SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage import leave, rebuild
from storage.errors import PracticeVault, RecordUnknown, RegisterDecides
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, bare_record, full_record, new_vault, reopen

LATER = NOON + timedelta(hours=1)
IDENTITY = Identity(
    register_url="https://register.example",
    device_id="device-1",
    incarnation=17,
    actor_id=COACH,
    actor_name="Jo Bloggs",
    role="coach",
    signing_key=b"s" * 32,
    register_key=b"r" * 32,
)


def state_of(record: Any, dot: str = "9.1", **changes: Any) -> RecordState:
    """All fields of a record as the register would send them, one writer."""
    kind = next(k for k in KINDS.values() if k.cls is type(record))
    fields = fields_of(record) | changes
    return RecordState(
        kind=kind.name,
        record_id=record.id,
        fields=fields,
        versions=dict.fromkeys(fields, (dot,)),
        last_actor_id="coach-2",
        last_at=NOON,
    )


def part(cls: type, record_id: str, dot: str, **fields: Any) -> RecordState:
    """A few fields of a record."""
    kind = next(k for k in KINDS.values() if k.cls is cls)
    return RecordState(
        kind=kind.name,
        record_id=record_id,
        fields=fields,
        versions=dict.fromkeys(fields, (dot,)),
        last_actor_id="coach-2",
        last_at=LATER,
    )


def page(
    *states: RecordState, seq: int = 10, left: tuple[str, ...] = (), whole: bool = False
) -> Page:
    return Page(
        states=states, left=left, bookmark=Bookmark(epoch="e", seq=seq, chain="c"), whole=whole
    )


def clash_state(record_id: str, mine: Head, theirs: Head, **fields: Any) -> RecordState:
    return RecordState(
        kind="enterprise",
        record_id=record_id,
        fields=fields,
        versions=dict.fromkeys(fields, (theirs.dot, mine.dot)),
        heads=dict.fromkeys(fields, (theirs, mine)),
        before=dict.fromkeys(fields, "before"),
        last_actor_id="coach-2",
        last_at=LATER,
    )


@pytest.fixture
def enrolled(vault: Vault) -> Vault:
    vault.exchange.adopt(IDENTITY)
    return vault


@pytest.fixture
def shared(enrolled: Vault) -> Enterprise:
    """An enterprise that laptop and register agree on."""
    record = Enterprise(id=new_id(), name="Mary's", phone="01", place="Ashwick")
    enrolled.exchange.absorb(page(state_of(record)), NOON)
    return record


def now_of(vault: Vault, record_id: str) -> Enterprise:
    """The enterprise as this laptop shows it."""
    found = vault.reader.get(Enterprise, record_id)
    assert found is not None
    return found


def edit(vault: Vault, record_id: str, **values: Any) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, record_id, **values)


def ack(vault: Vault, result: str = "ok", feed_seq: int = 99, words: str = "") -> Any:
    acks = [
        Ack(seq=op.seq, feed_seq=feed_seq, result=result, words=words)
        for op in vault.exchange.unsent()
    ]
    return vault.exchange.acknowledge(acks, LATER)


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


def test_a_clash_keeps_both_values_and_is_settled_by_a_person(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    (op,) = enrolled.exchange.unsent()
    ack(enrolled, "clash")
    mine = Head(dot=op.dot, value="02", actor_id=COACH, at=NOON)
    theirs = Head(dot="9.2", value="03", actor_id="coach-2", at=NOON)
    changes = enrolled.exchange.absorb(
        page(clash_state(shared.id, mine, theirs, phone="03")), LATER
    )
    assert changes.conflicts == 1
    (clash,) = enrolled.reader.conflicts()
    assert (clash.field, clash.before, clash.in_use) == ("phone", "before", "9.2")
    assert now_of(enrolled, shared.id).phone == "03"

    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(clash.id, "02", note="rang her")
    assert unit.changes.conflicts == 1
    assert now_of(enrolled, shared.id).phone == "02"
    assert enrolled.reader.conflicts() == []
    (settled,) = enrolled.reader.conflicts(open_only=False)
    assert (settled.settled_by_id, settled.note) == (COACH, "rang her")
    (settle,) = enrolled.exchange.unsent()
    assert settle.verb is Verb.SETTLE
    assert set(settle.base["phone"]) == {op.dot, "9.2"}
    with pytest.raises(RecordUnknown), enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(clash.id, "02")


def test_a_clash_settled_elsewhere_closes_here(enrolled: Vault, shared: Enterprise) -> None:
    one = Head(dot="8.1", value="02", actor_id="a", at=NOON)
    two = Head(dot="9.2", value="03", actor_id="b", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    enrolled.exchange.absorb(page(part(Enterprise, shared.id, "8.2", phone="04")), LATER)
    assert enrolled.reader.conflicts() == []
    assert now_of(enrolled, shared.id).phone == "04"


def test_an_unsent_choice_is_not_asked_for_again(enrolled: Vault, shared: Enterprise) -> None:
    one = Head(dot="8.1", value="02", actor_id="a", at=NOON)
    two = Head(dot="9.2", value="03", actor_id="b", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(enrolled.reader.conflicts()[0].id, "02")
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    assert enrolled.reader.conflicts() == []
    assert now_of(enrolled, shared.id).phone == "02"


def test_an_edit_beside_an_open_clash_replaces_only_the_value_that_was_seen(
    enrolled: Vault, shared: Enterprise
) -> None:
    one = Head(dot="8.1", value="02", actor_id="a", at=NOON)
    two = Head(dot="9.2", value="03", actor_id="b", at=NOON)
    enrolled.exchange.absorb(page(clash_state(shared.id, one, two, phone="03")), LATER)
    edit(enrolled, shared.id, phone="04")
    (op,) = enrolled.exchange.unsent()
    assert op.base == {"phone": ("9.2",)}
    (clash,) = enrolled.reader.conflicts()
    assert {head.value for head in clash.heads} == {"02", "04"}


def test_what_the_register_refuses_goes_back(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02", place="Deal")
    ack(enrolled, "partly:phone", words="not yours")
    now = now_of(enrolled, shared.id)
    assert (now.phone, now.place) == ("01", "Deal")
    (told,) = enrolled.reader.not_taken()
    assert (told.result, told.words, told.op.fields["phone"]) == ("partly:phone", "not yours", "02")
    last = enrolled.reader.history(shared.id)[-1]
    assert (last.verb, last.note, last.after) == ("returned", "not yours", {"phone": "01"})


def test_two_refused_edits_go_back_to_before_both(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    edit(enrolled, shared.id, phone="03")
    first, second = enrolled.exchange.unsent()
    enrolled.exchange.acknowledge([Ack(seq=first.seq, feed_seq=50, result="refused:x")], LATER)
    assert now_of(enrolled, shared.id).phone == "03"
    enrolled.exchange.acknowledge([Ack(seq=second.seq, feed_seq=51, result="refused:x")], LATER)
    assert now_of(enrolled, shared.id).phone == "01"


def test_a_refused_edit_under_an_accepted_one_in_one_batch(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    edit(enrolled, shared.id, phone="03")
    first, second = enrolled.exchange.unsent()
    acks = [
        Ack(seq=first.seq, feed_seq=50, result="refused:x"),
        Ack(seq=second.seq, feed_seq=51, result="ok"),
    ]
    enrolled.exchange.acknowledge(acks, LATER)
    assert now_of(enrolled, shared.id).phone == "03"


def test_a_refused_removal_brings_the_record_back(enrolled: Vault, shared: Enterprise) -> None:
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.remove(Enterprise, shared.id, why="twice")
    assert enrolled.reader.get(Enterprise, shared.id) is None
    ack(enrolled, "refused:role")
    assert enrolled.reader.get(Enterprise, shared.id) == shared


def test_a_record_that_was_not_taken_stays_for_its_author(enrolled: Vault) -> None:
    record = Enterprise(id=new_id(), name="New")
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(record)
    ack(enrolled, "refused:gate")
    assert enrolled.reader.get(Enterprise, record.id) == record
    enrolled.exchange.absorb(page(whole=True), LATER)
    assert enrolled.reader.get(Enterprise, record.id) == record


def test_receipts_empty_the_outbox_and_the_journal_stays(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02")
    assert enrolled.reader.unsent_count() == 1
    ack(enrolled)
    assert enrolled.reader.unsent_count() == 0
    assert enrolled.reader.last_sent_at() == LATER
    assert enrolled.exchange.reopen(after_seq=0) == 1
    assert [op.dot for op in enrolled.exchange.unsent()] == ["17.1"]


def test_receipts_are_kept_as_the_register_signed_them(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    edit(enrolled, shared.id, phone="03")
    first = enrolled.exchange.unsent()[0]
    one = [Ack(seq=first.seq, feed_seq=50, result="ok")]
    enrolled.exchange.acknowledge(one, LATER, receipt=b"signed \xff")
    assert (enrolled.exchange.acked_seq(), enrolled.exchange.last_seq()) == (1, 2)
    assert enrolled._db.rows("SELECT body FROM receipt") == [(b"signed \xff",)]


def test_two_equal_values_are_no_clash_and_both_are_replaced(
    enrolled: Vault, shared: Enterprise
) -> None:
    same = RecordState(
        kind="enterprise",
        record_id=shared.id,
        fields={"phone": "07"},
        versions={"phone": ("8.1", "9.2")},
    )
    enrolled.exchange.absorb(page(same), LATER)
    assert enrolled.reader.conflicts() == []
    edit(enrolled, shared.id, phone="08")
    assert enrolled.exchange.unsent()[0].base == {"phone": ("8.1", "9.2")}


def test_removed_here_and_edited_there_is_settled_by_a_person(
    enrolled: Vault, shared: Enterprise
) -> None:
    one = Head(dot="8.1", value=True, actor_id="a", at=NOON)
    two = Head(dot="9.2", value=False, actor_id="b", at=NOON)
    both = RecordState(
        kind="enterprise",
        record_id=shared.id,
        fields={},
        versions={"_deleted": ("9.2", "8.1")},
        heads={"_deleted": (two, one)},
    )
    enrolled.exchange.absorb(page(both), LATER)
    assert enrolled.reader.get(Enterprise, shared.id) == shared
    with enrolled.change(by=COACH, at=LATER) as unit:
        unit.settle(enrolled.reader.conflicts()[0].id, value=True, note="closed down")
    (op,) = enrolled.exchange.unsent()
    assert (op.verb, op.fields) == (Verb.SETTLE, {"_deleted": True})
    assert set(op.base["_deleted"]) == {"8.1", "9.2"}
    assert enrolled.reader.get(Enterprise, shared.id) is None


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


def test_what_left_the_caseload_is_gone_with_all_that_hangs_on_it(
    enrolled: Vault, shared: Enterprise
) -> None:
    leader = Leader(id=new_id(), enterprise_id=shared.id, name="Mary Thorne")
    enrolled.exchange.absorb(page(state_of(leader)), NOON)
    enrolled.exchange.absorb(page(left=(shared.id,)), LATER)
    assert enrolled.reader.get(Leader, leader.id) is None
    assert enrolled.reader.caseload().count == 0
    assert enrolled.reader.search("mary") == []


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


def test_an_erased_person_leaves_nothing_in_the_books(enrolled: Vault, shared: Enterprise) -> None:
    leader = Leader(id=new_id(), enterprise_id=shared.id, name="Secretname")
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(leader)
        unit.set(Enterprise, shared.id, name="Secretname Ltd")
    ack(enrolled)
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, shared.id, place="Deal")  # not sent yet: stays
    enrolled.drafts.keep(f"note:{shared.id}", "Secretname rang")
    gone = [
        part(Enterprise, shared.id, "1.1", name="", anonymised_on="2026-03-02"),
        part(Leader, leader.id, "1.2", name=""),
    ]
    enrolled.exchange.absorb(page(gone[0], seq=100), LATER)
    enrolled.exchange.absorb(page(gone[1], seq=101), LATER)
    for table in ("trail", "outbox", "find", "caseload", "leader", "enterprise", "draft", "attic"):
        assert "Secretname" not in repr(enrolled._db.rows(f"SELECT * FROM {table}"))  # noqa: S608
    assert [op.fields for op in enrolled.exchange.unsent()] == [{"place": "Deal"}]
    assert enrolled.exchange.reopen(after_seq=0) == 0
    assert rebuild.differences(enrolled._db) == []
