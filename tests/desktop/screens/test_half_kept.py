"""Fields that a button saves: half typed they come back, and what is typed meanwhile stays."""

import pytest
from shiboken6 import delete

from desktop.alive import is_alive
from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.saving import FieldSaver
from desktop.presenters.things_to_check import ThingsPresenter, things_to_check
from desktop.views.enterprise.newcomer import NewcomerScreen
from desktop.views.enterprise.overview import OverviewPanel
from desktop.views.form_pages.fields import ChoiceField, TextField, flush_fields
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.things_to_check.choosing import Choosing
from desktop.views.things_to_check.screen import ThingsScreen
from desktop.views.timeline.panel import TimelinePanel
from forms.facts.casework import Action, CoachingSession
from forms.facts.people import Dpia
from forms.rules.pack import load_pack
from storage.errors import VaultFull
from tests.desktop.screens.desk import COACH, LEAD, FakeView, context
from tests.desktop.screens.memory import MemoryVault
from tests.desktop.screens.people import MARY
from tests.desktop.shell.test_capture import BusyLane


def typed_and_left(field, text):
    field.editor.setText(text)
    field.editor.textEdited.emit(text)
    field.editor.editingFinished.emit()


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


class TestAThingToCheck:
    def part(self, vault, qtbot):
        presenter = ThingsPresenter(context(vault), FakeView())
        made = Choosing(presenter.half_of)
        qtbot.addWidget(made)
        made.show_thing(things_to_check(vault.reader, COACH, load_pack("kent"))[0])
        return made, presenter

    def test_what_was_chosen_and_why_comes_back_after_a_power_cut(self, vault, qtbot):
        part, _ = self.part(vault, qtbot)
        part.use_mine.click()
        typed_and_left(part.note, "Rang her")
        part, _ = self.part(vault, qtbot)
        assert (part.choice, part.note.text) == ("mine", "Rang her")

    def test_nothing_of_it_is_left_once_it_is_settled(self, vault, qtbot):
        part, presenter = self.part(vault, qtbot)
        typed_and_left(part.note, "Rang her")
        presenter.load()
        presenter.choose("mine", "", "Rang her")
        assert vault.settled
        assert not [key for key in vault.half_typed if key.startswith("things_to_check")]

    def things(self, vault, lane=None):
        here = context(vault)
        here.jobs = lane or here.jobs
        return ThingsScreen(here)

    def test_nothing_of_it_comes_back_when_it_was_settled_elsewhere(self, vault, qtbot):
        page = self.things(vault)
        qtbot.addWidget(page)
        typed_and_left(page._choosing.note, "Rang her")
        assert vault.half_typed
        gone = vault.open_conflicts.pop(0)
        assert page._thing.id == gone.id
        page._presenter.load()
        assert page._thing.id != gone.id
        assert page._choosing.note.text == ""
        assert vault.half_typed == {}
        typed_and_left(page._choosing.note, "Asked Lee")
        page._presenter.load()  # one that is still there keeps its words
        assert "Asked Lee" in "".join(vault.half_typed.values())

    def test_nothing_of_it_comes_back_when_the_laptop_locks_after_the_choice(
        self, vault, lane, qapp
    ):
        page = self.things(vault, lane)
        lane.catch_up()
        page._choosing.use_mine.click()
        page._choosing.note.editor.setText("Rang her")
        lane.catch_up()
        page._choose_pressed()
        page.flush()
        lock(page, lane)
        assert len(vault.settled) == 1
        assert vault.half_typed == {}


@pytest.fixture
def lane():
    return BusyLane()


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


def lock(page, lane):
    """The page flushes and is gone; then what was asked for is written."""
    flush_fields(page)
    delete(page)
    assert not is_alive(page)
    lane.catch_up()


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
