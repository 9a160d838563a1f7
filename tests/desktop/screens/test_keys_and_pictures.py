"""The audit of keys and pictures goes red where it should; an `&` in words is a letter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from desktop import theme
from desktop.models.rows import Column, RowsModel
from desktop.views.charts.course_line import CourseLine
from desktop.views.form_pages.choices import RadiosField, TicksField
from desktop.views.form_pages.fields import ChoiceField, TextField, TickField
from desktop.views.form_pages.find_field import FindField
from desktop.views.form_pages.many_field import ManyField
from desktop.views.form_pages.rank_field import RankField
from tests.desktop.audit import audit, name_of
from tests.desktop.audit_keys import accidental_keys
from tests.desktop.screens.gallery import opened

WORDS = "Food & &drink"
CHOICES = (("a", "Bed & breakfast"), ("b", "&Other"))


def page(qtbot, *parts):
    made = QWidget()
    qtbot.addWidget(made)
    layout = QVBoxLayout(made)
    for part in parts:
        layout.addWidget(part)
    made.resize(700, 900)
    made.show()
    return made


def rules(window):
    return [str(each) for each in audit(window) if each.rule.startswith(("1.1.1", "2.1.4"))]


def test_a_key_by_accident_and_a_key_twice_are_found(qtbot):
    heading, line = QLabel("Food & drink"), QLineEdit()
    heading.setBuddy(line)
    first, second = QPushButton("&Go"), QPushButton("&Give")
    made = page(qtbot, heading, line, first, second)
    second.setShortcut("Alt+G")
    QShortcut(QKeySequence("Ctrl+J"), made)
    QShortcut(QKeySequence("Ctrl+J"), first)
    found = rules(made)
    assert sum("a key by accident" in each for each in found) == 3
    assert any("a key twice" in each and "Ctrl+J" in each for each in found)
    assert any("a key twice" in each and "Alt+G" in each for each in found)


def test_a_chart_without_its_table_and_a_bare_table_are_found(qtbot):
    bare = QTableView()
    model = RowsModel((Column("", str),), bare)
    model.show(["one"])
    bare.setModel(model)
    found = rules(page(qtbot, CourseLine("A line"), bare))
    assert any("chart without its table" in each for each in found)
    assert any("list without a name" in each for each in found)
    assert any("column 0 without a name" in each for each in found)


def test_an_ampersand_in_a_question_is_a_letter_and_no_key(qtbot):
    fields = [
        TextField(WORDS),
        ChoiceField(WORDS, CHOICES),
        TickField(WORDS),
        RadiosField(WORDS, CHOICES),
        TicksField(WORDS, CHOICES),
        FindField(WORDS, CHOICES),
        ManyField(WORDS, CHOICES),
        RankField(WORDS, CHOICES),
    ]
    made = page(qtbot, *fields)
    assert accidental_keys(made) == []
    for field in fields:
        shown = field.heading.text()
        assert (shown.replace("&&", "&") if field.heading.buddy() else shown) == WORDS
    assert name_of(fields[0].editor) == WORDS
    fields[0].rename("Salt & pepper")
    assert accidental_keys(made) == []
    assert fields[0].heading.text() == "Salt && pepper"


@pytest.mark.parametrize("percent", [150, 200])
def test_a_full_page_of_large_text_presses_no_field_flat(percent, qapp, qtbot, restore_theme):
    theme.apply(qapp, "light", percent)
    fields = [FindField(WORDS, CHOICES), ManyField(WORDS, CHOICES), TextField(WORDS)]
    made = page(qtbot, *fields)
    made.resize(400, 120)  # far too little: the layout gives each no more than it insists on
    qapp.processEvents()
    lines = [each for each in made.findChildren(QLineEdit) if each.isVisible()]
    assert len(lines) == 3
    for line in lines:
        assert line.height() >= line.fontMetrics().height() + 2
    assert not [each for each in audit(made) if "cut at the foot" in each.rule]


def test_charts_name_the_figure_they_show_and_rows_have_names(qtbot):
    screen, _made = opened("impact")
    qtbot.addWidget(screen)
    screen.resize(920, 556)
    screen.show()
    line = screen.findChild(CourseLine)
    assert line.accessibleName() == "Active enterprises, over time"
    rows = screen._line.table
    assert rows.accessibleName() == "Active enterprises, over time, as a table"
    assert rows.model().headerData(0, Qt.Orientation.Vertical) == rows.rows[0].cells[0]
