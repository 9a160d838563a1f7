"""The long walk of the collector: never between a click and its paint, always when a person rests.

By facts: which generations were walked meanwhile, as the collector itself tells it.
"""

import gc
import subprocess
import sys
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton

from desktop import pauses
from desktop.ahead import modules
from desktop.jobs import Jobs, Lane
from desktop.rests import Rests
from desktop.views.enterprise.tabs import PANELS
from desktop.views.main_window_frame import Frame
from desktop.views.screens import SCREENS

OLD_WALK = 2  # its generation


@pytest.fixture
def shortened():
    """As the program runs, and as it was afterwards."""
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    pauses.shorten()
    gc.collect()
    yield
    gc.set_threshold(*before)
    sys.setswitchinterval(turn)


@contextmanager
def walks():
    """Which generations were walked."""
    seen = []

    def heard(phase, about):
        if phase == "start":
            seen.append(about["generation"])

    gc.callbacks.append(heard)
    try:
        yield seen
    finally:
        gc.callbacks.remove(heard)


def heavy():
    """What a large screen makes: many more objects than Python's own limit for a long walk."""
    made = []
    for _ in range(pauses.YOUNG * pauses.MIDDLE * (pauses.DUE + 13)):
        made.append([made])
    return made


@pytest.fixture
def frame(qtbot):
    made = Frame()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def jobs(frame):
    made = Jobs(frame)
    yield made
    assert made.close(5)


def clicked(qtbot, frame):
    """Which generations were walked between a click and the paint that shows its outcome."""
    button = QPushButton("Heavy", frame)
    button.clicked.connect(lambda: setattr(frame, "kept", heavy()))
    button.show()
    with walks() as seen:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        frame.repaint()
    return seen


def test_no_long_walk_between_a_click_and_its_paint(qtbot, frame, shortened):
    seen = clicked(qtbot, frame)
    assert seen.count(1) > pauses.DUE
    assert OLD_WALK not in seen
    assert pauses.is_due()


def test_with_pythons_own_limit_there_is_one(qtbot, frame, shortened):
    """The proof that the test above can go red."""
    gc.set_threshold(pauses.YOUNG, pauses.MIDDLE, 10)
    assert OLD_WALK in clicked(qtbot, frame)


def test_a_lane_does_not_begin_one_either(qtbot, frame, jobs, shortened):
    kept = []
    with walks() as seen:
        jobs.run(heavy, owner=frame, on_done=kept.append, on_failed=kept.append)
        qtbot.waitUntil(lambda: bool(kept))
    assert seen.count(1) > pauses.DUE
    assert OLD_WALK not in seen


def test_a_rest_walks_once_and_not_again_without_need(frame, jobs, shortened):
    rests = Rests(frame, jobs)
    frame.kept = heavy()
    with walks() as seen:
        rests.rest()
        rests.rest()
    assert seen.count(OLD_WALK) == 1
    assert not pauses.is_due()


def test_what_only_holds_itself_goes_in_a_rest(frame, jobs, shortened):
    class Kept:
        def __init__(self):
            self.me = self

    rests = Rests(frame, jobs)
    Kept()
    frame.kept = heavy()
    rests.rest()
    assert not any(type(each) is Kept for each in gc.get_objects())


def test_it_is_no_rest_while_an_answer_is_on_its_way(qtbot, frame, jobs, shortened):
    rests, came, go = Rests(frame, jobs), [], []
    frame.kept = heavy()

    def waits():
        while not go:
            pass

    jobs.run(waits, owner=frame, on_done=came.append, on_failed=came.append, lane=Lane.FIGURES)
    with walks() as seen:
        rests.rest()
        assert seen.count(OLD_WALK) == 0
        assert not rests._quiet.isActive()
        go.append(True)
        qtbot.waitUntil(lambda: bool(came))
        assert rests._quiet.isActive()  # its end begins the next quiet
        rests.rest()
    assert seen.count(OLD_WALK) == 1


