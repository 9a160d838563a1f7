"""What changes is said to a screen reader: once, and only what needs a person is urgent (4.1.3)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.presenters.chip import Chip, ChipLook
from desktop.views.kit.bars import say_count
from desktop.views.kit.labels import muted


def idle(qtbot, program):
    qtbot.waitUntil(lambda: program.jobs.is_idle)


def test_a_count_is_said_when_it_changes_and_not_before_it_is_seen(qtbot, heard):
    line = muted("")
    qtbot.addWidget(line)
    say_count(line, "3 enterprises")
    assert heard == []  # nobody is looking yet
    line.show()
    for words in ("3 enterprises", "2 enterprises", "2 enterprises"):
        say_count(line, words)
    assert heard == [("2 enterprises", False)]


def test_the_filter_says_how_many_are_left(program, qtbot, heard):
    program.desk.view.open_route("caseload")
    idle(qtbot, program)
    heard.clear()
    QTest.keyClicks(program.desk.view.front.filter_box, "mary")
    idle(qtbot, program)
    assert [words for words, _ in heard if words.startswith("1 ")]
    assert not [words for words, urgent in heard if urgent]


@pytest.mark.parametrize("tab", ["checklist", "claims"])
def test_a_table_says_how_many_rows_are_left(program, qtbot, heard, tab):
    program.desk.view.open_route("enterprise", id="ent-0", tab=tab)
    idle(qtbot, program)
    assert [words for words, _ in heard if " shown" in words or words == "Nothing to show"]


def test_the_chip_says_that_a_round_went_well_or_needs_somebody(program, heard):
    told = program.desk.exchanger.chip_changed
    told.emit(Chip("Sending 3 of 12...", ChipLook.SENDING))
    told.emit(
        Chip("Saved on this laptop - 12 changes to send when you are online", ChipLook.LAPTOP)
    )
    assert heard == []  # each change of a count would drown the rest
    for _ in range(2):
        told.emit(Chip("Up to date with the register, 14:05", ChipLook.DONE))
    told.emit(Chip("Sign in again to send your 12 changes.", ChipLook.STOP))
    assert [words for words, _ in heard] == [
        "Up to date with the register, 14:05",
        "Sign in again to send your 12 changes.",
    ]


def test_a_problem_is_said_at_once_and_a_saved_change_is_not(program, qtbot, heard):
    program.desk.context.tell.problem("This laptop is full. What you typed is still here.")
    assert heard == [("This laptop is full. What you typed is still here.", True)]
    heard.clear()
    program.desk.view.open_route("today")
    idle(qtbot, program)
    QTest.keyClick(program.frame, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    idle(qtbot, program)
    assert heard
    assert not [words for words, urgent in heard if urgent]
