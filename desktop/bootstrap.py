"""The one place where the program's objects are made and joined.

Order matters: the window is painted before storage, sync or evidence are imported. Set
HEDGEROW_TIME_TO_PAINT=1 to print the milliseconds from process start to the first paint and end.
Refuses to be imported by anything but the command line and tests.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop import fonts, theme
from desktop.jobs import Jobs, LaneClosed
from desktop.no_dumps import refuse_dumps
from desktop.places import usual_folder
from desktop.program import Program
from desktop.second_copy import OneCopy
from desktop.settings import Settings
from desktop.trouble import keep_report
from desktop.views.main_window_frame import Frame

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType

    from forms.values import Clock

TIME_IT = "HEDGEROW_TIME_TO_PAINT"


def run_app(
    folder: Path | None = None, *, practice: bool = False, clock: Clock | None = None
) -> int:
    """Open the window and run until it is closed. Gives back the exit code."""
    app = make_app()
    place = folder if folder is not None else usual_folder(practice=practice)
    one_copy = OneCopy(place)
    if not one_copy.is_first():
        return 0 if one_copy.call_first() else 1
    settings = Settings(place / "settings.json")
    frame = Frame()
    theme.apply(app, settings.text("theme"), settings.number("text_percent"), frame)
    program = Program(frame, Jobs(frame), settings, place, clock or LateClock())
    starter = Starter(app, program, one_copy)
    threading.excepthook = lambda of: note(program, of.exc_value)
    sys.unraisablehook = lambda of: note(program, of.exc_value)
    starter.begin(practice=practice)
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        program.close()
        one_copy.close()


def make_app() -> QApplication:
    """The application object, with the program's own typeface."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["hedgerow"])
    app.setApplicationName("Hedgerow")
    app.setQuitOnLastWindowClosed(True)
    app.setFont(fonts.load())
    return app


def note(program: Program, error: BaseException | None) -> None:
    """Keep the bare report of what nobody waits for: Python would print its words, and names."""
    if error is not None:
        keep_report(program.folder / "troubles", error, program.clock.now(), "0.1.0")


class Starter:
    """What happens around the first paint, and when the settings change."""

    def __init__(self, app: QApplication, program: Program, one_copy: OneCopy) -> None:
        self._app, self._program, self._one_copy = app, program, one_copy

    def begin(self, *, practice: bool) -> None:
        """Show the window; the rest waits for its first paint."""
        program, frame = self._program, self._program.frame
        sys.excepthook = self._caught
        program.settings.listen(self._setting_changed)
        frame.first_painted.connect(self._painted)
        self._one_copy.called.connect(frame.come_forward)
        program.opened.connect(self._watch_use)
        program.locked.connect(self._rest)
        frame.put_back(program.settings.window)
        frame.closing.connect(self._keep_window)
        program.start(practice=practice)
        frame.show()

    def _watch_use(self) -> None:
        self._program.frame.watch(self._app)

    def _keep_window(self) -> None:
        """A settings file that cannot be written must not keep the window from closing."""
        try:
            self._program.settings.keep_window(self._program.frame.place())
        except OSError as error:
            self._program.complain(error)

    def _rest(self) -> None:
        self._app.removeEventFilter(self._program.frame)

    def _painted(self) -> None:
        if os.environ.get(TIME_IT):
            print(f"{milliseconds_since_start():.1f}", flush=True)  # noqa: T201 -- asked for
            QTimer.singleShot(0, self._program.frame.close)
            return
        QTimer.singleShot(0, self._after_paint)

    def _after_paint(self) -> None:
        from desktop import motion  # it names what only a painted window needs
        from desktop.views.kit.emblem import emblem  # as above

        self._app.setWindowIcon(emblem())
        refuse_dumps()  # nothing secret is in memory before this
        motion.apply(self._app, still=self._program.settings.flag("reduce_motion"))
        self._one_copy.listen()
        self._program.after_first_paint()

    def _setting_changed(self, key: str) -> None:
        settings = self._program.settings
        if key == "reduce_motion":
            from desktop import motion  # as above

            motion.apply(self._app, still=settings.flag(key))
        if key in {"theme", "text_percent"}:
            theme.apply(
                self._app,
                settings.text("theme"),
                settings.number("text_percent"),
                self._program.frame,
            )

    def _caught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """A mistake in a slot: one sentence, nothing typed is lost, a report, and on we go."""
        if isinstance(error, LaneClosed):
            return  # the window is going, and its fields are left: no mistake
        if isinstance(error, Exception):
            try:
                self._program.complain(error)
            except Exception as second:  # noqa: BLE001 -- Python would print the words of both
                note(self._program, error)
                note(self._program, second)
        else:
            sys.__excepthook__(kind, error, trace)


def milliseconds_since_start() -> float:
    """Milliseconds since this process began, as the operating system counts them (Linux)."""
    import time

    fields = Path("/proc/self/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return (time.clock_gettime(time.CLOCK_BOOTTIME) - started) * 1000


class LateClock:
    """The system's clock, loaded when somebody first asks for the time (time zones are slow)."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        from forms.values import SystemClock

        return SystemClock().now()
