"""A field that could not be saved: what stands in it stays, and says it, whatever is read since."""

import pytest

from desktop.views.checklist.panel import ChecklistPanel
from desktop.views.claim.screen import ClaimScreen
from desktop.views.enterprise.overview import OverviewPanel
from forms.facts.casework import ChecklistItem
from storage.errors import VaultFull
from tests.desktop.screens.people import CLAIM, MARY, marys_claim


def put(field, text):
    getattr(field.editor, "setPlainText", getattr(field.editor, "setText", None))(text)


def note_left(page, text):
    page._item._note.editor.setPlainText(text)
    page._item._note.commit()


def notes(vault):
    """By code, without the one that is there from the beginning."""
    found = {each.code: each.note for each in vault.reader.all(ChecklistItem) if each.note}
    return {code: note for code, note in found.items() if code != "C07"}


@pytest.fixture
def checklist(built, qtbot):
    page = built(ChecklistPanel, MARY)
    qtbot.addWidget(page)
    page.show()
    first, second = [each.id for each in page._presenter._picture.rows[:2]]
    page._presenter.choose(first)
    page._presenter._context.jobs.catch_up()
    return page, first, second


PLACES = {
    "overview": (OverviewPanel, MARY, lambda page: page._about.field("place")),
    "claim": (ClaimScreen, CLAIM, lambda page: page._barrier),
    "checklist": (ChecklistPanel, MARY, lambda page: page._item._ref),
}


@pytest.mark.parametrize("name", PLACES)
def test_its_text_stays_when_the_page_is_read_again(name, built, vault, lane, qtbot):
    make, record, field_of = PLACES[name]
    vault.hold(*marys_claim())
    page = built(make, record)
    qtbot.addWidget(page)
    page.show()
    lane.catch_up()
    field = field_of(page)
    vault.fails_with = VaultFull()
    put(field, "Typed on a full disk")
    field.commit()
    lane.catch_up()
    vault.fails_with = None
    assert field.has_problem
    page._presenter.load()  # as when somebody else's change comes
    lane.catch_up()
    assert field.text == "Typed on a full disk"
    assert field.has_problem


@pytest.mark.parametrize("name", PLACES)
def test_what_was_half_typed_last_time_stays_when_the_page_is_read_again(
    name, built, vault, lane, qtbot
):
    make, record, field_of = PLACES[name]
    vault.hold(*marys_claim())
    page = built(make, record)
    qtbot.addWidget(page)
    field_of(page).restore("Half typed")
    page._presenter.load()
    lane.catch_up()
    assert field_of(page).text == "Half typed"


def test_what_is_typed_for_the_next_item_is_not_called_saved_with_the_one_before(
    checklist, vault, lane
):
    page, first, second = checklist
    note_left(page, "Rang the council")
    page._presenter.choose(second)
    page._item._note.editor.setPlainText("Form asked for")
    lane.catch_up()
    assert not page._item._note.status
    assert page._item._note.text == "Form asked for"
    page._item._note.commit()
    lane.catch_up()
    assert notes(vault) == {first: "Rang the council", second: "Form asked for"}


def left_on_a_full_disk(page, vault):
    """The first item's note is left, and cannot be saved."""
    vault.fails_with = VaultFull()
    note_left(page, "Rang the council")


def test_the_next_item_is_not_said_to_have_failed_with_the_one_before(checklist, vault, lane):
    page, _first, second = checklist
    left_on_a_full_disk(page, vault)
    page._presenter.choose(second)
    lane.catch_up()
    assert not page._item._note.status
    assert page._presenter._context.tell.problems  # the window says it


def test_an_item_that_could_not_be_saved_is_tried_again_after_another_was(checklist, vault, lane):
    page, first, second = checklist
    tell = page._presenter._context.tell
    left_on_a_full_disk(page, vault)
    lane.catch_up()
    vault.fails_with = None
    again = tell.agains[-1]
    page._presenter.choose(second)
    note_left(page, "Form asked for")
    lane.catch_up()
    assert again not in tell.settled
    again()
    lane.catch_up()
    assert notes(vault) == {first: "Rang the council", second: "Form asked for"}


def test_what_could_not_be_saved_stands_in_its_item_when_it_is_shown_again(checklist, vault, lane):
    page, first, second = checklist
    left_on_a_full_disk(page, vault)
    lane.catch_up()
    page._presenter.choose(second)
    lane.catch_up()
    assert page._item._note.text == ""
    page._presenter.choose(first)
    lane.catch_up()
    assert page._item._note.text == "Rang the council"
    vault.fails_with = None
    page._item._note.commit()
    lane.catch_up()
    assert notes(vault) == {first: "Rang the council"}


def day_field(built, qtbot):
    page = built(ChecklistPanel, MARY)
    qtbot.addWidget(page)
    page._presenter.choose(page._presenter._picture.rows[0].id)
    page._presenter._context.jobs.catch_up()
    return page, page._item._seen_on


def test_what_is_wrong_is_not_called_saved_with_the_day_before(built, lane, qtbot):
    page, field = day_field(built, qtbot)
    put(field, "yesterday")
    field.commit()
    put(field, "the day she rang")
    field.commit()
    assert field.has_problem
    lane.catch_up()
    assert (field.text, field.has_problem) == ("the day she rang", True)
    page._presenter.load()
    lane.catch_up()
    assert (field.text, field.has_problem) == ("the day she rang", True)


def test_of_two_texts_in_a_row_the_second_is_unsaved_where_only_it_failed(checklist, vault, lane):
    page, first, _second = checklist
    note_left(page, "Rang")
    note_left(page, "Rang twice")
    while not notes(vault):
        lane.step()
    vault.fails_with = VaultFull()
    lane.catch_up()
    vault.fails_with = None
    assert (page._item._note.text, page._item._note.has_problem) == ("Rang twice", True)
    note_left(page, "Rang twice")
    lane.catch_up()
    assert notes(vault) == {first: "Rang twice"}


def test_what_is_typed_while_it_is_tried_again_is_saved_too(checklist, vault, lane):
    page, first, _second = checklist
    vault.fails_with = VaultFull()
    note_left(page, "Rang")
    lane.catch_up()
    vault.fails_with = None
    page._presenter._context.tell.agains[-1]()
    put(page._item._note, "Rang twice")
    lane.catch_up()
    assert notes(vault) == {first: "Rang"}
    page._item._note.commit()
    lane.catch_up()
    assert notes(vault) == {first: "Rang twice"}
