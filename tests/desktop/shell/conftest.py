"""A practice vault, a context over it, and the whole program in a frame."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.jobs import Jobs
from desktop.operations.vault import session_of
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from forms.values import SetClock
from storage.vault import Vault
from tests.desktop.shell.world import COACH, NOW, QUICK, WORDS, make_context, make_vault


@pytest.fixture
def clock():
    return SetClock(NOW)


@pytest.fixture
def vault(tmp_path, clock):
    made = make_vault(tmp_path / "records", clock)
    yield made
    made.close()


@pytest.fixture
def made(tmp_path, clock):
    """A closed vault that opens with `WORDS`, and its recovery sheet."""
    vault, sheet = Vault.create(tmp_path / "v", passphrase=WORDS, clock=clock, cost=QUICK)
    vault.close()
    return tmp_path / "v", sheet


@pytest.fixture
def context(vault, clock):
    return make_context(vault, clock)


@pytest.fixture
def program(qtbot, tmp_path, clock):
    """The program with an open practice vault, on real lanes; closed at the end."""
    frame = Frame()
    jobs = Jobs(frame)
    made = Program(frame, jobs, Settings(), tmp_path / "records", clock)
    made.practice_folder = made.folder
    opened = []
    jobs.run(
        lambda: session_of(make_vault(tmp_path / "records", clock)),
        owner=frame,
        on_done=opened.append,
        on_failed=made.complain,
    )
    qtbot.waitUntil(lambda: opened != [], timeout=20_000)  # on a busy machine
    opened[0].actor = COACH
    made.open(opened[0])
    frame.show()
    frame.activateWindow()
    qtbot.waitUntil(lambda: jobs.is_idle, timeout=20_000)
    yield made
    QApplication.instance().removeEventFilter(frame)
    made.leaving.is_sure = True  # a test may end on a full disk
    frame.close()
    qtbot.waitUntil(lambda: jobs.is_idle, timeout=20_000)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
