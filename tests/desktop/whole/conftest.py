"""The whole program over the practice records, opened once for a look at every screen."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.devtools.shots import TABS, subjects
from desktop.jobs import Jobs
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from desktop.views.screens import SCREENS
from forms.values import SystemClock


class Whole:
    """The window, and a way to every place in it."""

    def __init__(self, frame, program, wait):
        self.frame, self.program, self._wait = frame, program, wait
        self.view = program.desk.view
        self._subjects = subjects(program.desk.context.session.vault.reader)

    @property
    def subject(self):
        """The enterprise in the middle of the work."""
        return self._subjects["enterprise"]

    def places(self):
        """(name, parameters) of every screen, and of every tab of a record."""
        one = self._subjects["enterprise"]
        for name, row in SCREENS.items():
            yield name, self._subjects.get(name, one) if row.needs else {}
        for tab in TABS:
            yield "enterprise", dict(one, tab=tab)

    def open(self, name, params):
        """Go there and wait until it is all laid out."""
        self.view.open_route(name, **params)
        for _ in range(3):
            self.settle()

    def settle(self):
        """Wait until every job has reported back, and lay out what came of it."""
        self._wait(lambda: self.program.jobs.is_idle)
        for _ in range(4):
            QApplication.sendPostedEvents()
            QApplication.processEvents()


@pytest.fixture
def whole(qtbot, tmp_path):
    frame = Frame()
    jobs = Jobs(frame)
    program = Program(frame, jobs, Settings(), tmp_path / "practice", SystemClock())
    program.start(practice=True)
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(lambda: program.desk is not None and jobs.is_idle, timeout=60_000)
    yield Whole(frame, program, lambda fact: qtbot.waitUntil(fact, timeout=30_000))
    program.leaving.is_sure = True  # a test may end on a full disk
    frame.close()
    qtbot.waitUntil(lambda: jobs.is_idle)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
