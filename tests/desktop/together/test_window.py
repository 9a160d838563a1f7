"""The shared window: the way in and out, keys alone, pausing, locking, and what is kept."""

import os
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QRadioButton

from desktop.operations.together import PAGE_NAME
from desktop.presenters.saving import words_for
from forms.facts.casework import Action, Attachment, ChecklistItem, CoachingSession, Signature
from forms.rules.signatures import faults
from tests.desktop.audit import name_of
from tests.desktop.together.people import MARY, PIN
from tests.desktop.together.reading import photo

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Keys:
    """A person who has only a keyboard."""

    def __init__(self, window, settle):
        self.window, self._settle = window, settle

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(self.at, key, modifier)
        self._settle()

    @property
    def at(self):
        return self.window.focusWidget() or self.window

    def type(self, text):
        QTest.keyClicks(self.at, text)
        self._settle()

    def go_to(self, words, most=120):
        """Tab until the focus is on what a screen reader calls so."""
        for _ in range(most):
            if self.name == words:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not reach {words!r}, it is at {self.name!r}")

    @property
    def name(self):
        return name_of(self.at)

    def activate(self, words):
        self.go_to(words)
        self.press(Qt.Key.Key_Space)


def test_keys_alone_from_the_record_to_the_page_that_goes_home(program, settle):
    desk = program.desk
    desk.view.open_route("enterprise", id=MARY)
    settle()
    QTest.keyClick(program.frame, Qt.Key.Key_T, CTRL)
    settle()
    window = desk.together.window
    window.activateWindow()
    printed = []
    window.sheet._printing = lambda _parent, page: printed.append(page) is None
    keys = Keys(window, settle)
    keys.activate("We are ready")
    while window.step.step.key != "item.C07":
        keys.activate("Skip for now")
    keys.go_to("Do you have public liability insurance? Yes, it is done")
    keys.press(Qt.Key.Key_Space)
    keys.go_to("Who says so? Mary told us")
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Space)
    keys.activate("Continue")
    at_home = window.step.step.title
    keys.activate("Mary will do at home")
    keys.activate("Keep this")
    keys.activate("Sign")
    keys.go_to("This is my name, and I sign")
    keys.press(Qt.Key.Key_Space)
    button = next(b for b in window.sign.findChildren(QPushButton) if b.text() == "Sign")
    while keys.at is not button:
        keys.press(Qt.Key.Key_Tab)
    keys.press(Qt.Key.Key_Space)
    keys.activate("Print today's page")
    keys.activate("Print it")
    keys.activate("Finish, needs the PIN")
    keys.type(PIN)
    keys.press(Qt.Key.Key_Return)
    assert printed
    assert desk.together is None
    assert program.frame.isVisible()
    reader = desk.context.session.vault.reader
    (item,) = reader.all(ChecklistItem, enterprise_id=MARY, code="C07")
    assert (item.state, item.said_by) == ("done", "saw it")
    (signed,) = reader.all(Signature, enterprise_id=MARY)
    assert (faults(signed), signed.name, signed.way) == ([], "Mary Thorne", "typed")
    assert "Public liability insurance: done, we saw it" in signed.wording
    assert any(a.text == at_home for a in reader.all(Action, enterprise_id=MARY, owner="leader"))
    visits = reader.all(CoachingSession, enterprise_id=MARY)
    assert any("Public liability insurance" in visit.note for visit in visits)


def test_closing_the_window_asks_for_the_pin(share, program, settle):
    window = share()
    window.close()
    settle()
    assert window.isVisible()
    assert window.front is window.pin
    for wrong in ("0000", ""):
        window.pin.pin_given.emit(wrong)
        settle()
        assert program.desk.together is not None
        assert not program.frame.isVisible()
    assert (
        "did not open it" in window.pin._problem.text() or "too soon" in window.pin._problem.text()
    )


def test_after_wrong_pins_one_has_to_wait_and_then_the_right_one_leads_back(
    share, program, settle, clock
):
    window = share()
    window.ask_to_leave()
    for _ in range(3):
        window.pin.pin_given.emit("0000")
        settle()
    window.pin.pin_given.emit(PIN)
    settle()
    assert "too soon" in window.pin._problem.text()
    clock.moment += timedelta(minutes=2)
    window.pin.pin_given.emit(PIN)
    settle()
    assert program.desk.together is None
    assert program.frame.isVisible()


def test_what_was_typed_as_pin_is_not_there_when_one_comes_back(share, settle):
    window = share()
    window.ask_to_leave()
    settle()
    QTest.keyClicks(window.pin._secret.edit, "82")
    window.pin.back.emit()
    settle()
    window.ask_to_leave()
    assert window.pin._secret.value() == ""


def test_idle_shows_paused_and_not_the_caseload(share, program, settle, clock):
    window = share()
    window.turn.ready.emit()
    clock.moment += timedelta(minutes=3)
    program.desk._tick()
    assert window.front is window.paused
    assert not window.list.isVisible()
    assert not window.strip.isVisible()
    assert "Mary" not in " ".join(label.text() for label in window.paused.findChildren(QPushButton))
    QTest.keyClick(window.paused._go, Qt.Key.Key_Space)
    settle()
    assert window.front is window.step


