"""A small form, filled in: what a renderer sees and what an answer changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import SetClock

HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms">'
)
XFORM = (
    HEAD
    + """<h:head><h:title>Small</h:title><model>
<instance><data id="small" version="1">
 <who><name/><age/><kind/><born/></who>
 <line jr:template=""><cost/><double/></line><line><cost/><double/></line>
 <total/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/who/name" type="string" required="true()" jr:requiredMsg="Say a name"/>
<bind nodeset="/data/who/age" type="int" constraint=". &lt; 120" jr:constraintMsg="Too old"/>
<bind nodeset="/data/who/kind" type="string" relevant="/data/who/age &gt;= 18"/>
<bind nodeset="/data/who/born" type="date" constraint=". &lt;= today()"/>
<bind nodeset="/data/line/cost" type="decimal"/>
<bind nodeset="/data/line/double" type="string" calculate="../cost * 2"/>
<bind nodeset="/data/meta/instanceID" type="string" jr:preload="uid"/>
<bind nodeset="/data/total" type="string" calculate="sum(/data/line/cost)"/>
</model></h:head><h:body>
<group ref="/data/who"><label>About you</label>
 <input ref="/data/who/name"><label>Name</label></input>
 <input ref="/data/who/age"><label>Age of <output value="/data/who/name"/></label></input>
 <select1 ref="/data/who/kind"><label>Kind</label>
  <item><label>One</label><value>one</value></item>
  <item><label>Two</label><value>two</value></item></select1>
 <input ref="/data/who/born"><label>Born</label></input></group>
<group ref="/data/line"><label>Lines</label><repeat nodeset="/data/line">
 <input ref="/data/line/cost"><label>Cost</label></input></repeat></group>
