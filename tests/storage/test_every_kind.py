"""Every kind of record can be kept, changed, read again, and is an op beside a trail entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from forms.change import Verb
from forms.facts.field import Policy
from forms.facts.kinds import KINDS, Kind, fields_of
from storage.rows import told_whole
from storage.tables import VaultRow
from storage.tables.columns import RecordRow
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, bare_record, full_record, reopen

TRAVELLING = [kind for kind in KINDS.values() if not kind.local]
pytestmark = pytest.mark.parametrize("kind", TRAVELLING, ids=lambda kind: kind.name)


def test_a_record_is_read_as_it_was_written(kind: Kind, tmp_path: Path, vault: Vault) -> None:
    records = [full_record(kind), bare_record(kind)]
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all(records)
    assert [vault.reader.get(kind.cls, record.id) for record in records] == records
    vault.close()
    with reopen(tmp_path / "vault") as again:
        assert again.reader.all(kind.cls) == sorted(records, key=lambda record: record.id)


def test_an_added_record_is_one_op_and_one_entry(kind: Kind, vault: Vault) -> None:
    record = full_record(kind)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(record)
    (op,) = vault.exchange.unsent()
    theirs = {spec.name for spec in kind.specs if spec.policy is Policy.REGISTER}
    assert (op.verb, op.kind, op.record_id, op.actor_id) == (
        Verb.NEW,
        kind.name,
        record.id,
        COACH,
    )
    assert op.fields == {k: v for k, v in fields_of(record).items() if k not in theirs}
    (entry,) = vault.reader.history(record.id)
    assert (entry.by_id, entry.at) == (COACH, NOON)
    assert told_whole(kind.name, entry.after) == fields_of(record)


def test_the_table_has_the_facts_fields_and_no_others(kind: Kind) -> None:
    table = VaultRow.metadata.tables[kind.name]
    own = {"id", *(spec.name for spec in kind.specs)}
    shared = set(RecordRow.model_fields)
    assert {column.name for column in table.c} == own | shared
    optional = {spec.name for spec in kind.specs if spec.optional}
    assert {column.name for column in table.c if column.nullable} == optional
