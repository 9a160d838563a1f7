"""The checklist sheet: plain XLSForm underneath, rows with a state on top, problems in its rows."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from forms.engine.checklist_view import Tally, expiries, steps_of, tally_of
from forms.engine.compile import check_workbook, compile_workbook
from forms.engine.expand import expanded
from forms.engine.lint import lint
from forms.engine.session import FormSession
from forms.engine.sources import read_workbook
from forms.engine.xform_reader import read_form
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
SOURCE = """
| checklist | | | | | | | | | | |
| | code | label | help | show_if | evidence | expires | warn_days | owner | link | was |
| | ins | Insurance | Ask for it | | required | required | 60 | leader | https://www.gov.uk/ | |
| | dbs | DBS check | | ${children} = 'yes' | optional | optional | | | | |
| | title | Choose a name | | | | | | | | named |
| survey | | | |
| | type | name | label |
| | select_one yn | children | Will you work with children? |
| | checklist | | |
| | text | notes | Notes |
| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
| settings | | | |
| | form_title | form_id | version |
| | Getting ready | ready | 1 |
"""


@pytest.fixture(scope="module")
def compiled():
    return compile_workbook(SOURCE.encode(), "ready.md")


@pytest.fixture
def session(compiled):
    return FormSession(read_form(compiled.xform), clock=CLOCK)


def step(session, code):
    return next(each for each in steps_of(session) if each.code == code)


def answer(session, code, **parts):
    for part, text in parts.items():
        session.answer(step(session, code).refs[part], text)


def test_a_fresh_checklist_shows_the_steps_that_apply(session):
    assert [(s.code, s.state, s.finished) for s in steps_of(session)] == [
        ("ins", "todo", False),
        ("title", "todo", False),
    ]
    ins = step(session, "ins")
    assert (ins.label, ins.help, ins.owner, ins.link) == (
        "Insurance", "Ask for it", "leader", "https://www.gov.uk/",
    )  # fmt: skip
    assert ins.evidence_wanted == "required"
    session.answer("/ready/children", "yes")
    assert tally_of(steps_of(session)) == Tally(0, 3)
    assert session.answers()["n_items"] == "3"


def test_a_step_done_says_who_said_so_and_when_it_runs_out(session):
    answer(session, "ins", state="done")
    assert step(session, "ins").problems == (
        "Not answered yet: How do we know.",
        "Not answered yet: Evidence.",
        "Not answered yet: Runs out on.",
    )
    answer(session, "ins", source="document", evidence="policy.pdf", expires="2027-03-01")
    done = step(session, "ins")
    assert (done.source, done.evidence, done.problems) == ("document", "policy.pdf", ())
    assert (done.expires_on, done.warn_on) == (date(2027, 3, 1), date(2026, 12, 31))
    assert done.finished
    assert session.answers()["n_ok"] == "1"
    (told,) = expiries(session)
    assert (told.code, told.expires_on, told.warn_on) == ("ins", done.expires_on, done.warn_on)


def test_what_has_run_out_is_not_finished_but_still_told(session):
    answer(session, "ins", state="done", source="saw", expires="2026-11-19")
    assert not step(session, "ins").finished
    assert [each.code for each in expiries(session)] == ["ins"]
    answer(session, "ins", state="doing")
    assert expiries(session) == ()
    answer(session, "ins", state="done")
    assert step(session, "ins").expires_on == date(2026, 11, 19)  # hidden, never deleted


def test_not_needed_wants_a_reason_and_left_out_wants_a_name(session):
    answer(session, "title", state="not_needed")
    assert step(session, "title").problems == ("Not answered yet: What is the reason.",)
    answer(session, "title", state="waived")
    assert len(step(session, "title").problems) == 2
    answer(session, "title", why="A trade name is in use", approver="A. Lead")
    found = step(session, "title")
    assert (found.reason, found.approver, found.problems) == (
        "A trade name is in use", "A. Lead", (),
    )  # fmt: skip
    assert found.finished


def test_without_days_to_warn_it_warns_a_month_before(session):
    session.answer("/ready/children", "yes")
    answer(session, "dbs", state="done", source="saw", expires="2027-03-31")
    assert step(session, "dbs").warn_on == date(2027, 3, 1)


def test_the_words_count_the_steps(session):
    answer(session, "title", state="not_needed", why="x")
    assert session.node("/ready/checklist_summary").label == "1 of 2 steps finished"


def test_the_rows_are_written_where_the_survey_asks_for_them(compiled):
    form = read_form(compiled.xform)
    names = [kid.local for kid in form.root.kids]
    assert names.index("children") < names.index("it_ins") < names.index("notes")
    assert compiled.source_map["it_dbs/dbs_state"] == ("checklist", 3)
    assert compiled.source_map["notes"] == ("survey", 4)


def test_a_form_without_a_checklist_has_no_steps_and_is_left_as_it_is():
    book = read_workbook(b"| survey |\n| | type | name | label |\n| | text | x | X |", "a.md")
    made = expanded(book)
    assert made.book is book
    assert not made.changed


MISTAKES = [
    ("${children} = 'yes'", "${child} = 'yes'", "question-unknown", 3, "show_if"),
    ("${children} = 'yes'", "${children} = 'yess'", "choice-unknown", 3, "show_if"),
    ("| ins | Insurance", "| ins | ", "label-missing", 2, "label"),
    ("| ins |", "| |", "code-missing", 2, "code"),
    ("| ins |", "| my ins |", "name-form", 2, "code"),
    ("| dbs |", "| ins |", "name-twice", 3, "code"),
    ("required | required | 60", "needed | required | 60", "option-unknown", 2, "evidence"),
    ("required | required | 60", "required | soon | 60", "option-unknown", 2, "expires"),
    ("required | 60", "required | two months", "number", 2, "warn_days"),
    ("required | required | 60", "required | no | 60", "warns-of-nothing", 2, "warn_days"),
    ("https://www.gov.uk/", "www.gov.uk", "link-form", 2, "link"),
    ("| show_if |", "| show_iff |", "column-name", 1, "show_iff"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "row", "column"), MISTAKES)
def test_a_mistake_is_told_in_the_row_of_the_checklist(right, wrong, code, row, column):
    made = expanded(read_workbook(SOURCE.replace(right, wrong, 1).encode(), "ready.md"))
    found = [*made.problems, *made.placed(lint(made.book))]
    assert ("checklist", code, row, column) in {(p.sheet, p.code, p.row, p.column) for p in found}


def test_a_checklist_alone_is_a_form():
    alone = "\n".join(SOURCE.replace("${children} = 'yes'", "").splitlines()[:6])
    checked = check_workbook(alone.encode(), "alone.md")
    assert [str(p) for p in checked.problems if p.severity == "error"] == []
    assert len(steps_of(FormSession(read_form(checked.compiled.xform), clock=CLOCK))) == 3


def test_words_of_the_authors_own_are_kept():
    own = SOURCE.replace(
        "| yn | yes | Yes |", "| yn | yes | Yes |\n| | item_source | said | Said |"
    )
    made = expanded(read_workbook(own.encode(), "ready.md"))
    lists = [row.cells for row in made.book.sheet("choices").rows]
    assert [c["name"] for c in lists if c["list_name"] == "item_source"] == ["said"]
    assert len([c for c in lists if c["list_name"] == "item_state"]) == 5