</h:body></h:html>"""
)


def opened(draft: str | None = None) -> FormSession:
    clock = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return FormSession(read_form(XFORM), clock=clock, instance_xml=draft)


def said(session: FormSession, ref: str) -> str:
    problem = session.node(ref).problem
    return "" if problem is None else problem.message


def test_pages_are_the_top_groups_and_repeats():
    session = opened()
    assert [page.label for page in session.pages] == ["About you", "Lines"]
    kinds = [node.kind for node in session.pages[0].nodes]
    assert kinds == ["text", "integer", "select_one", "date"]
    line = session.pages[1].nodes[0]
    assert (line.kind, line.can_add, [n.kind for n in line.nodes]) == ("repeat", True, ["instance"])


def test_an_answer_shows_what_depends_on_it():
    session = opened()
    assert not session.node("/data/who/kind").relevant
    changes = session.answer("/data/who/age", "18")
    assert changes.relevance == {"/data/who/kind"}
    assert session.node("/data/who/kind").relevant
    assert [choice.label for choice in session.node("/data/who/kind").choices] == ["One", "Two"]


def test_a_hidden_answer_is_kept_but_does_not_count():
    session = opened()
    session.answer("/data/who/age", 30)
    session.answer("/data/who/kind", "two")
    session.answer("/data/who/age", 3)
    assert session.node("/data/who/kind").value == "two"
    assert "kind" not in session.answers()
    assert opened(session.to_xml()).node("/data/who/kind").value == "two"
    assert "<kind" not in session.to_xml(drop_hidden=True)


def test_what_a_question_cannot_hold_is_a_problem_in_words_and_changes_nothing():
    session = opened()
    session.answer("/data/who/age", "20")
    changes = session.answer("/data/who/age", "twenty")
    assert changes.problems == {"/data/who/age"}
    node = session.node("/data/who/age")
    assert node.value == "20"
    assert said(session, node.ref) == "This needs a whole number, such as 12."
    session.answer("/data/who/age", "21")
    assert node.problem is None


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-13-01", "yesterday"])
def test_a_date_that_cannot_be(typed):
    session = opened()
    session.answer("/data/who/born", typed)
    assert session.node("/data/who/born").value == ""
    assert session.node("/data/who/born").problem is not None


def test_a_typed_date_is_kept_as_a_day():
    session = opened()
    session.answer("/data/who/born", "1/2/1980")
    assert session.node("/data/who/born").value == "1980-02-01"


def test_constraints_and_required_answers():
    session = opened()
    session.answer("/data/who/age", 130)
    assert said(session, "/data/who/age") == "Too old"
    assert session.node("/data/who/name").problem is None
    assert {p.message for p in session.validate()} == {"Too old", "Say a name"}
    assert said(session, "/data/who/name") == "Say a name"


def test_repeats_grow_shrink_and_add_up():
    session = opened()
    session.answer("/data/line[1]/cost", "2.50")
    changes = session.add_repeat("/data/line")
    assert changes.added == {"/data/line[2]"}
    session.answer("/data/line[2]/cost", "4")
    assert session.node("/data/total").value == "6.5"
    assert session.node("/data/line[2]/double").value == "8"
    session.remove_repeat("/data/line[1]")
    assert session.node("/data/total").value == "4"
    session.undo()
    assert session.node("/data/total").value == "6.5"
    assert session.node("/data/line[1]/cost").value == "2.50"


def test_undo_goes_back_step_by_step():
    session = opened()
    session.answer("/data/who/name", "Ann")
    session.answer("/data/who/name", "Bea")
    session.undo()
    assert session.node("/data/who/name").value == "Ann"
    session.undo()
    assert session.node("/data/who/name").value == ""
    assert not session.can_undo
    assert not session.undo()


def test_labels_quote_answers():
    session = opened()
    session.answer("/data/who/name", "Ann")
    assert session.node("/data/who/age").label == "Age of Ann"


def test_a_damaged_or_foreign_draft_is_refused_in_words():
    with pytest.raises(FormRefused, match="cannot be read"):
        opened("<data")
    with pytest.raises(FormRefused, match="another form"):
        opened("<other/>")


def test_a_circle_is_refused_by_name():
    circular = XFORM.replace('calculate="../cost * 2"', 'calculate="/data/total + 1"').replace(
        "sum(/data/line/cost)", "sum(/data/line/double)"
    )
    with pytest.raises(FormRefused, match="double, total"):
        FormSession(read_form(circular), clock=SetClock(datetime(2026, 11, 20, tzinfo=UTC)))


def test_a_draft_with_entities_expands_nothing():
    bomb = (
        '<!DOCTYPE data [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        '<data id="small"><who><name>&b;&f;</name></who></data>'
    )
    session = opened(bomb)
    assert session.node("/data/who/name").value == ""


def test_what_is_no_number_or_choice_is_refused_in_words():
    session = opened()
    cases = {
        ("/data/line[1]/cost", "a lot"): "such as 12.50",
        ("/data/line[1]/cost", "NaN"): "such as 12.50",
        ("/data/who/age", "99999999999"): "too large",
        ("/data/who/kind", "three"): "Choose from the list",
    }
    for (ref, typed), words in cases.items():
        session.answer(ref, typed)
        assert words in said(session, ref)
        assert session.node(ref).value == ""


def test_a_formula_that_fails_leaves_the_value_and_says_so():
    failing = XFORM.replace("sum(/data/line/cost)", "if(/data/who/age > 1, date('never'), 7)")
    clock = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    session = FormSession(read_form(failing.replace("age > 1", "age &gt; 1")), clock=clock)
    assert session.node("/data/total").value == "7"
    changes = session.answer("/data/who/age", 5)
    assert session.node("/data/total").value == "7"
    assert said(session, "/data/total").startswith("The form could not work this out")
    assert "/data/total" in changes.problems
    session.answer("/data/who/age", 1)
    assert session.node("/data/total").problem is None


def test_a_revision_has_a_new_id_and_names_the_old_one():
    sent = opened().to_xml()
    old = sent.partition("<instanceID>")[2].partition("<")[0]
    clock = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    revised = FormSession(read_form(XFORM), clock=clock, instance_xml=sent, revising=True).to_xml()
    assert f"<deprecatedID>{old}</deprecatedID>" in revised
    assert f"<instanceID>{old}" not in revised
    assert f"<instanceID>{old}" in opened(sent).to_xml()


LISTED = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>L</h:title><model><instance><data id="l"><area/><place/></data></instance>
<instance id="places" src="jr://file-csv/places.csv"/><bind nodeset="/data/place" type="string"/>
</model></h:head><h:body><input ref="/data/area"><label>Area</label></input>
<select1 ref="/data/place"><label>Place</label>
<itemset nodeset="instance('places')/root/item[area = /data/area]">
<value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>"""


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_list_from_a_file_narrows_and_brings_back(separator):
    rows = ["name,label,area", "dover,Dover,east", "deal,Deal,east", "swale,Swale,north"]
    data = "\r\n".join(rows).replace(",", separator).encode("utf-8-sig")
    clock = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    session = FormSession(read_form(LISTED), clock=clock, files={"places.csv": data})
    session.answer("/data/area", "east")
    place = session.node("/data/place")
    assert [choice.label for choice in place.choices] == ["Dover", "Deal"]
    session.answer("/data/place", "deal")
    assert "/data/place" in session.answer("/data/area", "north").values
    assert place.value == ""
    assert "<place>deal</place>" in session.to_xml()
    session.answer("/data/area", "east")
    assert place.value == "deal"


def test_a_list_that_is_not_there_is_empty():
    session = FormSession(read_form(LISTED), clock=SetClock(datetime(2026, 11, 20, tzinfo=UTC)))
    session.answer("/data/area", "east")
    assert session.node("/data/place").choices == ()
