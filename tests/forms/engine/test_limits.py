"""The first and last day a check allows: read from what it says plainly, and from nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 26, 12, 5, tzinfo=UTC))
TODAY = date(2026, 11, 26)
FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>Days</h:title><model><instance><data id="days"><begun/><day/></data></instance>
<bind nodeset="/data/begun" type="date"/>
<bind nodeset="/data/day" type="{kind}" constraint="{check}"/></model></h:head>
<h:body><input ref="/data/begun"><label>Begun</label></input>
<input ref="/data/day"><label>Day</label></input></h:body></h:html>"""


def days(check, *, kind="date", begun=""):
    escaped = check.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    session = FormSession(read_form(FORM.format(kind=kind, check=escaped)), clock=CLOCK)
    session.answer("/data/begun", begun)
    return session.node("/data/day").days


@pytest.mark.parametrize(
    ("check", "least", "most"),
    [
        (". <= today()", None, TODAY),
        ("today() >= .", None, TODAY),
        (". < today()", None, date(2026, 11, 25)),
        (". > today()", date(2026, 11, 27), None),
        (". >= today() and . <= today() + 14", TODAY, date(2026, 12, 10)),
        (". > '2020-01-01' and . <= today()", date(2020, 1, 2), TODAY),
        ("date(.) <= date('2026-02-03')", None, date(2026, 2, 3)),
        (". = '2026-02-03'", date(2026, 2, 3), date(2026, 2, 3)),
        (". <= today() or . = '2030-01-01'", None, None),
        ("not(. > today())", None, None),
        (". != today()", None, None),
        (". <= .", None, None),
        (". >= 'no day'", None, None),
        (". <= 99999999999", None, None),
    ],
)
def test_what_a_check_says_plainly_sets_the_ends(check, least, most):
    assert days(check) == (least, most)


def test_another_answer_moves_the_ends():
    assert days(". >= /data/begun", begun="2026-05-01") == (date(2026, 5, 1), None)
    assert days(". >= /data/begun") == (None, None)


def test_a_moment_has_the_days_around_it_and_other_kinds_have_none():
    assert days(". <= now()", kind="dateTime") == (None, TODAY)
    assert days(". <= 5", kind="int") == (None, None)


def test_every_day_inside_the_ends_passes_the_check_and_the_next_does_not():
    least, most = days(". > '2026-11-01' and . < today()")
    form = FORM.format(kind="date", check=". &gt; '2026-11-01' and . &lt; today()")
    session = FormSession(read_form(form), clock=CLOCK)
    for day, fits in ((least, True), (most, True), (TODAY, False), (date(2026, 11, 1), False)):
        session.answer("/data/day", day)
        assert (session.node("/data/day").violation == "") is fits, day


def test_what_is_refused_is_said_and_the_answer_stays():
    session = FormSession(read_form(FORM.format(kind="date", check="true()")), clock=CLOCK)
    session.answer("/data/day", "2026-11-20")
    changes = session.refuse("/data/day", "There is no 31 February.")
    assert changes.problems == {"/data/day"}
    assert session.node("/data/day").value == "2026-11-20"
    assert [p.message for p in session.validate()] == ["There is no 31 February."]
    session.answer("/data/day", "2026-11-21")
    assert session.validate() == ()
