"""The page to take home on A5: letters as large as on A4, both sides of one sheet at most."""

import io
from datetime import date

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo
from PySide6.QtWidgets import QDialog

from desktop.operations.errors import NotPrinted
from desktop.presenters import together_pages
from desktop.presenters.saving import words_for
from desktop.presenters.together_pages import make_page
from desktop.views.together import printing
from evidence.reports import leave_behind
from evidence.reports.leave_behind import HOLDS, Visit, build, unbroken
from storage.errors import VaultFull
from tests.desktop.together.reading import pdf_text

POINTS = {True: (420, 595), False: (595, 842)}  # width and height of the paper
NEXT = (
    "Ring the bank about an account, by Friday 4 December 2026",
    "Bring: An agreement with each customer, by Friday 11 December 2026",
)
TALK = Visit(
    on=date(2026, 11, 27),
    leader="Mary Thorne",
    coach="Robin Aldous",
    council="Kent",
    done_today=("Public liability insurance: done, we saw it", "You chose: Sole trader"),
    do_next=NEXT,
    coach_does=("Find out about: food hygiene, by Monday 30 November 2026",),
    reach=("01632 960001, Monday to Thursday",),
    signed="Signed by Mary Thorne at 14:32.",
    strokes=(((40, 120), (90, 160), (500, 130)),),
)


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("large", [True, False])
def test_all_of_an_ordinary_talk_is_on_one_piece_of_paper(small, large):
    seen, page = make_page(TALK, large=large, small_paper=small)
    assert len(seen) == seen[0].pages <= (2 if small else 1)
    with pikepdf.open(io.BytesIO(page)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        for sheet in pdf.pages:
            assert tuple(round(float(each)) for each in sheet.mediabox[2:]) == POINTS[small]
    words = " ".join(pdf_text(page).split())
    for said in (*TALK.done_today, *NEXT, *TALK.coach_does, *TALK.reach, TALK.signed):
        assert said in words
    assert build(TALK, large=large, small_paper=small).point_size == (18 if large else 14)


def torn(page):
    """Lines of a PDF that end in the middle of a day or a number."""
    lines = [line.strip() for line in pdf_text(page).splitlines()]
    return [line for line in lines if line.endswith(("Friday", "Friday 4", "Friday 11", "01632"))]


def test_no_day_and_no_telephone_number_is_torn_by_the_end_of_a_line(monkeypatch):
    assert torn(make_page(TALK, large=False, small_paper=True)[1]) == []
    monkeypatch.setattr(leave_behind, "HOLDS", " ")
    assert torn(make_page(TALK, large=False, small_paper=True)[1]) != []


@given(text=st.text(max_size=120))
def test_holding_together_changes_no_word(text):
    assert unbroken(text).replace(HOLDS, " ") == text.replace(HOLDS, " ")


@settings(max_examples=12, deadline=None)
@given(
    done=st.integers(0, 40),
    ahead=st.integers(0, 12),
    mine=st.integers(0, 12),
    large=st.booleans(),
)
def test_however_much_there_is_it_stays_one_sheet_and_says_how_much_more(done, ahead, mine, large):
    visit = Visit(
        on=date(2026, 11, 27),
        leader="Mary Thorne",
        coach="Robin Aldous",
        council="Kent",
        done_today=tuple(f"Step {n} of what we did: done, we saw it" for n in range(done)),
        do_next=tuple(f"Ring number {n} about it, by Friday 4 December" for n in range(ahead)),
        coach_does=tuple(f"Find out {n}, by Friday 4 December" for n in range(mine)),
    )
    seen, page = make_page(visit, large=large, small_paper=True)
    assert seen[0].pages <= 2
    words = pdf_text(page)
    shown = sum(f"Ring number {n} about it" in " ".join(words.split()) for n in range(ahead))
    assert shown == ahead or f"And {ahead - shown} more things." in words


@pytest.fixture
def chosen(monkeypatch):
    """The paper that somebody chooses in the print window, and what was asked of the printer."""
    asked = []
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", lambda: ["Front room"])
    monkeypatch.setattr(
        printing, "print_on", lambda printer, _page: asked.append(printer.pageLayout())
    )

    def choose(paper):
        def accepted(window):
            asked.append(window.printer().pageLayout())
            if paper is not None:
                window.printer().setPageSize(QPageSize(paper))
            return QDialog.DialogCode.Accepted

        monkeypatch.setattr(QPrintDialog, "exec", accepted)
        return asked

    return choose


def test_the_printer_is_told_which_paper_it_is_laid_out_for(chosen, qapp):
    asked = chosen(None)
    for small in (True, False):
        _, page = make_page(TALK, large=False, small_paper=small)
        assert printing.print_page(None, page)
        paper = QPageSize.PageSizeId.A5 if small else QPageSize.PageSizeId.A4
        assert {each.pageSize().id() for each in asked} == {paper}
        asked.clear()


def test_a_large_page_is_not_shrunk_on_to_small_paper(chosen, qapp):
    asked = chosen(QPageSize.PageSizeId.A5)
    _, page = make_page(TALK, large=False)
    with pytest.raises(NotPrinted, match="Tick Small paper"):
        printing.print_page(None, page)
    assert len(asked) == 1  # only the window was opened
    _, small = make_page(TALK, large=False, small_paper=True)
    assert printing.print_page(None, small)


def test_a_tick_lays_it_out_for_small_paper_and_shows_both_sides(share, settle):
    window = share()
    window.turn.ready.emit()
    settle()
    for code in ("C07", "C13", "C01", "C06", "C02", "C21"):
        window.ways.picked(f"item.{code}")
        window.step.answered.emit("done", "told us")
        settle()
    window.ways.to_sheet()
    settle()
    sheet = window.sheet
    assert sheet._back.isHidden()
    sheet._large.click()
    sheet._small.click()
    settle()
    with pikepdf.open(io.BytesIO(sheet._page)) as pdf:
        assert round(float(pdf.pages[0].mediabox[2])) == POINTS[True][0]
        sides = len(pdf.pages)
    assert sheet._back.isHidden() == (sides == 1)
    assert sides == 2
    sheet._small.click()
    settle()
    assert sheet._back.isHidden()


def ready(sheet):
    return sheet._print.isEnabled(), sheet._later.isEnabled()


def test_until_the_page_is_there_as_it_was_ticked_none_is_printed_or_sent(share, settle):
    window = share()
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    sheet = window.sheet
    assert ready(sheet) == (True, True)
    old = sheet._page
    for tick in (sheet._small, sheet._large):
        tick.click()
        assert ready(sheet) == (False, False)
    settle()
    assert ready(sheet) == (True, True)
    assert sheet._page != old


def test_of_two_ticks_only_the_last_page_is_shown(share, settle, monkeypatch):
    window = share()
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    shown = []
    monkeypatch.setattr(window.sheet, "show_sheet", lambda _seen, page: shown.append(page))
    window.sheet._small.click()
    window.sheet._small.click()
    settle()
    assert len(shown) == 1


def test_the_page_before_is_printed_when_another_could_not_be_made_and_that_is_said(
    share, settle, monkeypatch
):
    window = share()
    window.turn.ready.emit()
    window.ways.to_sheet()
    settle()
    sheet = window.sheet
    old = sheet._page

    def full(*_of, **_as):
        raise VaultFull

    monkeypatch.setattr(together_pages, "make_page", full)
    sheet._small.click()
    settle()
    assert ready(sheet) == (True, True)
    assert sheet._page is old
    assert sheet.status.text() == words_for(VaultFull())
    assert not sheet.status.isHidden()
