"""Fields that a button saves: half typed they come back, and what is typed meanwhile stays."""

import pytest
from PySide6.QtWidgets import QPushButton
from shiboken6 import delete

from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.saving import FieldSaver
from desktop.views.checklist.panel import ChecklistPanel
from desktop.views.enterprise.newcomer import NewcomerScreen
from desktop.views.enterprise.overview import OverviewPanel
from desktop.views.entity_guide.result import KEEP
from desktop.views.entity_guide.screen import GuideScreen
from desktop.views.form_pages.fields import ChoiceField, TextField
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.timeline.panel import TimelinePanel
from desktop.views.timeline.quick_note import QuickNoteScreen
from forms.facts.casework import Action, ChecklistItem, CoachingSession, EntityDecision
from forms.facts.people import Dpia, Leader
from storage.errors import VaultFull
from tests.desktop.screens.desk import (
    LEAD,
    FakeView,
    context,
    lock,
    typed_and_left,
)
from tests.desktop.screens.memory import MemoryVault
from tests.desktop.screens.people import MARY

SIGN_OFF = {"_version": "2", "_signed_by": "P. Okafor, council", "_signed_on": "3/11"}


class TestTheSignOff:
    def page(self, vault, qtbot):
        made = NewcomerScreen(context(vault, actor=LEAD))
        qtbot.addWidget(made)
        made.show()
        return made

    def words(self, page):
        return {name: getattr(page, name).text for name in SIGN_OFF}

    def test_comes_back_and_is_gone_once_asked_for(self, vault, qtbot):
        for each in vault.reader.all(Dpia):
            vault.records.pop((Dpia, each.id))
        page = self.page(vault, qtbot)
        for name, text in SIGN_OFF.items():
            typed_and_left(getattr(page, name), text)  # long before two seconds are over
        page = self.page(vault, qtbot)
        assert self.words(page) == SIGN_OFF
        said = [getattr(page, name).status for name in SIGN_OFF]
        assert [each for each in said if each] == [
            "This was not finished last time. Press “Ask for the sign-off to be noted” to save it."
        ]
        page._sign_pressed()
        assert [each.name for each in vault.requests] == ["dpia.sign"]
        assert set(self.words(page).values()) == {""}
        assert set(self.words(self.page(vault, qtbot)).values()) == {""}


@pytest.fixture
def panel(vault, lane, qtbot):
    made = half_added(vault, lane)
    qtbot.addWidget(made)
    return made


def half_added(vault, lane):
    """A note is typed and Add pressed; the lane is busy."""
    here = context(vault)
    here.jobs = lane
    made = TimelinePanel(here, MARY)
    made.show()
    lane.catch_up()
    made._note.editor.setPlainText("Rang her")
    made._add_pressed()
    return made


def notes(vault):
    return [each.note for each in vault.reader.all(CoachingSession, enterprise_id=MARY)]


def test_what_is_typed_while_a_note_is_written_stays_and_is_kept(panel, lane, vault):
    panel._note.editor.setPlainText("Rang her\nShe rang back")
    lane.catch_up()
    assert notes(vault).count("Rang her") == 1
    assert panel._note.text == "She rang back"
    lane.catch_up()
    assert vault.half_typed[f"timeline/{MARY}/note"] == "She rang back"
    panel._add_pressed()
    lane.catch_up()
    assert notes(vault).count("She rang back") == 1
    assert panel._note.text == ""


def test_add_pressed_twice_adds_once(panel, lane, vault):
    panel._add_pressed()
    lane.catch_up()
    assert notes(vault).count("Rang her") == 1
    assert panel._note.text == ""


def test_without_a_look_at_what_is_under_way_it_would_be_there_twice(
    panel, lane, vault, monkeypatch
):
    panel._presenter._saver._under_way.clear()
    panel._add_pressed()
    lane.catch_up()
    assert notes(vault).count("Rang her") == 2


def tried_again(vault, lane):
    """The disk was full at the press; more is typed, and "Try again" is pressed."""
    vault.fails_with = VaultFull()
    made = half_added(vault, lane)
    lane.catch_up()
    vault.fails_with = None
    assert notes(vault).count("Rang her") == 0
    made._note.editor.setPlainText("Rang her\nShe rang back")
    made._note._keep_draft()
    lane.catch_up()
    made._presenter._context.tell.agains[-1]()
    return made


