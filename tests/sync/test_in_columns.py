"""A record told in columns says what it says one by one, for whoever asks and whatever changed."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.change import DELETED, Head
from forms.facts.kinds import defaults_of
from forms.values import Role
from sync.columns import states_in_groups, states_of
from sync.protocol import state_to_wire
from sync.register import feed, in_columns
from sync.register.in_columns import InColumns
from sync.register.rows import OpenClash, Person, Row
from sync.register.sql_records import _values
from sync.register.stored import Kept

KINDS = ("leader", "enquiry", "claim_line", "listing", "later_kind")
NAMES = ("name", "phone", "private_note", "district", "grid")
DOTS = st.sampled_from([("3.1",), ("3.2",), ("4.1",), ("3.1", "4.1"), ()])
AT = datetime(2022, 3, 1, 9, tzinfo=UTC)
VALUES = st.none() | st.booleans() | st.integers(-3, 3) | st.text("aß☂", max_size=2)


@st.composite
def rows(draw, record_id):
    fields = draw(st.dictionaries(st.sampled_from(NAMES), VALUES))
    versions = {name: draw(DOTS) for name in fields}
    if draw(st.booleans()):
        versions = dict.fromkeys(fields, ("3.1",)) | draw(
            st.dictionaries(st.sampled_from(NAMES), DOTS)
        )
    if draw(st.integers(0, 5)) == 0:
        versions[DELETED] = ("4.2",)
    heads = {}
    if fields and draw(st.integers(0, 4)) == 0:
        name = draw(st.sampled_from(sorted(fields)))
        both = [Head(dot=dot, value=dot, actor_id="ben", at=AT) for dot in ("3.1", "4.1")]
        heads[name] = OpenClash(before=None, heads=tuple(both))
    return Row(
        id=record_id,
        kind=draw(st.sampled_from(KINDS)),
        fields=fields,
        versions=versions,
        heads=heads,
        born=draw(DOTS),
        deleted=draw(st.integers(0, 5)) == 0,
        last_actor_id=draw(st.sampled_from(["ann", "ben"])),
        last_at=draw(st.sampled_from([None, AT])),
    )


@st.composite
def pages(draw):
    ids = [f"r{n}" for n in range(draw(st.integers(1, 6)))]
    page = [draw(rows(one)) for one in ids]
    changed = {
        one: draw(st.none() | st.frozensets(st.sampled_from([*NAMES, DELETED]))) for one in ids
    }
    role = draw(st.sampled_from(list(Role)))
    return page, changed, Person(id="ann", name="Ann Marsh", role=role)


def _one_by_one(page, changed, person):
    whole = {one for one, names in changed.items() if names is None}
    wanted = feed._Wanted(fields={k: v or frozenset() for k, v in changed.items()}, whole=whole)
    return [state_to_wire(feed._state(row, person, wanted, frozenset({3}))) for row in page]


def _both_ways(page, changed, person):
    """(states told in columns, all states of the page): in columns where that can be."""
    columns, rest = InColumns(person, frozenset({3})), []
    for row in page:
        if not columns.took(Kept._make(_values(row)), changed[row.id]):
            rest.append(row)
    told = states_of(columns.groups())
    return told, [*told, *_one_by_one(rest, changed, person)], columns.groups()


def _by_id(states):
    return sorted(states, key=lambda state: state.record)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault
@given(pages())
def test_columns_say_what_is_said_one_by_one(drawn):
    page, changed, person = drawn
    visible = [row for row in page if feed.sees_fields(person.role, row.kind)]
    told, all_of_it, _ = _both_ways(visible, changed, person)
    expected = _one_by_one(visible, changed, person)
    assert _by_id(all_of_it) == _by_id(expected)
    plain = {state.record for state in states_of(states_in_groups(expected)[0])}
    assert {state.record for state in told} <= plain


def test_a_page_of_edits_is_the_same_groups():
    plain = defaults_of("enquiry")
    many = [
        Row(
            id=f"e{n:03}",
            kind="enquiry",
            fields={**plain, "idea": f"idea {n}"},
            versions=dict.fromkeys(plain, ("3.1",)) | {"idea": (f"4.{n}",)},
            born=("3.1",),
            last_actor_id="ann",
            last_at=AT,
        )
        for n in range(1, 100)
    ]
    person, changed = (
        Person(id="ann", name="", role=Role.COACH),
        {row.id: frozenset({"idea"}) for row in many},
    )
    told, _, groups = _both_ways(many, changed, person)
    assert len(told) == len(many)
    assert groups == states_in_groups(_one_by_one(many, changed, person))[0]


def test_believing_that_one_name_stands_for_all_would_show(monkeypatch):
    """The proof that the comparison sees: with versions believed to be alike it goes red."""
    row = Row(
        id="r",
        kind="enquiry",
        fields={"name": "a", "phone": "b"},
        versions={"name": ("3.1",), "phone": ("4.1",)},
        born=("3.1",),
        last_actor_id="ann",
        last_at=AT,
    )
    person, changed = (
        Person(id="ann", name="", role=Role.COACH),
        {"r": frozenset({"name", "phone"})},
    )
    expected = _one_by_one([row], changed, person)
    assert _both_ways([row], changed, person)[1] == expected
    ordered, in_body, in_versions = in_columns._readers(frozenset({"name", "phone"}))
    alike = in_versions('{"*":["3.1"]}')
    monkeypatch.setattr(in_columns, "_readers", lambda _: (ordered, in_body, lambda _: alike))
    assert _both_ways([row], changed, person)[1] != expected
