"""Privacy on a real vault: everything out and stopped, own copy, consent, wishes by two people."""

import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.context import Session
from desktop.operations import consents, privacy
from desktop.operations.errors import NothingWritten
from desktop.operations.long_work import Progress, WorkStopped
from desktop.operations.writing import Writing
from desktop.presenters.privacy import STOPPED, PrivacyPresenter
from desktop.presenters.privacy_person import PersonPresenter
from desktop.views.kit.bars import StoppedBar
from desktop.views.privacy.person import PersonScreen
from desktop.views.privacy.screen import PrivacyScreen
from forms.facts.casework import StageEvent
from forms.facts.listing import QACheck
from forms.facts.money import SeedClaim
from forms.facts.people import Consent, Enquiry, Enterprise
from forms.values import SetClock
from storage.reader import Reader
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, LEAD, FakeView, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, colleagues, mary, signed_dpia

LONG_AGO = date(2015, 5, 1)


@pytest.fixture
def vault(tmp_path):
    # practice records may hold what only the register decides
    made, _ = Vault.create(tmp_path / "vault", practice=True, clock=SetClock(NOON))
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all([*mary(), *colleagues(), signed_dpia()])
    yield made
    made.close()


def on(vault, actor=COACH):
    made = context(vault, actor=actor)
    made.session = Session(vault=vault, actor=actor, pack=made.session.pack)
    return made


def writing(vault, unit, actor):
    return Writing(unit, vault, actor, NOON)


def test_everything_goes_out_in_one_zip_and_says_how_much(vault, view, tmp_path):
    presenter = PrivacyPresenter(on(vault), view)
    target = tmp_path / "all.zip"
    presenter.take_out(target)
    assert "records" in view.last["show_done"]
    assert "keep it safe" in view.last["show_done"]
    with zipfile.ZipFile(target) as parts:
        told = json.loads(parts.read("records/enterprise.json"))
        assert told[0]["fields"]["name"] == "Mary's Helping Hands"
        assert {"story.json", "contents.json", "README.txt"} <= set(parts.namelist())
    presenter.take_out(target)
    assert "Choose another name" in view.last["show_problem"]


@pytest.mark.parametrize("step", ["Records written", "Entries of the story written"])
def test_stopped_anywhere_nothing_is_left(vault, tmp_path, step):
    progress = Progress()

    def tell(words, done, of):
        progress.stop_wanted = words == step
        progress.step(words, done, of)

    session = on(vault).session
    for name in ("all.zip", "all"):
        progress.stop_wanted = False
        with pytest.raises(WorkStopped, match="Nothing was left behind"):
            privacy.everything(session, tmp_path / name, tell)
        assert list(tmp_path.iterdir()) == [tmp_path / "vault"]


def test_progress_counts_records_and_the_story(vault, tmp_path):
    seen = []
    done = privacy.everything(on(vault).session, tmp_path / "all", lambda *step: seen.append(step))
    records = [step for step in seen if step[0] == "Records written"]
    assert records[0][1] == 0
    assert [step[1] for step in records] == sorted(step[1] for step in records)
    assert {step[2] for step in records} == {sum(done.counts.values())}
    story = json.loads((tmp_path / "all" / "story.json").read_text(encoding="utf-8"))
    assert story
    assert ("Entries of the story written", 0, len(story)) in seen


def test_everything_out_is_stopped_from_the_page_and_begun_again(
    vault, qtbot, tmp_path, monkeypatch
):
    screen = PrivacyScreen(on(vault), choose=lambda _parent, name: tmp_path / name)
    qtbot.addWidget(screen)
    screen.show()
    really = privacy.everything

    def pressed(*args):
        qtbot.keyClick(screen, Qt.Key.Key_Escape)
        return really(*args)

    with monkeypatch.context() as patch:
        patch.setattr(privacy, "everything", pressed)
        screen._out.click()
    (bar,) = screen.findChildren(StoppedBar)
    assert bar.isVisible()
    assert any(each.text() == STOPPED for each in bar.findChildren(QLabel))
    assert list(tmp_path.iterdir()) == [tmp_path / "vault"]
    screen._work.again.emit()
    assert "keep it safe" in screen._done.words
    assert not bar.isVisible()
    assert screen._out.isEnabled()


def test_their_own_copy_is_one_action(vault, view, tmp_path):
    presenter = PersonPresenter(on(vault), view, MARY)
    presenter.own_copy(tmp_path / "own")
    assert "what_we_hold.html to read" in view.last["show_done"]
    assert (tmp_path / "own" / "what_we_hold.pdf").read_bytes().startswith(b"%PDF")
    presenter.own_copy(tmp_path / "own")
    assert "Choose another name" in view.last["show_problem"]


