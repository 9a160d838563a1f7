"""Every kind of question as a field: by keys alone, typed as people type, nothing typed is lost."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from desktop.operations import form_publishing as publishing
from desktop.operations.writing import write
from desktop.presenters.form_drawn import Problem
from desktop.presenters.form_pages import FormPresenter
from desktop.views.form_pages.calendar_popup import CalendarPopup
from desktop.views.form_pages.fields import Field
from desktop.views.form_pages.screen import FormScreen
from desktop.views.form_pages.summary import Summary
from desktop.views.together.form_page import FormAtTable
from forms.facts.casework import FormResponse
from forms.values import SetClock
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.screens.desk import COACH, LEAD, FakeView
from tests.desktop.screens.kinds_book import QUESTIONS, VILLAGES, kinds_book
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY, mary
from tests.desktop.screens.real_forms.world import WORDS, desk


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A form that asks every kind of question, each of which must be answered."""
    path = tmp_path_factory.mktemp("kinds") / "kinds.md"
    path.write_text(kinds_book(), "utf-8")
    found = publishing.read_file(path)
    assert found.xform, found.problems
    return found


@pytest.fixture
def vault(tmp_path, book):
    made, _ = Vault.create(
        tmp_path / "vault", passphrase=WORDS, clock=SetClock(NOON),
        cost=Cost(memory=8, passes=1),
    )  # fmt: skip
    with made.change(by=COACH.id, at=NOON) as unit:
        unit.add_all(mary())
    lead, failed = desk(made, LEAD), []
    proposal = publishing.propose(made, "kent", book, date(2026, 11, 20), lead.clock)
    operation = partial(publishing.publish, proposal=proposal, ticked=False)
    write(lead, operation, owner=lead, on_done=lambda _: None, on_failed=failed.append)
    assert not failed
    yield made
    made.close()


@pytest.fixture
def screen(vault, qtbot):
    made = FormScreen(desk(vault), "kinds", MARY)
    qtbot.addWidget(made)
    made.resize(900, 700)
    with qtbot.waitActive(made):
        made.show()
    return made


def at(name):
    page = "one" if name in {"name", "village", "round", "begun", "at", "seen"} else "two"
    return f"/kinds/{page}/{name}"


def go(screen, name) -> Field:
    """The field, with the focus in it."""
    screen._pages.open(0 if at(name).startswith("/kinds/one") else 1)
    field = screen._pages.field(at(name))
    field.take_focus()
    return field


def keys(*pressed, modifier=Qt.KeyboardModifier.NoModifier):
    """Words are typed, keys are pressed, wherever the focus is."""
    for each in pressed:
        target = QApplication.activePopupWidget() or QApplication.focusWidget()
        if isinstance(target, CalendarPopup):
            target = QApplication.focusWidget()
        if isinstance(each, str):
            QTest.keyClicks(target, each)
        else:
            QTest.keyClick(target, each, modifier)


def kept(vault, name):
    """What is on disk for a question."""
    (response,) = vault.reader.all(FormResponse, state="draft")
    sheet = vault.forms.sheet(response.id)
    from lxml import etree

    found = etree.fromstring(sheet.instance_xml.encode()).findtext(f".//{{*}}{name}")
    return found or ""


