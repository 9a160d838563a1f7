"""A desk with some people, one of them at the table; two hundred where leaks are looked for."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.jobs import Jobs
from desktop.operations.vault import session_of
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from forms.facts.casework import CoachingSession
from forms.values import SetClock
from tests.desktop.together.people import COACH, MARY, NOW, crowd


@pytest.fixture
def clock():
    return SetClock(NOW)


@pytest.fixture
def others():
    """How many people are not at the table."""
    return 3


@pytest.fixture
def program(qtbot, tmp_path, clock, others):
    """The program with an open practice vault on real lanes; closed at the end."""
    frame = Frame()
    jobs = Jobs(frame)
    made = Program(frame, jobs, Settings(), tmp_path / "records", clock)
    made.practice_folder = made.folder
    opened = []
    jobs.run(
        lambda: session_of(crowd(tmp_path / "records", clock, others)),
        owner=frame,
        on_done=opened.append,
        on_failed=made.complain,
    )
    qtbot.waitUntil(lambda: opened != [], timeout=60_000)
    opened[0].actor = COACH
    made.open(opened[0])
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(lambda: jobs.is_idle, timeout=30_000)
    yield made
    if made.desk is not None and made.desk.together is not None:
        made.desk.together.end()
    QApplication.instance().removeEventFilter(frame)
    made.leaving.is_sure = True  # a test may end on a full disk
    frame.close()
    qtbot.waitUntil(lambda: jobs.is_idle)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def settle(qtbot, program):
    """Wait until nothing is under way."""

    def wait():
        for _ in range(3):
            qtbot.waitUntil(lambda: program.jobs.is_idle, timeout=30_000)
            QApplication.sendPostedEvents()
            QApplication.processEvents()
        qtbot.waitUntil(lambda: program.jobs.is_idle)

    return wait


@pytest.fixture
def share(program, settle):
    """Sit down with Mary; gives the window."""

    def begin(enterprise_id="mary"):
        program.desk.start_together(enterprise_id)
        settle()
        return program.desk.together.window

    return begin


@pytest.fixture
def visits(program):
    """The visits to Mary on the timeline, written by sitting down together."""

    def read():
        reader = program.desk.context.session.vault.reader
        every = reader.all(CoachingSession, enterprise_id=MARY)
        return [each for each in every if each.note.startswith("Worked together")]

    return read


@pytest.fixture
def locked_and_opened(program, settle):
    """Lock; the same person opens the records again."""

    def go():
        program.lock()
        settle()

    return go
