"""A value stands in its column as the table classes say, though none of them is loaded for it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from forms.facts.kinds import KINDS, Kind
from storage.columns import FIRST, reader, writer
from storage.tables import RecordRow, VaultRow

ROOT = Path(__file__).parents[2]
DIALECT = SQLiteDialect_pysqlite()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
VALUES: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(),
    int: st.integers(0, 2**63 - 1),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES),  # noqa: DTZ001
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    tuple: st.lists(st.text()).map(tuple),
    dict: st.dictionaries(st.text(), JSON),
}


def mapped(column: Column[Any]) -> tuple[Any, Any]:
    """How the mapper itself writes and reads this column."""
    kept = column.type.dialect_impl(DIALECT)
    return kept.bind_processor(DIALECT), kept.result_processor(DIALECT, None)


def columns_of(wanted: type) -> list[Column[Any]]:
    return [
        VaultRow.metadata.tables[kind.name].c[name]
        for kind in KINDS.values()
        for name, each in types_of(kind).items()
        if each is wanted
    ]


def types_of(kind: Kind) -> dict[str, type]:
    return {**FIRST, **{spec.name: spec.type for spec in kind.specs}}


def test_every_type_of_a_field_has_its_way() -> None:
    used = {each for kind in KINDS.values() for each in types_of(kind).values()}
    assert used == set(VALUES)
    assert set(FIRST) == set(RecordRow.model_fields)


@pytest.mark.parametrize("wanted", list(VALUES), ids=lambda each: each.__name__)
@given(data=st.data())
def test_a_value_is_kept_and_read_as_by_the_mapper(wanted: type, data: st.DataObject) -> None:
    value = data.draw(VALUES[wanted])
    ways = {type(column.type): mapped(column) for column in columns_of(wanted)}
    assert ways
    write, read = writer(wanted), reader(wanted)
    kept = write(value) if write else value
    for their_write, their_read in ways.values():
        assert kept == (their_write(value) if their_write else value)
        again = read(kept) if read else kept
        assert again == (their_read(kept) if their_read else kept) == value
        assert type(again) is wanted
    for empty in (write, read):
        assert empty is None or empty(None) is None


def test_a_moment_without_its_zone_is_refused() -> None:
    write = writer(datetime)
    assert write is not None
    with pytest.raises(ValueError, match="zone"):
        write(datetime(2026, 1, 2))  # noqa: DTZ001
    assert write(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02 00:00:00.000000"


def test_neither_the_window_nor_the_process_of_the_figures_loads_the_mapper() -> None:
    code = (
        "import sys\n"
        "from importlib import import_module\n"
        "from desktop import ahead, program, figures_worker\n"
        "program.warm()\n"
        "for name in ahead.modules(): import_module(name)\n"
        "print(len(sys.modules) > 500, sorted({'sqlalchemy', 'sqlmodel', 'pydantic'} & "
        "set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "True []\n"
