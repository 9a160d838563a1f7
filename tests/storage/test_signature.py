"""Signing again adds; nothing that was signed is changed, and it goes where its case goes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from forms.facts.casework import Signature
from forms.facts.people import Enterprise
from forms.rules.signatures import faults, wording_hash
from forms.values import new_id
from storage.errors import AppendOnly
from storage.subject_access import export_subject
from storage.vault import Vault
from tests.storage.samples import COACH, NOON

WORDS = "We talked about these things today: insurance."


def signed(enterprise_id: str) -> Signature:
    return Signature(
        id=new_id(),
        enterprise_id=enterprise_id,
        about="visit",
        wording=WORDS,
        wording_sha256=wording_hash(WORDS),
        name="Mary Thorne",
        way="drawn",
        strokes=("0,0 500,200", "20,20 30,30"),
        signed_at=NOON,
        device="Laptop 17",
        witness_id=COACH,
    )


def test_signing_again_adds_and_replaces_nothing(vault: Vault) -> None:
    one, again = signed("e-1"), signed("e-1")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id="e-1", name="Mary's"))
        unit.add(one)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(again)
    assert vault.reader.all(Signature, enterprise_id="e-1") == sorted(
        [one, again], key=lambda each: each.id
    )
    with pytest.raises(AppendOnly), vault.change(by=COACH, at=NOON) as unit:
        unit.set(Signature, one.id, wording="Something else.")
    kept = vault.reader.get(Signature, one.id)
    assert kept == one
    assert faults(one) == []


def test_a_person_gets_their_signatures_with_everything_else(vault: Vault, tmp_path: Path) -> None:
    mine, other = signed("e-1"), signed("e-2")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all([Enterprise(id="e-1", name="a"), Enterprise(id="e-2", name="b"), mine, other])
    done = export_subject(vault, "e-1", tmp_path / "mine")
    told = json.loads((done.path / "records" / "signature.json").read_text(encoding="utf-8"))
    assert other.id not in json.dumps(told)
    assert mine.id in json.dumps(told)
    assert done.counts["signature"] == 1
