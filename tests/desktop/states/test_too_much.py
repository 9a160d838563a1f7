"""Six hundred enterprises, and one with four hundred of everything: no page grows with the records.

A page that made a widget a record would take seconds to come up, and nobody could read it.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.views.kit.few import Few
from desktop.views.kit.labels import muted
from desktop.views.kit.layout import column
from desktop.views.kit.screen import Screen
from forms.facts.casework import Action, CoachingSession, FormResponse
from forms.facts.handover import Handover
from forms.facts.people import Consent
from forms.values import SetClock, new_id
from tests.desktop.shell.world import COACH, NOW, TODAY, make_vault
from tests.desktop.states.places import ENT, PLACES, NoLine, Place, Waits, opened, over, said

MANY = 400
ROOM = 220  # widgets: a list of 25 lines has some 150; MANY lines would have 1,200 at least
SHOWN = [each for each in PLACES if each.name != "claim"]


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    made = make_vault(tmp_path_factory.mktemp("four") / "vault", SetClock(NOW))
    yield made
    made.close()


@pytest.fixture(scope="module")
def much(tmp_path_factory):
    made = make_vault(tmp_path_factory.mktemp("much") / "vault", SetClock(NOW), extra=600)
    with made.change(by=COACH.id, at=NOW) as unit:
        for number in range(MANY):
            for record in _four_of(number):
                unit.add(record)
    yield made
    made.close()


def _four_of(number):
    day = TODAY - timedelta(days=number)
    mine = {"id": new_id(), "enterprise_id": "ent-1"}
    yield CoachingSession(**mine, on=day, kind="visit", minutes=30)
    mine["id"] = new_id()
    due = TODAY + timedelta(days=number % 9 - 4)
    waiting = "the county" if number % 3 == 0 else ""
    yield Action(**mine, text=f"Do {number}", due_on=due, waiting_on=waiting)
    mine["id"] = new_id()
    yield Consent(**mine, purpose="sharing", given_on=day)
    mine["id"] = new_id()
    yield FormResponse(
        **mine, form_id="idea_check", form_version="1", state="final", finalised_at=NOW
    )
    yield Handover(id=new_id(), case_id="ent-1", from_coach_id="coach-2", to_coach_id=COACH.id)


@pytest.mark.parametrize("place", SHOWN, ids=lambda place: place.label)
def test_no_page_grows_with_the_records(qtbot, four, much, place):
    sizes = []
    for vault in (four, much):
        context = over(vault, jobs=NoLine())
        context.rounds = Waits()
        screen = opened(qtbot, context, place)
        assert context.tell.errors == []
        sizes.append(len(screen.findChildren(QWidget)))
    assert sizes[1] - sizes[0] < ROOM


def test_the_rest_of_a_long_list_is_a_press_away(qtbot, much):
    screen = opened(qtbot, over(much, jobs=NoLine()), Place("enterprise", ENT))
    few = next(each for each in screen.findChildren(Few) if _more(each) is not None)
    assert len([words for words in said(few) if words.startswith("Do ")]) == 10
    more = _more(few)
    assert more.accessibleName() == f"{more.text()}: what comes next"
    more.click()
    assert len([words for words in said(few) if words.startswith("Do ")]) == 35


def test_what_was_opened_stays_open_and_a_printed_page_has_all(qtbot):
    screen = Screen()
    few = Few("things", first=2)
    screen.setLayout(column(few))
    qtbot.addWidget(screen)
    screen.show()

    def lines():
        return len([words for words in said(few) if words.startswith("Line")])

    def show(count):
        few.show_lines([lambda n=n: (muted(f"Line {n}"),) for n in range(count)])
        return lines()

    assert show(2) == 2
    assert _more(few) is None, "a short list has no button"
    assert show(40) == 2
    assert _more(few).text() == "Show 25 more of 38"
    _more(few).click()
    assert _more(few).text() == "Show 13 more"
    assert show(40) == 27
    whole = []  # at once, without another turn of the window
    screen.when_whole(lambda: whole.append(lines()))
    assert whole == [40]
    assert _more(few) is None


def _more(few):
    found = [b for b in few.findChildren(QPushButton) if b.text().startswith("Show ")]
    return next((b for b in found if b.isVisibleTo(few)), None)
