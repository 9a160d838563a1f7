"""Undo in the window: Ctrl+Z and Ctrl+Y by name, the bar, Recent changes, after a restart."""

from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop.jobs import Jobs
from desktop.presenters.recent_changes import RecentChangesPresenter
from desktop.presenters.step_words import added_words
from desktop.presenters.undo import do_again, take_back
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from forms.facts.casework import Action, CoachingSession, StageEvent
from forms.facts.people import Enterprise
from forms.values import new_id
from tests.desktop.shell.world import COACH, NOW, TODAY

MARY, JOE = "ent-0", "ent-1"
TURNS = ("Undo", "Do it again")


def phone(context, one, number, name=""):
    context.change(lambda unit: unit.set(Enterprise, one, phone=number), owner=context, name=name)


class TestPresenter:
    def test_a_named_change_is_offered_and_an_unnamed_one_is_not(self, vault, context):
        phone(context, MARY, "1", name="Mary's phone changed")
        phone(context, JOE, "2")
        assert [words for words, _ in context.tell.undos] == ["Mary's phone changed"]
        context.tell.undos[0][1]()
        assert vault.reader.get(Enterprise, MARY).phone == "01303 000000"
        assert vault.reader.get(Enterprise, JOE).phone == "2"
        assert context.tell.redos[0][0] == "Undone: Mary's phone changed"
        context.tell.redos[0][1]()
        assert vault.reader.get(Enterprise, MARY).phone == "1"

    def test_the_newest_of_one_enterprise_or_of_all(self, vault, context):
        phone(context, MARY, "1")
        phone(context, JOE, "2")
        take_back(context, enterprise_id=MARY)
        assert vault.reader.get(Enterprise, MARY).phone == "01303 000000"
        take_back(context)
        assert vault.reader.get(Enterprise, JOE).phone == "01303 000000"
        assert context.tell.redos[-1][0] == "Undone: Enterprise: phone changed"
        take_back(context)
        assert context.tell.said == ["Nothing to undo."]
        do_again(context)
        assert vault.reader.get(Enterprise, JOE).phone == "2"

    def test_everyone_who_shows_it_hears_of_it(self, context):
        heard = []
        phone(context, MARY, "1")
        context.broadcast.listen(self, lambda news: heard.append(news.touches("enterprise")))
        take_back(context)
        assert heard == [True]

    def test_what_has_to_stay_says_why(self, context):
        event = StageEvent(id=new_id(), enterprise_id=MARY, stage="READY", on=TODAY)
        context.change(lambda unit: unit.add(event), owner=context, name="Moved")
        take_back(context)
        assert "stays in the story" in context.tell.said[-1]
        assert context.tell.errors == context.tell.problems == []  # it is no trouble

    def test_words_of_a_long_note_fit_a_line(self):
        assert added_words("Rang\nher") == "“Rang her” added"
        assert len(added_words("x" * 500)) < 70


class Page:
    def __init__(self):
        self.lines, self.left = (), 0

    def show_changes(self, lines, more):
        self.lines, self.left = lines, more

    def is_in_sight(self):
        return True

    def catch_up_with(self, load):
        raise AssertionError("it is in sight")


def test_recent_changes_lists_names_people_and_ways_back(context):
    page = Page()
    presenter = RecentChangesPresenter(page, context)
    note = CoachingSession(id=new_id(), enterprise_id=MARY, on=TODAY, note="Saw the policy")
    context.change(lambda unit: unit.add(note), owner=context)
    assert [(each.what, each.who) for each in page.lines] == [
        ("“Saw the policy” added", "Mary's Helping Hands")
    ]
    presenter.turn(page.lines[0])
    assert page.lines[0].is_undone
    presenter.turn(page.lines[0])
    assert not page.lines[0].is_undone


