"""How pages end: a heading has something under it, a list is not torn for one item."""

from datetime import date

import pypdfium2
import pytest

from evidence.pdf import build as pdf_build
from evidence.pdf import render_pdf
from evidence.reports import leave_behind

HEADS = ("What we did today", "What you do next", "What I do next", "How to reach me")
LONG = "Ring the insurer and ask for the schedule, by Friday 4 December 2026"


def sheet(done, following, mine, *, large, small_paper):
    visit = leave_behind.Visit(
        on=date(2026, 11, 27),
        leader="Petra Abernethy",
        coach="Robin Aldous",
        council="Kent County Council",
        done_today=("Emergency contact card: done",) * done,
        do_next=(LONG,) * following,
        coach_does=("Find out about carrying garden waste",) * mine,
        reach=("01303 000000, Monday to Thursday",),
        next_visit=date(2026, 12, 14),
    )
    return leave_behind.build(visit, large=large, small_paper=small_paper)


def pages(document):
    """The lines of each page, the running head and foot left out."""
    found = []
    for page in pypdfium2.PdfDocument(render_pdf(document)):
        lines = [line.strip() for line in page.get_textpage().get_text_range().splitlines()]
        body = [each for each in lines if each and not each.startswith(("As at ", "Page "))]
        found.append(body[1:] if body[0] == "What we did today" and found else body)
    return found


CASES = [
    (done, following, mine, large, small)
    for done in (1, 3, 5)
    for following in (2, 4, 6)
    for mine in (0, 2)
    for large in (False, True)
    for small in (False, True)
]


def lonely(case):
    done, following, mine, large, small = case
    told = pages(sheet(done, following, mine, large=large, small_paper=small))
    assert all(told), "no page is empty"
    return [page[-1] for page in told if page[-1] in HEADS]


@pytest.mark.parametrize("large", [False, True], ids=["14 points", "18 points"])
@pytest.mark.parametrize("small", [False, True], ids=["A4", "A5"])
def test_no_heading_stands_alone_at_the_foot_of_a_page(large, small):
    found = [lonely(case) for case in CASES if case[3:] == (large, small)]
    assert [each for each in found if each] == []


def test_with_a_guessed_height_one_would(monkeypatch):
    """The test above can fail."""
    monkeypatch.setattr(pdf_build._Story, "_room_below", lambda _self, _heading: 30.0)
    assert any(lonely(case) for case in CASES if case[3] and case[4])


def test_a_list_that_goes_on_takes_two_items_over():
    told = pages(sheet(3, 6, 0, large=True, small_paper=True))
    starts = [sum(line.startswith("☐") or "Ring the" in line for line in page) for page in told]
    assert sum(starts) == 6
    assert 1 not in starts