def test_consent_is_by_purpose_given_taken_back_and_told(vault, view):
    presenter = PersonPresenter(on(vault), view, MARY)
    presenter.load()
    by_purpose = {each.purpose: each for each in view.last["show_person"].purposes}
    assert by_purpose["privacy_notice"].holds
    assert not by_purpose["case_study"].holds
    presenter.give(by_purpose["case_study"], "  ", "")
    assert "say who agreed" in view.last["show_problem"]
    presenter.give(by_purpose["case_study"], "Mary Thorne", "spoken")
    story = next(e for e in view.last["show_person"].purposes if e.purpose == "case_study")
    assert story.words == "Agreed by Mary Thorne on 20 Nov 2022, by spoken, wording 1."
    presenter.take_back(story)
    story = next(e for e in view.last["show_person"].purposes if e.purpose == "case_study")
    assert not story.holds
    assert "taken back on 20 Nov 2022" in story.story[0]


def test_who_agreed_twice_and_takes_it_back_does_not_agree(vault, view):
    """Two laptops, or a second visit: the one before does not stand up again."""
    presenter = PersonPresenter(on(vault), view, MARY)
    with vault.change(by=COACH.id, at=NOON) as unit:
        for number in (1, 2):
            unit.add(
                Consent(
                    id=f"twice{number}", enterprise_id=MARY, purpose="case_study",
                    given_by="Mary Thorne", given_on=date(2022, 6, number),
                )
            )  # fmt: skip
    presenter.load()
    story = next(e for e in view.last["show_person"].purposes if e.purpose == "case_study")
    presenter.take_back(story)
    story = next(e for e in view.last["show_person"].purposes if e.purpose == "case_study")
    assert not story.holds
    assert all("taken back on 20 Nov 2022" in each for each in story.story)


def asked_for(vault, by):
    """The register has taken the asking in."""
    with vault.change(by="register", at=NOON) as unit:
        unit.set(Enterprise, MARY, erasure_asked_by_id=by, erasure_asked_on=NOON.date())


def test_one_asks_for_an_erasure_and_another_carries_it_out(vault, view):
    presenter = PersonPresenter(on(vault), view, MARY)
    presenter.wish("she is  moving")
    assert "goes out with the next exchange" in view.last["show_person"].wish
    (asked,) = vault.reader.decisions()
    assert (asked.name, asked.subject_id) == ("person.erase", MARY)
    assert asked.payload == {"because": "she is moving"}
    presenter.wish("again")
    assert "asked already" in view.last["show_problem"]
    asked_for(vault, COACH.id)
    presenter.load()
    assert "another person, has to carry it out" in view.last["show_person"].wish
    page = FakeView()
    PrivacyPresenter(on(vault), page).load()
    (line,) = page.last["show_privacy"].wishes
    assert (line.may, line.why_not) == (False, "A lead or QA has to carry it out.")
    assert line.by == "Sam Reed"
    PrivacyPresenter(on(vault, LEAD), page).load()
    assert page.last["show_privacy"].wishes[0].may
    assert page.last["show_privacy"].asked[0].endswith("It goes out with the next exchange.")


def test_where_nothing_is_signed_the_page_says_whom_to_ask(vault):
    for actor, said in ((COACH, "Ask "), (LEAD, "You can note it under New enquiry.")):
        page = FakeView()
        PrivacyPresenter(on(vault, actor), page).load()
        assert page.last["show_privacy"].sign_off.startswith(said)


def test_the_page_reads_whom_it_shows_and_not_the_county(vault, view, monkeypatch):
    every = Reader.all

    def few(reader, cls, **equal):
        assert equal or cls not in (Enterprise, Enquiry, Consent), f"every {cls.__name__}"
        return every(reader, cls, **equal)

    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.set(Enterprise, MARY, erasure_asked_by_id=LEAD.id)
    monkeypatch.setattr(Reader, "all", few)
    PrivacyPresenter(on(vault), view).load()
    (wish,) = view.last["show_privacy"].wishes
    assert wish.id == MARY


@pytest.mark.parametrize(
    ("actor", "asked_by", "coach", "says"),
    [
        (COACH, "x", "y", "lead or QA"),
        (LEAD, LEAD.id, "y", "You asked for it"),
        (LEAD, "x", LEAD.id, "your own case"),
    ],
)
def test_nobody_carries_out_their_own_asking(vault, actor, asked_by, coach, says):
    refused = pytest.raises(NothingWritten, match=says)
    with refused, vault.change(by=actor.id, at=NOON) as unit:
        consents.carry_out(writing(vault, unit, actor), MARY, asked_by=asked_by, coach=coach)
    assert vault.reader.decisions() == []


