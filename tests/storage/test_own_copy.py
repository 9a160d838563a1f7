"""One person's own copy: a page that holds all of it and nobody else, beside the exact records."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.context import Session
from desktop.operations import privacy
from evidence.html import render_html
from evidence.reports import own_copy
from forms.facts.handover import Handover
from forms.facts.people import Colleague, Consent, Enterprise
from forms.rules.pack import load_pack
from forms.values import Actor, Role, SetClock, new_id
from storage import import_export
from storage.errors import ChangeRefused, ConsentMissing, RecordUnknown
from storage.vault import Vault
from tests.storage.register_pages import IDENTITY, LATER, page, state_of
from tests.storage.samples import COACH, NOON
from tests.storage.test_privacy import case

CLOCK = SetClock(NOON)


@pytest.fixture
def session(vault: Vault) -> Session:
    return Session(
        vault=vault,
        actor=Actor(COACH, "Ann", Role.COACH),
        pack=load_pack("kent"),
        practice=False,
        register_name="",
    )


def test_the_page_tells_all_of_one_person_and_nothing_of_another(
    session: Session, tmp_path: Path
) -> None:
    vault = session.vault
    one, _, _ = case(vault, "Mary")
    case(vault, "Nora")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, one.id, phone="01303 <b>7</b>")
        unit.set(Enterprise, one.id, phone="01303 8")
    vault.exchange.adopt(IDENTITY)
    vault.exchange.absorb(page(state_of(Colleague(id=COACH, name="Ann Coach"))), LATER)
    done = privacy.own_copy(session, one.id, tmp_path / "own", CLOCK)
    told = (tmp_path / "own" / privacy.PAGE).read_text(encoding="utf-8")
    for said in (
        "Mary private",  # private notes
        "Mary rang",  # a removed record
        "Mary half",  # half-typed text
        "01303 &lt;b&gt;7&lt;/b&gt;” became “01303 8",  # the story, escaped
        "Ann Coach",  # who did it
        "beside this page: 1 file.",
        ", removed",
    ):
        assert said in told, said
    assert "Nora" not in told
    assert (tmp_path / "own" / privacy.PRINT).read_bytes().startswith(b"%PDF-")
    assert done.files == 1
    whole = import_export.read(tmp_path / "own")  # every file proves its sum, the pages too
    assert ("enterprise", one.id) in whole.records


def test_every_value_of_every_record_stands_in_the_page(session: Session) -> None:
    one, _, _ = case(session.vault, "Mary")
    told = session.vault.case_of(one.id)
    request = own_copy.Request(about="Mary", council="Kent", taken_at=NOON)
    page = render_html(own_copy.build(told, request)).decode()
    assert len(told.records) == 6  # enquiry, enterprise, leader, note, file, decision asked for
    for held in told.records:
        assert own_copy._title(held.kind) in page
    assert page.count("<caption") == len(told.records) + 1


def test_an_offer_of_the_case_to_another_coach_is_in_the_copy(
    session: Session, tmp_path: Path
) -> None:
    vault = session.vault
    (one, _, _), (other, _, _) = case(vault, "Mary"), case(vault, "Nora")
    offers = [
        Handover(id=new_id(), case_id=of.id, district=district, offered_on=NOON.date())
        for of, district in ((one, "shepway"), (other, "thanet"))
    ]
    vault.exchange.adopt(IDENTITY)
    vault.exchange.absorb(page(*map(state_of, offers)), LATER)
    privacy.own_copy(session, one.id, tmp_path / "own", CLOCK)
    told = (tmp_path / "own" / privacy.PAGE).read_text(encoding="utf-8")
    assert "Offers of the case to another coach" in told
    assert one.id not in told
    records = import_export.read(tmp_path / "own").records
    assert {key[1] for key in records if key[0] == "handover"} == {offers[0].id}


def test_a_copy_is_whole_or_not_there(session: Session, tmp_path: Path) -> None:
    one, _, _ = case(session.vault, "Mary")
    with pytest.raises(RecordUnknown):
        privacy.own_copy(session, "nobody", tmp_path / "own", CLOCK)
    assert not (tmp_path / "own").exists()
    privacy.own_copy(session, one.id, tmp_path / "own", CLOCK)
    with pytest.raises(ChangeRefused, match="already"):
        privacy.own_copy(session, one.id, tmp_path / "own", CLOCK)
    assert list(tmp_path.glob("*.unfinished")) == []


def test_what_goes_to_somebody_else_was_agreed_to(session: Session, tmp_path: Path) -> None:
    vault = session.vault
    one, _, _ = case(vault, "Mary")
    other, _, _ = case(vault, "Nora")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(
            Consent(id=new_id(), enterprise_id=one.id, purpose="case_study", given_on=NOON.date())
        )
    both = [one.id, other.id]
    assert vault.reader.agreed(both, "case_study", NOON.date()) == {one.id}
    with pytest.raises(ConsentMissing):
        privacy.for_purpose(session, both, "case_study", tmp_path / "shared")
    assert not (tmp_path / "shared").exists()
    done = privacy.for_purpose(session, [one.id], "case_study", tmp_path / "shared")
    assert done.counts["enterprise"] == 1


def test_due_lines_copies_and_receipts_come_as_data(session: Session, tmp_path: Path) -> None:
    assert privacy.retention(session, NOON.date()).due == ()
    assert {rule.name for rule in privacy.retention(session, NOON.date()).rules} >= {"case_closed"}
    assert privacy.receipts(session) == ()
    assert session.vault.copies() == []
    path = session.vault.back_up()
    (copy,) = session.vault.copies()
    assert (copy.path, copy.taken_at) == (path, NOON)
    assert copy.size > 4096
    assert privacy.everything(session, tmp_path / "all.zip").path.is_file()
