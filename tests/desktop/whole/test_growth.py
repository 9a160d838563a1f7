"""Thousands of clicks and keys leave nothing behind: no object, timer, thread, file or memory."""

import pytest
from PySide6.QtCore import QTimer

from desktop.views.kit.labels import label
from forms.facts.money import SeedClaim
from forms.facts.people import Enterprise
from tests.desktop.whole.growth import alive, grown
from tests.desktop.whole.laps import Laps

WARM = 2  # laps until every kept screen and cache is there


@pytest.fixture
def laps(whole):
    reader = whole.program.desk.context.session.vault.reader
    ids = [one.id for one in reader.all(Enterprise)][:1]
    claim = reader.all(SeedClaim)[0].id
    return Laps(whole.program, ids, claim)


def run(whole, laps, least):
    """Whole laps until so many actions are done. How many it were."""
    done = 0
    while done < least:
        for _, act in laps.lap():
            act()
            whole.settle()
            done += 1
    assert whole.view.problem.words == ""
    return done


@pytest.mark.timeout(300)
def test_a_few_hundred_actions_leave_nothing_behind(whole, laps):
    run(whole, laps, WARM)
    run(whole, laps, WARM)
    before = alive()
    assert run(whole, laps, 100) >= 100
    assert grown(before, alive(), megabytes=30) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_eight_thousand_actions_leave_nothing_behind(whole, laps):
    run(whole, laps, 400)
    before = alive()
    assert run(whole, laps, 8000) >= 8000
    assert grown(before, alive(), megabytes=40) == []


def test_it_goes_red_on_what_is_kept(whole, laps):
    """A screen that is never let go, a timer nobody stops, a file nobody closes."""
    before = alive()
    kept = [label("kept", "muted") for _ in range(3)]
    for one in kept:
        one.setParent(whole.frame)
    QTimer(whole.frame)
    with open(__file__, encoding="utf-8"):  # noqa: PTH123 -- a handle is what is wanted
        after = alive()
    found = " ".join(grown(before, after, megabytes=30))
    assert "widgets" in found
    assert "timers" in found
    assert "files" in found or after.files == -1
    before = alive()
    from desktop.views.caseload import CaseloadScreen

    again = CaseloadScreen()
    assert any(each.startswith("CaseloadScreen") for each in grown(before, alive(), megabytes=30))
    again.deleteLater()
