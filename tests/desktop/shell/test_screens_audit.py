"""Every screen of the frame, in three looks and up to twice the text size: nothing to mend."""

import pytest

from desktop import theme
from desktop.operations.vault import NewKey
from desktop.presenters.first_run import Step
from desktop.views.first_run import FirstRun
from desktop.views.main_window_frame import Frame
from desktop.views.new_key import NewKeyPage
from desktop.views.unlock import UnlockPage
from desktop.views.ways_in import WaysIn
from storage.errors import VaultFull
from tests.desktop.audit import audit

MINE = (
    "today",
    "caseload",
    "recent_changes",
    "keys",
    "sent_and_safe",
    "settings",
    "help",
    "ways_in",
)
LOOKS = [("light", 100), ("dark", 150), ("contrast", 200)]
SHEET = tuple(f"word{number}" for number in range(17))
EIGHT = ("arch", "kitchen", "raven", "rocket", "wren", "school", "salmon", "kettle")


def settle(qapp):
    """Layouts ask for one another: a few rounds until all have been laid out."""
    for _ in range(4):
        qapp.sendPostedEvents()
        qapp.processEvents()


@pytest.mark.parametrize(("name", "percent"), LOOKS)
def test_screens_with_records(program, qtbot, qapp, restore_theme, name, percent):
    theme.apply(qapp, name, percent, program.frame)
    found = {}
    for route in MINE:
        program.desk.view.open_route(route)
        qtbot.waitUntil(lambda: program.jobs.is_idle)
        settle(qapp)
        found[route] = [str(each) for each in audit(program.frame)]
    assert found == {route: [] for route in MINE}


@pytest.mark.parametrize(("name", "percent"), LOOKS)
def test_bars_and_the_longest_chip(program, qtbot, qapp, restore_theme, name, percent):
    theme.apply(qapp, name, percent, program.frame)
    view = program.desk.view
    view.open_route("help")
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    view.problem.show_problem(str(VaultFull()), details="x", again=view.back)
    view.undo.offer('"Call with Joe" is done', view.back)
    view.show_chip("Saved on this laptop - 12 changes to send when you are online", "laptop")
    settle(qapp)
    assert [str(each) for each in audit(program.frame)] == []
    view.undo.clear()


@pytest.mark.parametrize(("name", "percent"), LOOKS)
def test_unlock_and_first_run(qtbot, qapp, restore_theme, name, percent):
    frame = Frame()
    theme.apply(qapp, name, percent, frame)
    qtbot.addWidget(frame)
    unlock = UnlockPage()
    frame.show_page(unlock)
    frame.show()
    unlock.show_problem("That passphrase did not open this laptop's records. Check Caps Lock.")
    settle(qapp)
    assert [str(each) for each in audit(frame)] == []
    first_run = FirstRun()
    frame.show_page(first_run)
    first_run.show_sheet(SHEET)
    first_run.ask_words(3, 11)
    for step in Step:
        first_run.show_step(step)
        first_run.show_problem("Something to mend here, in a sentence that is long enough to wrap.")
        settle(qapp)
        assert (step, [str(each) for each in audit(frame)]) == (step, [])
    first_run.show_step(Step.COUNCIL)
    first_run.show_council_key("a586 b12d " * 8, EIGHT)
    settle(qapp)
    assert [str(each) for each in audit(frame)] == []


class RealWays:
    """Ways into real records: every card is there."""

    practice = False

    def look(self) -> None:
        """Nothing to look up."""

    def nothing(self, *_typed: object) -> None:
        """Nobody presses anything here."""

    change_passphrase = offer = new_sheet = new_key = nothing
    look_at_council_key = take_council_key = let_council_in = let_council_out = nothing


@pytest.mark.parametrize(("name", "percent"), LOOKS)
def test_a_new_key_and_the_ways_into_real_records(qtbot, qapp, restore_theme, name, percent):
    frame = Frame()
    theme.apply(qapp, name, percent, frame)
    qtbot.addWidget(frame)
    ways = WaysIn()
    ways.use(RealWays())
    frame.show_page(ways)
    frame.show()
    for has_way, words in ((False, ()), (False, EIGHT), (True, ())):
        ways.show_council(has_way=has_way)
        if words:
            ways.show_council_key("a586 b12d " * 8, words)
        settle(qapp)
        assert [str(each) for each in audit(frame)] == []
    frame.show_page(NewKeyPage(NewKey(SHEET, ("Your records are under a new key.",))))
    settle(qapp)
    assert [str(each) for each in audit(frame)] == []


def test_the_audit_finds_what_is_wrong(qtbot):
    """The audit itself goes red on each of its rules."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    nameless, small, rich, faint = (
        QLineEdit(),
        QPushButton("Go"),
        QLabel("<b>x</b>"),
        QLabel("faint"),
    )
    small.setFixedSize(18, 18)
    small.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    rich.setTextFormat(Qt.TextFormat.RichText)
    faint.setTextFormat(Qt.TextFormat.PlainText)
    faint.setStyleSheet("color: #c8c8c8")
    squeezed = QPushButton("Squeezed")
    squeezed.setFixedHeight(squeezed.fontMetrics().height() - 2)
    for each in (nameless, small, rich, faint, squeezed):
        layout.addWidget(each)
    page.show()
    rules = {each.rule for each in audit(page)}
    assert {
        "4.1.2 no name",
        "2.5.8 small target",
        "2.1.1 not reachable by Tab",
        "plain text",
        "1.4.3 contrast",
        "1.4.4 cut at the foot",
    } <= rules
