"""Ctrl+K knows the checklist: the item of the record in front, else who has it and who has not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.actions import Action, Actions
from desktop.navigation import route
from desktop.presenters.find import FindPresenter
from desktop.presenters.find_items import MOST_ITEMS, guide_for, items_for, places
from desktop.presenters.item_everybody import (
    NO_ITEM,
    PIECE,
    STOPPED,
    EverybodyPresenter,
    holders,
)
from desktop.views.checklist.everybody import EverybodyScreen
from desktop.views.checklist.panel import NOT_HERE, ChecklistPanel
from desktop.views.main_window import MainView
from desktop.views.screens import SCREENS
from forms.facts.casework import ChecklistItem
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from forms.values import derived_id
from tests.desktop.screens.desk import BusyLane
from tests.desktop.shell.test_find import Box
from tests.desktop.shell.world import COACH, NOW, TODAY, Went

PACK = load_pack("kent")
DBS, COVER = "C10", "C07"


def test_words_of_a_title_find_the_item_and_the_whole_word_stands_first():
    assert [code for code, _ in items_for(PACK, "dbs")][:3] == [DBS, "C11", "C12"]
    assert items_for(PACK, "insurance")[0] == (COVER, "Public liability insurance")
    assert items_for(PACK, "insurance liability")[0][0] == COVER
    assert items_for(PACK, "hmrc")[0][0] == "C01", "the title before the office that asks for it"
    assert items_for(PACK, "ofsted") == [("C59", "Under-18s")], "found by who asks for it"


@given(st.text(max_size=40))
def test_any_typing_gives_a_few_items_whose_words_begin_so(typed):
    found = items_for(PACK, typed)
    assert len(found) <= MOST_ITEMS
    assert {code for code, _ in found} <= {rule.code for rule in PACK.checklist}
    assert len({code for code, _ in found}) == len(found)


def test_two_letters_find_no_item_and_the_guide_is_found_by_a_legal_form():
    assert items_for(PACK, "co") == []
    assert guide_for(PACK, "legal") == "Legal-entity guide"
    assert guide_for(PACK, "sole trader").startswith("Legal-entity guide: ")
    assert guide_for(PACK, "marmalade") == ""
    assert not [key for key, *_ in places(PACK, "sole trader", "") if key.startswith("guide")]


@pytest.fixture
def find(context):
    actions, box, front = Actions(), Box(), []
    actions.add(Action("go.insurers", "Insurance papers", list))
    made = FindPresenter(box, context, actions, lambda: front[-1] if front else "")
    made.box, made.front = box, front
    return made


def test_an_item_opens_in_the_record_in_front(find):
    find.front.append("ent-1")
    find.typed("insurance")
    offer = find.box.offers[0]
    assert (offer.words, offer.beside) == (
        "Public liability insurance",
        "checklist of this record",
    )
    find.picked(offer.key)
    went = find._context.goes.places[-1]
    assert went == ("enterprise", {"id": "ent-1", "tab": "checklist", "item": COVER})
    find.typed("sole trader")
    find.picked(next(each.key for each in find.box.offers if each.key.startswith("guide")))
    assert find._context.goes.places[-1] == ("entity_guide", {"id": "ent-1"})


def test_without_a_record_it_opens_who_has_it(find):
    find.typed("insurance")
    assert find.box.offers[0].beside == "checklist: who has it"
    assert "Insurance papers" in find.box.words, "what can be done is still found"
    find.picked(find.box.offers[0].key)
    assert find._context.goes.places == [("item_everybody", {"id": COVER})]


def test_people_stand_before_items_and_items_name_nobody(find, vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.set(Enterprise, "ent-2", name="Insurance Ladies")
    find.typed("insurance")
    assert find.box.words[0] == "Ann Whitcombe"
    items = [each for each in find.box.offers if each.key.startswith("item:")]
    assert items
    assert not [each for each in items if "Ann" in f"{each.words}{each.beside}"]


def test_who_has_it_agrees_with_each_record(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for one in ("ent-0", "ent-1"):
            unit.set(ChecklistItem, derived_id(one, COVER), state="done")
        unit.set(ChecklistItem, derived_id("ent-2", COVER), state="not needed", reason="covered")
        unit.set(ChecklistItem, derived_id("ent-3", COVER), state="doing")
    only = PACK.checklist_rule(COVER)
    found = holders(vault.reader, pack=_with(only), ids=vault.reader.caseload().ids, on=TODAY)
    assert {each.who: each.state for each in found} == {
        "Mary Thorne": "Done, not checked",
        "Joe Pearce": "Done, not checked",
        "Ann Whitcombe": "Not needed",
        "Dev Patel": "Doing",
    }
    assert {each.who: each.section for each in found}["Dev Patel"] == "open"


def _with(rule):
    return replace(PACK, checklist=(rule,))


def test_the_page_of_an_item_counts_filters_and_opens(qtbot, context, vault):
    screen = SCREENS["item_everybody"].make(context, route("item_everybody", id=COVER))
    qtbot.addWidget(screen)
    screen.show()
    said = screen._says.text()
    assert said == (
        "Applies to 3 enterprises: 3 done, 0 still to do. "
        "For 1 more, an answer is needed before anybody knows."
    )
    numbers = {name: int(made.text().split()[-1]) for name, made in screen._views.items()}
    assert numbers["all"] == numbers["open"] + numbers["done"] == 3
    screen._views["done"].click()
    assert len(screen._table.rows) == numbers["done"]
    kept = screen.keep_state()
    screen._views["all"].click()
    screen.restore_state(kept)
    assert len(screen._table.rows) == numbers["done"]
    screen._table.opened.emit(screen._table.rows[0])
    name, params = context.goes.places[-1]
    assert (name, params["item"], params["tab"]) == ("enterprise", COVER, "checklist")


def test_an_item_that_is_none_is_said_so(qtbot, context):
    screen = EverybodyScreen(context, "ent-0")
    qtbot.addWidget(screen)
    screen.show()
    assert screen._problem.words == NO_ITEM
    assert screen._says.text() == ""


def test_after_stop_arriving_at_what_is_said_does_not_look_again(qtbot, context):
    context.jobs = BusyLane()
    screen = EverybodyScreen(context, COVER)
    qtbot.addWidget(screen)
    screen.show()
    screen.can_begin.connect(screen.arrive)  # as the window does for who came before the page
    screen._presenter.stop()
    assert screen._problem.words == STOPPED
    assert screen._presenter._stopped
    assert len(context.jobs.waiting) == 1, "the reading that was stopped, no new one"


class Page:
    def __init__(self):
        self.pictures, self.steps, self.problems = [], [], []

    def is_in_sight(self):
        return True

    def show_everybody(self, picture):
        self.pictures.append(picture)

    def show_step(self, words, done, of):
        self.steps.append((words, done, of))

    def show_problem(self, words):
        self.problems.append(words)


def test_many_are_read_piece_by_piece_and_reading_can_be_stopped(context, vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for number in range(2 * PIECE):
            unit.add(Enterprise(id=f"more-{number}", name=f"More {number}"))
    context.jobs, page = BusyLane(), Page()
    presenter = EverybodyPresenter(context, page, COVER)
    presenter.load()
    context.jobs.step()
    context.jobs.step()
    assert page.steps == [("Looking who has it", PIECE, 2 * PIECE + 4)]
    assert page.pictures == []
    presenter.stop()
    context.jobs.step()
    assert (context.jobs.waiting, page.pictures) == ([], [])
    presenter.load()
    context.jobs.catch_up()
    assert sum(page.pictures[-1].counts[each] for each in ("all", "questions")) == 2 * PIECE + 4
    assert page.problems[-1] == ""


def test_the_checklist_goes_to_the_item_or_says_that_it_does_not_apply(qtbot, context):
    panel = ChecklistPanel(context, "ent-3")
    qtbot.addWidget(panel)
    panel.show()
    panel.begin_at("C02")
    assert panel._table.current.id == "C02"
    assert panel._item.code == "C02"
    panel.begin_at("C999")
    assert panel._count.text() == NOT_HERE
    assert panel._table.current.id == "C02"


def test_the_record_opens_on_the_item_when_it_is_read_later(qtbot, context):
    jobs = context.jobs = BusyLane()
    context.goes = Went()
    screen = SCREENS["enterprise"].make(context, route("enterprise", id="ent-3", item="C02"))
    qtbot.addWidget(screen)
    screen.show()
    jobs.catch_up()
    (panel,) = screen.findChildren(ChecklistPanel)
    assert panel._table.current.id == "C02"


def test_an_item_asked_for_once_more_is_shown_once_more(qtbot, context):
    view = MainView()
    qtbot.addWidget(view)
    context.goes = view
    view.begin(context)
    view.show()
    there = {"id": "ent-3", "tab": "checklist", "item": "C02"}
    view.open_route("enterprise", **there)
    (panel,) = view.front.findChildren(ChecklistPanel)
    panel._table.choose("C03")
    view.front.open_tab("timeline")
    view.open_route("today")
    view.back()
    assert view.front._tab == "timeline", "Back shows it as it was left"
    for place in ("today", ""):
        if place:
            view.open_route(place)
        view.open_route("enterprise", **there)
        assert view.front._tab == "checklist"
        assert panel._table.current.id == "C02"
        assert panel._item.code == "C02"
        panel._table.choose("C03")
    view.open_route("enterprise", id="ent-3")
    view.front.open_tab("timeline")
    view.open_route("caseload")
    view.open_route("enterprise", id="ent-3")
    assert view.front._tab == "timeline", "nothing was asked for but the record"