def test_a_key_begins_the_quiet_anew_and_closing_ends_it(frame, jobs):
    rests = Rests(frame, jobs)
    assert not rests._quiet.isActive()
    frame.used.emit()
    assert rests._quiet.isActive()
    frame.close()
    assert not rests._quiet.isActive()


def test_after_a_lock_also_what_was_put_out_of_sight_goes(frame, jobs, shortened):
    class Screen:
        def __init__(self):
            self.me = self

    rests = Rests(frame, jobs)
    made = Screen()
    pauses.shorten()  # as after the modules of the screens, with a screen in front
    del made
    rests.rest()
    gc.unfreeze()
    held = any(type(each) is Screen for each in gc.get_objects())
    gc.freeze()
    assert held
    rests.locked()
    rests.rest()
    gc.unfreeze()
    held = any(type(each) is Screen for each in gc.get_objects())
    gc.freeze()
    assert not held


def test_who_never_rests_is_bounded(shortened):
    young, middle, old = gc.get_threshold()
    assert 0 < young * middle * old <= 3_000_000


def test_locking_tells_of_the_rest(program, qtbot):
    program.lock()
    assert program._rests._locked
    program._rests.rest()
    qtbot.waitUntil(lambda: program.jobs.is_idle)
    program._rests.rest()
    assert not program._rests._locked


def test_every_screen_is_loaded_ahead_a_module_a_job(program, qtbot):
    screens = {row.factory.partition(":")[0] for row in SCREENS.values()}
    assert screens | set(PANELS) == set(modules())
    ran, kept = [], program.jobs.run

    def run(work, **how):
        ran.append(how.get("lane"))
        kept(work, **how)

    program.jobs.run = run
    before, turn = gc.get_threshold(), sys.getswitchinterval()
    try:
        program._warmed(None)
        qtbot.waitUntil(lambda: program.jobs.is_idle and not program._ahead.left)
    finally:
        gc.set_threshold(*before)
        sys.setswitchinterval(turn)
    assert ran.count(Lane.FIGURES) == len(modules())
    assert set(modules()) <= set(sys.modules)
    QApplication.processEvents()


def test_every_tab_of_a_record_finds_its_module_loaded():
    """A module that a click loads holds the window up: Qt's own importer reads its source."""
    code = (
        "import ast, inspect, sys\n"
        "from importlib import import_module\n"
        "from desktop.ahead import modules\n"
        "from desktop.views.enterprise import tabs\n"
        "for name in modules(): import_module(name)\n"
        "found = ast.walk(ast.parse(inspect.getsource(tabs)))\n"
        "late = {n.module for n in found if isinstance(n, ast.ImportFrom)}\n"
        "assert len(late) > 6\n"
        "print(sorted(m for m in late if m.startswith('desktop.views') and m not in sys.modules))\n"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True, timeout=60)
    assert told.strip() == "[]"


class Counted(Frame):
    """Notes what comes by its watch."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def eventFilter(self, watched, event):
        self.seen.append(event.type())
        return super().eventFilter(watched, event)


def press(frame):
    none = Qt.KeyboardModifier.NoModifier
    QCoreApplication.sendEvent(frame, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, none))


def test_nothing_that_a_sign_of_life_makes_is_looked_at(qtbot, qapp):
    """Thousands of events of a page that is being opened would each be asked what they are."""
    frame, signs = Counted(), []
    qtbot.addWidget(frame)
    frame.used.connect(lambda: signs.append(1))
    frame.watch(qapp)
    try:
        press(frame)
        with qtbot.waitSignal(frame._again.timeout):  # then it looks again by itself
            frame.seen.clear()
            press(frame)
            assert (signs, frame.seen) == ([1], [])
        press(frame)
        assert len(signs) == 2
    finally:
        qapp.removeEventFilter(frame)
        frame._again.stop()
