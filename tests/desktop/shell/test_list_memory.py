"""Own views, orders and columns of the caseload: kept, brought back, forgotten and undone."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from desktop.navigation import route
from desktop.presenters.caseload import CaseloadPresenter
from desktop.presenters.list_memory import MOST_VIEWS, ListMemory, OwnView, from_text
from desktop.presenters.saved_views import MEMORY
from desktop.views.caseload import make
from storage.errors import VaultBug
from tests.desktop.screens.desk import BusyLane
from tests.desktop.shell.test_caseload import View


@pytest.fixture
def presenter(context):
    view = View()
    made = CaseloadPresenter(view, context)
    made.load()
    made.view = view
    return made


def names(view):
    return [each.name for each in view.found[-1][1]]


def test_an_order_is_kept_for_its_view_and_turned_round(presenter, context):
    assert names(presenter.view) == [
        "Ann at Home", "Garden Friends", "Mary's Helping Hands", "Pearce Meals",
    ]  # fmt: skip
    presenter.views.sort_by(6)
    assert names(presenter.view)[-1] == "Mary's Helping Hands"
    presenter.views.sort_by(6)
    assert presenter.view.order == "-contact"
    assert names(presenter.view)[0] == "Mary's Helping Hands"
    presenter.choose("trading")
    assert presenter.view.order == "name"
    again = View()
    CaseloadPresenter(again, context).load()
    assert names(again)[0] == "Mary's Helping Hands"


def test_a_view_of_ones_own_comes_back_with_its_words_and_count(presenter, context, vault):
    presenter.filter("mells")
    presenter.keep_view("  Round   Mells ")
    assert presenter.views.chosen == "own:Round Mells"
    again = View()
    other = CaseloadPresenter(again, context)
    other.load()
    assert again.views[-1][0]["own:Round Mells"] == 1
    other.choose("own:Round Mells")
    assert again.words == "mells"
    assert names(again) == ["Ann at Home"]
    other.views.forget()
    assert other.views.chosen == "all"
    assert not json.loads(vault.desk.read(MEMORY))["views"]
    words, undo = context.tell.undos[-1]
    assert words == "View “Round Mells” forgotten"
    undo()
    assert json.loads(vault.desk.read(MEMORY))["views"] == [["Round Mells", "mells", "all"]]


def test_a_column_is_hidden_and_shown_again(presenter):
    presenter.views.toggle_column(1)
    assert presenter.view.memory.hidden == {"place"}
    presenter.views.toggle_column(1)
    assert not presenter.view.memory.hidden


def test_nothing_kept_is_lost_to_a_change_before_it_was_read(presenter, context, vault):
    presenter.filter("mells")
    presenter.keep_view("Round Mells")
    kept = vault.desk.read(MEMORY)
    fresh = CaseloadPresenter(View(), context)  # its first answer has not come yet
    fresh.views.sort_by(6)
    fresh.views.toggle_column(1)
    fresh.keep_view("Another")
    assert vault.desk.read(MEMORY) == kept
    assert "still being read" in context.tell.said[-1]


def test_an_own_view_that_is_gone_shows_everybody(context):
    view = View()
    made = CaseloadPresenter(view, context, "own:Nowhere")
    made.load()
    assert made.views.chosen == "all"


@pytest.mark.parametrize("text", ["", "{", "3", "null", '{"views": 3}', '{"views": [[1]]}'])
def test_a_memory_that_cannot_be_read_is_as_new(text):
    assert from_text(text) == ListMemory()


def test_it_does_not_grow_for_ever():
    memory = ListMemory()
    for number in range(30):
        memory = memory.with_view(OwnView(name=str(number)))
    assert len(memory.views) == MOST_VIEWS
    assert from_text(memory.as_text()) == memory


def test_an_order_there_is_not_is_a_mistake_of_ours(vault):
    with pytest.raises(VaultBug):
        vault.reader.caseload(order="name; DROP TABLE caseload")


def test_on_the_screen(qtbot, context):
    screen = make(context, route("caseload"))
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive()
    screen.filter_box.setText("mary")
    screen.filter_box.textEdited.emit("mary")
    plus = next(b for b in screen.findChildren(QPushButton) if b.text() == "Keep this view")
    qtbot.mouseClick(plus, Qt.MouseButton.LeftButton)
    assert screen.tools._naming.box.text() == "mary"
    qtbot.keyClick(screen.tools._naming.box, Qt.Key.Key_Return)
    assert screen.views.toggles["own:mary"].isChecked()
    assert screen.views.toggles["own:mary"].text() == "mary 1"
    screen._presenter.views.toggle_column(1)
    assert screen.table.isColumnHidden(1)
    screen._presenter.views.sort_by(2)
    assert screen.table.horizontalHeader().sortIndicatorSection() == 2
    screen._presenter.views.forget()
    assert "own:mary" not in screen.views.toggles


def test_an_answer_on_its_way_puts_no_older_memory_back(presenter, context, vault):
    context.jobs = BusyLane()
    presenter.filter("mells")  # its answer knows nothing of the view
    presenter.keep_view("Round Mells")
    context.jobs.catch_up()
    assert presenter.views.chosen == "own:Round Mells"
    assert presenter.view.memory.view("own:Round Mells") is not None
    presenter.views.toggle_column(1)
    context.jobs.catch_up()
    kept = json.loads(vault.desk.read(MEMORY))
    assert kept["views"] == [["Round Mells", "mells", "all"]]


def test_a_forgotten_view_comes_back_beside_what_was_kept_since(presenter, context, vault):
    presenter.filter("mells")
    presenter.keep_view("Round Mells")
    presenter.views.forget()
    _, undo = context.tell.undos[-1]
    presenter.keep_view("Another")
    undo()
    kept = json.loads(vault.desk.read(MEMORY))["views"]
    assert sorted(name for name, *_ in kept) == ["Another", "Round Mells"]


def test_an_ampersand_in_the_name_of_a_view_is_an_ampersand(context, qtbot):
    screen = make(context, route("caseload"))
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive()
    screen._presenter.keep_view("Mells & Frome")
    shown = screen.views.toggles["own:Mells & Frome"]
    assert shown.text() == "Mells && Frome 4"
    assert shown.accessibleName() == "Show mells & frome: 4"
