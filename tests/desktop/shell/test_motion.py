"""Still means still: no animation of ours, none of Qt's, and the typing mark does not blink."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractAnimation
from PySide6.QtWidgets import QApplication

from desktop import motion
from desktop.bootstrap import Starter
from desktop.views.screens import SCREENS

ROOT = Path(motion.__file__).parent


@pytest.fixture
def starter(program, qapp):
    yield Starter(qapp, program, None)
    motion.apply(qapp, still=False)


def moving(app):
    """What moves or may: effects that are on, a blinking mark, animations that run."""
    found = [effect.name for effect in motion.EFFECTS if app.isEffectEnabled(effect)]
    found += ["blink"] if app.cursorFlashTime() else []
    for window in QApplication.topLevelWidgets():
        found += [
            type(one).__name__
            for one in window.findChildren(QAbstractAnimation)
            if one.state() == QAbstractAnimation.State.Running and one.duration()
        ]
    return found


def test_the_setting_is_honoured_at_once_and_taken_back(starter, program, qapp):
    program.settings.listen(starter._setting_changed)
    motion.apply(qapp, still=False)
    assert "blink" in moving(qapp)
    program.settings.set("reduce_motion", True)
    assert moving(qapp) == []
    program.settings.set("reduce_motion", False)
    assert "blink" in moving(qapp)


def test_nothing_moves_on_any_screen(starter, program, qapp, qtbot):
    motion.apply(qapp, still=True)
    for name, row in SCREENS.items():
        if not row.needs:
            program.desk.view.open_route(name)
            qtbot.waitUntil(lambda: program.jobs.is_idle)
            qapp.processEvents()
            assert moving(qapp) == [], name


def test_the_program_starts_no_animation_of_its_own():
    guilty = [
        str(path)
        for path in ROOT.rglob("*.py")
        if re.search(r"Q(Property|Variant|Sequential|Parallel)Animation|QTimeLine|QMovie|"
                     r"QGraphicsOpacityEffect", path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert guilty == []
