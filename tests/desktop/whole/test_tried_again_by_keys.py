"""A full disk and "Try again" by keys alone: all of it is saved, and the focus goes back."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.views.kit.bars import UndoBar
from desktop.views.kit.layout import column
from desktop.views.kit.problem_bar import ProblemBar
from forms.facts.casework import Action, CoachingSession
from forms.facts.people import Enterprise
from tests.desktop.shell.conftest import clock, program  # noqa: F401 -- fixtures
from tests.desktop.whole.keyboard import CTRL, Key, Keyboard
from tests.support.full_disk import Disk

MARY = "ent-0"


@pytest.fixture
def keys(program, qtbot):  # noqa: F811 -- the fixture
    made = Keyboard(program, qtbot)
    program.desk.view.open_route("enterprise", id=MARY, tab="timeline")
    made.settle()
    yield made
    program.desk.view.undo.clear()


@pytest.fixture
def disk(program, monkeypatch):  # noqa: F811 -- the fixture
    vault = program.desk.context.session.vault
    return Disk(monkeypatch, (vault, "change"), (vault.drafts, "keep"))


def notes(keys):
    return [each.note for each in keys.reader.all(CoachingSession, enterprise_id=MARY)]


def test_a_note_is_added_and_what_was_typed_on_stays(keys, disk):
    keys.fill("Write what happened", "Rang her")
    disk.is_full = True
    keys.press(Key.Key_Return, CTRL)
    keys.type(" twice")
    keys.tab_to("Try again", back=True)  # leaving the field keeps it, which fails as well
    disk.is_full = False
    keys.press(Key.Key_Space)
    assert "Rang her" in notes(keys)
    assert keys.name == "Write what happened"
    assert keys.at.toPlainText() == "twice"
    assert not keys.program.desk.view.problem.words
    assert "full" not in keys.seen


def test_two_fields_that_were_not_saved_are_both_tried_again(keys, disk):
    keys.push("Overview")
    disk.is_full = True
    keys.fill("Phone", "01632 960001")
    keys.fill("Village or town", "Ashford")
    keys.tab_to("Access needs")
    keys.tab_to("Try again", back=True)
    disk.is_full = False
    keys.press(Key.Key_Space)
    found = keys.reader.get(Enterprise, MARY)
    assert (found.phone, found.place) == ("01632 960001", "Ashford")
    assert not keys.program.desk.view.problem.words


def test_closing_the_message_gives_the_focus_back(keys, disk):
    keys.push("Overview")
    disk.is_full = True
    keys.fill("Phone", "01632 960001")
    keys.press(Key.Key_Tab)
    before = keys.name
    keys.tab_to("Close this message", back=True)
    keys.press(Key.Key_Space)
    assert keys.name == before
    assert not keys.program.desk.view.problem.words


def promises(keys):
    """What is to be done, by its words: whether it is done."""
    return {each.text: each.done_on is not None for each in keys.reader.all(Action)}


def test_what_is_done_on_today_is_tried_again(keys, disk):
    keys.program.desk.view.open_route("today")
    keys.settle()
    disk.is_full = True
    keys.push("Done: Send the price list")
    assert keys.name == "Done: Send the price list"
    keys.tab_to("Try again", back=True)
    disk.is_full = False
    keys.press(Key.Key_Space)
    assert promises(keys)["Send the price list"]
    assert not keys.program.desk.view.problem.words


def test_what_was_pressed_for_anew_on_today_is_not_offered_once_more(keys, disk):
    keys.program.desk.view.open_route("today")
    keys.settle()
    disk.is_full = True
    keys.push("Done: Send the price list")
    disk.is_full = False
    keys.press(Key.Key_Space)
    assert promises(keys)["Send the price list"]
    assert not keys.program.desk.view.problem.words


def test_the_line_after_one_that_is_done_has_the_focus(keys):
    keys.program.desk.view.open_route("today")
    keys.settle()
    keys.push("Done: Send the price list")
    keys.until(lambda: "Send the price list" not in keys.seen.split("\n"))
    assert keys.name == "Done: Choose a trading name"
    keys.press(Key.Key_Space)
    assert promises(keys)["Choose a trading name"]


def test_an_undo_is_tried_again_of_the_same(keys, disk):
    keys.fill("Write what happened", "Rang her")
    keys.press(Key.Key_Return, CTRL)
    keys.tab_to("Timeline", back=True)
    disk.is_full = True
    keys.press(Key.Key_Z, CTRL)
    assert "Rang her" in notes(keys)
    disk.is_full = False
    keys.fill("Write what happened", "Saw her")
    keys.press(Key.Key_Return, CTRL)
    keys.tab_to("Try again", back=True)
    keys.press(Key.Key_Space)
    assert "Rang her" not in notes(keys)
    assert "Saw her" in notes(keys)


@pytest.fixture
def page(qtbot):
    """A page with two buttons, a problem above and an undo below."""
    made = QWidget()
    made.problem, made.undo = ProblemBar(), UndoBar()
    made.first, made.second = QPushButton("First"), QPushButton("Second")
    made.setLayout(column(made.problem, made.first, made.second, made.undo))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.second.setFocus()
    return made


def press(bar, words):
    found = next(b for b in bar.findChildren(QPushButton) if b.text() == words)
    found.setFocus()
    found.click()


def test_undo_gives_the_focus_back_too(page):
    page.undo.offer("Done", lambda: None)
    press(page.undo, "Undo")
    assert page.focusWidget() is page.second


def test_whoever_had_the_focus_and_is_gone_does_not_get_it(page):
    page.problem.show_problem("Full", again=lambda: None)
    page.second.hide()
    press(page.problem, "Try again")
    assert page.focusWidget() is not page.second


class TestTwoTroubles:
    def test_in_the_same_words_are_tried_again_together(self, page):
        done = []
        page.problem.show_problem("Full", again=lambda: done.append(1))
        page.problem.show_problem("Full", again=lambda: done.append(2))
        press(page.problem, "Try again")
        assert (done, page.problem.words) == ([1, 2], "")

    def test_the_one_before_is_said_again_once_the_newer_is_over(self, page):
        first, second = lambda: None, lambda: None
        page.problem.show_problem("Full", again=first)
        page.problem.show_problem("Not read", details="x", again=second)
        page.problem.solved(second)
        assert page.problem.words == "Full"
        page.problem.solved(first)
        assert page.problem.isHidden()

    def test_the_one_before_is_solved_out_of_sight(self, page):
        first, second = lambda: None, lambda: None
        page.problem.show_problem("Full", again=first)
        page.problem.show_problem("Not read", again=second)
        page.problem.solved(first)
        assert page.problem.words == "Not read"
        press(page.problem, "Close")
        assert page.problem.isHidden()

    def test_what_nobody_can_try_again_gives_way_to_what_comes(self, page):
        page.problem.show_problem("Nothing was written: choose first.")
        page.problem.show_problem("Full", again=lambda: None)
        press(page.problem, "Try again")
        assert page.problem.isHidden()