class TestTryAgainTakesWhatWasPressedFor:
    @pytest.mark.parametrize("ending", [lock, lambda page, lane: (delete(page), lane.catch_up())])
    def test_and_what_was_typed_since_is_kept_alone(self, vault, lane, qapp, ending):
        ending(tried_again(vault, lane), lane)
        assert notes(vault).count("Rang her") == 1
        assert vault.half_typed[f"timeline/{MARY}/note"] == "She rang back"

    def test_and_what_was_typed_since_stays_in_its_field(self, vault, lane, qtbot):
        panel = tried_again(vault, lane)
        qtbot.addWidget(panel)
        lane.catch_up()
        assert notes(vault).count("Rang her") == 1
        assert panel._note.text == "She rang back"
        assert vault.half_typed[f"timeline/{MARY}/note"] == "She rang back"

    def test_also_of_what_was_given_back_when_the_page_opened(self, vault, lane, qapp):
        vault.half_typed[f"timeline/{MARY}/note"] = "Rang her"
        here = context(vault)
        here.jobs = lane
        page = TimelinePanel(here, MARY)
        lane.catch_up()
        page._add_pressed()
        vault.fails_with = VaultFull()
        lane.catch_up()
        vault.fails_with = None
        page._note.editor.setPlainText("Rang her\nShe rang back")
        page._note._keep_draft()
        lane.catch_up()
        here.tell.agains[-1]()
        delete(page)
        lane.catch_up()
        assert notes(vault).count("Rang her") == 1
        assert vault.half_typed[f"timeline/{MARY}/note"] == "She rang back"


def test_the_same_words_typed_once_more_are_kept_too(built, vault, lane, qtbot):
    page = built(OverviewPanel, MARY)
    qtbot.addWidget(page)
    page._text.editor.setText("Ring her")
    page._add_pressed()
    page._text.editor.setText("Ring her Ring her")
    lane.catch_up()
    assert page._text.text == "Ring her"
    assert "Ring her" in vault.half_typed[f"overview/{MARY}/next/half"]


class TestNothingOfItComesBackAfterALock:
    def test_of_somebody_new(self, built, vault, lane, qapp):
        page = built(NewcomerScreen)
        page._leader.editor.setText("Rose Hill")
        page._idea.editor.setText("Baking")
        page._add_pressed()
        lock(page, lane)
        assert [e.name for e in vault.reader.all(Leader) if e.name == "Rose Hill"] == ["Rose Hill"]
        assert vault.half_typed == {}

    def test_of_a_note_with_its_minutes_and_day(self, built, vault, lane, qapp):
        page = built(TimelinePanel, MARY)
        page._note.editor.setPlainText("Rang her")
        page._minutes.editor.setText("50")
        page._on.editor.setText("yesterday")
        page._add_pressed()
        lock(page, lane)
        assert notes(vault).count("Rang her") == 1
        assert vault.half_typed == {}

    def test_of_a_quick_note(self, built, vault, lane, qapp):
        page = built(QuickNoteScreen, MARY)
        page._note.editor.setPlainText("Rang her")
        page._note.flush()
        page._presenter.keep_chosen(MARY, "call")
        assert lane.waiting
        page._add_pressed()
        lock(page, lane)
        assert notes(vault).count("Rang her") == 1
        assert vault.half_typed == {}

    def test_of_a_thing_on_the_checklist(self, built, vault, lane, qapp):
        page = built(ChecklistPanel, MARY)
        reason = page._item._reason
        typed_and_kept(reason, "She has no staff")
        lane.catch_up()
        assert "She has no staff" in vault.half_typed.values()
        page._presenter.set_state("not needed", reason.text)
        delete(page)
        lane.catch_up()
        assert "She has no staff" in {each.reason for each in vault.reader.all(ChecklistItem)}
        assert vault.half_typed == {}

    def test_of_a_choice_in_the_guide(self, built, vault, lane, qapp):
        page = built(GuideScreen, MARY)
        choose_in_guide(page, "Hall lease")
        lock(page, lane)
        assert reasons(vault) == ["Hall lease"]
        assert vault.half_typed == {}


def typed_and_kept(field, text):
    field.editor.setText(text)
    field.editor.textEdited.emit(text)
    field._keep_draft()


def choose_in_guide(page, why):
    page._presenter.answer("Q1", "1")
    page._result._form.set_value("CICG")
    page._result._tick.set_value(True)
    page._result._why.editor.setPlainText(why)
    press_in_guide(page)


def press_in_guide(page):
    buttons = page._result.findChildren(QPushButton)
    next(each for each in buttons if each.text() == KEEP).click()


def reasons(vault):
    return [each.chosen_why for each in vault.reader.all(EntityDecision)]


def test_a_choice_in_the_guide_pressed_again_with_other_words_is_kept_once(
    built, vault, lane, qtbot
):
    page = built(GuideScreen, MARY)
    qtbot.addWidget(page)
    choose_in_guide(page, "Hall lease")
    page._result._why.editor.setPlainText("She asked her bank")
    press_in_guide(page)
    lane.catch_up()
    assert reasons(vault) == ["Hall lease"]
    assert page._result._why.text == "She asked her bank"
    assert vault.half_typed[f"entity_guide/{MARY}/why"] == "She asked her bank"
    page = built(GuideScreen, MARY)
    qtbot.addWidget(page)
    assert page._result._why.text == "She asked her bank"


def test_an_answer_in_the_guide_given_while_the_choice_is_written_stays_kept(
    built, vault, lane, qtbot
):
    page = built(GuideScreen, MARY)
    qtbot.addWidget(page)
    choose_in_guide(page, "Hall lease")
    page._presenter.answer("Q2", "1")
    lane.catch_up()
    assert reasons(vault) == ["Hall lease"]
    assert "Q2" in vault.half_typed[f"entity_guide/{MARY}/answers"]


