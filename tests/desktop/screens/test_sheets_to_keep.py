"""What the guide came to, and one item of the checklist, on paper: read again from the PDF."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.presenters.checklist_picture import checklist_picture
from desktop.presenters.entity_guide import NO_ANSWER
from desktop.presenters.guide_paper import NOT_ADVICE
from desktop.presenters.item_paper import NOTHING, item_parts, still_to_do
from desktop.presenters.printing import HEADING, LINE, TABLE, Part
from desktop.views.printing import scrape
from desktop.views.printing.scrape import parts_of
from evidence.pdf import render_pdf
from evidence.reports.on_screen import Paper, build
from forms.facts.casework import ChecklistItem
from forms.rules.pack import load_pack
from tests.desktop.screens.desk import COACH
from tests.desktop.screens.gallery import shown_by
from tests.desktop.screens.memory import NOON, MemoryVault
from tests.desktop.screens.people import MARY, mary
from tests.desktop.screens.test_guide_page import ALONE
from tests.desktop.screens.test_printing import text_of

TODAY = NOON.date()
PACK = load_pack("kent")


@pytest.fixture
def show(qtbot):
    return shown_by(qtbot)


def printed(parts):
    raw = render_pdf(build(Paper(title="Sheet", council="Kent", on=TODAY, parts=parts)))
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        pages = len(pdf.pages)
    return " ".join(text_of(raw).split()), pages


def row(**fields):
    kept = ChecklistItem(id="i", enterprise_id=MARY, code="C07", **fields)
    every = [each for each in mary() if not isinstance(each, ChecklistItem)]
    vault = MemoryVault().hold(*every, kept)
    picture = checklist_picture(vault, PACK, COACH, MARY, TODAY)
    return next(each for each in picture.rows if each.id == "C07")


def test_the_guide_prints_what_fits_why_and_the_answers_from_any_of_its_pages(show):
    screen, _ = show("entity_guide")
    for question, value in (ALONE | {"Q2": "not_known", "Q5": "not_known"}).items():
        screen._answered(question, value)
    assert screen._pages.at == 0
    words, pages = printed(screen.paper())
    assert pages <= 2
    assert words.index("For Mary Thorne") < words.index(NOT_ADVICE) < words.index("For it:")
    assert "Ordinary partnership: It takes at least two people." in words
    assert "Not known yet. It could change this Do you need to live on the profit?" in words
    assert "Do you need to live on the profit? I do not know yet" in words
    assert "How soon do you want to start? Within two weeks" in words
    assert PACK.entity_ruleset_version in words
    for line in ("Not chosen yet.", "Profit: you keep it", "People: 1, who may employ others"):
        assert line in words


def test_the_guide_prints_no_ranking_for_which_no_answer_speaks(show):
    screen, _ = show("entity_guide")
    said = [part.text for part in screen.paper()]
    assert NO_ANSWER in said
    assert {form.name for form in PACK.entity_forms} & set(said) == set()


def test_the_screen_itself_prints_no_hint_for_typing_and_no_state_of_a_page(show, monkeypatch):
    screen, _ = show("entity_guide")
    words = [part.text for part in parts_of(screen)]
    assert "Not started" not in words
    assert not [each for each in words if each.startswith("Some forms need")]
    monkeypatch.setattr(scrape, "ON_SCREEN_ONLY", "nothing has this")
    assert "Not started" in [part.text for part in parts_of(screen)]


def test_lines_of_a_label_stay_lines_on_paper():
    part = Part(kind=LINE, text="People: 1\nProfit: you keep it")
    made = build(Paper(title="x", council="Kent", on=TODAY, parts=(part,)))
    assert [block.text for block in made.blocks] == ["People: 1", "Profit: you keep it"]


TOLD = {"state": "done", "said_by": "told us"}
SEEN = {"state": "done", "said_by": "saw it", "evidence_on": date(2022, 11, 1)}


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({}, ("Do it, and say", "Show that it is done: Schedule")),
        ({"state": "doing"}, ("Do it, and say", "Show that it is done: Schedule")),
        (TOLD, ("Show that it is done: Schedule", "A second person has to check it.")),
        (SEEN, ("A second person has to check it.",)),
        (SEEN | {"said_by": "document"}, ("Add the photo or paper", "A second person")),
        (
            SEEN | {"checked_by_id": "q", "expires_on": date(2022, 11, 2)},
            ("It ran out on 2 Nov 2022. Get a new one.", "A second person has to check it."),
        ),
        (SEEN | {"checked_by_id": "q", "checked_on": date(2022, 11, 2)}, ()),
    ],
)
def test_one_item_says_what_is_still_to_do(fields, left):
    one = row(**fields)
    told = still_to_do(one, TODAY)
    assert len(told) == len(left)
    assert all(each.startswith(begins) for each, begins in zip(told, left, strict=True))
    words, pages = printed(item_parts(one, who="Mary Thorne", today=TODAY))
    assert pages == 1
    assert "Public liability insurance For Mary Thorne" in words
    assert (NOTHING in words) == (not left)


def test_an_item_without_an_answer_asks_for_it_and_a_waived_one_asks_for_nothing():
    picture = checklist_picture(MemoryVault().hold(*mary()), PACK, COACH, MARY, TODAY)
    asked = next(each for each in picture.rows if each.section == "questions")
    assert still_to_do(asked, TODAY) == (asked.because,)
    waived = row(state="waived", reason="Only talks on the phone")
    words, _ = printed(item_parts(waived, who="", today=TODAY))
    assert "Still to do Nothing while this holds." in words
    assert "Why: Only talks on the phone" in words


@given(
    state=st.sampled_from(["to do", "doing", "done", "not needed", "waived"]),
    said=st.sampled_from(["", "told us", "saw it", "document"]),
    note=st.text(max_size=200),
    checked=st.booleans(),
)
def test_whatever_stands_there_it_prints_and_is_never_called_done_unchecked(
    state, said, note, checked
):
    one = replace(BLANK, state=state, said_by=said, note=note, checked="Checked" if checked else "")
    parts = item_parts(one, who="Mary Thorne", today=TODAY)
    nothing = any(part.text == NOTHING for part in parts)
    assert not nothing or (state == "done" and checked and said in ("saw it", "document"))
    assert next(part.text for part in parts if part.kind == HEADING) == "Still to do"
    assert not [part for part in parts if part.kind == TABLE]


BLANK = row()


def test_the_button_opens_the_window_with_this_item_and_nobodys_name_in_its_file(
    show, qtbot, monkeypatch
):
    screen, _ = show("checklist")
    panel = screen._panels["checklist"]
    panel._presenter.choose("C07")
    panel._item._print.click()
    (window,) = [each for each in screen.window().children() if hasattr(each, "draw")]
    assert window._presenter.file_name == f"checklist-item-{TODAY.isoformat()}.pdf"
    assert window._presenter._paper.parts[0].text == "Public liability insurance"
    window.reject()
