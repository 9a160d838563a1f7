"""The screen of forms: what a new version means for each enterprise, by keys, before it is used."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.views.forms.per_enterprise import PerEnterpriseTable
from desktop.views.forms.screen import FormsScreen
from forms.facts.casework import ChecklistItem, FormResponse
from forms.rules.pack_file import PACKS
from tests.desktop.screens.desk import COACH, LEAD
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY
from tests.desktop.screens.real_forms import world as real

CHECKLIST = (PACKS / "england-2026-11" / "checklist.toml").read_text("utf-8")


@pytest.fixture
def open_screen(vault, qtbot):
    def opened(path, actor=LEAD):
        made = real.desk(vault, actor)
        screen = FormsScreen(made, choose=lambda _parent: path)
        qtbot.addWidget(screen)
        screen.resize(1000, 800)
        with qtbot.waitActive(screen):
            screen.show()
        return screen, made

    return opened


def words_of(screen):
    return " ".join(each.text() for each in screen.findChildren(QLabel) if not each.isHidden())


def test_a_new_version_shows_each_draft_and_opens_it_where_it_can_be_moved(
    vault, books, open_screen, tmp_path
):
    real.published(vault, books["one"])
    presenter, view = real.opened(vault)
    presenter.answer(real.refs(view)["kept"].ref, "stays")
    presenter.answer(real.refs(view)["gone"].ref, "goes")
    path = tmp_path / "visit.md"
    path.write_text(real.NEXT, "utf-8")
    screen, made = open_screen(path)
    screen._pick_pressed()
    assert "1 of 1 draft would lose or owe something." in words_of(screen)
    assert "Drafts stay on the version they were begun on" in words_of(screen)
    (table,) = screen.findChildren(PerEnterpriseTable)
    (row,) = table.table.rows
    assert (row.kept, row.dropped, row.required, row.misfits) == (1, 1, 1, 0)
    assert "What goes: goes (is not asked any more)" in table.lines
    (draft,) = vault.reader.all(FormResponse, state="draft")
    table.table.setFocus()
    QTest.keyClick(table.table, Qt.Key.Key_Return)
    assert made.goes.routes == [("form", {"response": draft.id})]
    assert draft.form_version == "1"  # looking moved nothing


def test_a_checklist_file_is_looked_at_for_every_enterprise_and_changes_nothing(
    vault, open_screen, tmp_path
):
    with vault.change(by=COACH.id, at=NOON) as unit:
        unit.add(
            ChecklistItem(id="i1", enterprise_id=MARY, code="C01", state="done", said_by="saw it")
        )
    before = vault.reader.unsent_count()
    path = tmp_path / "checklist.toml"
    first, _, rest = CHECKLIST.partition("[[checklist]]")
    _, _, others = rest.partition("[[checklist]]")
    path.write_text(f"{first}[[checklist]]{others}", "utf-8")  # without C01
    screen, made = open_screen(path)
    screen._pick_pressed()
    said = words_of(screen)
    assert "C01 Tell HMRC you work for yourself: taken out" in said
    assert "This is a look, and nothing is changed." in said
    assert "Publish this version" not in said
    (table,) = screen.findChildren(PerEnterpriseTable)
    assert (table.table.rows[0].id, table.table.rows[0].dropped) == (MARY, 1)
    assert any("is not in the checklist any more" in line for line in table.lines)
    table.table.setFocus()
    QTest.keyClick(table.table, Qt.Key.Key_Return)
    assert made.goes.routes[0][0] == "enterprise"
    assert vault.reader.unsent_count() == before


def test_a_checklist_file_with_faults_names_every_one(open_screen, tmp_path):
    path = tmp_path / "checklist.toml"
    path.write_text(CHECKLIST.replace("authority", "autority", 2), "utf-8")
    screen, _ = open_screen(path)
    screen._pick_pressed()
    said = words_of(screen)
    assert "checklist.toml cannot be used as a checklist yet" in said
    assert said.count("autority") >= 2
