"""A page told in columns leaves the very rows that it leaves when it is told record by record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.change import Columns, Page
from forms.facts.kinds import KINDS, Kind, fields_of
from forms.facts.people import Enterprise
from storage import absorb, arrivals
from storage.vault import Vault
from tests.storage.register_pages import LATER, edit, now_of, page, state_of
from tests.storage.samples import NOON, bare_record, full_record

TRAVELLING = [kind for kind in KINDS.values() if not kind.local]
TABLES = ("trail", "parked", "clash", "shadow", "caseload", "leaving", "held_back")
ODD = ["", "x\x00", "é", 7, -1, True, None, "2026-02-03", "20260203", "12.50", "12.5e1", [], ["a"]]


class _BackAgain(Exception):
    pass


@contextmanager
def for_now(vault: Vault) -> Iterator[None]:
    """What is done here is taken back."""
    with suppress(_BackAgain), vault._db.transaction():
        yield
        _stop()


def _stop() -> None:
    raise _BackAgain


def block(kind: Kind, records: list[Any], **columns: list[Any]) -> Columns:
    rows = [fields_of(record) for record in records]
    fields = {name: [row[name] for row in rows] for name in rows[0]} | columns
    return Columns(
        kind=kind.name,
        actor_id="coach-2",
        ids=[record.id for record in records],
        dots=[f"9.{n}" for n, _ in enumerate(records, 1)],
        ats=[NOON for _ in records],
        fields=fields,
    )


def rows_after(vault: Vault, told: Page) -> tuple[Any, ...]:
    with for_now(vault):
        changes = absorb.absorb(vault._db, told, LATER)[0]
        kinds = [f'"{kind.name}"' for kind in TRAVELLING]
        rows = [
            sorted(repr(_without_room(row)) for row in vault._db.rows(f"SELECT * FROM {table}"))  # noqa: S608
            for table in (*kinds, *(one for one in TABLES if one != "trail"))
        ]
        story = vault._db.rows("SELECT at, by_id, verb, kind, record_id, before, after FROM trail")
        plain = sorted((*map(str, row[:5]), *(sorted(row[5])), *sorted(row[6])) for row in story)
        said = {(c.kind, c.record_id, c.fields) for c in changes.records}
    return rows, plain, said, changes.conflicts


def _without_room(row: tuple[Any, ...]) -> list[Any]:
    return [value.rstrip(" ") if str(value).startswith("{") else value for value in row]


def both_ways(vault: Vault, told: Columns) -> None:
    columns = replace(page(), columns=(told,))
    assert rows_after(vault, columns) == rows_after(vault, page(*told.states()))


@pytest.mark.parametrize("kind", TRAVELLING, ids=lambda kind: kind.name)
def test_every_kind_arrives_alike_in_columns(kind: Kind, enrolled: Vault) -> None:
    records = [full_record(kind, decided=True), bare_record(kind), full_record(kind)]
    told = block(kind, records)
    both_ways(enrolled, told)
    both_ways(enrolled, block(kind, [bare_record(kind)]))
    some = {name: column for i, (name, column) in enumerate(told.fields.items()) if i % 2}
    both_ways(enrolled, replace(told, fields=some))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_odd_values_are_judged_as_before(enrolled: Vault, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(TRAVELLING))
    records = [full_record(kind, decided=True), bare_record(kind)]
    told = block(kind, records)
    name = data.draw(st.sampled_from([*told.fields, "from_a_newer_program"]))
    values = data.draw(st.lists(st.sampled_from(ODD), min_size=2, max_size=2))
    both_ways(enrolled, replace(told, fields=told.fields | {name: values}))


def test_what_is_here_already_meets_the_register_field_by_field(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="typed here")
    fresh = full_record(KINDS["enterprise"], anonymised_on=None)
    again = Enterprise(id=shared.id, name="Mary's", phone="02", place="Deal")
    told = block(KINDS["enterprise"], [again, fresh])
    both_ways(enrolled, told)
    enrolled.exchange.absorb(replace(page(), columns=(told,)), LATER)
    assert (now_of(enrolled, shared.id).phone, now_of(enrolled, shared.id).place) == (
        "typed here",
        "Deal",
    )


def test_a_whole_page_names_what_its_columns_hold(enrolled: Vault, shared: Enterprise) -> None:
    told = block(KINDS["enterprise"], [shared])
    enrolled.exchange.absorb(replace(page(whole=True), columns=(told,)), LATER)
    assert now_of(enrolled, shared.id) == shared


@pytest.mark.parametrize("kind", TRAVELLING, ids=lambda kind: kind.name)
def test_news_of_what_is_here_is_taken_in_alike(kind: Kind, enrolled: Vault) -> None:
    records = [full_record(kind, decided=True), bare_record(kind), full_record(kind)]
    first = block(kind, records)
    if "anonymised_on" in first.fields:
        first = replace(first, fields=first.fields | {"anonymised_on": [None] * len(records)})
    enrolled.exchange.absorb(replace(page(), columns=(first,)), NOON)
    order = [records[2].id, records[0].id, records[1].id]
    for name, column in first.fields.items():
        fields = {name: [column[1], column[0], column[2]]}
        told = replace(first, ids=order, dots=["9.7", "9.8", "9.9"], fields=fields)
        both_ways(enrolled, told)
    both_ways(enrolled, replace(first, dots=["9.7", "9.8", "9.9"]))
    enrolled.exchange.absorb(page(replace(first.states()[0], deleted=True), seq=20), LATER)
    both_ways(enrolled, replace(first, dots=["9.7", "9.8", "9.9"]))


def test_without_a_look_at_what_is_unsent_typed_work_would_be_lost(
    enrolled: Vault, shared: Enterprise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proof that the look holds the promise."""
    edit(enrolled, shared.id, phone="typed here")
    monkeypatch.setattr(arrivals, "_held", lambda *_: set())
    again = Enterprise(id=shared.id, name="Mary's", phone="02", place="Deal")
    told = block(KINDS["enterprise"], [again])
    told = replace(told, fields={name: told.fields[name] for name in ("phone", "place")})
    enrolled.exchange.absorb(replace(page(), columns=(told,)), LATER)
    assert now_of(enrolled, shared.id).phone == "02"


def test_states_and_columns_say_the_same(enrolled: Vault) -> None:
    record = full_record(KINDS["leader"])
    told = block(KINDS["leader"], [record])
    assert told.states() == [state_of(record, "9.1")]
    assert replace(page(), columns=(told,)).count == 1
