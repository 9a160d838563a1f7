"""Ctrl+N in one line: understood before it is written, never guessed between two people."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.presenters.capture import CapturePresenter, Choices, understand
from forms.facts.casework import Action, CoachingSession
from forms.facts.people import Enterprise, Leader
from tests.desktop.screens.desk import BusyLane
from tests.desktop.shell.world import COACH, NOW, TODAY, make_context

MARY, ANN = "ent-0", "ent-2"


@pytest.fixture
def read(vault):
    return lambda text, **choices: understand(vault.reader, text, TODAY, Choices(**choices))


def test_a_name_a_task_and_a_day(read):
    line = read("Mary DBS chase tue")
    assert line.who == ((MARY, "Mary Thorne"),)
    assert (line.text, line.due, line.is_promise) == ("DBS chase", date(2026, 11, 24), True)


@pytest.mark.parametrize(
    ("typed", "who", "text", "due"),
    [
        ("Ann Whitcombe send the price list by next fri", ANN, "send the price list", "2026-11-27"),
        ("mary thorne rang, all well", MARY, "rang, all well", None),
        ("pearce order the hob 3 dec", "ent-1", "order the hob", "2026-12-03"),
        ("Mary", MARY, "", None),
    ],
)
def test_more_lines(read, typed, who, text, due):
    line = read(typed)
    assert line.for_whom == who
    assert line.text == text
    assert (line.due.isoformat() if line.due else None) == due


def test_two_people_are_asked_about_and_never_guessed(vault, read):
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.add(Enterprise(id="m2", name="", coach_id=COACH.id))
        unit.add(Leader(id="lm2", enterprise_id="m2", name="Mary Poole"))
    line = read("Mary ring her fri")
    assert {name for _, name in line.who} == {"Mary Thorne", "Mary Poole"}
    assert line.for_whom == ""
    assert read("Mary ring her fri", who="m2").for_whom == "m2"
    assert read("Mary Poole ring her fri").for_whom == "m2"


def test_a_day_can_be_taken_out_and_31_feb_is_refused(read):
    assert read("Mary meet in May", no_day=True).text == "meet in May"
    line = read("Mary ring 31 feb")
    assert "There is no 31 February" in line.no_such_day
    assert line.due is None
    line = read("Mary ring mon 3 nov")
    assert "is a Tuesday. Which did you mean?" in line.no_such_day
    assert line.due is None


class View:
    def __init__(self):
        self.line, self.failed, self.added = None, "", 0

    def show_line(self, line):
        self.line = line

    def line_added(self, rest):
        self.added, self.rest = self.added + 1, rest

    def field_failed(self, _key, words):
        self.failed = words

    def field_saved(self, _key, _words):
        pass


def test_enter_writes_the_promise_and_it_can_be_undone(vault, context):
    view = View()
    presenter = CapturePresenter(view, context)
    presenter.typed("Mary DBS chase tue")
    presenter.add()
    (made,) = [a for a in vault.reader.all(Action, enterprise_id=MARY) if a.text == "DBS chase"]
    assert made.due_on == date(2026, 11, 24)
    assert view.added == 1
    assert vault.drafts.read("capture/line") == ""
    words, undo = context.tell.undos[-1]
    assert words == "“DBS chase” added"
    undo()
    assert vault.reader.get(Action, made.id) is None


def test_a_note_is_a_note_when_said_so(vault, context):
    view = View()
    presenter = CapturePresenter(view, context)
    presenter.typed("Mary chase tue")
    presenter.turn_kind()
    presenter.add()
    assert "chase" in [s.note for s in vault.reader.all(CoachingSession, enterprise_id=MARY)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("zzzz do it", "Start with a name"),
        ("Mary", "Write what happened"),
        ("Mary ring 31 feb", "There is no 31 February"),
        ("", "Start with a name"),
    ],
)
def test_what_is_missing_is_said_and_the_line_stays(vault, context, typed, said):
    view = View()
    presenter = CapturePresenter(view, context)
    presenter.typed(typed)
    before = len(vault.reader.all(Action))
    presenter.add()
    assert view.failed.startswith(said)
    assert view.added == 0
    assert len(vault.reader.all(Action)) == before
    assert vault.drafts.read("capture/line") == typed


def restored(context, enterprise_id=""):
    shown = []
    CapturePresenter(View(), context, enterprise_id).restore(shown.append)
    return shown


def test_a_half_typed_line_never_comes_up_on_another_persons_page(context):
    CapturePresenter(View(), context, MARY).typed("ring about the DBS tue")
    assert restored(context, ANN) == restored(context) == []
    assert restored(context, MARY) == ["ring about the DBS tue"]


@pytest.fixture
def lane():
    return BusyLane()


@pytest.fixture
def busy(vault, lane):
    """A view and a presenter whose line "Mary ring the" is understood, and the lane is busy."""
    view = View()
    presenter = CapturePresenter(view, make_context(vault, jobs=lane))
    presenter.typed("Mary ring the")
    lane.catch_up()
    return view, presenter


def texts(vault):
    return [a.text for a in vault.reader.all(Action, enterprise_id=MARY)]


def test_enter_before_the_last_words_are_understood_writes_all_of_them_once(vault, lane, busy):
    view, presenter = busy
    presenter.typed("Mary ring the bank")
    presenter.add()
    presenter.add()
    lane.catch_up()
    assert "ring the bank" in texts(vault)
    assert "ring the" not in texts(vault)
    assert texts(vault).count("ring the bank") == 1
    assert view.added == 1


def test_a_chip_pressed_before_the_last_words_are_understood_keeps_them(vault, lane, busy):
    view, presenter = busy
    presenter.typed("Mary ring the bank")
    presenter.turn_kind()
    lane.catch_up()
    assert view.line.typed == "Mary ring the bank"


def test_words_typed_after_enter_take_it_back_and_nothing_is_lost(vault, lane, busy):
    view, presenter = busy
    presenter.typed("Mary ring the bank")
    presenter.add()
    presenter.typed("Mary ring the bank and")
    lane.catch_up()
    assert view.added == 0
    assert view.line.typed == "Mary ring the bank and"
    assert vault.drafts.read("capture/line") == "Mary ring the bank and"


def test_what_is_typed_while_it_is_written_is_the_beginning_of_the_next_line(vault, lane, busy):
    view, presenter = busy
    context = presenter._context
    presenter.typed("Mary ring the bank")
    lane.catch_up()
    presenter.add()
    presenter.typed("Mary ring the bank Ann send")  # it is on its way
    lane.catch_up()
    assert "ring the bank" in texts(vault)
    assert (view.added, view.rest) == (1, "Ann send")
    assert view.line.typed == "Ann send"
    assert vault.drafts.read("capture/line") == "Ann send"
    assert context.goes.places == [], "somebody is writing here"
    presenter.add()
    lane.catch_up()
    assert vault.drafts.read("capture/line") == ""
    assert context.goes.places == [("back", {})]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_paste_of_anything_is_understood_or_asked_about(vault, text):
    line = understand(vault.reader, text, TODAY, Choices())
    assert line.typed == text


def test_in_the_window_with_keys_alone(program, qtbot):
    view = program.desk.view
    reader = program.desk.context.session.vault.reader
    qtbot.keyClick(program.frame, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    box = view.front.line.box
    assert box.hasFocus()
    qtbot.keyClicks(box, "joe ring about the hob fri")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    chips = [b.text() for b in view.front.line.findChildren(QPushButton)]
    assert "By Fri 20 Nov 2026" in chips
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    assert view.undo.words == "“ring about the hob” added"
    assert view.front.title() == "Today"
    (made,) = [a for a in reader.all(Action, enterprise_id="ent-1") if a.text.startswith("ring")]
    assert made.due_on == date(2026, 11, 20)
    view.undo.clear()
