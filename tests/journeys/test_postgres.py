"""The same journey against a real PostgreSQL that the test starts."""

from pathlib import Path

import pytest

from desktop.journey.outcome import outcome
from tests.journeys.test_totals import EXPECTED
from tests.support.postgres import database
from tests.support.story import played

pytestmark = pytest.mark.postgres


def test_the_same_journey_gives_the_same_totals(tmp_path: Path):
    with database() as url, played(database=url) as story:
        result = outcome(story.scene, tmp_path / "report")
    assert {name: result[name] for name in EXPECTED} == EXPECTED
    assert result["sync"]["conflicts_kept"] == result["sync"]["conflicts_settled"] == 1
