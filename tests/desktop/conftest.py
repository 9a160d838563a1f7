"""One application, no leaks: after a test no timer runs, no lane works, no window is left."""

import gc
import threading

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QThread, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog

from desktop import theme
from desktop.fonts import load
from desktop.jobs import Jobs
from desktop.views.kit import bars


@pytest.fixture(scope="session")
def qapp_args():
    return ["hedgerow-tests"]


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp):
    gc.collect()
    gc.freeze()  # what was imported is not looked at after each test
    qapp.setFont(load())
    theme.apply(qapp, "light", 100)
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)
    qapp.clipboard().clear()  # as when the records lock: what Python put there ends before Python


ASKS = ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory")


@pytest.fixture
def answered_dialogs():
    """Asked for by tests that answer the program's own file dialog themselves."""


@pytest.fixture(autouse=True)
def _nobody_waits(request, monkeypatch):
    """A dialog that nobody answers holds its process up for good: no time limit ends it."""
    if "answered_dialogs" in request.fixturenames:
        return
    for name in ASKS:
        monkeypatch.setattr(QFileDialog, name, _unanswered)


def _unanswered(*_args, **_named):
    raise AssertionError("a file dialog was opened that nobody answers")


@pytest.fixture(autouse=True)
def _nothing_left(qapp, request):
    """After each test with a window or a lane: no window, timer or thread of ours is left."""
    yield
    if "qtbot" not in request.fixturenames:
        return
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = leaks()
    assert not left, f"left running after the test: {left}"


def leaks():
    """What still runs: active timers without an owner on screen, Qt threads, our lanes."""
    gc.collect()
    living = [o for o in gc.get_objects() if isinstance(o, QTimer | QThread) and _is_valid(o)]
    found = [
        f"timer of {type(each.parent()).__name__}"
        for each in living
        if isinstance(each, QTimer) and each.isActive()
    ]
    found += [
        f"thread {each}"
        for each in living
        if isinstance(each, QThread) and each.isRunning() and each is not QThread.currentThread()
    ]
    found += [each.name for each in threading.enumerate() if each.name.startswith("hedgerow-")]
    return found


def _is_valid(thing):
    return shiboken6.isValid(thing)


@pytest.fixture
def jobs(qtbot):
    """The real lanes, closed and idle at the end."""
    made = Jobs()
    yield made
    qtbot.waitUntil(lambda: made.is_idle)
    assert made.close(5)


@pytest.fixture
def heard(monkeypatch):
    """What screen readers are told to say: (words, whether at once)."""
    told = []

    class Listener:
        AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

        @staticmethod
        def isActive():
            return True

        @staticmethod
        def updateAccessibility(event):
            urgent = event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
            told.append((event.message(), urgent))
            QAccessible.updateAccessibility(event)

    monkeypatch.setattr(bars, "QAccessible", Listener)
    return told


@pytest.fixture
def restore_theme(qapp):
    """Back to light at 100 % after a test that changes the looks."""
    yield
    theme.apply(qapp, "light", 100)
