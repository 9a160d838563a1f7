"""A mistake in a slot, a full disk, a pause: what was typed is on disk, or can be copied."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.bootstrap import Starter
from desktop.trouble import OUR_MISTAKE
from desktop.views.form_pages import fields
from desktop.views.form_pages.fields import TextField
from desktop.views.kit.typed_text import what_was_typed
from desktop.views.timeline.panel import TimelinePanel
from forms.facts.casework import ChecklistItem
from forms.facts.people import Dpia, Enterprise
from tests.desktop.shell.world import COACH, NOW, TODAY
from tests.support.full_disk import Disk


def idle(program, qtbot):
    qtbot.waitUntil(lambda: program.jobs.is_idle)


def field_of(screen, words):
    return next(each for each in screen.findChildren(TextField) if each.words == words)


def raise_in_a_slot(program, qtbot):
    """As PySide does it: the error of a slot comes to the hook and nowhere else."""
    starter = Starter(QApplication.instance(), program, None)

    def slot():
        try:
            {}["Mary Thorne"]
        except KeyError as error:
            starter._caught(KeyError, error, error.__traceback__)

    QTimer.singleShot(0, slot)
    qtbot.waitUntil(lambda: program.desk.view.problem.words == OUR_MISTAKE)
    idle(program, qtbot)


@pytest.mark.parametrize(
    ("tab", "words", "read"),
    [
        ("overview", "Phone", lambda reader: reader.get(Enterprise, "ent-0").phone),
        ("overview", "Village or town", lambda reader: reader.get(Enterprise, "ent-0").place),
        (
            "checklist",
            "Note",
            lambda reader: "".join(
                item.note for item in reader.all(ChecklistItem, enterprise_id="ent-0")
            ),
        ),
    ],
)
def test_a_mistake_in_a_slot_leaves_the_text_on_disk(program, qtbot, tab, words, read):
    program.desk.view.open_route("enterprise", id="ent-0", tab=tab)
    idle(program, qtbot)
    field = field_of(program.desk.view.front, words)
    field.editor.setFocus()
    field.editor.selectAll()
    qtbot.keyClicks(field.editor, "01632 960001")
    assert read(program.desk.context.session.vault.reader) != "01632 960001"
    raise_in_a_slot(program, qtbot)
    assert read(program.desk.context.session.vault.reader) == "01632 960001"
    assert field.text == "01632 960001"


def test_without_the_protection_the_text_is_not_on_disk(program, qtbot, monkeypatch):
    """The proof above is of something: what keeps it is taken out, and the text is not kept."""
    monkeypatch.setattr(type(program.desk), "keep_what_is_typed", lambda desk: None)
    program.desk.view.open_route("enterprise", id="ent-0", tab="overview")
    idle(program, qtbot)
    phone = field_of(program.desk.view.front, "Phone")
    phone._pause = None  # nor does a pause
    phone.editor.selectAll()
    qtbot.keyClicks(phone.editor, "01632 960001")
    raise_in_a_slot(program, qtbot)
    assert program.desk.context.session.vault.reader.get(Enterprise, "ent-0").phone != phone.text


@pytest.mark.parametrize(
    ("route", "words", "key"),
    [
        ("quick_note", "What happened?", ""),
        ("enterprise", "Write what happened", "timeline"),
    ],
)
def test_a_note_that_is_not_added_yet_is_kept_as_a_draft(program, qtbot, route, words, key):
    """Nobody pressed Add: it is no entry, and it comes back when the screen is built again."""
    view = program.desk.view
    if route == "enterprise":
        view.open_route("enterprise", id="ent-0", tab=key)
    else:
        view.open_route(route, enterprise="ent-0")
    idle(program, qtbot)
    field_of(view.front, words).editor.setFocus()
    qtbot.keyClicks(field_of(view.front, words).editor, "Two clients are waiting")
    raise_in_a_slot(program, qtbot)
    with qtbot.waitSignal(program.opened):
        program.lock()
    idle(program, qtbot)
    assert field_of(program.desk.view.front, words).text == "Two clients are waiting"


@pytest.mark.parametrize("clock_first", [True, False])
def test_a_clock_put_forward_locks_and_loses_no_text(program, qtbot, clock, clock_first):
    """Whether the lock or the next key notices it first: the laptop may as well have slept."""
    program.desk.view.open_route("quick_note", enterprise="ent-0")
    idle(program, qtbot)
    note = field_of(program.desk.view.front, "What happened?")
    note.editor.setFocus()
    qtbot.keyClicks(note.editor, "Two clients are waiting")
    clock.moment += timedelta(days=22)
    with qtbot.waitSignal(program.opened):  # practice records open again by themselves
        if clock_first:
            program.desk._tick()
        else:
            qtbot.keyClicks(note.editor, "!")
    idle(program, qtbot)
    there = field_of(program.desk.view.front, "What happened?").text
    assert there == "Two clients are waiting" + ("" if clock_first else "!")


class TestAPause:
    @pytest.fixture
    def quick(self, monkeypatch):
        monkeypatch.setattr(fields, "COMMIT_AFTER_MS", 1)

    def test_a_pause_saves_without_leaving_the_field(self, program, qtbot, quick):
        program.desk.view.open_route("enterprise", id="ent-0", tab="overview")
        idle(program, qtbot)
        field = field_of(program.desk.view.front, "Phone")
        field.editor.setFocus()
        field.editor.selectAll()
        qtbot.keyClicks(field.editor, "0777")
        reader = program.desk.context.session.vault.reader
        qtbot.waitUntil(
            lambda: program.jobs.is_idle and reader.get(Enterprise, "ent-0").phone == "0777"
        )
        assert field.editor.hasFocus()
        assert field.status.startswith("Saved on this laptop")

    def test_the_pause_is_800_milliseconds_and_days_and_amounts_wait_until_they_are_left(
        self, program, qtbot
    ):
        assert fields.COMMIT_AFTER_MS == 800
        program.desk.view.open_route("enterprise", id="ent-0", tab="overview")
        idle(program, qtbot)
        front = program.desk.view.front
        assert field_of(front, "Phone")._pause.interval() == 800
        assert field_of(front, "By when?")._pause is None


class TestAFieldThatSavesWhileItIsTypedIn:
    @pytest.fixture
    def field(self, qtbot):
        made = TextField("Place", pauses=True)
        qtbot.addWidget(made)
        made.show()
        made.activateWindow()
        made.editor.setFocus()
        qtbot.waitUntil(made.editor.hasFocus)
        return made

    def test_what_is_typed_while_it_saves_is_not_called_saved(self, field, qtbot):
        asked = []
        field.committed.connect(asked.append)
        qtbot.keyClicks(field.editor, "Ash")
        field._paused()
        qtbot.keyClicks(field.editor, "wick")
        field.show_saved("Saved on this laptop 14:32")
        assert field.is_dirty
        field._paused()
        field.show_saved("Saved on this laptop 14:32")
        assert asked == ["Ash", "Ashwick"]
        assert not field.is_dirty

    def test_a_space_at_the_end_is_not_taken_out_of_the_middle_of_typing(self, field, qtbot):
        qtbot.keyClicks(field.editor, "Mill ")
        field._paused()
        field.show_saved("Saved")
        field.set_text("Mill")
        qtbot.keyClicks(field.editor, "Lane")
        assert field.text == "Mill Lane"

    @pytest.mark.parametrize("lines", [1, 2])
    def test_typing_goes_on_behind_what_was_typed_while_the_button_saved(self, qtbot, lines):
        note = TextField("Note", lines=lines)
        note.saved_by("Add")
        qtbot.addWidget(note)
        note.show()
        note.activateWindow()
        note.editor.setFocus()
        qtbot.waitUntil(note.editor.hasFocus)
        qtbot.keyClicks(note.editor, "Rang her")
        assert note.take() == "Rang her"
        qtbot.keyClicks(note.editor, " She")
        note.was_taken()
        qtbot.keyClicks(note.editor, " rang")
        assert note.text == "She rang"

    def test_a_problem_waits_until_the_field_is_left(self, field, qtbot):
        asked = []
        field.committed.connect(asked.append)
        qtbot.keyClicks(field.editor, "petra@")
        field._paused()
        field.show_problem("Write the whole address.")
        assert field.status == ""
        field.commit()
        field.show_problem("Write the whole address.")
        assert field.status == "Write the whole address."
        assert asked == ["petra@", "petra@"]
        assert field.text == "petra@"


class TestTheProblemBar:
    @pytest.fixture
    def full(self, program, monkeypatch):
        vault = program.desk.context.session.vault
        return Disk(monkeypatch, (vault, "change"), is_full=True)

    def pressed(self, program, words):
        bar = program.desk.view.problem
        next(b for b in bar.findChildren(QPushButton) if b.text() == words).click()

    def test_a_full_disk_offers_the_text_and_another_try(self, program, qtbot, full):
        program.desk.view.open_route("enterprise", id="ent-0", tab="overview")
        idle(program, qtbot)
        field = field_of(program.desk.view.front, "Phone")
        field.editor.setFocus()
        field.editor.selectAll()
        qtbot.keyClicks(field.editor, "01632 960002")
        field.commit()
        idle(program, qtbot)
        assert "laptop is full" in program.desk.view.problem.words
        self.pressed(program, "Copy text")
        assert QGuiApplication.clipboard().text() == "01632 960002"
        assert program.desk.view.problem.words  # copied is not saved: the bar stays
        full.is_full = False
        self.pressed(program, "Try again")
        idle(program, qtbot)
        reader = program.desk.context.session.vault.reader
        assert reader.get(Enterprise, "ent-0").phone == "01632 960002"
        assert program.desk.view.problem.isHidden()

    def test_with_nothing_typed_there_is_nothing_to_copy(self, program, qtbot):
        program.desk.view.open_route("help")
        idle(program, qtbot)
        bar = program.desk.view.problem
        bar.show_problem("The disk did not answer.")
        copy = next(b for b in bar.findChildren(QPushButton) if b.text() == "Copy text")
        assert copy.isHidden()
        bar.clear()

    def test_a_search_and_a_passphrase_are_never_offered(self, program, qtbot):
        view = program.desk.view
        view.open_route("caseload")
        idle(program, qtbot)
        qtbot.keyClicks(view.front.filter_box, "mary")
        assert what_was_typed(view.front) == ""
        view.open_route("ways_in")
        idle(program, qtbot)
        from desktop.views.kit.fields import SecretField

        for secret in view.front.findChildren(SecretField):
            secret.edit.insert("three random words")
        assert what_was_typed(view.front) == ""

    def test_several_texts_come_with_their_names(self, program, qtbot, full):
        view = program.desk.view
        view.open_route("enterprise", id="ent-0", tab="overview")
        idle(program, qtbot)
        for words, typed in (("Phone", "0777"), ("Village or town", "Mells")):
            field = field_of(view.front, words)
            field.editor.selectAll()
            qtbot.keyClicks(field.editor, typed)
        assert what_was_typed(view.front).splitlines() == ["Phone: 0777", "Village or town: Mells"]
        full.is_full = False


def opened_again(program, qtbot):
    with qtbot.waitSignal(program.opened):
        program.lock()
    idle(program, qtbot)
    return program.desk.view.front


def test_a_half_typed_note_comes_back_with_whom_it_is_for_and_says_what_saves_it(program, qtbot):
    program.desk.view.open_route("quick_note")
    idle(program, qtbot)
    page = program.desk.view.front
    field_of(page, "Whom is it about? Type part of a name").committed.emit("Mary")
    idle(program, qtbot)
    page._kind.picked.emit("visit")
    page._kind.set_value("visit")
    page._kind.committed.emit("visit")
    qtbot.keyClicks(page._note.editor, "Two clients are waiting")
    page = opened_again(program, qtbot)
    assert page._note.text == "Two clients are waiting"
    assert (page._who.value, page._kind.value) == ("ent-0", "visit")
    assert page._note.status == "This was not finished last time. Press “Add the note” to save it."
    program.desk.view.open_route("quick_note", enterprise="ent-1")
    idle(program, qtbot)
    assert program.desk.view.front._note.text == "", "words about Mary stay with Mary"
    program.desk.view.back()
    page = program.desk.view.front
    page._add_pressed()
    idle(program, qtbot)
    program.desk.view.open_route("quick_note")
    page = opened_again(program, qtbot)
    assert (page._note.text, page._who.value, page._kind.value) == ("", "", "note")


def test_somebody_half_taken_down_comes_back_and_is_gone_once_added(program, qtbot):
    vault = program.desk.context.session.vault
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.add(Dpia(id="dpia", version="1", signed_by="A. Officer", signed_on=TODAY))
    program.desk.view.open_route("new_enterprise")
    idle(program, qtbot)
    page = program.desk.view.front
    for words, typed in (("Name", "Ruth Vale"), ("Phone", "01632 960123")):
        qtbot.keyClicks(field_of(page, words).editor, typed)
    page._channel.set_value(page._channel.editor.itemData(1))
    page._channel.committed.emit(page._channel.value)
    page = opened_again(program, qtbot)
    assert field_of(page, "Name").text == "Ruth Vale"
    assert field_of(page, "Phone").text == "01632 960123"
    assert page._channel.value
    assert field_of(page, "Name").status.endswith("Press “Take this person on” to save it.")
    page._add_pressed()
    idle(program, qtbot)
    assert program.desk.view.history.current.route.name == "enterprise"
    program.desk.view.open_route("new_enterprise")
    assert field_of(program.desk.view.front, "Name").text == "", "nobody is taken on twice"
    page = opened_again(program, qtbot)
    assert field_of(page, "Name").text == ""
    program.desk.view.open_route("new_enterprise", leader="Zed")
    idle(program, qtbot)
    page = program.desk.view.front
    assert (field_of(page, "Name").text, field_of(page, "Name").status) == ("Zed", "")
    qtbot.keyClicks(field_of(page, "Name").editor, " Smith")
    assert field_of(opened_again(program, qtbot), "Name").text == "Zed Smith"


def test_minutes_and_day_of_a_half_typed_visit_come_back_with_its_words(program, qtbot):
    program.desk.view.open_route("enterprise", id="ent-0", tab="timeline")
    idle(program, qtbot)
    page = program.desk.view.front
    panel = page.findChild(TimelinePanel)
    panel._kind.set_value("visit")
    panel._kind.committed.emit("visit")
    for field, typed in ((panel._note, "Two clients"), (panel._minutes, "50"), (panel._on, "tue")):
        qtbot.keyClicks(field.editor, typed)
    panel = opened_again(program, qtbot).findChild(TimelinePanel)
    assert (panel._note.text, panel._kind.value) == ("Two clients", "visit")
    assert (panel._minutes.text, panel._on.text) == ("50", "tue")
    assert panel._note.status.endswith("Press “Add” to save it.")
    panel._minutes.editor.setText("a while")
    panel._add_pressed()
    idle(program, qtbot)
    assert panel._minutes.status, "said at the field that is to be mended"
    assert panel._note.text == "Two clients"
    panel._minutes.editor.setText("45")
    panel._add_pressed()
    idle(program, qtbot)
    assert panel._note.status.startswith("Saved on this laptop")
    panel = opened_again(program, qtbot).findChild(TimelinePanel)
    assert (panel._note.text, panel._minutes.text, panel._kind.value) == ("", "", "note")


def screen_again(program, qtbot, *route, **params):
    """The screen of a route built anew, as after another one was looked at."""
    opened_again(program, qtbot)
    program.desk.view.open_route(*route, **params)
    idle(program, qtbot)
    return program.desk.view.front


def typed_and_left(field, qtbot, text):
    field.editor.selectAll()
    if text:
        qtbot.keyClicks(field.editor, text)
    else:
        field.editor.del_()
    field.flush()


@pytest.mark.parametrize("begun", ["", "Zed"])
def test_somebody_who_said_no_and_was_taken_out_again_does_not_come_back(program, qtbot, begun):
    vault = program.desk.context.session.vault
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.add(Dpia(id="dpia", version="1", signed_by="A. Officer", signed_on=TODAY))
    params = {"leader": begun} if begun else {}
    program.desk.view.open_route("new_enterprise", **params)
    idle(program, qtbot)
    page = program.desk.view.front
    for words, typed in (("Name", "Ruth Vale"), ("Phone", "01632 960123")):
        typed_and_left(field_of(page, words), qtbot, typed)
    page._notice.editor.click()
    idle(program, qtbot)
    vault = program.desk.context.session.vault
    key = f"newcomer/{begun}/typed" if begun else "newcomer/typed"
    assert "Ruth Vale" in vault.drafts.read(key)
    for words in ("Name", "Phone"):
        typed_and_left(field_of(page, words), qtbot, "")
    idle(program, qtbot)
    assert vault.drafts.read(key) == ""
    page = screen_again(program, qtbot, "new_enterprise", **params)
    assert (field_of(page, "Name").text, field_of(page, "Phone").text) == (begun, "")
    assert not page._notice.value


def test_minutes_taken_out_again_are_not_counted_with_the_next_note(program, qtbot):
    program.desk.view.open_route("enterprise", id="ent-0", tab="timeline")
    idle(program, qtbot)
    panel = program.desk.view.front.findChild(TimelinePanel)
    panel._kind.set_value("visit")
    typed_and_left(panel._minutes, qtbot, "50")
    typed_and_left(panel._minutes, qtbot, "")
    panel = opened_again(program, qtbot).findChild(TimelinePanel)
    assert (panel._minutes.text, panel._kind.value) == ("", "note"), "a kind alone is nothing"


def test_an_added_note_is_not_called_unfinished(program, qtbot):
    program.desk.view.open_route("enterprise", id="ent-0", tab="timeline")
    idle(program, qtbot)
    panel = program.desk.view.front.findChild(TimelinePanel)
    qtbot.keyClicks(panel._note.editor, "Rang her")
    panel._note.commit()  # left
    qtbot.keyClicks(panel._note.editor, ", all well")
    panel._add_pressed()
    idle(program, qtbot)
    assert program.desk.context.session.vault.drafts.read("timeline/ent-0/note") == ""
    panel = opened_again(program, qtbot).findChild(TimelinePanel)
    assert panel._note.text == ""


def test_a_note_begun_with_one_and_meant_for_another_comes_back_for_the_other(program, qtbot):
    program.desk.view.open_route("quick_note", enterprise="ent-0")
    idle(program, qtbot)
    page = program.desk.view.front
    field_of(page, "Whom is it about? Type part of a name").committed.emit("Pearce")
    idle(program, qtbot)
    assert page._who.value == "ent-1"
    assert "Pearce" in page._who.editor.currentText(), "a name and never an id"
    qtbot.keyClicks(page._note.editor, "The hob is in")
    page = opened_again(program, qtbot)
    assert (page._note.text, page._who.value) == ("The hob is in", "ent-1")
    page._add_pressed()
    idle(program, qtbot)
    page = screen_again(program, qtbot, "quick_note", enterprise="ent-0")
    assert (page._note.text, page._who.value) == ("", "ent-0")


def test_whom_and_kind_do_not_come_back_without_a_note(program, qtbot):
    program.desk.view.open_route("quick_note")
    idle(program, qtbot)
    page = program.desk.view.front
    field_of(page, "Whom is it about? Type part of a name").committed.emit("Mary")
    idle(program, qtbot)
    page._kind.set_value("visit")
    page._note.editor.setPlainText("Two clients")
    page._note.flush()
    page._note.editor.setPlainText("")
    page._note.flush()
    page = opened_again(program, qtbot)
    assert (page._note.text, page._who.value, page._kind.value) == ("", "", "note")
    assert program.desk.context.session.vault.drafts.read("quick_note/chosen") == ""


def test_text_put_back_as_it_was_saved_is_no_draft(qtbot):
    field = TextField("Place")
    qtbot.addWidget(field)
    kept = []
    field.typed.connect(kept.append)
    field.set_text("Tenterden")
    for text in ("Witt", "Tenterden", "Tenterden"):
        field.editor.setText(text)
        field._keep_draft()
    assert kept == ["Witt", ""]
