"""Words for somebody who is not a computer person: grade 6 at most, no trade words."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from desktop.presenters import (
    item_paper,
    together_leaving,
    together_pages,
    together_picture,
    together_promises,
    together_sheet,
    together_signing,
)
from desktop.presenters.entity_guide import NO_ANSWER, NONE_FITS, NOTHING_YET
from desktop.presenters.guide_paper import NOT_ADVICE
from desktop.presenters.together import NOT_SAVED
from evidence.html import render_html
from evidence.reports.leave_behind import Visit, build
from forms.rules.pack import load_pack
from tests.desktop.shell.test_words import BANNED
from tests.desktop.together.grade import grade, syllables
from tests.desktop.together.reading import pdf_text

MOST = 6.0
FEW = 6  # a label of fewer words has no grade of its own
ROOT = Path(__file__).resolve().parents[3]
COACHS_OWN = {"pin_card.py", "before.py"}  # seen by the coach alone, before the screen is turned
ASKS = load_pack("kent").checklist


def _strings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else ""
        if isinstance(text, str) and re.search(r"[a-z] [a-zA-Z]", text) and "{{" not in text:
            yield text


def shown():
    """Every string of the shared window."""
    files = [
        path
        for path in sorted((ROOT / "desktop" / "views" / "together").glob("*.py"))
        if path.name not in COACHS_OWN and path.name != "style.py"
    ]
    modules = (
        together_leaving,
        together_pages,
        together_picture,
        together_promises,
        together_sheet,
        together_signing,
    )
    files += [Path(str(module.__file__)) for module in modules]
    return [text for path in files for text in _strings(path)] + [NOT_SAVED]


def test_the_count_is_like_the_usual_one():
    assert [syllables(word) for word in ("cat", "water", "insurance", "made", "needed")] == [
        1, 2, 3, 1, 2,
    ]  # fmt: skip
    assert grade("The cat sat on the mat.") < 1
    assert grade("Organisational accountability necessitates documentation.") > 15


def test_every_string_of_the_window_is_grade_six_at_most():
    assert len(shown()) > 60
    found = [(round(grade(t), 1), t) for t in shown() if len(t.split()) >= FEW and grade(t) > MOST]
    assert found == []


@pytest.mark.parametrize("rule", ASKS, ids=lambda rule: rule.code)
def test_every_step_is_asked_in_plain_words(rule):
    assert rule.ask.endswith("?")
    assert rule.ask_why
    assert rule.ask_shows
    assert grade(f"{rule.ask} {rule.ask_why}") <= MOST
    for sentence in re.split(r"[.?!]\s", f"{rule.ask} {rule.ask_why}"):
        assert len(sentence.split()) <= 20


PACK = load_pack("kent")
GUIDE = (
    *((each.id, each.text) for each in PACK.entity_questions),
    *((each.id, each.why) for each in PACK.entity_questions),
    *((each.id, said) for each in PACK.entity_questions for _, said in each.choices),
    *((each.id, each.reason) for each in PACK.entity_rules),
    *((each.id, said) for each in PACK.entity_rules for said in each.advise),
    *((each.code, each.liability) for each in PACK.entity_forms),
    ("headline", NOTHING_YET),
    ("headline", NO_ANSWER),
    ("headline", NONE_FITS),
    ("sheet", NOT_ADVICE),
)


def test_what_the_guide_came_to_is_a_kind_of_business_never_a_form():
    """To a newcomer a form is paper to fill in, and nothing "speaks for" one."""
    for said in (NO_ANSWER, NOTHING_YET, NONE_FITS):
        assert not re.search(r"\bforms?\b|\bspeaks?\b", said), said


def test_the_guide_asks_and_reasons_in_plain_words():
    """At the table the same words are read as on the coach's screen and on paper."""
    assert len(GUIDE) > 80
    hard = [(where, round(grade(t), 1), t) for where, t in GUIDE if len(t.split()) >= FEW]
    assert [each for each in hard if each[1] > MOST] == []
    long = [t for _, text in GUIDE for t in re.split(r"[.?!:]\s", text) if len(t.split()) > 22]
    assert long == []


def test_one_item_on_paper_is_plain():
    texts = [*_strings(Path(str(item_paper.__file__)))]
    assert len(texts) > 6
    assert [t for t in texts if len(t.split()) >= FEW and grade(t) > MOST] == []


def test_no_banned_word_and_no_trade_word():
    words = "|".join((*BANNED, "legal entity", "enterprise", "caseload"))
    pattern = re.compile(rf"\b({words})\b", re.IGNORECASE)
    guide = [text for _, text in GUIDE] + list(_strings(Path(str(item_paper.__file__))))
    texts = [*shown(), *guide, *(f"{r.ask} {r.ask_why} {r.ask_shows}" for r in ASKS)]
    assert [text for text in texts if pattern.search(text)] == []


def test_the_page_that_goes_home_is_grade_six_at_most():
    visit = Visit(
        on=date(2026, 11, 20),
        leader="Mary Thorne",
        coach="Robin Aldous",
        council="Kent",
        done_today=("Public liability insurance: done, we saw it",),
        do_next=("Ring the bank, by Friday 28 November",),
        coach_does=("Find out about: food hygiene, by Monday 1 December",),
        signed="Signed by Mary Thorne at 14:32.",
    )
    page = render_html(build(visit)).decode()
    body = re.sub(r"<(style|title|head)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert "What you do next" in body
    assert grade(" ".join(body.split())) <= MOST


def test_the_words_that_are_signed_are_plain():
    began = datetime(2026, 11, 20, tzinfo=UTC)
    sitting = together_sheet.Sitting(on=date(2026, 11, 20), began=began, since=began)
    sitting.note("item.C07", "Public liability insurance: done, you told us")
    said = together_sheet.wording("Mary Thorne", "Robin Aldous", sitting, ())
    assert grade(said) <= MOST
    assert "• Public liability insurance: done, you told us" in said


@pytest.mark.parametrize("large", [False, True])
def test_however_much_there_is_it_stays_one_page(large):
    much = tuple(f"{number} A thing that was written at length {'x' * 80}" for number in range(30))
    visit = Visit(
        on=date(2026, 11, 20),
        leader="Mary Thorne",
        coach="Robin Aldous",
        council="Kent",
        done_today=much,
        do_next=much,
        coach_does=much,
        reach=("01632 960001", "Monday to Thursday"),
        signed="Signed by Mary Thorne at 14:32.",
        strokes=(((40, 120), (90, 160), (500, 130)),),
    )
    seen, page = together_pages.make_page(visit, large=large)
    assert [each.pages for each in seen] == [1]
    assert "more things." in pdf_text(page)


@pytest.mark.parametrize("large", [False, True])
def test_what_comes_next_keeps_its_days_when_much_was_done(large):
    nextly = tuple(f"Ring the bank about thing {n}, by Friday {n} December" for n in range(1, 7))
    visit = Visit(
        on=date(2026, 11, 20),
        leader="Mary Thorne",
        coach="Robin Aldous",
        council="Kent",
        done_today=tuple(f"Step {number}: done, you told us" for number in range(12)),
        do_next=nextly,
        reach=("01632 960001",),
    )
    seen, page = together_pages.make_page(visit, large=large)
    assert [each.pages for each in seen] == [1]
    words = " ".join(pdf_text(page).split())
    assert [each for each in nextly if each not in words] == []
