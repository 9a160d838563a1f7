"""Core journeys by keys alone: every press goes to whatever has the focus, as a keyboard's does.

A control that Tab does not reach, or that a key does not press, ends the journey.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from forms.facts.casework import Action, ChecklistItem, CoachingSession
from forms.facts.people import Dpia, Leader
from forms.values import new_id
from tests.desktop.shell.conftest import clock, program  # noqa: F401 -- fixtures
from tests.desktop.shell.world import TODAY
from tests.desktop.whole.keyboard import CTRL, SHIFT, Keyboard

MARY = "ent-0"


@pytest.fixture
def keys(program, qtbot):  # noqa: F811 -- the fixture
    return Keyboard(program, qtbot)


def test_find_anyone(keys):
    keys.press(Qt.Key.Key_K, CTRL)
    keys.type("whitc")
    keys.press(Qt.Key.Key_Return)
    assert keys.place.get("id") == "ent-2"


def test_log_a_visit(keys):
    keys.press(Qt.Key.Key_2, CTRL)
    keys.type("mary")
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    assert keys.place.get("id") == MARY
    keys.tab_to("Timeline")
    keys.press(Qt.Key.Key_Space)
    keys.tab_to("Write what happened")
    keys.type("Saw the policy, all in order")
    keys.tab_to("Kind")
    keys.choose("Visit")
    keys.tab_to("How long?")
    keys.type("50")
    keys.tab_to("Add to the timeline")
    keys.press(Qt.Key.Key_Space)
    (made,) = [
        s for s in keys.reader.all(CoachingSession, enterprise_id=MARY) if "policy" in s.note
    ]
    assert (made.kind, made.minutes, made.on) == ("visit", 50, TODAY)
    keys.program.desk.view.undo.clear()


def test_a_promise_kept_today(keys):
    keys.press(Qt.Key.Key_1, CTRL)
    keys.tab_to("Done: Send the price list")
    keys.press(Qt.Key.Key_Space)
    assert keys.reader.get(Action, "mine-0").done_on == TODAY
    keys.press(Qt.Key.Key_Z, CTRL)
    assert keys.reader.get(Action, "mine-0").done_on is None
    keys.program.desk.view.undo.clear()


def test_add_an_enterprise(keys):
    vault = keys.program.desk.context.session.vault
    signed = Dpia(id=new_id(), version="1", signed_by="A. Officer", signed_on=TODAY)
    keys.program.desk.context.change(lambda unit: unit.add(signed), owner=keys)
    keys.settle()
    keys.press(Qt.Key.Key_N, CTRL | SHIFT)
    keys.tab_to("Name")
    keys.type("Ruth Vale")
    keys.tab_to("Take this person on")
    keys.press(Qt.Key.Key_Space)
    assert "Ruth Vale" in [leader.name for leader in vault.reader.all(Leader)]
    keys.program.desk.view.undo.clear()


def test_tick_an_item(keys):
    keys.program.desk.view.open_route("enterprise", id=MARY, tab="checklist")
    keys.settle()
    keys.tab_to("How far is it?")
    before = {i.id: i.state for i in keys.reader.all(ChecklistItem, enterprise_id=MARY)}
    keys.choose("Doing")
    after = {i.id: i.state for i in keys.reader.all(ChecklistItem, enterprise_id=MARY)}
    assert before != after
    keys.program.desk.view.undo.clear()


def test_lock_and_open_again(keys, qtbot):
    keys.press(Qt.Key.Key_3, CTRL)
    with qtbot.waitSignal(keys.program.opened):
        keys.press(Qt.Key.Key_L, CTRL)  # practice records open again by themselves
    keys.settle()
    assert keys.place.name == "claims"


def test_settings_by_arrows(keys):
    keys.press(Qt.Key.Key_Comma, CTRL)
    keys.tab_to("Colours: Light")
    keys.press(Qt.Key.Key_Right)
    assert keys.program.settings.text("theme") == "dark"


def test_every_page_of_the_rail_and_back(keys):
    for number, name in enumerate(
        ("today", "caseload", "claims", "impact", "reports", "sent_and_safe"), start=1
    ):
        keys.press(getattr(Qt.Key, f"Key_{number}"), CTRL)
        assert keys.place.name == name
    for name in ("reports", "impact", "claims"):
        keys.press(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert keys.place.name == name


def test_the_shortcut_sheet_and_help(keys):
    keys.press(Qt.Key.Key_Slash, CTRL)
    assert keys.place.name == "keys"
    keys.press(Qt.Key.Key_F1)
    assert keys.place.name == "help"


def test_a_report_is_begun(keys):
    keys.press(Qt.Key.Key_5, CTRL)
    made = keys.tab_to("Make the report")
    assert made.isEnabled()
