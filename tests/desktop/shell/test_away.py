"""Who leaves the laptop locks the records: by the desktop's signals, with nothing left."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from desktop.away import SAVERS, AwayWatch
from desktop.clipboard import OurClipboard
from tests.desktop.shell.away_child import SESSION

ROOT = Path(__file__).parents[3]


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or not shutil.which("dbus-run-session"),
    reason="dbus-run-session is not on this machine",
)
def test_screen_saver_sleep_and_another_user_are_heard_on_a_real_bus() -> None:
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-m", "tests.desktop.shell.away_child"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen.pop("hears") == [*SAVERS, "sleep", "lock", "session"]
    leaving = {f"{name}={yes}": int(yes) for name in SAVERS for yes in (True, False)}
    assert seen == leaving | SESSION


@pytest.fixture
def watch(qtbot) -> AwayWatch:
    del qtbot
    return AwayWatch()


def test_another_part_of_the_system_going_is_not_leaving(qtbot, watch) -> None:
    said: list[int] = []
    watch.left.connect(lambda: said.append(1))
    watch.session_changed("org.freedesktop.login1.Seat", {"Active": False}, [])
    assert not said


def test_being_told_to_lock_and_being_suspended_are_leaving(qtbot, watch) -> None:
    with qtbot.waitSignal(watch.left):
        watch.told_to_lock()
    with qtbot.waitSignal(watch.left):
        QGuiApplication.instance().applicationStateChanged.emit(
            Qt.ApplicationState.ApplicationSuspended
        )


def test_without_a_bus_the_idle_time_must_do(qtbot, monkeypatch) -> None:
    del qtbot
    monkeypatch.setattr(AwayWatch, "_listen", lambda self: None)
    assert AwayWatch().heard_from == ()


def test_leaving_locks_the_program_and_takes_our_text_off_the_clipboard(program, qtbot) -> None:
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    clipboard = QGuiApplication.clipboard()
    program.desk.clipboard.ours = lambda: True
    clipboard.setText("01303 000000")
    with qtbot.waitSignal(program.locked):
        program.desk.away.left.emit()
    assert clipboard.text() == ""
    qtbot.waitUntil(lambda: program.jobs.is_idle)


def test_what_another_program_copied_stays(qtbot) -> None:
    del qtbot
    clipboard = QGuiApplication.clipboard()
    kept = OurClipboard()
    clipboard.setText("a shopping list")
    kept.ours = lambda: False
    kept.clear()
    assert clipboard.text() == "a shopping list"
    clipboard.clear()
