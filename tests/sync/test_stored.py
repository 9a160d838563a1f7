"""A row that nobody has read says of a few fields what it says when it is read, and edits wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.change import DELETED, Verb
from sync.protocol import WireOp
from sync.register import stored
from sync.register.applying import replace_all
from sync.register.sql_records import _values
from sync.register.stored import REST, Kept, Unread, follow, part_of, standing
from tests.sync.mutants import instead
from tests.sync.test_in_columns import NAMES, VALUES, rows

AT = datetime(2022, 3, 2, 9, tzinfo=UTC)
ASKED = st.lists(
    st.sampled_from([*NAMES, "anonymised_on", "enterprise_id", DELETED, REST, 'a"b', "new\n"]),
    unique=True,
    max_size=4,
).map(tuple)


@st.composite
def kept(draw):
    """(a record, its row as the table has it); some are of somebody who was forgotten."""
    row = draw(rows("r1"))
    row.fields |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "anonymised_on": st.sampled_from(["", "2022-02-01", None]),
                "enterprise_id": st.sampled_from(["", "e1", None]),
            },
        )
    )
    row.versions |= {name: ("3.1",) for name in row.fields if name not in row.versions}
    in_order = {name: row.versions[name] for name in row.fields}  # as they are when read
    row.versions, row.stored = in_order | row.versions, row.place
    return row, Kept._make(_values(row))


def edits():
    values = st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1)
    return st.lists(values, max_size=3)


def wire(values, seq):
    return WireOp(
        seq=seq, hlc=0, actor="ann", verb=Verb.SET, kind="leader", record="r1", fields=values
    )  # fmt: skip


@given(kept(), ASKED)
def test_a_few_fields_of_an_unread_row_are_as_they_are_read(made, names):
    row, one = made
    unread = Unread(one)
    assert standing(unread, names, part_of(names)) == standing(row, names, None)
    if part_of(names) is not None:
        assert unread.texts() == (one.body, one.versions)  # it still is


@given(kept(), edits(), st.integers(0, 3), ASKED)
def test_edits_that_wait_are_there_for_whoever_reads(made, said, looked, names):
    row, one = made
    unread = Unread(one)
    for seq, values in enumerate(said):
        if seq == looked:
            assert unread.versions == row.versions
        before = standing(unread, tuple(values), part_of(tuple(values)))[3]
        follow(unread, wire(values, seq), f"5.{seq}", AT, before)
        replace_all(row, wire(values, seq), f"5.{seq}", AT)
        assert standing(unread, names, part_of(names)) == standing(row, names, None)
    assert _values(unread) == _values(row)
    assert (unread.fields, unread.versions) == (row.fields, row.versions)
    assert _values(unread) == _values(row)
    assert (unread.touched, unread.stored, unread.place) == (row.touched, row.stored, row.place)


DEEP = st.recursive(
    VALUES | st.sampled_from([1, 12, 1.5, -0.0, 1e300, '"name":', 'a"name":1', "\\", "é\n", "x,}"]),
    lambda deeper: (
        st.lists(deeper, max_size=2)
        | st.dictionaries(st.sampled_from([*NAMES, 'x"name']), deeper, max_size=2)
    ),
    max_leaves=4,
)


def put_in(fields, name, value):
    """The body with another value in one field: by its text, or None."""
    return stored._put_in(stored._encode(fields).decode(), name, fields[name], value)


@given(st.dictionaries(st.sampled_from(NAMES), DEEP, min_size=1), DEEP, st.data())
def test_a_value_put_into_a_text_leaves_what_writing_it_anew_leaves(fields, value, data):
    name = data.draw(st.sampled_from(sorted(fields)))
    made = put_in(fields, name, value)
    assert made in (None, stored._encode(fields | {name: value}).decode())


def test_a_plain_text_is_put_in_and_one_that_could_be_meant_twice_is_not():
    assert put_in({"name": "A", "phone": "1"}, "name", "B") == '{"name":"B","phone":"1"}'
    assert put_in({"phone": "1", "name": "A"}, "name", None) == '{"phone":"1","name":null}'
    assert put_in({"more": {"name": "A"}, "name": "A"}, "name", "B") is None
    assert put_in({'na"me': "A"}, 'na"me', "B") is None
    text = '{"name": "A"}'  # not as this program writes it
    assert stored._put_in(text, "name", "A", "B") is None


@pytest.mark.parametrize("body", ['{"more":{"name":null}}', '{"more":{"name":"A"},"name":null}'])
def test_what_a_record_does_not_have_is_written_beside_what_only_looks_like_it(body):
    def made():
        return Unread(
            Kept("r1", "leader", "", "ann", body, '{"*":["3.1"]}', "", "3.1", 0, 0, "", "")
        )

    unread, read = made(), made()
    assert standing(unread, ("name",), part_of(("name",)))[3] == [None]
    follow(unread, wire({"name": "B"}, 1), "5.1", AT, [None])
    replace_all(read, wire({"name": "B"}, 1), "5.1", AT)
    assert _values(unread) == _values(read)


@pytest.mark.parametrize(
    ("edit", "body_then", "versions_then"),
    [
        ({"phone": "2"}, '{"name":"A","phone":"2"}', '{"*":["3.1"],"phone":["5.1"]}'),
        ({"name": "B"}, '{"name":"B","phone":"1"}', '{"*":["3.1"],"name":["5.1"],"phone":["4.1"]}'),
    ],
)
def test_a_record_that_was_edited_before_keeps_what_stands_elsewhere(
    edit, body_then, versions_then
):
    body, versions = '{"name":"A","phone":"1"}', '{"*":["3.1"],"phone":["4.1"]}'
    row = Unread(Kept("r1", "leader", "", "ann", body, versions, "", "3.1", 0, 0, "", ""))
    (name,) = edit
    follow(row, wire(edit, 1), "5.1", AT, standing(row, (name,), part_of((name,)))[3])
    assert row.written() == (body_then, versions_then)


def test_what_a_row_was_read_as_can_be_put_back():
    one = Kept("r1", "leader", "", "ann", '{"name":"A"}', '{"*":["3.1"]}', "", "3.1", 0, 0, "", "")
    unread = Unread(one)
    unread.fields = {"name": "B"}
    assert (unread.fields, unread.versions) == ({"name": "B"}, {"name": ("3.1",)})
    unread.versions = {}
    assert unread.versions == {}
    assert unread.born == ("3.1",)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("REST", "no such name"),  # what stands for every other field is not seen
        ("DELETED", "no such name"),
        ("_ERASED", "no such name"),
        ("_CASE", "no such name"),
    ],
)
def test_a_look_that_misses_something_is_noticed(name, made):
    body = '{"name":"A","anonymised_on":"2022-02-01","enterprise_id":"e1"}'
    versions = f'{{"*":["3.1"],"{DELETED}":["4.2"]}}'
    one = Kept("r1", "leader", "", "ann", body, versions, "", "3.1", 0, 0, "", "")
    whole = standing(Unread(one), ("name",), None)
    part_of.cache_clear()
    try:
        with instead(stored, name, made):
            missed = standing(Unread(one), ("name",), part_of(("name",)))
    finally:
        part_of.cache_clear()
    assert missed != whole
    assert standing(Unread(one), ("name",), part_of(("name",))) == whole
