"""The step of the vault: gaps and signposts; an older vault gets them and keeps its own."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

from forms.facts.market import MarketGap, Signpost
from forms.facts.people import ActivityReturn
from forms.values import new_id
from tests.storage.golden import VAULTS
from tests.storage.samples import COACH, NOON, reopen


def test_a_vault_of_the_first_release_takes_gaps_and_hours_close_to_home(tmp_path: Path) -> None:
    shutil.copytree(VAULTS / "0.1.0", tmp_path / "v")
    gap = MarketGap(id=new_id(), opened_on=date(2026, 1, 5), district="E07000105", asked=3)
    way = Signpost(id=new_id(), on=date(2026, 1, 6), shown=("A", "B"), gap_id=gap.id)
    with reopen(tmp_path / "v") as vault:
        before = vault.reader.all(ActivityReturn)
        assert before
        assert all(r.local_hours_week is None for r in before)
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add_all([gap, way])
            unit.set(ActivityReturn, before[0].id, local_hours_week=Decimal("4.5"))
    with reopen(tmp_path / "v") as vault:
        assert vault.reader.all(MarketGap, district="E07000105") == [gap]
        assert vault.reader.get(Signpost, way.id) == way
        after = vault.reader.get(ActivityReturn, before[0].id)
        assert after is not None
        assert after.local_hours_week == Decimal("4.5")
