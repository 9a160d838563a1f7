"""The same screens on a real encrypted vault and the real lanes: what is said is on disk."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton

from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.navigation import route
from desktop.presenters.saving import FieldSaver
from desktop.settings import Settings
from desktop.views.screens import SCREENS
from forms.facts.casework import Action, Attachment, CoachingSession, EntityDecision
from forms.facts.decisions import DecisionRequest
from forms.facts.listing import RegisterEntry
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Consent, Enterprise
from forms.rules.pack import load_pack
from forms.values import SetClock, new_id
from storage.errors import VaultFull
from storage.keys import Cost
from storage.unit import Unit
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, FakeView, Told, Went, context
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import CLAIM, MARY, mary, marys_claim
from tests.desktop.screens.test_screens import named, said, typed

WORDS = "three quiet rivers"


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def vault(tmp_path, clock):
    made, _sheet = Vault.create(
        tmp_path / "vault", passphrase=WORDS, clock=clock, cost=Cost(memory=8, passes=1)
    )
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all([*mary(), *marys_claim()])
    yield made
    made.close()


@pytest.fixture
def made(vault, clock, jobs):
    return Context(
        clock=clock,
        jobs=jobs,
        tell=Told(),
        goes=Went(),
        settings=Settings(None),
        session=Session(vault=vault, actor=COACH, pack=load_pack("kent")),
        broadcast=Broadcast(),
    )


@pytest.fixture
def show(made, jobs, qtbot):
    def shown(name, **params):
        screen = SCREENS[name].make(made, route(name, **params))
        qtbot.addWidget(screen)
        screen.resize(920, 556)
        screen.show()
        qtbot.waitUntil(lambda: jobs.is_idle)
        assert not made.tell.failures
        return screen

    return shown


@pytest.fixture
def settled(jobs, made, qtbot):
    def wait():
        qtbot.waitUntil(lambda: jobs.is_idle)
        assert not made.tell.failures

    return wait


def on_disk(vault, tmp_path, clock, cls, record_id):
    """The record as another start of the program finds it."""
    vault.close()
    again = Vault.open(tmp_path / "vault", passphrase=WORDS, clock=clock)
    try:
        return again.reader.get(cls, record_id)
    finally:
        again.close()


def test_saved_means_on_disk(show, settled, vault, tmp_path, clock, qtbot):
    screen = show("enterprise", id=MARY)
    typed(qtbot, named(screen, QLineEdit, "Village or town"), "Wittersham")
    settled()
    assert "Saved on this laptop 14:32" in said(screen)
    assert on_disk(vault, tmp_path, clock, Enterprise, MARY).place == "Wittersham"


def test_a_note_is_added_and_stands_on_the_timeline(show, settled, vault, qtbot):
    screen = show("enterprise", id=MARY, tab="timeline")
    panel = screen._panels["timeline"]
    qtbot.keyClicks(panel._note.editor, "She has two people waiting.")
    qtbot.mouseClick(named(screen, QPushButton, "Add to the timeline"), Qt.MouseButton.LeftButton)
    settled()
    notes = [each.note for each in vault.reader.all(CoachingSession, enterprise_id=MARY)]
    assert "She has two people waiting." in notes
    assert panel._note.text == ""
    assert panel._model.index(1, 0).data().endswith("She has two people waiting.")


def test_half_typed_text_survives_a_restart_of_the_screen(show, settled, vault, qtbot):
    screen = show("enterprise", id=MARY, tab="timeline")
    screen._panels["timeline"]._presenter.keep_draft("She has two")
    settled()
    again = show("enterprise", id=MARY, tab="timeline")
    assert again._panels["timeline"]._note.text == "She has two"
    assert "not finished last time" in said(again)


def test_a_claim_is_drafted_and_asked_for_without_a_register(show, settled, vault, qtbot):
    screen = show("claim", id=CLAIM)
    card = screen._costs._cards["02-line-2"]
    typed(qtbot, card.field("cost_on").editor, "14/11/2022")
    settled()
    assert vault.reader.get(ClaimLine, "02-line-2").cost_on.month == 11
    qtbot.mouseClick(named(screen, QPushButton, "Submit the claim"), Qt.MouseButton.LeftButton)
    settled()
    waiting = vault.reader.decisions(state="waiting")
    assert [(each.name, each.subject_id) for each in waiting] == [("claim.submit", CLAIM)]
    assert isinstance(waiting[0], DecisionRequest)
    assert vault.reader.get(SeedClaim, CLAIM).state == "DRAFT"
    assert "waits for a signal" in said(screen)


def test_a_file_is_encrypted_and_looked_at(show, settled, vault, tmp_path, qtbot):
    path = tmp_path / "schedule.txt"
    path.write_text("Cover up to £5m, to 1 May 2023", encoding="utf-8")
    screen = show("enterprise", id=MARY, tab="documents")
    panel = screen._panels["documents"]
    panel.adding._choose = lambda _parent: path
    qtbot.mouseClick(named(screen, QPushButton, "Add a file"), Qt.MouseButton.LeftButton)
    settled()
    (paper,) = vault.reader.all(Attachment, enterprise_id=MARY)
    panel._table.choose(paper.id)
    settled()
    assert "Cover up to £5m" in said(screen)
    plain = [f for f in (tmp_path / "vault").rglob("*") if f.is_file()]
    assert all(b"Cover up to" not in f.read_bytes() for f in plain)


def test_the_guides_choice_reaches_the_record(show, settled, vault):
    screen = show("entity_guide", id=MARY)
    screen._presenter.answer("Q1", "1")
    screen._presenter.choose("SOLE", "Works alone", information_not_advice=True)
    settled()
    (decision,) = vault.reader.all(EntityDecision, enterprise_id=MARY)
    assert decision.answers == {"Q1": "1"}
    assert "Kept: Sole trader" in screen._bar.words


def test_a_finished_return_is_a_return(show, settled, vault):
    before = len(vault.reader.all(ActivityReturn, enterprise_id=MARY))
    screen = show("form", id="activity_return", enterprise=MARY)
    answers = {
        "period_from": "1/10/2022", "period_to": "31/12/2022", "received_on": "20/11/2022",
        "told": "told_us", "hours_week": "20", "people": "6", "employees": "0", "price": "16.50",
    }  # fmt: skip
    for name, value in answers.items():
        asked = [each for page in screen._pages.drawn for each in page.asked]
        ref = next(each.ref for each in asked if each.ref.endswith(f"/{name}"))
        screen._presenter.answer(ref, value)
        settled()
    screen._presenter.finish()
    settled()
    returns = vault.reader.all(ActivityReturn, enterprise_id=MARY)
    assert len(returns) == before + 1
    newest = max(returns, key=lambda each: each.period_to)
    assert (str(newest.hours_week), newest.people, newest.price_pence) == ("20", 6, 1650)
    assert newest.source == "told us"


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("claims", {}),
        ("impact", {}),
        ("figure", {"id": "I-06"}),
        ("things_to_check", {}),
        ("reports", {}),
        ("new_enterprise", {}),
        ("quick_note", {}),
        ("move_stage", {"id": MARY}),
    ],
)
def test_every_screen_opens_on_a_real_vault(show, name, params):
    assert show(name, **params).title()


def test_a_screen_that_is_gone_is_not_called_back(made, jobs, qtbot):
    screen = SCREENS["enterprise"].make(made, route("enterprise", id=MARY))
    screen.deleteLater()
    qtbot.waitUntil(lambda: jobs.is_idle)
    assert not made.tell.failures


def test_a_listing_is_drafted_agreed_and_its_suspension_asked(show, vault, jobs, qtbot):
    screen = show("enterprise", id=MARY, tab="listing")
    for words in ("Begin the listing", "They agreed today, in person"):
        _press(qtbot, screen, words)
        qtbot.waitUntil(lambda: jobs.is_idle)
    entry = vault.reader.all(RegisterEntry, enterprise_id=MARY)[0]
    assert entry.trading_name == "Mary's Helping Hands"
    assert vault.reader.get(Consent, entry.consent_id).purpose == "listing"
    field = named(screen, QLineEdit, "Reason to suspend, hide or remove")
    field.setText("A complaint")
    _press(qtbot, screen, "Suspend the listing")
    qtbot.waitUntil(lambda: jobs.is_idle)
    asked = vault.reader.decisions(state="waiting")[0]
    assert (asked.name, asked.subject_id) == ("listing.suspend", entry.id)
    assert asked.payload == {"reason": "A complaint"}
    assert "Suspended, as asked" in said(screen)
    assert vault.reader.get(RegisterEntry, entry.id).status == "draft"


def _press(qtbot, screen, words):
    def here():
        every = screen.findChildren(QPushButton)
        return [each for each in every if each.text() == words and each.isVisible()]

    qtbot.waitUntil(lambda: bool(here()))  # the page is built again after each answer
    here()[0].click()


def test_a_choice_between_two_values_stands_until_the_field_is_changed(tmp_path):
    """No undo is promised that the register would not follow; the other value is in the history."""
    from desktop.devtools.shots_joined import joined_vault
    from desktop.operations.decisions import settle
    from desktop.operations.writing import Writing
    from desktop.presenters.things_to_check import things_to_check
    from forms.facts.people import Enterprise
    from forms.values import SystemClock
    from storage.errors import CannotUndo

    clock = SystemClock()
    vault = joined_vault(tmp_path / "joined", clock)
    try:
        (thing,) = things_to_check(vault.reader, COACH, load_pack("kent"))
        with vault.change(by=COACH.id, at=clock.now(), name="Yours chosen for 1 thing") as unit:
            settle(Writing(unit, vault, COACH, clock.now()), thing.id, thing.mine.value)
        with (
            pytest.raises(CannotUndo, match="Change the field itself"),
            vault.change(by=COACH.id, at=clock.now()) as back,
        ):
            vault.steps.take_back(back, unit.step)
        assert vault.reader.get(Enterprise, thing.record_id).place == thing.mine.value
        told = [entry.after for entry in vault.reader.history(thing.record_id)]
        assert any(thing.mine.value in str(after) for after in told)
        with vault.change(by=COACH.id, at=clock.now()) as changed:
            changed.set(Enterprise, thing.record_id, place=thing.theirs.value)
        assert vault.reader.get(Enterprise, thing.record_id).place == thing.theirs.value
    finally:
        vault.close()


def test_the_draft_of_what_is_written_goes_in_the_same_commit(vault, monkeypatch):
    saver = FieldSaver(context(vault), FakeView(), "stage/one")
    half = "stage/one/more/half"

    def press():
        saver.keep_draft("note", "Rang her")
        vault.drafts.keep(half, "Rang her")
        promise = Action(id=new_id(), enterprise_id=MARY, text="Rang her")
        saver.commit("note", lambda writing: writing.unit.add(promise), drops=(half,))
        return [vault.drafts.read(each) for each in ("stage/one/note", half)]

    def full(_unit):
        raise VaultFull

    monkeypatch.setattr(FieldSaver, "drop_draft", lambda *_: None)  # as if the page was gone
    with monkeypatch.context() as patched:
        patched.setattr(Unit, "finish", full)
        assert press() == ["Rang her", "Rang her"]
    assert press() == ["", ""]
