"""A sitting in the real window that ends by kill -9: a reason, a day and a signature half done.

Run as `python -m tests.desktop.together.cut_off FOLDER`; says "cut" and is gone.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import bootstrap
from desktop.jobs import Jobs
from desktop.operations.vault import session_of
from desktop.presenters.together_promises import HOME
from desktop.presenters.together_signing import SIGNING
from desktop.program import Program
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from desktop.views.together.step_list import GUIDE
from forms.values import SetClock
from tests.desktop.together.people import COACH, MARY, NOW, answered_to_its_end, crowd

TYPED = "Because I want to wor"
DAY = "next thu"


def draw(pad, y: int, *, lift: bool) -> None:
    """A stroke across the pad."""
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    for at in range(30, 120, 10):
        QTest.mouseMove(pad, QPoint(at, y + at % 30))
    if lift:
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(120, y))


def main(folder: Path) -> None:
    """Sit down with Mary, tick one thing, begin to type, and lose the power."""
    app, clock = bootstrap.make_app(), SetClock(NOW)
    frame = Frame()
    jobs = Jobs(frame)
    program = Program(frame, jobs, Settings(), folder, clock)
    session = session_of(crowd(folder, clock, 3))
    session.actor = COACH
    program.open(session)
    frame.show()

    def settle() -> None:
        for _ in range(3):
            while not jobs.is_idle:
                app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            QApplication.sendPostedEvents()
            app.processEvents()

    settle()
    assert program.desk is not None
    program.desk.start_together(MARY)
    assert program.desk.together is not None
    window = program.desk.together.window
    settle()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "saw it")
    settle()
    window.ways.picked(GUIDE)
    settle()
    guide = answered_to_its_end(window.front)
    settle()
    QTest.keyClicks(guide._why.edit, TYPED)
    settle()
    drafts = session.vault.one_case(MARY).drafts

    def until(key: str, is_kept: Callable[[str], bool]) -> None:
        """Until the draft is like this: nobody leaves the field, only the clock goes on."""
        while not is_kept(drafts.read(key)):
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    window.ways.picked("item.C07")
    window.strip.home.emit()
    QTest.keyClicks(window.home._day.editor, DAY)
    until(HOME, lambda kept: DAY in kept)
    window.strip.sign.emit()
    settle()
    pad = window.sign._pad
    draw(pad, 40, lift=True)
    draw(pad, 60, lift=False)  # the hand is still on the pad
    until(SIGNING, lambda kept: bool(kept) and len(json.loads(kept)["strokes"]) == 2)
    print("cut", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
