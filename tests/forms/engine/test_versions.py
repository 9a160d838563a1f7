"""A form in two versions: what changed, what a draft would lose, and what stays as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

import pytest

from forms.engine.compile import compile_workbook
from forms.engine.diff import diff
from forms.engine.migrate import migrated
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.engine.versions import (
    check_publishable,
    fingerprint,
    next_version,
    reopened,
    version_of,
)
from forms.engine.xform_reader import read_form
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
OLD = """
| survey | | | | | | | | |
| | type | name | label | relevant | constraint | required | calculation | was |
| | begin_group | who | Who | | | | | |
| | text | leader | Leader's name | | | | | |
| | integer | age | Age | | | | | |
| | select_one area | place | Where? | | | | | |
| | end_group | | | | | | | |
| | text | fax | Fax number | | | | | |
| | text | since | Since when? | | | | | |
| | begin_repeat | line | Lines | | | | | |
| | text | what | What? | | | | | |
| | integer | cost | Cost | | . > 0 | | | |
| | end_repeat | | | | | | | |
| | calculate | total | | | | | sum(${cost}) | |
| choices | | | |
| | list_name | name | label |
| | area | ash | Ashford |
| | area | dea | Deal |
| | area | dov | Dover |
| settings | | | |
| | form_title | form_id | version |
| | Versions | versions | 1 |
"""
EDITS = (
    ("| | text | leader | Leader's name | | | | | |",
     "| | text | full_name | Leader's full name | | | | | leader |"),
    ("| | text | fax | Fax number | | | | | |", "| | text | phone | Phone | | | yes | | |"),
    ("| | text | since | Since when? | | | | | |", "| | date | since | Since when? | | | | | |"),
    ("Cost | | . > 0 | |", "Cost | ${what} != '' | . > 10 | |"),
    ("| | area | dea | Deal |\n", ""),
    ("dov | Dover", "dov | Dover and Deal"),
    ("| versions | 1 |", "| versions | 2 |"),
)  # fmt: skip


def newer():
    text = OLD
    for before, after in EDITS:
        assert before in text
        text = text.replace(before, after)
    return text


@lru_cache
def compiled(text):
    return compile_workbook(text.encode(), "versions.md").xform


def form(text):
    return read_form(compiled(text))


def draft():
    session = FormSession(form(OLD), clock=CLOCK)
    answers = {
        "who/leader": "Ann Example", "who/age": "44", "who/place": "dea", "fax": "01234",
        "since": "long ago", "line[1]/what": "Gloves", "line[1]/cost": "5",
    }  # fmt: skip
    for ref, text in answers.items():
        session.answer(f"/versions/{ref}", text)
    session.add_repeat("/versions/line")
    session.answer("/versions/line[2]/cost", "40")
    return session


def test_a_form_is_like_itself():
    assert diff(form(OLD), form(OLD)).changes == ()


def test_every_change_is_told_by_its_kind():
    found = diff(form(OLD), form(newer()))
    assert {(change.kind, change.name) for change in found.changes} == {
        ("renamed", "full_name"),
        ("words", "full_name"),
        ("added", "phone"),
        ("removed", "fax"),
        ("type", "since"),
        ("formula", "cost"),
        ("choice-removed", "place"),
        ("choice-meaning", "place"),
    }
    assert {change.name for change in found.loses} == {"fax", "since", "place"}
    told = [str(change) for change in found.changes]
    assert "full_name: was called leader" in told
    assert "place: 'dov' meant 'Dover' and now means 'Dover and Deal'" in told
    assert "place: no longer offers Deal" in told


def test_a_formula_that_only_follows_a_new_name_has_not_changed():
    text = OLD.replace("| cost |", "| price |").replace("${cost}", "${price}")
    text = text.replace("| price | Cost | | . > 0 | | | |", "| price | Cost | | . > 0 | | | cost |")
    found = diff(form(OLD), form(text))
    assert [(change.kind, change.name) for change in found.changes] == [("renamed", "price")]


def test_a_question_that_moves_to_another_group_is_still_the_same():
    row = "| | integer | age | Age | | | | | |\n"
    text = OLD.replace(row, "").replace("| | text | fax |", row + "| | text | fax |")
    assert [(c.kind, c.name) for c in diff(form(OLD), form(text)).changes] == [("moved", "age")]


def test_moving_a_draft_is_shown_before_it_is_done():
    session = draft()
    xml = session.to_xml()
    found = migrated(form(OLD), xml, form(newer()), clock=CLOCK)
    assert session.to_xml() == xml
    assert {(line.ref, line.value) for line in found.kept} == {
        ("/versions/who/full_name", "Ann Example"),
        ("/versions/who/age", "44"),
        ("/versions/line[1]/what", "Gloves"),
        ("/versions/line[1]/cost", "5"),
        ("/versions/line[2]/cost", "40"),
    }
    assert {(line.label, line.value) for line in found.dropped} == {
        ("Fax number", "01234"),
        ("Since when?", "long ago"),
    }
    assert [line.ref for line in found.newly_required] == ["/versions/phone"]
    assert {(line.ref, line.value) for line in found.no_longer_fits} == {
        ("/versions/who/place", "dea"),
        ("/versions/line[1]/cost", "5"),
    }


def test_a_draft_that_was_moved_goes_on_where_it_was():
    old = draft()
    found = migrated(form(OLD), old.to_xml(), form(newer()), clock=CLOCK)
    session = FormSession(form(newer()), clock=CLOCK, instance_xml=found.xml)
    assert version_of(found.xml) == ("versions", "2")
    assert session.node("/versions/who/full_name").value == "Ann Example"
    assert session.node("/versions/line[2]/cost").value == "40"
    assert not session.node("/versions/line[2]/cost").relevant  # kept, and hidden now
    assert session.answers()["line"][0]["cost"] == "5"
    ids = [each.node("/versions/meta/instanceID").value for each in (old, session)]
    assert ids[0] == ids[1]


def test_moving_to_the_same_version_changes_nothing():
    xml = draft().to_xml()
    found = migrated(form(OLD), xml, form(OLD), clock=CLOCK)
    assert found.xml == xml
    assert (found.dropped, found.newly_required, found.no_longer_fits) == ((), (), ())


def test_another_content_under_a_taken_version_is_refused():
    published = {"1": fingerprint(compiled(OLD))}
    check_publishable(form(OLD), compiled(OLD).replace("<fax/>", "<fax></fax>"), published)
    other = OLD.replace("Fax number", "Telefax")
    with pytest.raises(FormRefused, match="published already"):
        check_publishable(form(other), compiled(other), published)
    check_publishable(form(newer()), compiled(newer()), published)


def test_a_form_without_a_version_is_not_published():
    text = OLD.replace("| versions | 1 |", "| versions | |")
    with pytest.raises(FormRefused, match="no version"):
        check_publishable(form(text), compiled(text), {})


def test_a_version_is_the_day_and_a_number():
    day = date(2026, 11, 20)
    assert next_version(day, []) == "2026-11-20.1"
    assert next_version(day, ["2026-11-20.1", "2026-11-20.2"]) == "2026-11-20.3"


def test_answers_open_on_their_own_version_for_ever():
    forms = {("versions", "1"): form(OLD), ("versions", "2"): form(newer())}
    again = reopened(draft().to_xml(), lambda *key: forms.get(key), clock=CLOCK)
    assert again.form.version == "1"
    assert again.to_xml() == draft_with_the_id_of(again)
    with pytest.raises(FormRefused, match="not on this laptop"):
        reopened(draft().to_xml(), lambda *_: form(newer()), clock=CLOCK)
    with pytest.raises(FormRefused, match="cannot be read"):
        reopened("<a", lambda *_: form(OLD), clock=CLOCK)


def draft_with_the_id_of(session):
    other = draft()
    ref = "/versions/meta/instanceID"
    return other.to_xml().replace(other.node(ref).value, session.node(ref).value)


FIRST_LOAD = """
| survey | | | |
| | type | name | label | default |
| | date | on | On | today() |
| | text | said | Said | |
| settings | | | |
| | form_title | form_id | version |
| | First | first | 7 |
"""


def test_a_revision_keeps_its_version_and_does_not_begin_anew():
    session = FormSession(form(FIRST_LOAD), clock=CLOCK)
    assert session.node("/first/on").value == "2026-11-20"
    session.answer("/first/on", "2026-01-05")
    final = session.to_xml(drop_hidden=True)
    later = SetClock(datetime(2027, 2, 1, 12, tzinfo=UTC))
    again = reopened(final, lambda *_: form(FIRST_LOAD), clock=later, revising=True)
    assert again.node("/first/on").value == "2026-01-05"
    assert version_of(again.to_xml()) == ("first", "7")
    first = session.node("/first/meta/instanceID").value
    assert again.node("/first/meta/deprecatedID").value == first
    assert again.node("/first/meta/instanceID").value != first
