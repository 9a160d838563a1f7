"""Keys that mean the open vault and no screen: undo, redo, "when was it saved?".

Refuses to undo by itself what is half typed: that is committed first, as a step of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.actions import Action
from desktop.operations import vault as vaults
from desktop.presenters.chip import date_words
from desktop.presenters.undo import do_again, take_back
from forms.values import LONDON, london_day

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.context import Context
    from desktop.views.main_window import MainView


class DeskKeys(QObject):
    """Adds them to the window."""

    def __init__(self, view: MainView, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self.view, self.context = view, context
        for action in (
            Action("saved", "When was it saved?", self._say_saved, "Ctrl+S"),
            Action("undo", "Undo", self._undo, "Ctrl+Z"),
            Action("redo", "Redo", self._redo, "Ctrl+Y"),
        ):
            view.add_window_action(action)

    def _undo(self) -> None:
        """What the bar offers, else the newest step: of the enterprise in front, if one is."""
        if self.view.undo.can_undo:
            self.view.undo.undo()
            return
        self.view.flush()
        take_back(self.context, enterprise_id=self.view.enterprise_in_front)

    def _redo(self) -> None:
        self.view.flush()
        do_again(self.context, enterprise_id=self.view.enterprise_in_front)

    def _say_saved(self) -> None:
        self.view.flush()
        self.context.with_vault(vaults.fold_in, owner=self, on_done=self._saved_at)

    def _saved_at(self, at: datetime | None) -> None:
        if at is None:
            self.context.tell.note("Nothing to save yet. Everything you type is saved as you go.")
            return
        day = date_words(london_day(at), self.context.today)
        on = "" if day == "today" else f"{day} "
        self.context.tell.say(f"Already saved {on}{at.astimezone(LONDON):%H:%M}")
