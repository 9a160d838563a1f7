"""The vault of every release opens in this version, whole, and can be worked in."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from forms.facts.people import Enterprise
from forms.values import new_id
from storage import migrations, rebuild
from tests.storage.golden import LETTER, VAULTS, make
from tests.storage.samples import COACH, NOON, reopen

RELEASES = sorted(path.name for path in VAULTS.iterdir() if path.is_dir())


def test_the_first_release_is_kept() -> None:
    assert "0.1.0" in RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_the_vault_of_a_release_opens_whole(tmp_path: Path, release: str) -> None:
    shutil.copytree(VAULTS / release, tmp_path / "v")
    with reopen(tmp_path / "v") as vault:
        assert vault._db.schema() == migrations.newest()
        told = json.loads((VAULTS / release / "told.json").read_text(encoding="utf-8"))
        here = rebuild.kept(vault._db)
        for kind, record_id, fields in told:
            now = here[kind, record_id]
            assert {name: now[name] for name in fields} == fields
        assert len(here) == len(told)
        assert rebuild.differences(vault._db) == []
        assert vault.files.read(hashlib.sha256(LETTER).hexdigest()) == LETTER
        assert vault.drafts.read("note:e-1") == "half typed"
        assert vault.reader.caseload("mary").ids == ("e-1",)
        assert vault.reader.search("Zoë")
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(Enterprise(id=new_id(), name="After"))
        assert vault.exchange.unsent()[-1].fields["name"] == "After"


def test_a_vault_that_is_kept_is_never_made_again() -> None:
    with pytest.raises(SystemExit, match="kept already"):
        make("0.1.0")
