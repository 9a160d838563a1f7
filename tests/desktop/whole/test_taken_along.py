"""Every table on every page is printed, copied and saved whole, also what nobody scrolled to."""

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListView, QPushButton, QTableView

from desktop.models.timeline import TimelineModel
from desktop.navigation import route
from desktop.operations import list_file
from desktop.presenters.caseload import CaseloadPresenter
from desktop.presenters.printing import TABLE
from desktop.presenters.whole_list import AT_A_TIME
from desktop.views.caseload import make
from desktop.views.kit.table_line import cell_words
from desktop.views.printing.scrape import part_of, parts_of
from desktop.views.tables_out import save_table
from forms.values import SetClock
from tests.desktop.screens.desk import BusyLane, FakeView
from tests.desktop.shell.world import NOW, make_context, make_vault

NASTY = "=HYPERLINK(1)\tand\nmore"


def tables_in_sight(screen):
    for each in screen.findChildren(QTableView):
        if each.isVisibleTo(screen):
            yield each, each.model().rowCount()
    for each in screen.findChildren(QListView):
        if each.isVisibleTo(screen) and isinstance(each.model(), TimelineModel):
            yield each, len(each.model().table_rows())


def test_every_table_of_every_page_comes_whole(whole):
    seen = set()
    for name, params in whole.places():
        whole.open(name, params)
        screen = whole.view.front
        came = []
        screen.when_whole(lambda came=came: came.append(True))
        whole.settle()
        assert came, name
        printed = [part for part in parts_of(screen) if part.kind == TABLE]
        for table, rows in tables_in_sight(screen):
            part = part_of(table)
            assert len(part.rows) == rows, (name, table.accessibleName())
            assert all(any(row) for row in part.rows), (name, table.accessibleName(), "blank")
            assert part in printed, (name, table.accessibleName())
            if rows:
                seen.add(table.accessibleName())
    assert len(seen) >= 8, seen


def test_the_caseload_is_copied_and_saved_with_every_line(whole, tmp_path):
    whole.open("caseload", {})
    screen = whole.view.front
    assert len(screen.model.missing) > 0, "the list is all there: nothing is proved"
    whole.view.actions_now["table.copy"].run()
    whole.settle()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t")[:3] == ["Name", "Village", "Stage"]
    assert len(lines) == 1 + screen.model.rowCount() == 41
    assert all(line.split("\t")[0] for line in lines)
    assert "Copied 40 rows" in whole.view.undo.words
    target = tmp_path / "list.csv"
    save_table(whole.view.context, screen, lambda _parent, _name: target)
    whole.settle()
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert [row[0] for row in rows] == [line.split("\t")[0] for line in lines]
    assert "Anybody who has the file can read it." in whole.view.undo.words
    save_table(whole.view.context, screen, lambda *_: tmp_path / "gone" / "x.csv")
    whole.settle()
    assert "Choose another folder" in whole.view.problem.words


@pytest.mark.parametrize(
    ("name", "words"), [("caseload", "The first 2 are shown"), ("ledger", "The newest 2 of ")]
)
def test_a_list_that_is_not_all_of_it_says_so_when_it_is_taken(
    whole, tmp_path, monkeypatch, name, words
):
    monkeypatch.setattr(f"desktop.presenters.{name}.LIMIT", 2)
    whole.open(name, {})
    whole.view.actions_now["table.copy"].run()
    whole.settle()
    assert "Copied 2 rows" in whole.view.undo.words
    assert words in whole.view.undo.words
    save_table(whole.view.context, whole.view.front, lambda *_: tmp_path / "list.csv")
    whole.settle()
    assert "2 rows saved" in whole.view.undo.words
    assert words in whole.view.undo.words


def test_lists_have_a_button_that_copies_them(whole):
    for name in ("caseload", "claims", "directory", "ledger"):
        whole.open(name, {})
        press = next(
            b for b in whole.view.front.findChildren(QPushButton) if b.text() == "Copy this list"
        )
        press.click()
        whole.settle()
        _table, rows = next((t, n) for t, n in tables_in_sight(whole.view.front) if n)
        assert len(QGuiApplication.clipboard().text().split("\n")) == rows + 1, name


def test_a_line_is_copied_with_the_keys(whole, qtbot):
    whole.open("claims", {})
    table = next(t for t, rows in tables_in_sight(whole.view.front) if rows)
    table.setFocus()
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith(cell_words(table, 1, 0) + "\t")


def test_a_formula_stays_text_and_a_cell_stays_one_cell(tmp_path):
    assert list_file.as_text(("Name", "Note"), [("Ann", NASTY)]).split("\n")[1] == (
        "Ann\t'=HYPERLINK(1) and more"
    )
    made = list_file.write_csv(tmp_path / "x.csv", ("Name",), [(NASTY,)])
    with made.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == [f"'{NASTY}"]
    assert [each.name for each in tmp_path.iterdir()] == ["x.csv"]


def test_a_long_list_is_read_with_units_and_can_be_stopped(tmp_path):
    clock = SetClock(NOW)
    vault = make_vault(tmp_path / "many", clock, extra=250)
    ids = vault.reader.caseload().ids
    jobs, view, went = BusyLane(), FakeView(), []
    presenter = CaseloadPresenter(view, make_context(vault, jobs=jobs))
    presenter.whole.read(ids, lambda: went.append(True))
    jobs.step()
    assert view.last["show_busy"] == (
        f"Reading the list: {AT_A_TIME} of 254 enterprises", AT_A_TIME, 254
    )  # fmt: skip
    presenter.whole.stop()
    jobs.step()
    assert (went, jobs.waiting, view.last["show_busy"]) == ([], [], ("", 0, 0))
    presenter.whole.read(ids, lambda: went.append(True))
    jobs.catch_up()
    assert went == [True]
    vault.close()


@pytest.fixture
def slow_list(tmp_path, qtbot):
    """The caseload of 254, whose jobs the test lets go; and how often it was taken along."""
    vault = make_vault(tmp_path / "slow", SetClock(NOW), extra=250)
    jobs = BusyLane()
    screen = make(make_context(vault, jobs=jobs), route("caseload"))
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive()
    jobs.catch_up()
    yield screen, jobs
    vault.close()


def test_a_list_that_changes_while_it_is_read_is_taken_without_a_blank_row(slow_list):
    screen, jobs = slow_list
    ids, blank = screen.model._ids, []
    screen.model.show_ids(ids[:120], [])
    screen.when_whole(lambda: blank.append(screen.model.missing))
    screen.model.show_ids(ids[120:], [])
    jobs.catch_up()
    assert blank == [()]


def test_a_list_that_came_anew_with_the_same_rows_is_taken_without_a_blank_row(slow_list):
    """A pull in the middle: the same enterprises, of whom only the first are read again."""
    screen, jobs = slow_list
    ids, blank = screen.model.ids, []
    screen.when_whole(lambda: blank.append(screen.model.missing))
    jobs.step()
    screen.model.show_ids(ids, [])
    jobs.catch_up()
    assert blank == [()]


def test_a_list_that_is_out_of_sight_is_not_taken_along_any_more(slow_list):
    screen, jobs = slow_list
    went = []
    screen.when_whole(lambda: went.append(True))
    assert jobs.waiting
    screen.hide()
    jobs.catch_up()
    assert went == []
