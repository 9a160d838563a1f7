"""An erased person leaves nothing behind but counts."""

from __future__ import annotations

from forms.facts.casework import FormResponse
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Enterprise, Leader
from forms.values import new_id
from storage import rebuild
from storage.vault import Vault
from tests.storage.register_pages import (
    LATER,
    ack,
    page,
    part,
)
from tests.storage.samples import COACH, NOON


def test_an_erased_person_leaves_nothing_in_the_books(enrolled: Vault, shared: Enterprise) -> None:
    leader = Leader(id=new_id(), enterprise_id=shared.id, name="Secretname")
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(leader)
        unit.set(Enterprise, shared.id, name="Secretname Ltd")
    ack(enrolled)
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, shared.id, place="Deal")  # not sent yet: stays
    enrolled.drafts.keep(f"note:{shared.id}", "Secretname rang")
    enrolled.drafts.keep("quick_note/note", "Secretname rang twice")  # told by what is beside it
    enrolled.drafts.keep("quick_note/chosen", f"visit {shared.id}")
    enrolled.drafts.keep("quick_note/other/note", "Somebody else rang")
    enrolled.drafts.keep("quick_note/other/chosen", "visit other")
    assert set(enrolled.drafts.about([shared.id])) == {
        f"note:{shared.id}",
        "quick_note/note",
        "quick_note/chosen",
    }
    gone = [
        part(Enterprise, shared.id, "1.1", name="", anonymised_on="2026-03-02"),
        part(Leader, leader.id, "1.2", name=""),
    ]
    enrolled.exchange.absorb(page(gone[0], seq=100), LATER)
    enrolled.exchange.absorb(page(gone[1], seq=101), LATER)
    for table in ("trail", "outbox", "find", "caseload", "leader", "enterprise", "draft", "attic"):
        assert "Secretname" not in repr(enrolled._db.rows(f"SELECT * FROM {table}"))  # noqa: S608
    assert enrolled.drafts.read("quick_note/chosen") == ""
    assert enrolled.drafts.read("quick_note/other/note") == "Somebody else rang"
    assert [op.fields for op in enrolled.exchange.unsent()] == [{"place": "Deal"}]
    # a register that was put back hears of them again, empty, so that none after them is missing
    assert enrolled.exchange.reopen(after_seq=0) == 2
    *emptied, own = enrolled.exchange.unsent()
    assert [(op.fields, op.base, op.was, op.note) for op in emptied] == [({}, {}, {}, "")] * 2
    assert own.fields == {"place": "Deal"}
    assert rebuild.differences(enrolled._db) == []


def test_what_was_half_typed_about_a_claim_or_a_form_goes_with_its_person(
    enrolled: Vault, shared: Enterprise
) -> None:
    claim = SeedClaim(id=new_id(), enterprise_id=shared.id, state="DRAFT", barrier="none")
    line = ClaimLine(id=new_id(), claim_id=claim.id, enterprise_id=shared.id)
    form = FormResponse(
        id=new_id(), form_id="idea_check", form_version="1", enterprise_id=shared.id
    )
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add_all([claim, line, form])
    ack(enrolled)
    hers = [
        f"claim/{claim.id}/submit/half",
        f"claim/{claim.id}/barrier",
        f"claim/{claim.id}/interest_declared",
        f"claim/{claim.id}/{line.id}/justification",
        f"form/{form.id}/why/half",
    ]
    others = f"claim/{new_id()}/submit/half"
    for key in (*hers, others):
        enrolled.drafts.keep(key, "Her knees")
    assert set(enrolled.case_of(shared.id).drafts) == set(hers)
    erased = part(Enterprise, shared.id, "1.1", name="", anonymised_on="2026-03-02")
    enrolled.exchange.absorb(page(erased, seq=100), LATER)
    assert enrolled._db.rows("SELECT key FROM draft") == [(others,)]