def test_recent_changes_shows_fifty_and_more_when_asked(context):
    page = Page()
    presenter = RecentChangesPresenter(page, context, MARY)
    for number in range(60):
        action = Action(id=new_id(), enterprise_id=MARY, text=str(number))
        context.change(lambda unit, action=action: unit.add(action), owner=context)
    assert (len(page.lines), page.left) == (50, 10)
    presenter.more()
    assert (len(page.lines), page.left) == (60, 0)


def test_keys_undo_and_redo_in_the_window(program, qtbot):
    view, context = program.desk.view, program.desk.context
    reader = context.session.vault.reader
    view.open_route("help")
    phone(context, MARY, "1")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    QTest.keyClick(program.frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.undo.words == "Undone: Enterprise: phone changed")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    assert reader.get(Enterprise, MARY).phone == "01303 000000"
    QTest.keyClick(program.frame, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.undo.words == "Done again: Enterprise: phone changed")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    assert reader.get(Enterprise, MARY).phone == "1"
    view.undo.clear()


@pytest.mark.parametrize("press", ["Undo", "Do it again"])
def test_the_list_in_the_window_turns_a_step(program, qtbot, press):
    view, context = program.desk.view, program.desk.context
    phone(context, MARY, "1", name="Phone changed")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    if press == "Do it again":
        view.undo.undo()
        qtbot.waitUntil(lambda: program.jobs.is_idle)
    view.open_route("recent_changes")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    (made,) = [b for b in view.front.findChildren(QPushButton) if b.text() == press]
    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    wanted = "01303 000000" if press == "Undo" else "1"
    assert context.session.vault.reader.get(Enterprise, MARY).phone == wanted
    view.undo.clear()


def test_an_offer_that_is_settled_leaves_the_bar_and_a_newer_one_stays(program, qtbot):
    tell, bar = program.desk.context.tell, program.desk.view.undo
    asked, newer = [], []

    def first():
        asked.append(True)

    tell.offer_undo("One entry taken out", first)
    tell.solved(first)
    assert bar.words == ""
    assert not bar.can_undo
    tell.offer_undo("One entry taken out", first)
    tell.offer_undo("Another entry taken out", lambda: newer.append(True))
    tell.solved(first)
    assert bar.words == "Another entry taken out"
    bar.undo()
    assert (asked, newer) == ([], [True])


def test_the_last_of_two_hundred_steps_are_undone_by_name_after_a_restart(program, qtbot, tmp_path):
    def write_them(vault):
        for number in range(200):
            with vault.change(by=COACH.id, at=NOW, name=f"Phone changed, {number}") as unit:
                unit.set(Enterprise, JOE if number % 2 else MARY, phone=str(number))

    written = []
    program.desk.context.with_vault(write_them, owner=program, on_done=written.append)
    qtbot.waitUntil(lambda: written == [None])
    program.frame.close()
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    with started_anew(qtbot, tmp_path / "records", program.clock) as again:
        reader, bar = again.desk.context.session.vault.reader, again.desk.view.undo
        for number in (199, 198, 197):
            QTest.keyClick(again.frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            qtbot.waitUntil(lambda: again.jobs.is_idle)
            assert bar.words == f"Undone: Phone changed, {number}"
        phones = [reader.get(Enterprise, one).phone for one in (MARY, JOE)]
        assert phones == ["196", "195"]
        again.desk.view.open_route("recent_changes")
        qtbot.waitUntil(lambda: again.jobs.is_idle)
        page = again.desk.view.front
        turns = [b.text() for b in page.findChildren(QPushButton) if b.text() in TURNS]
        assert turns[:4] == ["Do it again"] * 3 + ["Undo"]
        bar.clear()


@contextmanager
def started_anew(qtbot, folder, clock):
    """Another start of the program over the same practice records."""
    frame = Frame()
    made = Program(frame, Jobs(frame), Settings(), folder, clock)
    made.start(practice=True)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(lambda: made.desk is not None and made.jobs.is_idle, timeout=20_000)
    try:
        yield made
    finally:
        QApplication.instance().removeEventFilter(frame)
        frame.close()
        qtbot.waitUntil(lambda: made.jobs.is_idle, timeout=20_000)
