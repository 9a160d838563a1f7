"""The step of the vault for offers of cases: an older vault gets the table and keeps its own."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from forms.change import Bookmark, Page, RecordState
from forms.facts.handover import Handover
from forms.facts.people import Enterprise
from forms.values import new_id
from tests.storage.golden import VAULTS
from tests.storage.samples import NOON, reopen


def test_a_vault_of_the_first_release_takes_offers_of_cases(tmp_path: Path) -> None:
    shutil.copytree(VAULTS / "0.1.0", tmp_path / "v")
    told = RecordState(
        kind="handover",
        record_id=new_id(),
        fields={
            "case_id": "e1",
            "from_coach_id": "ann",
            "to_coach_id": "ben",
            "district": "E07000105",
            "strand": "home_support",
            "offered_on": "2026-01-05",
            "offered_by_id": "ann",
            "state": "offered",
            "answered_on": None,
        },
        versions={"state": ("7.1",)},
    )
    with reopen(tmp_path / "v") as vault:
        before = vault.reader.all(Enterprise)
        assert before
        vault.exchange.absorb(
            Page(states=(told,), left=(), bookmark=Bookmark(epoch="e", seq=1, chain="c")), NOON
        )
    with reopen(tmp_path / "v") as vault:
        (offer,) = vault.reader.all(Handover, case_id="e1", state="offered")
        assert offer.offered_on == date(2026, 1, 5)
        assert vault.reader.all(Enterprise) == before
