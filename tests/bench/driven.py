"""The real window over a folder, for the benches that drive it, and its loop's longest pause."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop import ahead, pauses, theme
from desktop.bootstrap import make_app
from desktop.jobs import Jobs
from desktop.open_desk import OpenDesk
from desktop.program import Program, warm
from desktop.settings import Settings
from desktop.views.main_window_frame import Frame
from forms.values import SystemClock


def started(folder: Path) -> tuple[QApplication, SystemClock, Frame, Program]:
    """The program as it starts over this folder, its window shown at the size of a small laptop."""
    app = make_app()
    clock = SystemClock()
    settings = Settings(folder / "settings.json")
    frame = Frame()
    theme.apply(app, settings.text("theme"), settings.number("text_percent"), frame)
    program = Program(frame, Jobs(frame), settings, folder, clock)
    program.practice_folder = folder
    frame.resize(1093, 614)
    frame.show()
    frame.watch(app)  # as the program does once records are open
    return app, clock, frame, program


def ready() -> None:
    """What the program loads in its lanes while the passphrase is typed."""
    warm()
    for name in ahead.modules():
        import_module(name)
    pauses.shorten()


def opened_desk(program: Program) -> OpenDesk:
    """The desk over the open records."""
    assert program.desk is not None
    return program.desk


def touched(frame: Frame) -> None:
    """What a person's hand sends before anything happens: it comes by the program's own watch."""
    none = Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, none)
    QCoreApplication.sendEvent(frame, event)


class Gaps:
    """The longest time the event loop did not come round (ms), and what went on then."""

    def __init__(self) -> None:
        self.worst, self.where, self.now = 0, "", "start"
        self._since = QElapsedTimer()
        self._since.start()
        self._beat = QTimer()
        self._beat.setInterval(4)  # often enough to see a gap; a beat at 0 would hold up the lanes
        self._beat.timeout.connect(self._come_round)
        self._beat.start()

    def begin_again(self) -> None:
        """What went on until now is not the program's."""
        self._since.restart()

    def _come_round(self) -> None:
        gap = self._since.restart()
        if gap > self.worst:
            self.worst, self.where = gap, self.now
