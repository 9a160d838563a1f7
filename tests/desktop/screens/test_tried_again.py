"""Try again writes what was pressed for: what was typed since stays in its field and on disk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from shiboken6 import delete

from desktop.presenters.saving import FieldSaver
from desktop.views.documents.panel import DocumentsPanel
from desktop.views.enterprise.newcomer import NewcomerScreen
from desktop.views.enterprise.overview import OverviewPanel
from desktop.views.timeline.panel import TimelinePanel
from desktop.views.timeline.quick_note import QuickNoteScreen
from forms.facts.casework import Action, Attachment, CoachingSession
from forms.facts.people import Leader
from storage.errors import VaultFull
from tests.desktop.screens.desk import context
from tests.desktop.screens.people import MARY

FIRST, SINCE = "Rang her", "45"


@dataclass(frozen=True)
class Page:
    """A page with a field that is empty when its button is pressed."""

    make: Callable[..., Any]
    args: tuple[Any, ...]
    ready: Callable[[Any], None]
    press: Callable[[Any, Any], None]
    empty: Callable[[Any], Any]
    written: Callable[[Any], list[Any]]


def put(field, text):
    getattr(field.editor, "setPlainText", getattr(field.editor, "setText", None))(text)


def add_file(page, folder):
    path = folder / "letter.txt"
    path.write_text("Dear Mary")
    page._add_these([path])


def all_of(cls, name, first):
    return lambda vault: [e for e in vault.reader.all(cls) if getattr(e, name) == first]


PAGES = {
    "the minutes of a note": Page(
        TimelinePanel,
        (MARY,),
        lambda page: put(page._note, FIRST),
        lambda page, _: page._add_pressed(),
        lambda page: page._minutes,
        all_of(CoachingSession, "note", FIRST),
    ),
    "the idea of somebody new": Page(
        NewcomerScreen,
        (),
        lambda page: put(page._leader, FIRST),
        lambda page, _: page._add_pressed(),
        lambda page: page._idea,
        all_of(Leader, "name", FIRST),
    ),
    "whom a promise waits for": Page(
        OverviewPanel,
        (MARY,),
        lambda page: put(page._next._texts["text"], FIRST),
        lambda page, _: page._add_pressed(),
        lambda page: page._next._texts["waiting_on"],
        all_of(Action, "text", FIRST),
    ),
    "what a file shows": Page(
        DocumentsPanel,
        (MARY,),
        lambda _page: None,
        add_file,
        lambda page: page._about._texts["caption"],
        all_of(Attachment, "name", "letter.txt"),
    ),
}


@pytest.fixture
def tried(vault, lane, tmp_path, qtbot):
    """The disk is full at the press, a word follows in an empty field, "Try again" is pressed."""

    def begin(name):
        asked = PAGES[name]
        here = context(vault)
        here.jobs = lane
        page = asked.make(here, *asked.args)
        lane.catch_up()
        asked.ready(page)
        before = len(asked.written(vault))
        vault.fails_with = VaultFull()
        asked.press(page, tmp_path)
        lane.catch_up()
        vault.fails_with = None
        assert len(asked.written(vault)) == before
        put(asked.empty(page), SINCE)
        asked.empty(page)._keep_draft()
        lane.catch_up()
        here.tell.agains[-1]()
        return page, lambda: len(asked.written(vault)) - before

    return begin


@pytest.mark.parametrize("name", PAGES)
def test_a_word_in_a_field_that_was_empty_is_kept_when_the_page_is_gone(name, tried, vault, lane):
    page, written = tried(name)
    delete(page)
    lane.catch_up()
    assert written() == 1
    assert [text for text in vault.half_typed.values() if SINCE in text]


@pytest.mark.parametrize("name", PAGES)
def test_a_word_in_a_field_that_was_empty_stands_in_it_still(name, tried, vault, lane):
    page, written = tried(name)
    lane.catch_up()
    assert written() == 1
    assert PAGES[name].empty(page).text == SINCE
    assert [text for text in vault.half_typed.values() if SINCE in text]
    delete(page)


def quick_note_on_a_full_disk(vault, lane, begun_for, *since):
    """A call is written and pressed; then its words are these, one after the other; tried again."""
    here = context(vault)
    here.jobs = lane
    page = QuickNoteScreen(here, begun_for)
    lane.catch_up()
    page._who.set_value(MARY)
    page._kind.set_value("call")
    put(page._note, FIRST)
    page._note._keep_draft()
    lane.catch_up()
    vault.fails_with = VaultFull()
    page._add_pressed()
    lane.catch_up()
    vault.fails_with = None
    for words in since:
        put(page._note, words)
        page._note._keep_draft()
        lane.catch_up()
    here.tell.agains[-1]()
    delete(page)
    lane.catch_up()


@pytest.mark.parametrize("begun_for", [MARY, ""])
def test_of_a_quick_note_whom_it_is_about_is_kept_with_what_was_typed_since(
    begun_for, vault, lane, qapp
):
    quick_note_on_a_full_disk(vault, lane, begun_for, f"{FIRST}\n{SINCE}")
    scope = f"quick_note/{MARY}" if begun_for else "quick_note"
    assert vault.half_typed == {f"{scope}/note": SINCE, f"{scope}/chosen": f"call {MARY}"}


def test_of_a_quick_note_nobody_is_kept_where_what_was_typed_since_is_taken_out_again(
    vault, lane, qapp
):
    quick_note_on_a_full_disk(vault, lane, MARY, f"{FIRST}\n{SINCE}", FIRST)
    assert vault.half_typed == {}


def test_what_was_kept_before_anybody_looked_goes_with_its_press_tried_again(vault, lane, view):
    here = context(vault)
    here.jobs = lane
    vault.half_typed["place/why"] = "kept last week"
    saver = FieldSaver(here, view, "place")
    vault.fails_with = VaultFull()
    saver.commit("all", lambda _writing: None, drops=("place/why",))
    lane.catch_up()
    vault.fails_with = None
    here.tell.agains[-1]()
    lane.catch_up()
    assert vault.half_typed == {}


def test_of_a_draft_that_a_full_disk_did_not_take_the_older_one_goes_too(vault, lane, view):
    here = context(vault)
    here.jobs = lane
    saver = FieldSaver(here, view, "place")
    keep = lambda text: saver.keep_draft("note", text, lambda kept, taken: kept)  # noqa: E731
    keep("Rang")
    lane.catch_up()
    vault.fails_with = VaultFull()
    keep("Rang her")
    saver.commit("note", lambda _writing: None)
    lane.catch_up()
    vault.fails_with = None
    here.tell.agains[-1]()
    lane.step()  # the power is cut before the page hears of more
    assert vault.half_typed == {}
