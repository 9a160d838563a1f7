"""What ODK's functions say, in whole days: one expression and its value at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

import pytest

from forms.engine.lists import list_of
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.engine.typed import NotAnAnswer, checked
from forms.engine.xform_reader import read_form
from forms.engine.xpath.tree import text_of
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><model>'
)
INSTANCE = (
    "<instance><data id='f'><a/><m>1 2 3</m><r jr:template=''><q>1</q></r><r><q>4</q></r>"
    "<r><q>5</q></r><out/></data></instance><instance id='l'><root>"
    "<item><name>x</name><label>Ex</label><n>2</n></item>"
    "<item><name>y</name><label>Why</label><n>10</n></item></root></instance>"
)
BODY = (
    "</model></h:head><h:body><input ref='/data/a'/><group ref='/data/r'>"
    "<repeat nodeset='/data/r'><input ref='/data/r/q'/></repeat></group></h:body></h:html>"
)


def value_of(expression: str) -> str:
    bind = f"<bind nodeset='/data/out' type='string' calculate={quoteattr(expression)}/>"
    session = FormSession(read_form(HEAD + INSTANCE + bind + BODY), clock=CLOCK)
    return session.node("/data/out").value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(-1.4)", "-1"),
        ("round(12345.678,-2)", "12300"),
        ("round(1.005,2)", "1.01"),
        ("round('x')", ""),
        ("base64-decode('SGVsbG8=')", "Hello"),
        ("base64-decode('SGVsbG8')", "Hello"),
        ("base64-decode('not base64!!')", ""),
        ("selected('', '')", "true"),
        ("selected('a b', '')", "false"),
        ("selected('a b', 'a b')", "false"),
        ("area('')", ""),
        ("round(0.125, 2)", "0.13"),
        ("round(-0.125, 2)", "-0.13"),
        ("round(1234567.895, 2)", "1234567.9"),
        ("round(-0.4)", "0"),
        ("round(1 div 0)", "Infinity"),
        ("int(-3.9)", "-3"),
        ("int('4.7')", "4"),
        ("int('')", ""),
        ("pow(2,-1)", "0.5"),
        ("pow(0,0)", "1"),
        ("pow(-8, 1 div 3)", ""),
        ("7 mod -3", "1"),
        ("-7 mod 3", "-1"),
        ("5 div 0", "Infinity"),
        ("0 div 0", ""),
        ("substr('hello',1,3)", "el"),
        ("substr('hello',-3)", "llo"),
        ("substring('12345',1.5,2.6)", "234"),
        ("substring('12345',0,3)", "12"),
        ("format-date('1969-07-20','%e %b %Y')", "20 Jul 1969"),
        ("format-date('1066-10-14','%Y-%m-%d')", "1066-10-14"),
        ("format-date(date('2026-01-05'),'%a %d/%n/%y')", "Mon 05/1/26"),
        ("decimal-date-time('1969-12-31')", "-1"),
        ("date(-1)", "1969-12-31"),
        ("date(20776)", "2026-11-19"),
        ("date('2024-02-29') + 365", "20147"),
        ("date('2024-02-29') - date('2024-02-28')", "1"),
        ("format-date-time('2026-11-20T14:05:06.007Z','%H:%M:%S.%3')", "14:05:06.007"),
        ("format-date-time('2026-07-20T14:05:06Z','%h')", "15"),
        ("decimal-time('06:00:00')", "0.25"),
        ("decimal-time('18:00:00.000+01:00')", "0.75"),
        ("today()", "2026-11-20"),
        ("format-date(today(),'%Y')", "2026"),
        ("today() > '2026-11-19'", "true"),
        ("'2026-11-20' = today()", "true"),
        ("selected-at(/data/m,1)", "2"),
        ("count-selected(/data/m)", "3"),
        ("selected(/data/m,'2')", "true"),
        ("sum(/data/r/q)", "9"),
        ("count(/data/r)", "2"),
        ("max(/data/r/q)", "5"),
        ("min(3,/data/r/q)", "3"),
        ("join(', ',/data/r/q)", "4, 5"),
        ("concat(/data/r/q)", "45"),
        ("/data/r[2]/q", "5"),
        ("/data/r[last()]/q", "5"),
        ("/data/r[position()=1]/q", "4"),
        ("indexed-repeat(/data/r/q,/data/r,2)", "5"),
        ("count(/data/r[q > 4])", "1"),
        ("instance('l')/root/item[name='y']/label", "Why"),
        ("pulldata('l','label','name','x')", "Ex"),
        ("sum(instance('l')/root/item/n)", "12"),
        ("count(instance('l')/root/item[n > 5])", "1"),
        ("instance('l')/root/item[number(n) = 10]/name", "y"),
        ("count(instance('l')/root/item[selected('x z', name)])", "1"),
        ("if(true(),1,2)", "1"),
        ("if('','a','b')", "b"),
        ("coalesce('','b')", "b"),
        ("boolean-from-string('true')", "true"),
        ("not('')", "true"),
        ("once('k')", "k"),
        ("translate('bar','abc','AB')", "BAr"),
        ("normalize-space('  a   b ')", "a b"),
        ("string-length('héé')", "3"),
        ("contains('abc','')", "true"),
        ("substring-before('a-b','-')", "a"),
        ("substring-after('a--b','--')", "b"),
        ("ends-with('abc','bc')", "true"),
        ("digest('abc','MD5','hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("base64-decode('aGVsbG8=')", "hello"),
        ("regex('abc','^[a-c]+$')", "true"),
        ("checklist(-1,2,1,0,1)", "true"),
        ("weighted-checklist(-1,-1,1,2)", "true"),
        ("distance('0 0;0 1')", "111318.85"),
        ("string(1000000)", "1000000"),
        ("string(0.1 + 0.2)", "0.30000000000000004"),
        ("string(1.10)", "1.1"),
        ("string(-0)", "0"),
        ("number('1e3')", ""),
        ("log10(1000)", "3"),
        ("exp10(2)", "100"),
        ("sqrt(16)", "4"),
        ("atan2(0,1)", "0"),
        ("abs(-2)", "2"),
        ("ceiling(1.2)", "2"),
        ("floor(-1.2)", "-2"),
        ("../a", ""),
        ("current()/../m", "1 2 3"),
        ("position(/data/r[2])", "2"),
        ("count(randomize(/data/r))", "2"),
        ("string(true())", "true"),
        ("'a' < 'b'", "false"),
        ("'2026-01-02' > '2026-01-01'", "true"),
        ("'10' > '9'", "true"),
        ("true() = 'x'", "true"),
        ("count(/data/*)", "6"),
        ("count(//q)", "2"),
        ("name(..)", "data"),
        ("local-name(/data/a)", "a"),
        ("jr:choice-name('x','/data/a')", ""),
        ("count-non-empty(/data/r/q)", "2"),
        ("uuid(4) = uuid(4)", "false"),
        ("string-length(uuid())", "36"),
        ("position(..)", "1"),
        ("now() > today()", "true"),
        ("random() < 1", "true"),
        ("date-time('2026-11-20T12:00:00Z')", "2026-11-20T12:00:00.000+00:00"),
        ("date('2026-11-20T12:00:00Z')", "2026-11-20"),
        ("date('')", ""),
        ("number(date('1970-01-10'))", "9"),
        ("date('1970-01-01') = 0", "true"),
        ("format-date('', '%Y')", ""),
        ("format-date('2026-12-31','%W %u')", "53 2026"),
        ("number('1970-01-10')", "9"),
        ("string(number('1969-12-31'))", "-1"),
        ("count(randomize(instance('l')/root/item, ''))", "2"),
        ("lang('')", "false"),
        ("digest('abc','SHA-1','hex')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("regex('٣','^\\\\d$')", "false"),
        ("regex('ab','(?<x>a)b')", "true"),
        ("string-length(uuid(20))", "20"),
        ("count-selected('a\\u00a0b')", "1"),
    ],
)
def test_a_function_says_what_the_standard_says(expression, value):
    assert value_of(expression) == value


@pytest.mark.parametrize("expression", ["digest('a', 'MD9')", "digest('a', 'md5')", "uuid('x')"])
def test_what_a_function_cannot_do_is_a_problem(expression):
    bind = f"<bind nodeset='/data/out' calculate={quoteattr(expression)}/>"
    session = FormSession(read_form(HEAD + INSTANCE + bind + BODY), clock=CLOCK)
    problem = session.node("/data/out").problem
    assert problem is not None
    assert problem.code == "formula-fault"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("time", "14:30", "14:30"),
        ("time", "22:02:00.000+07:00", "22:02:00.000+07:00"),
        ("datetime", "20/11/2026 9:05", "2026-11-20T09:05:00"),
        ("datetime", "2026-11-20 14:30", "2026-11-20T14:30:00"),
        ("datetime", "2026-04-22T14:30:00.123-05:00", "2026-04-22T14:30:00.123-05:00"),
        ("datetime", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z"),
        ("date", "1/3/1969", "1969-03-01"),
        ("integer", "1,200", "1200"),
        ("decimal", "£12.50", "12.50"),
    ],
)
def test_what_is_typed_is_kept_as_its_kind_keeps_it(kind, typed, kept):
    assert checked(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        *[("time", t) for t in ("25:02:00", "24:00", "22:60", "22:02:61", "noon", "22")],
        *[("time", t) for t in ("22:02:00+25:00", "22:02:00.Z", "2026-02-24T22:02:00")],
        *[("datetime", t) for t in ("2026-04-22", "14:30:00Z", "2026-13-22T14:30:00Z")],
        *[("datetime", t) for t in ("2026-04-31T14:30:00Z", "2026-02-29T14:30:00Z")],
        *[("datetime", t) for t in ("2026-04-22T25:30:00Z", "2026-04-22T14:30:00+0700")],
        *[("datetime", t) for t in ("2026-04-22 14:30:00Z", "2026-4-2T14:3:0Z", "soon")],
        ("date", "31/2/2026"),
        ("geopoint", "91 0"),
    ],
)
def test_what_its_kind_cannot_hold_is_refused_in_words(kind, typed):
    with pytest.raises(NotAnAnswer, match=r"\.$"):
        checked(kind, typed)


def test_a_range_holds_to_its_ends():
    xform = (
        HEAD + "<instance><data id='f'><g/></data></instance><bind nodeset='/data/g' type='int'/>"
        "</model></h:head><h:body><range ref='/data/g' start='-2' end='4' step='1'/></h:body>"
        "</h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    session.answer("/data/g", "4")
    session.answer("/data/g", "5")
    node = session.node("/data/g")
    assert node.value == "4"
    assert node.problem is not None
    assert node.problem.message == "This needs a number from -2 to 4."


def test_a_smaller_number_undone_brings_the_answers_back():
    xform = (
        HEAD + "<instance><data id='f'><n/><r jr:template=''><q/></r><all/></data></instance>"
        "<bind nodeset='/data/n' type='int'/><bind nodeset='/data/all' calculate=\"join(',', "
        "/data/r/q)\"/></model></h:head><h:body><input ref='/data/n'/><group ref='/data/r'>"
        "<repeat nodeset='/data/r' jr:count='/data/n'><input ref='/data/r/q'/></repeat></group>"
        "</h:body></h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    session.answer("/data/n", "3")
    for place, text in enumerate("abc", 1):
        session.answer(f"/data/r[{place}]/q", text)
    session.answer("/data/n", "1")
    assert session.node("/data/all").value == "a"
    session.undo()
    assert session.node("/data/all").value == "a,b,c"
    session.undo()
    assert session.node("/data/all").value == "a,b,"


GEO = b"""{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": "k1", "geometry": {"type": "Point", "coordinates": [1.5, 51]},
  "properties": {"title": "Home", "floors": 2.0, "open": true, "note": null}},
 {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
  "properties": {"id": 7, "title": "Walk"}}]}"""


def test_places_of_a_geojson_file_are_a_list():
    root = list_of(GEO, "places.geojson").kids[0]
    rows = [{cell.local: text_of(cell) for cell in item.kids} for item in root.kids]
    assert rows == [
        {"geometry": "51 1.5 0 0", "id": "k1", "title": "Home", "floors": "2", "open": "true",
         "note": ""},
        {"geometry": "2 1 0 0; 4 3 0 0", "id": "7", "title": "Walk"},
    ]  # fmt: skip


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"features": [{"geometry": null}]}', b"[" * 9_000])
def test_a_geojson_file_that_is_none_is_refused_in_words(data):
    with pytest.raises(FormRefused, match="cannot be read as GeoJSON"):
        list_of(data, "places.geojson")


def test_a_number_that_looks_at_how_many_there_are_opens_and_people_add():
    xform = (
        HEAD + "<instance><data id='f'><n/><r jr:template=''><q/></r></data></instance>"
        "<bind nodeset='/data/n' calculate='count(/data/r) + 1'/></model></h:head><h:body>"
        "<group ref='/data/r'><repeat nodeset='/data/r' jr:count='/data/n'>"
        "<input ref='/data/r/q'/></repeat></group></h:body></h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    begun = len(session.node("/data/r").all_nodes)
    assert 1 <= begun <= 2  # not as many as it could be worked out anew
    assert session.node("/data/r").can_add
    session.add_repeat("/data/r")
    assert begun < len(session.node("/data/r").all_nodes) <= begun + 2


def test_a_number_begins_with_what_the_form_is_written_with():
    xform = (
        HEAD + "<instance><data id='f'><n>0</n><r jr:template=''><q>T</q></r><r><q>one</q></r>"
        "<r><q>two</q></r></data></instance></model></h:head><h:body><input ref='/data/n'/>"
        "<repeat nodeset='/data/r' jr:count='/data/n'><input ref='/data/r/q'/></repeat></h:body>"
        "</h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    assert session.node("/data/r").all_nodes == ()
    session.answer("/data/n", "3")
    values = [session.node(f"/data/r[{place}]/q").value for place in (1, 2, 3)]
    assert values == ["one", "two", "T"]


def test_a_repeat_that_nobody_may_add_to_has_one():
    xform = (
        HEAD + "<instance><data id='f'><r jr:template=''><q/></r></data></instance></model>"
        "</h:head><h:body><repeat nodeset='/data/r' jr:noAddRemove='true()'>"
        "<input ref='/data/r/q'/></repeat></h:body></h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    assert len(session.node("/data/r").all_nodes) == 1
    assert not session.node("/data/r").can_add


def test_one_more_until_somebody_says_no():
    xform = (
        HEAD + "<instance><data id='f'><c/><n/><r><q/></r></data></instance>"
        "<bind nodeset='/data/c' calculate='count(/data/r)'/><bind nodeset='/data/n' "
        "calculate=\"if(/data/c = 0 or /data/r[position() = /data/c]/q = 'yes', /data/c + 1, "
        "/data/c)\"/></model></h:head><h:body><repeat nodeset='/data/r' jr:count='/data/n'>"
        "<input ref='/data/r/q'/></repeat></h:body></h:html>"
    )
    session = FormSession(read_form(xform), clock=CLOCK)
    found = []
    for place, said in enumerate(("yes", "yes", "no"), 1):
        session.answer(f"/data/r[{place}]/q", said)
        found.append(len(session.node("/data/r").all_nodes))
    assert found == [2, 3, 3]


def form_with(instance: str, binds: str, body: str) -> FormSession:
    xform = (
        f"{HEAD}<instance><data id='g'>{instance}</data></instance>{binds}</model></h:head>"
        f"<h:body>{body}</h:body></h:html>"
    )
    return FormSession(read_form(xform), clock=CLOCK)


CHILDREN = (
    "<group ref='/data/child'><label>Child of <output value='../of'/></label>"
    "<repeat nodeset='/data/child'><input ref='/data/child/name'/></repeat></group>"
    "<select1 ref='/data/first'><itemset nodeset='/data/child[name != &quot;&quot;]'>"
    "<value ref='id'/><label ref='name'/></itemset></select1>"
)


def test_choices_that_are_answers_follow_them():
    session = form_with(
        "<of>Ann</of><child jr:template=''><name/><id/></child><first/>",
        "<bind nodeset='/data/child/id' calculate='concat(&quot;id-&quot;, ../name)'/>",
        CHILDREN,
    )
    session.add_repeat("/data/child")
    session.answer("/data/child[1]/name", "Bo")
    assert [(c.value, c.label) for c in session.node("/data/first").choices] == [("id-Bo", "Bo")]
    session.answer("/data/first", "id-Bo")
    changed = session.answer("/data/child[1]/name", "Bob")
    assert [(c.value, c.label) for c in session.node("/data/first").choices] == [("id-Bob", "Bob")]
    assert "/data/first" in changed.choices
    assert session.node("/data/first").value == ""  # what was chosen is no longer offered


def test_the_words_of_choices_that_are_answers_are_told_when_they_change():
    session = form_with("<of/><child jr:template=''><name/><id/></child><first/>", "", CHILDREN)
    session.add_repeat("/data/child")
    session.answer("/data/child[1]/name", "Bo")
    changed = session.answer("/data/child[1]/name", "Bob")
    assert changed.choices == {"/data/first"}


def test_a_repeat_without_instances_is_named_as_its_first_would_be():
    session = form_with(
        "<of>Ann</of><child jr:template=''><name/><id/></child><first/>", "", CHILDREN
    )
    assert session.node("/data/child").label == "Child of Ann"


@pytest.mark.parametrize("rule", ["string-length() &lt; 4", "normalize-space() != 'long'"])
def test_a_rule_that_means_its_own_answer_without_naming_it_is_asked_each_time(rule):
    session = form_with(
        "<a/>", f"<bind nodeset='/data/a' constraint=\"{rule}\"/>", "<input ref='/data/a'/>"
    )
    for text, broken in (("abc", ""), ("long", "constraint"), ("ab", "")):
        session.answer("/data/a", text)
        assert session.node("/data/a").violation == broken


def test_today_moves_on_at_midnight_and_back_with_the_clock():
    clock = SetClock(datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    bind = "<bind nodeset='/data/out' type='string' calculate='today()'/>"
    session = FormSession(read_form(HEAD + INSTANCE + bind + BODY), clock=clock)
    days = []
    for moment in (
        datetime(2026, 11, 21, 0, 0, tzinfo=UTC), datetime(2026, 11, 20, 0, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, 59, tzinfo=UTC),
        datetime(2026, 6, 1, 22, 59, tzinfo=UTC), datetime(2026, 6, 1, 23, 0, tzinfo=UTC),
    ):  # fmt: skip
        clock.moment = moment
        session.refresh()
        days.append(session.node("/data/out").value)
    assert days == [
        "2026-11-21", "2026-11-20", "2026-10-25", "2026-10-25", "2026-06-01", "2026-06-02",
    ]  # fmt: skip


def test_a_value_the_form_gives_a_select_counts_only_while_it_is_offered():
    items = "".join(f"<item><value>{n}</value><label>{n}</label></item>" for n in "23")
    session = form_with(
        "<a/><level/><twice/>",
        "<bind nodeset='/data/level' calculate='/data/a'/>"
        "<bind nodeset='/data/twice' type='string' calculate='/data/level * 2'/>",
        f"<input ref='/data/a'/><select1 ref='/data/level'>{items}</select1>",
    )
    for said, level, twice in (("2", "2", "4"), ("1", "", ""), ("3", "3", "6"), ("", "", "")):
        session.answer("/data/a", said)
        assert session.node("/data/level").value == level
        assert session.node("/data/twice").value == twice
    session.answer("/data/a", "1")
    assert "<level>1</level>" in session.to_xml()  # kept, should it be offered again
    assert "<level/>" in session.to_xml(drop_hidden=True)
    session.undo()
    assert "<level/>" in session.to_xml()
