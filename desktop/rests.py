"""Uses the moments in which nobody does anything for what would hold the window up otherwise.

A rest is a while without a key or the mouse in which no job is under way. Refuses to begin while an
answer is on its way: the click before it is not over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from desktop import pauses

if TYPE_CHECKING:
    from desktop.jobs import Jobs
    from desktop.views.main_window_frame import Frame

QUIET_MS = 500  # the frame passes on four signs of life a second: at least 250 ms of quiet


class Rests(QObject):
    """Lives as long as the window."""

    def __init__(self, frame: Frame, jobs: Jobs) -> None:
        super().__init__(frame)
        self._jobs = jobs
        self._locked = False
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.rest)
        frame.used.connect(self._quiet.start)
        frame.closing.connect(self._quiet.stop)
        jobs.idle_changed.connect(self._jobs_changed)

    @Slot()
    def locked(self) -> None:
        """The records are closed: the next rest lets go of all that was shown of them."""
        self._locked = True
        self._quiet.start()

    @Slot()
    def rest(self) -> None:
        """Nobody has done anything for a while."""
        if not self._jobs.is_idle:
            return  # its end begins the next quiet
        if self._locked:
            self._locked = False
            pauses.walk_all()
        elif pauses.is_due():
            pauses.walk()

    @Slot(bool)
    def _jobs_changed(self, idle: bool) -> None:  # noqa: FBT001 -- a signal's own value
        if idle:
            self._quiet.start()
        else:
            self._quiet.stop()