def test_a_reason_in_the_guide_that_was_left_at_once_is_kept(built, vault, lane, qtbot):
    page = built(GuideScreen, MARY)
    qtbot.addWidget(page)
    page._result._why.editor.setPlainText("Hall lease")
    page._result._why.editor.left.emit()
    lane.catch_up()
    assert vault.half_typed[f"entity_guide/{MARY}/why"] == "Hall lease"


@pytest.mark.parametrize("is_left", [True, False])
def test_a_promise_that_was_added_does_not_come_back_after_a_lock(vault, lane, qapp, is_left):
    here = context(vault)
    here.jobs = lane
    page = OverviewPanel(here, MARY)
    lane.catch_up()
    page._text.editor.setText("Ring the bank")
    if is_left:
        typed_and_left(page._text, "Ring the bank")
    page._add_pressed()
    assert not promises(vault)
    lock(page, lane)
    assert promises(vault) == ["Ring the bank"]
    assert vault.half_typed == {}


def test_a_note_that_was_added_does_not_come_back_after_a_lock(vault, lane, qapp):
    lock(half_added(vault, lane), lane)
    assert notes(vault).count("Rang her") == 1
    assert f"timeline/{MARY}/note" not in vault.half_typed


def choose_kind(page, kind):
    page._kind.set_value(kind)
    page._kind.committed.emit(kind)


@pytest.mark.parametrize("is_answered", [False, True])
def test_a_kind_chosen_for_the_next_note_is_kept_beside_it(vault, lane, qapp, is_answered):
    here = context(vault)
    here.jobs = lane
    page = TimelinePanel(here, MARY)
    lane.catch_up()
    choose_kind(page, "call")
    page._note.editor.setPlainText("Rang her")
    lane.catch_up()
    page._add_pressed()
    page._note.editor.setPlainText("Rang her\nSaw her")
    choose_kind(page, "visit")
    page._note.typed.emit(page._note.text)
    if is_answered:
        lane.catch_up()
    lock(page, lane)
    assert notes(vault).count("Rang her") == 1
    assert vault.half_typed[f"timeline/{MARY}/note"] == "Saw her"
    assert vault.half_typed[f"timeline/{MARY}/rest"].split("\n")[0] == "visit"


def test_a_promise_that_could_not_be_written_is_kept(vault, lane, qapp):
    here = context(vault)
    here.jobs = lane
    page = OverviewPanel(here, MARY)
    lane.catch_up()
    typed_and_left(page._text, "Ring the bank")
    lane.catch_up()
    page._add_pressed()
    vault.fails_with = VaultFull()
    lock(page, lane)
    assert not promises(vault)
    assert "Ring the bank" in vault.half_typed[f"overview/{MARY}/next/half"]


def promises(vault):
    every = vault.reader.all(Action, enterprise_id=MARY)
    return [each.text for each in every if each.text == "Ring the bank"]


class TestTheFieldsTogether:
    def kept(self, vault, qtbot):
        here = context(vault)
        fields = {"why": TextField("Why?"), "how": ChoiceField("How?", (("a", "One"),))}
        for each in fields.values():
            qtbot.addWidget(each)
        made = KeptFields(HalfTyped(here, FakeView(), "test"), "Go", fields)
        return made, *fields.values()

    def test_a_choice_alone_is_nothing_half_typed(self, qtbot):
        vault = MemoryVault()
        made, _why, how = self.kept(vault, qtbot)
        how.set_value("a")
        made._keep()
        assert vault.half_typed == {}

    def test_what_was_taken_out_again_does_not_come_back(self, qtbot):
        vault = MemoryVault()
        _made, why, _how = self.kept(vault, qtbot)
        typed_and_left(why, "she asked")
        assert vault.half_typed
        typed_and_left(why, "")
        assert not any(vault.half_typed.values())

    def test_what_somebody_begins_anew_is_never_written_over(self, qtbot):
        vault = MemoryVault()
        _made, why, how = self.kept(vault, qtbot)
        how.set_value("a")
        typed_and_left(why, "she asked")
        made, why, how = self.kept(vault, qtbot)
        why.editor.setText("he")
        made.give_back()
        assert (why.text, how.value) == ("he", "")
        made, why, how = self.kept(vault, qtbot)
        made.give_back()
        assert (why.text, how.value) == ("she asked", "a")

    def test_what_the_button_did_not_take_stays_kept(self, qtbot):
        vault = MemoryVault()
        made, why, _how = self.kept(vault, qtbot)
        typed_and_left(why, "she asked")
        made.was_taken()
        assert why.text == "she asked"
        assert "she asked" in vault.half_typed["test/half"]

    @pytest.mark.parametrize("kept", ["no json", "[1]", ""])
    def test_what_cannot_be_read_is_left_alone(self, qtbot, kept):
        vault = MemoryVault()
        FieldSaver(context(vault), FakeView(), "test").keep_draft("half", kept)
        made, why, _how = self.kept(vault, qtbot)
        made.give_back()
        assert why.text == ""
