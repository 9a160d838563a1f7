"""What a round did to somebody's work is said once; an ordinary round says nothing."""

from __future__ import annotations

import pytest

from desktop.operations.exchange import told_words
from sync.client.exchange import RoundReport
from tests.sync.claims import a_case


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (RoundReport(), ""),
        (RoundReport(pushed=3, pulled=9), ""),
        (
            RoundReport(passed_on=["a"], left=4),
            "1 change went to another coach: the case is with them now.",
        ),
        (
            RoundReport(left=4),
            "4 records have left this laptop: the case is with somebody else now.",
        ),
        (RoundReport(left=400, held_back=400), ""),
        (
            RoundReport(refused=["a", "b"]),
            "2 changes were not taken: “Where everything is” says why.",
        ),
        (
            RoundReport(mended=1),
            "1 record was not as the council has them, and put right.",
        ),
    ],
)
def test_the_words(report, words):
    assert told_words(report) == words


def test_work_that_went_with_its_case_is_told(quick):
    ann, _, lee = (quick.laptop(who) for who in ("ann", "ben", "lee"))
    case = a_case(ann)
    quick.settle_down()
    ann.set(case.id, place="Rye")
    quick.ask(lee, "case.transfer", case.id, to_coach_id="ben")
    said = told_words(quick.round(ann))
    assert said == "1 change went to another coach: the case is with them now."
    assert told_words(quick.round(ann)) == ""