def test_a_second_person_agrees_on_the_page(vault, view):
    asked_for(vault, COACH.id)
    lead = PrivacyPresenter(on(vault, LEAD), view)
    lead.load()
    lead.carry_out(view.last["show_privacy"].wishes[0])
    (asked,) = vault.reader.decisions()
    assert (asked.name, asked.asked_by_id) == ("person.erase", LEAD.id)


def test_what_is_due_is_listed_with_its_ground_and_done(vault, view):
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add(
            QACheck(id="q1", enterprise_id=MARY, kind="dbs", level="enhanced", seen_how="original",
                    seen_on=LONG_AGO, reference="001")
        )  # fmt: skip
        unit.add(
            Consent(id="c-old", enterprise_id=MARY, purpose="photo", given_by="Mary",
                    given_on=LONG_AGO, withdrawn_on=LONG_AGO)
        )  # fmt: skip
        unit.add(StageEvent(id="end", enterprise_id=MARY, stage="CLOSED", on=date(2016, 1, 1)))
        for event in vault.reader.all(StageEvent):
            if event.on > date(2016, 1, 1):
                unit.remove(StageEvent, event.id, why="a test")
    presenter = PrivacyPresenter(on(vault), view)
    presenter.load()
    due = {line.rule: line for line in view.last["show_privacy"].due}
    assert set(due) == {"dbs_details", "consent_ended", "case_closed"}
    assert due["dbs_details"].act == "Keep number and date only"
    assert due["case_closed"].act == "Ask for erasure"
    for line in due.values():
        presenter.act(line)
    check = vault.reader.get(QACheck, "q1")
    assert (check.level, check.seen_how, check.reference) == ("", "", "001")
    assert vault.reader.get(Consent, "c-old") is None
    assert [d.name for d in vault.reader.decisions()] == ["person.erase"]
    assert {line.rule for line in view.last["show_privacy"].due} == {"case_closed"}


def test_the_words_of_an_old_claim_are_asked_to_go_once(vault, view, qtbot):
    old = SeedClaim(
        id="c9", enterprise_id=MARY, state="CLOSED", submitted_on=LONG_AGO, barrier="I have none"
    )
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add(old)
    screen = PrivacyScreen(on(vault))
    qtbot.addWidget(screen)
    screen.show()
    assert screen._act.text() == "Remove their words"
    screen._act.click()
    (asked,) = vault.reader.decisions()
    assert (asked.name, asked.subject_id) == ("claim.forget", "c9")
    assert not screen._act.isVisible()
    PrivacyPresenter(on(vault), view).load()
    (line,) = view.last["show_privacy"].due
    assert (line.act, line.action) == ("", "asked for; it goes out with the next exchange")
    assert view.last["show_privacy"].removals[0].endswith("It goes out with the next exchange.")
    assert vault.reader.get(SeedClaim, "c9").barrier == "I have none"  # the register decides


def test_the_assessments_and_the_schedule_are_told(vault, view):
    PrivacyPresenter(on(vault), view).load()
    picture = view.last["show_privacy"]
    assert picture.assessments[0][:2] == ("2", "J. Adeyemi, Corporate Director")
    assert ("Closed case", "6 years", "the day the case was closed") in picture.schedule
    assert picture.schedule[-1][:2] == ("Safeguarding concern", "As the council says")
    assert picture.due == ()


def test_an_erased_person_is_told_as_such(vault, view):
    gone = replace(vault.reader.get(Enterprise, MARY), anonymised_on=date(2022, 11, 1))
    reader = FakeView()
    reader.get = lambda cls, _id: gone if cls is Enterprise else None
    reader.all = lambda _cls, **_equal: []
    reader.caseload_rows = lambda _ids: []
    reader.decisions = list
    from desktop.presenters.privacy_person import person_picture

    picture = person_picture(reader, MARY, NOON.date())
    assert picture.erased.startswith("Erased on 1 Nov 2022")


def test_the_page_of_one_person_by_hand(vault, qtbot, tmp_path):
    screen = PersonScreen(on(vault), MARY, choose=lambda _parent: tmp_path)
    qtbot.addWidget(screen)
    screen.show()
    screen._copy_pressed()
    (folder,) = [p for p in tmp_path.iterdir() if p.name.startswith("own-copy-")]
    assert (folder / "what_we_hold.html").exists()
    assert folder.name in screen._done.words


def test_everything_out_by_hand_stays_told_until_the_next(vault, qtbot, tmp_path):
    screen = PrivacyScreen(on(vault), choose=lambda _parent, name: tmp_path / name)
    qtbot.addWidget(screen)
    screen.show()
    screen._out.click()
    assert "hedgerow-records-2022-11-20.zip" in screen._done.words
    assert not screen._work.isVisible()