def test_a_choice_of_many_is_found_inside_its_words_and_taken_by_keys(screen, vault):
    field = go(screen, "village")
    keys("elm")
    assert field.editor.offered == ["Great Elm", "Little Elm"]
    keys(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert (field.text, kept(vault, "village")) == ("Little Elm", "v13")
    assert not field.editor.is_open


def test_the_whole_list_opens_by_a_key_at_what_was_chosen(screen, vault):
    field = go(screen, "village")
    keys(Qt.Key.Key_Down)
    assert field.editor.offered == list(VILLAGES)
    keys(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert kept(vault, "village") == "v0"
    keys(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)  # opens at Ashwick, one further
    assert (field.text, kept(vault, "village")) == ("Mells", "v1")
    keys(Qt.Key.Key_Down, Qt.Key.Key_Escape)
    assert (field.text, field.editor.is_open) == ("Mells", False)


@pytest.mark.parametrize("typed", ["mells", "MELLS", "ell", "cafe c"])
def test_case_and_accents_do_not_matter_and_the_only_one_is_taken(screen, vault, typed):
    field = go(screen, "village")
    keys(typed, Qt.Key.Key_Escape, Qt.Key.Key_Tab)
    assert field.text in ("Mells", "Café Corner")
    assert kept(vault, "village") == f"v{VILLAGES.index(field.text)}"
    assert not field.has_problem


def test_what_is_no_choice_stays_as_typed_is_said_and_the_answer_stays(screen, vault):
    field = go(screen, "village")
    keys("mells", Qt.Key.Key_Return)
    field.editor.line.selectAll()
    keys("Atlantis", Qt.Key.Key_Tab)
    assert field.text == "Atlantis"
    said = "Which village? There is no such choice as “Atlantis”. Choose one from the list."
    assert field.status == said
    assert kept(vault, "village") == "v1"
    screen._finish_pressed()
    assert said in screen._summary.lines
    assert field.text == "Atlantis"
    go(screen, "village").editor.line.selectAll()
    keys("elm", Qt.Key.Key_Escape, Qt.Key.Key_Tab)
    assert field.status.startswith("Which village? 2 choices have “elm” in them.")
    go(screen, "village").editor.line.selectAll()
    keys(Qt.Key.Key_Delete, Qt.Key.Key_Tab)
    assert kept(vault, "village") == ""
    assert "no such choice" not in field.status


def test_tab_with_the_list_open_takes_the_only_choice(screen, vault):
    field = go(screen, "village")
    keys("mells")
    assert field.editor.is_open
    keys(Qt.Key.Key_Tab)
    assert (field.text, field.editor.is_open) == ("Mells", False)
    assert kept(vault, "village") == "v1"


def test_enter_takes_no_choice_that_nobody_marked(screen, vault):
    field = go(screen, "village")
    keys("elm")
    assert field.editor.is_open
    keys(Qt.Key.Key_Return)
    assert (field.text, field.editor.is_open) == ("elm", False)
    assert "2 choices have “elm” in them." in field.status
    assert not vault.reader.all(FormResponse, state="draft")
    field.editor.line.selectAll()
    keys("mells", Qt.Key.Key_Return)
    assert (field.text, kept(vault, "village")) == ("Mells", "v1")


def test_words_that_read_as_a_code_stay_words_and_answer_nothing(screen, vault, qtbot):
    field = go(screen, "village")
    keys("mells", Qt.Key.Key_Return)
    field.editor.line.selectAll()
    keys("v6", Qt.Key.Key_Tab)  # the code of Oakhill
    assert field.text == "v6"
    assert "There is no such choice as “v6”" in field.status
    assert kept(vault, "village") == "v1"
    again = FormScreen(desk(vault), "kinds", MARY)
    qtbot.addWidget(again)
    field = again._pages.field(at("village"))
    assert field.text == "v6"
    assert "There is no such choice as “v6”" in field.status
    assert kept(vault, "village") == "v1"


def test_half_typed_words_that_mean_one_choice_answer_it_at_reopening(screen, vault, qtbot):
    field = go(screen, "village")
    keys("oakh")
    field._draft.timeout.emit()
    again = FormScreen(desk(vault), "kinds", MARY)
    qtbot.addWidget(again)
    assert again._pages.field(at("village")).text == "Oakhill"
    assert kept(vault, "village") == "v6"


def test_what_is_typed_with_the_list_open_is_kept_when_the_laptop_locks(screen, vault):
    field = go(screen, "village")
    keys("oakh")
    assert field.editor.is_open
    screen.flush()
    assert (field.text, field.editor.is_open) == ("Oakhill", False)
    (response,) = vault.reader.all(FormResponse, state="draft")
    assert "<village>v6</village>" in response.instance_xml


def test_half_a_choice_is_a_draft_of_this_laptop(screen, vault):
    field = go(screen, "village")
    keys("elm")
    field._draft.timeout.emit()
    assert vault.drafts.read(f"form/{MARY}/kinds/{at('village')}") == "elm"


def test_a_long_list_of_ticks_is_narrowed_ticked_and_taken_out_by_keys(screen, vault):
    field = go(screen, "round")
    assert field.said == "None chosen yet"
    keys("elm", Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert field.offered == ["Great Elm", "Little Elm"]
    field.take_focus()
    field.filter.selectAll()
    keys("mells", Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert kept(vault, "round") == "v1 v12 v13"
    assert field.said == "3 chosen. 1 choice with “mells”."
    chips = field._chips.findChildren(QPushButton)
    assert [each.accessibleName() for each in chips] == [
        f"Take out {name}: Your round" for name in ("Mells", "Great Elm", "Little Elm")
    ]
    chips[1].setFocus()
    keys(Qt.Key.Key_Delete)
    assert kept(vault, "round") == "v1 v13"
    assert field._chips.isAncestorOf(QApplication.focusWidget())
    field.take_focus()
    field.filter.selectAll()
    keys("zzz")
    assert "There is no such choice as “zzz”" in field.said
    assert field.values == ("v1", "v13")


@pytest.mark.parametrize(
    ("typed", "iso", "said"),
    [
        ("3 march", "2022-03-03", "Thursday 3 March 2022"),
        ("3/3", "2022-03-03", "Thursday 3 March 2022"),
        ("yesterday", "2022-11-19", "Saturday 19 November 2022, yesterday"),
        ("last friday", "2022-11-18", "Friday 18 November 2022, 2 days ago"),
        ("tue", "2022-11-15", "Tuesday 15 November 2022, 5 days ago"),
        ("12.4.22", "2022-04-12", "Tuesday 12 April 2022"),
    ],
)
def test_days_are_read_as_people_type_them_and_said_beneath(screen, vault, typed, iso, said):
    field = go(screen, "begun")
    keys(typed)
    assert field.meant == said
    keys(Qt.Key.Key_Tab)
    assert kept(vault, "begun") == iso
    assert field.text == "/".join(reversed(iso.split("-")))
    assert not field.has_problem


def test_a_day_that_does_not_fit_or_is_none_is_said_and_stays(screen, vault):
    field = go(screen, "begun")
    keys("next tue", Qt.Key.Key_Tab)
    assert field.status == "When did you start? Up to today."
    assert field.text == "22/11/2022"
    go(screen, "begun").editor.selectAll()
    keys("31 feb", Qt.Key.Key_Tab)
    assert field.text == "31 feb"
    assert "There is no 31 February" in field.status
    assert kept(vault, "begun") == "2022-11-22"  # the answer before stays


def test_the_calendar_is_driven_by_keys_and_offers_no_day_outside(screen, vault):
    field = go(screen, "begun")
    keys("18/11/2022")
    keys(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.AltModifier)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, CalendarPopup)
    assert popup.said == (
        "Friday 18 November 2022, 2 days ago\n"
        "From Thursday 2 January 2020 to Sunday 20 November 2022"
    )
    keys(Qt.Key.Key_Down)  # a week on is past the last day that fits
    assert popup.day <= date(2022, 11, 20)
    keys(Qt.Key.Key_PageUp, Qt.Key.Key_Left)
    chosen = popup.day
    keys(Qt.Key.Key_Return)
    assert kept(vault, "begun") == chosen.isoformat()
    assert chosen < date(2022, 11, 1)
    assert field.isAncestorOf(QApplication.focusWidget())
    before = field.text
    keys(Qt.Key.Key_F4)
    keys(Qt.Key.Key_Left, Qt.Key.Key_Escape)
    assert (field.text, QApplication.activePopupWidget()) == (before, None)
    field.clear_pressed()
    assert kept(vault, "begun") == ""


def test_times_and_moments_are_typed_too(screen, vault):
    field = go(screen, "at")
    keys("2.30pm")
    assert field.meant == "2:30 in the afternoon"
    keys(Qt.Key.Key_Tab)
    assert (kept(vault, "at"), field.text) == ("14:30", "14:30")
    field = go(screen, "seen")
    keys("yesterday at 9:15", Qt.Key.Key_Tab)
    assert kept(vault, "seen") == "2022-11-19T09:15:00"
    assert field.meant == "Saturday 19 November 2022 at 09:15, yesterday"
    go(screen, "seen").editor.selectAll()
    keys("yesterday", Qt.Key.Key_Tab)
    assert field.status == ("When were you seen? Write a day and a time, like 28/11/2026 14:30.")
    assert field.text == "yesterday"


def test_an_order_is_made_by_keys(screen, vault):
    field = go(screen, "needs")
    keys(Qt.Key.Key_Down)
    keys(Qt.Key.Key_Down, modifier=Qt.KeyboardModifier.AltModifier)
    assert kept(vault, "needs") == "food talk ride"
    keys(Qt.Key.Key_Up, Qt.Key.Key_Up, modifier=Qt.KeyboardModifier.AltModifier)
    assert kept(vault, "needs") == "ride food talk"
    assert field.list.item(0).text() == "1. A ride"


def test_a_scale_is_a_row_and_a_long_one_is_typed(screen, vault):
    field = go(screen, "sure")
    keys(Qt.Key.Key_Space)
    assert kept(vault, "sure") == "0"
    assert len(field.findChildren(QWidget)) > 11
    field = go(screen, "share")
    keys("130", Qt.Key.Key_Tab)
    assert field.status == "What share is it? This needs a number from 0 to 100."
    assert field.text == "130"


def test_places_are_typed_with_or_without_a_comma(screen, vault):
    field = go(screen, "place")
    keys("51.2310, -2.3440", Qt.Key.Key_Tab)
    assert kept(vault, "place") == "51.2310 -2.3440"
    go(screen, "place").editor.selectAll()
    keys("nan inf", Qt.Key.Key_Tab)
    assert field.status == "Where is it? This needs a place: latitude and longitude."


def test_kinds_that_are_not_drawn_here_say_so_in_words(screen):
    hints = {each.ref: each.hint for page in screen._pages.drawn for each in page.asked}
    assert "take a photo" in hints[at("sign")]
    assert "Sound is not recorded here" in hints[at("sound")]
    assert "typed here, not drawn" in hints[at("way")]
    assert "PNG or JPG" in hints[at("photo")]


def test_every_kind_says_the_same_at_the_field_and_in_the_summary_which_leads_there(screen):
    QTest.keyClick(screen, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen._finish_pressed()
    summary = screen._summary
    assert len(summary.lines) == QUESTIONS
    assert summary.isAncestorOf(QApplication.focusWidget())
    links = list(summary._lines.items())
    for ref, link in links:
        link.setFocus()
        keys(Qt.Key.Key_Space)
        field = screen._pages.field(ref)
        assert field.isAncestorOf(QApplication.focusWidget()), ref
        assert field.isVisible(), ref
        assert field.status == link.accessibleName(), ref
        assert field.status in (
            QApplication.focusWidget().accessibleDescription()
            or field._holder.accessibleDescription()
        ), ref


def test_a_line_of_the_summary_goes_when_its_question_is_put_right(screen):
    screen._finish_pressed()
    go(screen, "name")
    keys("Mary Thorne", Qt.Key.Key_Tab)
    assert len(screen._summary.lines) == QUESTIONS - 1
    assert screen._summary._head.text() == f"{QUESTIONS - 1} things to put right first"
    go(screen, "hours")
    keys("0", Qt.Key.Key_Tab)
    assert "How many hours? Give a number over 0." in screen._summary.lines


def test_what_was_half_typed_when_the_laptop_went_off_comes_back(vault):
    made = desk(vault)
    view = FakeView()
    presenter = FormPresenter(made, view, "kinds", enterprise_id=MARY)
    presenter.load()
    presenter.answer(at("name"), "Mary")
    presenter.keep_typed(at("long"), "She told me that")
    presenter.answer(at("begun"), "31 feb")
    # the laptop goes off here: nothing is put down, nothing is left
    again = FakeView()
    FormPresenter(desk(vault), again, "kinds", enterprise_id=MARY).load()
    _, pages = again.last["show_form"]
    latest = again.last.get("show_changes", (pages,))[0]
    asked = {each.ref: each for page in latest for each in page.asked}
    assert asked[at("name")].value == "Mary"
    assert asked[at("long")].value == "She told me that"
    assert asked[at("begun")].value == "31 feb"
    assert "There is no 31 February" in asked[at("begun")].problem
    other = FakeView()
    FormPresenter(desk(vault), other, "kinds", enterprise_id="").load()
    _, pages = other.last["show_form"]
    assert not any(each.value for page in pages for each in page.asked)


def at_the_table(vault, qtbot):
    """The form at the table, at the question about the village, with the focus in it."""
    page = FormAtTable(desk(vault), "kinds", MARY)
    qtbot.addWidget(page)
    page.resize(900, 700)
    with qtbot.waitActive(page):
        page.show()
    page.go(1)
    qtbot.waitUntil(lambda: page.first().isVisible() and page.first().hasFocus())
    return page


def test_the_same_fields_at_the_table(vault, qtbot):
    page = at_the_table(vault, qtbot)
    field = page._questions.field(at("village"))
    keys("elm", Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert kept(vault, "village") == "v12"
    page.go(2)
    page.activateWindow()  # the list of the question before took it along when it went
    qtbot.waitUntil(lambda: page.first().isVisible() and page.first().hasFocus())
    field = page._questions.field(at("begun"))
    keys("last friday")
    assert field.meant.startswith("Friday 18 November 2022")
    keys(Qt.Key.Key_Tab)
    assert kept(vault, "begun") == "2022-11-18"


def test_tab_with_the_list_open_takes_the_only_choice_at_the_table_too(vault, qtbot):
    page = at_the_table(vault, qtbot)
    keys("mells")
    assert page._questions.field(at("village")).editor.is_open
    keys(Qt.Key.Key_Tab)
    assert kept(vault, "village") == "v1"


def test_a_file_is_asked_for_at_the_table_in_words_and_not_by_a_button_that_does_nothing(
    vault, qtbot
):
    page = FormAtTable(desk(vault), "kinds", MARY)
    qtbot.addWidget(page)
    names = [each.ref for _, each in page._asked]
    page.go(names.index(at("paper")) - page._at)
    words = [each.text() for each in page.findChildren(QLabel)]
    assert "The policy" in words
    assert "Your coach can add this file later." in words
    assert not any("file" in each.text() for each in page.findChildren(QPushButton))
    page.go(1)
    assert page._questions is not None


def test_a_long_line_of_the_summary_breaks_and_is_not_cut(qtbot):
    words = "Fish & chips, and how the work goes from day to day: this needs an answer."
    summary = Summary()
    qtbot.addWidget(summary)
    summary.resize(300, 300)
    summary.show()
    summary.show_problems([Problem(ref="/a", page=0, words=words)])
    (line,) = summary._lines.values()
    assert "\n" in line.text()
    assert line.text().replace("\n", " ").replace("&&", "&") == line.accessibleName() == words
    assert line.sizeHint().width() <= summary.viewport().width()
    summary.resize(1400, 300)
    assert "\n" not in line.text()
