"""A drop-down list settles on a choice: what the arrow keys pass on their way is not chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.views.form_pages.fields import ChoiceField, flush_fields

CHOICES = (("a", "To do"), ("b", "Doing"), ("c", "Not needed"), ("d", "Done"))


@pytest.fixture
def made(qtbot):
    """A page with the list and a field after it; what was committed."""
    page, field, after = QWidget(), ChoiceField("How far?", CHOICES, nothing=""), QLineEdit()
    layout = QVBoxLayout(page)
    layout.addWidget(field)
    layout.addWidget(after)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    field.editor.setFocus()
    said = []
    field.committed.connect(said.append)
    return page, field, said


def down(field, times):
    for _ in range(times):
        QTest.keyClick(field.editor, Qt.Key.Key_Down)


def test_enter_settles_on_the_choice_and_nothing_between_is_said(made):
    _, field, said = made
    down(field, 3)
    assert said == []
    QTest.keyClick(field.editor, Qt.Key.Key_Return)
    assert said == ["d"]


def test_leaving_settles_it_and_so_does_a_pause(made, qtbot):
    _, field, said = made
    down(field, 1)
    QTest.keyClick(field.editor, Qt.Key.Key_Tab)
    assert said == ["b"]
    field.editor.setFocus()
    down(field, 1)
    qtbot.waitUntil(lambda: said == ["b", "c"])
    assert not field.editor.is_under_way


def test_what_is_on_disk_does_not_take_the_list_out_of_the_hand(made):
    page, field, said = made
    down(field, 2)
    field.set_value("a")
    assert field.value == "c"
    flush_fields(page)  # the laptop locks
    assert said == ["c"]
    field.set_value("a")
    assert field.value == "a"


def test_a_choice_of_the_open_list_is_said_at_once(made):
    _, field, said = made
    field.editor.setCurrentIndex(3)
    field.editor.activated.emit(3)
    assert said == ["d"]
