"""A shared screen that was never left: locking, or a power cut, does not lead to the caseload."""

import json
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.operations.vault import session_of, shared_with
from desktop.presenters.together import SITTING
from desktop.presenters.together_promises import HOME, half_from
from desktop.presenters.together_sheet import sitting_from
from desktop.presenters.together_signing import SIGNING
from desktop.program import Program
from forms.facts.casework import ChecklistItem, Signature
from forms.values import SetClock
from storage.vault import Vault
from tests.desktop.together import cut_off
from tests.desktop.together.people import COACH, MARY, NOW, PIN, names
from tests.desktop.together.reading import texts


def test_after_a_lock_in_the_middle_the_records_open_on_the_same_person(
    share, program, settle, locked_and_opened
):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "told us")
    settle()
    locked_and_opened()
    again = program.desk.together.window
    assert again.isVisible()
    assert not program.frame.isVisible()
    assert again.front is again.turn
    assert not [name for name in names() if name in "\n".join(texts(again))]
    assert "item.C07" in again.table.sitting.done
    (not_now,) = [b for b in again.turn.findChildren(QPushButton) if b.text() == "Not now"]
    not_now.click()
    settle()
    assert again.front is again.pin
    again.pin.pin_given.emit(PIN)
    settle()
    assert program.desk.together is None
    assert program.frame.isVisible()


def test_the_caseload_is_not_painted_before_the_way_back_is_found(share, program, monkeypatch):
    share()
    session = session_of(program.desk.context.session.vault)
    assert session.shared == (program.desk.context.today.isoformat(), MARY)
    painted = []
    begin = type(program.desk.view).begin
    monkeypatch.setattr(
        type(program.desk.view),
        "begin",
        lambda view, context: (painted.append(program.frame.isVisible()), begin(view, context)),
    )
    program.desk.together.end()
    assert program.frame.isVisible()
    session.actor = COACH
    program.desk.exchanger.stop()
    old, program.desk = program.desk, None
    Program.open(program, session)
    assert painted == [False]
    assert program.desk.together is not None
    old._second.stop()


def test_who_left_with_the_pin_comes_to_the_caseload_and_one_visit_is_written(
    share, program, settle, locked_and_opened, clock, visits
):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "told us")
    settle()
    clock.moment += timedelta(minutes=25)
    window.ask_to_leave()
    window.pin.pin_given.emit(PIN)
    settle()
    assert [visit.minutes for visit in visits()] == [25]
    assert shared_with(program.desk.context.session.vault) == ("", "")
    clock.moment += timedelta(hours=3)
    again = share()  # later that day: only a look
    assert "item.C07" in again.table.sitting.done
    again.ask_to_leave()
    again.pin.pin_given.emit(PIN)
    settle()
    assert len(visits()) == 1
    locked_and_opened()
    assert program.desk.together is None
    assert program.frame.isVisible()


def test_a_pause_is_no_part_of_the_visit(share, program, settle, clock, visits):
    window = share()
    window.turn.ready.emit()
    clock.moment += timedelta(minutes=10)
    window.pause()
    clock.moment += timedelta(minutes=40)
    window.paused.go_on.emit()
    clock.moment += timedelta(minutes=5)
    window.ask_to_leave()
    window.pin.pin_given.emit(PIN)
    settle()
    assert [visit.minutes for visit in visits()] == [15]


def test_a_sitting_that_was_never_left_is_on_the_timeline_the_next_day(
    share, program, settle, clock, locked_and_opened, visits
):
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "told us")
    settle()
    sat_on = program.desk.context.today
    clock.moment += timedelta(minutes=30)
    window.pause()
    settle()
    clock.moment += timedelta(days=1)
    locked_and_opened()
    assert program.desk.together is None
    assert program.frame.isVisible()
    (visit,) = visits()
    assert (visit.on, visit.minutes) == (sat_on, 30)
    assert "Public liability insurance" in visit.note
    locked_and_opened()
    assert len(visits()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of Unix")
def test_a_power_cut_loses_no_tick_no_word_and_leads_back_to_the_same_person(tmp_path):
    folder = tmp_path / "records"
    ended = subprocess.run(
        [sys.executable, "-m", "tests.desktop.together.cut_off", str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert ended.stdout.split() == ["cut"]
    vault = Vault.open(folder, clock=SetClock(NOW))
    try:
        assert session_of(vault).shared == (NOW.date().isoformat(), MARY)
        (item,) = vault.reader.all(ChecklistItem, enterprise_id=MARY, code="C07")
        assert (item.state, item.said_by) == ("done", "saw it")
        drafts = vault.one_case(MARY).drafts
        assert drafts.read(f"entity_guide/{MARY}/why") == cut_off.TYPED
        assert "item.C07" in sitting_from(drafts.read(SITTING), NOW).done
        assert len(json.loads(drafts.read(f"entity_guide/{MARY}/answers"))) > 10
        half = half_from(drafts.read(HOME))
        assert (half.step, half.typed) == ("item.C07", cut_off.DAY)
        signing = json.loads(drafts.read(SIGNING))
        assert [len(stroke.split()) > 5 for stroke in signing["strokes"]] == [True, True]
        assert sitting_from(drafts.read(SITTING), NOW).page == "sign"
        assert vault.reader.all(Signature, enterprise_id=MARY) == []
    finally:
        vault.close()