def test_the_lock_warns_here_and_works(share, program, settle, clock):
    window = share()
    window.turn.ready.emit()
    clock.moment += timedelta(minutes=9, seconds=10)
    program.desk._tick()
    assert "lock in" in window.warning.words
    clock.moment += timedelta(minutes=1)
    locked = []
    program.locked.connect(lambda: locked.append(program.desk))
    program.desk._tick()
    assert locked == [None]


def test_a_lock_in_the_middle_loses_nothing_of_the_sitting(share, program, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "told us")
    settle()
    done = dict(window.table.sitting.done)
    program.desk.together.end()
    settle()
    again = share()
    assert done
    assert again.table.sitting.done == done


def test_signing_again_adds_and_the_first_one_stays(share, program, settle):
    window = share()
    window.turn.ready.emit()
    for _ in range(2):
        window.ways.sign_wanted()
        settle()
        shown = window.sign._wording.text()
        window.sign.signed.emit("Mary Thorne", True, ())
        settle()
    reader = program.desk.context.session.vault.reader
    assert len(reader.all(Signature, enterprise_id=MARY)) == 2
    assert {one.wording for one in reader.all(Signature, enterprise_id=MARY)} == {shown}
    window.sign.signed.emit("", True, ())
    assert "name" in window.sign.status.text()
    window.sign.signed.emit("Mary", False, ())
    assert "tick" in window.sign.status.text()
    assert len(reader.all(Signature, enterprise_id=MARY)) == 2


def test_send_later_keeps_the_page_and_puts_it_on_the_coachs_list(share, program, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    window.sheet._later_pressed()
    settle()
    reader = program.desk.context.session.vault.reader
    (kept,) = reader.all(Attachment, enterprise_id=MARY, mime="application/pdf")
    assert program.desk.context.session.vault.files.read(kept.sha256).startswith(b"%PDF")
    sends = [a for a in reader.all(Action, enterprise_id=MARY) if a.text.startswith("Send today")]
    assert [(a.owner, a.due_on) for a in sends] == [("coach", date(2026, 11, 20))]


def test_send_later_pressed_twice_keeps_one_page(share, program, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    page = window.sheet._page
    for _ in range(2):
        window.sheet.later.emit(page)
        settle()
    reader = program.desk.context.session.vault.reader
    assert len(reader.all(Attachment, enterprise_id=MARY, name=PAGE_NAME)) == 1


def test_a_photo_that_just_came_in_is_kept_and_an_older_one_is_not_offered(
    share, program, settle, tmp_path, clock
):
    folder = tmp_path / "card"
    folder.mkdir()
    for name in ("new.png", "script.exe"):
        (folder / name).write_bytes(photo())
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.ways._files._folders = lambda: [folder]
    stamp = clock.moment.timestamp() + 60
    os.utime(folder / "new.png", (stamp, stamp))
    window.ways.files_wanted()
    settle()
    offered = [b for b in window.files.findChildren(QPushButton) if b.text().startswith("Keep: ")]
    assert [b.text()[:12] for b in offered] == ["Keep: Photo,"]
    offered[0].click()
    settle()
    reader = program.desk.context.session.vault.reader
    (item,) = reader.all(ChecklistItem, enterprise_id=MARY, code="C07")
    assert (item.said_by, len(item.files)) == ("document", 1)
    window.step.paper_wanted.emit(item.files[0])
    settle()
    assert not window.files._picture.pixmap().isNull()


def test_a_write_that_fails_says_so_and_keeps_the_answer_open(share, program, settle, monkeypatch):
    from storage.errors import VaultFull
    from storage.one_case import CaseUnit

    def full(*_args, **_named):
        raise VaultFull

    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    monkeypatch.setattr(CaseUnit, "add", full)
    window.step.answered.emit("done", "told us")
    settle()
    assert words_for(VaultFull()) in window.step.status.text()
    reader = program.desk.context.session.vault.reader
    assert reader.all(ChecklistItem, enterprise_id=MARY, code="C07") == []


@pytest.mark.parametrize("width", [1366, 480])
def test_the_list_is_beside_the_step_or_a_page_of_its_own(share, settle, width):
    window = share()
    window.turn.ready.emit()
    window.resize(width, 800)
    settle()
    assert window.see_list.isVisible() is (width == 480)
    if width == 480:
        assert not window.list.isVisible()
        window.see_list.click()
        assert window.front is window.list_page
    assert window.list.isVisible()
    window.list._list.setCurrentRow(1)
    QTest.keyClick(window.list._list, Qt.Key.Key_Return)
    settle()
    assert window.front is window.step


def test_radios_are_not_left_without_a_way_by_keys(share, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    settle()
    radios = window.step.findChildren(QRadioButton)
    assert radios
    radios[0].setFocus()
    QTest.keyClick(radios[0], Qt.Key.Key_Down)
    settle()
    assert QApplication.focusWidget() is not None or radios[1].isChecked()


def test_keys_print_and_lock_and_do_nothing_while_paused(share, program, settle):
    window = share()
    window.activateWindow()
    window.turn.ready.emit()
    QTest.keyClick(window, Qt.Key.Key_P, CTRL)
    settle()
    assert window.front is window.sheet
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    settle()
    assert window.front is window.step
    window.pause()
    QTest.keyClick(window, Qt.Key.Key_P, CTRL)
    settle()
    assert window.front is window.paused
    locked = []
    program.locked.connect(lambda: locked.append(program.desk))
    QTest.keyClick(window, Qt.Key.Key_L, CTRL)
    assert locked == [None]
    settle()
