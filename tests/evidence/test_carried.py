"""A report on its way to who draws it: what arrives is what left, and nothing of the records."""

import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.blocks import HIDDEN, Column, Document, Format, Heading, Table
from evidence.carried import unwrapped, unwrapped_sheet, wrapped, wrapped_sheet
from evidence.dossier import gather
from evidence.figures import indicators, without_records
from evidence.making import build, parts
from evidence.order import Order
from forms.rules.indicators import DEFINITIONS
from tests.evidence.test_every_report import ORDERS, OTHERS
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases

WORDS = st.text('aZ \n"\\=é\u0639\u2068', max_size=6)
CELLS = st.one_of(
    st.none(),
    WORDS,
    st.integers(-(2**40), 2**40),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999),
    st.dates(),
    st.just(HIDDEN),
)
COLUMNS = st.sampled_from([CELLS, WORDS, st.integers(0, 9), st.none() | WORDS])


@pytest.fixture(scope="module")
def dossier():
    return gather(Listed(twelve_cases()), a_pack(), END)


def alike(one, other):
    """Equal, and of the same types: a count is no amount of money."""
    return one == other and repr(one) == repr(other)


@pytest.mark.parametrize("order", [*ORDERS, *OTHERS], ids=lambda o: f"{o.report}-{o.published}")
def test_every_report_arrives_as_it_left(order, dossier):
    document = build(order, dossier)
    assert alike(unwrapped(wrapped(document)), document)


def test_the_sheets_of_a_workbook_follow_one_by_one(dossier):
    order = Order(kind="xlsx", target="")
    whole = build(order, dossier)
    first, *rest = parts(order, dossier)
    assert alike(unwrapped(first), replace(whole, sheets=()))
    assert alike(tuple(map(unwrapped_sheet, rest)), whole.sheets)
    assert len(list(parts(replace(order, kind="pdf"), dossier))) == 1
    assert len(list(parts(replace(order, published=True), dossier))) == 1


@given(data=st.data())
def test_any_cell_arrives_as_what_it_is(data):
    wide = data.draw(st.integers(1, 4))
    columns = [
        data.draw(st.sampled_from([CELLS, st.text("ab"), st.integers()])) for _ in range(wide)
    ]
    rows = data.draw(st.lists(st.tuples(*columns), max_size=12))
    table = Table(
        key="k",
        caption="c",
        columns=tuple(Column(str(n), Format.COUNT) for n in range(wide)),
        rows=tuple(rows),
        total=rows[0] if rows else None,
    )
    assert alike(unwrapped_sheet(wrapped_sheet(table)), table)


def test_many_rows_arrive_in_their_order(monkeypatch):
    monkeypatch.setattr("evidence.carried._AT_ONCE", 3)
    monkeypatch.setattr("evidence.carried._PIECE", 7)
    rows = tuple((f"row {n}", n, Decimal(n) / 4, None) for n in range(20))
    columns = tuple(Column(str(n)) for n in range(4))
    table = Table(key="k", caption="c", columns=columns, rows=rows)
    assert alike(unwrapped_sheet(wrapped_sheet(table)), table)
    assert alike(unwrapped(wrapped(_document(table, table))), _document(table, table))


def test_one_name_in_many_rows_is_held_once():
    table = Table(
        key="k",
        caption="c",
        columns=(Column("a"), Column("b")),
        rows=tuple((f"Cedar {n % 2}", date(2026, 1, 1)) for n in range(1_200)),
    )
    _head, came, _end = unwrapped(wrapped(_document(table))).blocks
    assert len({id(row[0]) for row in came.rows}) == 2


def test_what_is_cut_off_or_foreign_is_no_report(dossier):
    whole = wrapped(build(Order(kind="pdf", target=""), dossier))
    with pytest.raises(zlib.error):
        unwrapped(whole[:-10])
    for foreign in (b'{"":"Popen","args":["true"]}\n', b'{"":"os.system","of":"true"}\n'):
        with pytest.raises(KeyError):
            unwrapped_sheet(zlib.compress(foreign))
    with pytest.raises(msgspec.DecodeError):
        unwrapped(zlib.compress(b"nothing of ours\n"))
    with pytest.raises(TypeError):
        wrapped_sheet(replace(_table(), note=object()))


def test_figures_without_their_records_say_the_same(dossier):
    known = tuple(map(without_records, indicators(dossier)))
    assert [each.id for each in known] == list(DEFINITIONS)
    assert not any(
        row.record_id or row.enterprise_id
        for each in known
        for figure in each.figures
        for row in (*figure.rows, *figure.denominator, *figure.left_out)
    )
    for order in ORDERS:
        assert build(order, dossier, known) == build(order, dossier)


def _document(*blocks):
    return Document(
        title="t", subtitle="s", council="c", as_of=END, reference="r", provenance="p",
        published=False, blocks=(Heading(1, "h"), *blocks, Heading(1, "end")),
    )  # fmt: skip


def _table():
    return Table(key="k", caption="c", columns=(Column("a"),), rows=(("b",),))
