"""Loads the modules of all screens and tabs in a lane once opening is quick: no click waits.

A module a job: a question for the figures, or closing, waits for one of them at most. Refuses to
begin before the records can be opened at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop import pauses
from desktop.jobs import Jobs, Lane

if TYPE_CHECKING:
    from collections.abc import Callable


def modules() -> list[str]:
    """Where the factories of the screens are, and the tabs of a record."""
    from desktop.views.enterprise.tabs import PANELS
    from desktop.views.screens import SCREENS

    return sorted({row.factory.partition(":")[0] for row in SCREENS.values()} | set(PANELS))


class Ahead(QObject):
    """One walk through all of them."""

    def __init__(
        self, jobs: Jobs, on_failed: Callable[[Exception], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._on_failed = jobs, on_failed
        self.left: list[str] = []

    def begin(self) -> None:
        """Load them all; what is loaded then is looked at by the collector no more."""
        self.left = modules()
        self._next()

    def _next(self, module: object = None) -> None:
        del module
        if not self.left:
            pauses.shorten()
            return
        name = self.left.pop(0)
        self._jobs.run(
            lambda: import_module(name),
            owner=self,
            on_done=self._next,
            on_failed=self._on_failed,
            lane=Lane.FIGURES,
        )
