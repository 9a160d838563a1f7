"""Thirty fields on one page of a form at 200 %: nothing is cut, Tab leads to each and shows it."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea

from desktop import theme
from desktop.operations import form_publishing as publishing
from desktop.operations.writing import write
from desktop.views.form_pages.screen import FormScreen
from desktop.views.kit.focus_in_sight import FocusInSight
from forms.values import SetClock
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.audit import audit
from tests.desktop.screens.desk import COACH, LEAD
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, mary
from tests.desktop.screens.real_forms.world import WORDS, desk

MANY = 30
LONG = "a word or two more about what you did there and with whom"
FORM = "\n".join(
    [
        "| survey | | | |",
        "| | type | name | label |",
        "| | begin_group | one | All of it |",
        *(f"| | text | q{n} | Question {n}: {LONG}? |" for n in range(1, MANY + 1)),
        "| | end_group | | |",
        "| settings | | | |",
        "| | form_title | form_id | version |",
        "| | Thirty questions | thirty | 1 |",
        "",
    ]
)


@pytest.fixture
def screen(tmp_path, qtbot, restore_theme):
    theme.apply(QApplication.instance(), "light", 200)
    path = tmp_path / "thirty.md"
    path.write_text(FORM, "utf-8")
    book = publishing.read_file(path)
    vault, _ = Vault.create(
        tmp_path / "vault", passphrase=WORDS, clock=SetClock(NOON), cost=Cost(memory=8, passes=1)
    )
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(mary())
    lead, failed = desk(vault, LEAD), []
    proposal = publishing.propose(vault, "kent", book, date(2026, 11, 20), lead.clock)
    operation = partial(publishing.publish, proposal=proposal, ticked=False)
    write(lead, operation, owner=lead, on_done=lambda _: None, on_failed=failed.append)
    assert not failed
    made = FormScreen(desk(vault), "thirty", MARY)
    qtbot.addWidget(made)
    made.resize(870, 500)
    watch = FocusInSight(QApplication.instance(), made)  # as the main window has one
    with qtbot.waitActive(made):
        made.show()
    yield made
    watch.deleteLater()
    vault.close()


def test_each_of_thirty_fields_is_reached_by_tab_and_then_in_sight(screen, qtbot):
    assert [str(each) for each in audit(screen, 42)] == []
    fields = [screen._pages.field(f"/thirty/one/q{n}") for n in range(1, MANY + 1)]
    assert all(fields)
    fields[0].take_focus()
    for number, field in enumerate(fields):
        QApplication.processEvents()
        at = QApplication.focusWidget()
        assert isinstance(at, QLineEdit)
        assert field.isAncestorOf(at)
        area = at.parentWidget()
        while not isinstance(area, QScrollArea):
            area = area.parentWidget()
        top = at.mapTo(area.viewport(), QPoint(0, 0)).y()
        assert top >= 0
        assert top + at.height() <= area.viewport().height()
        QTest.keyClicks(at, f"answer {number}")
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert [field.text for field in fields] == [f"answer {n}" for n in range(MANY)]
