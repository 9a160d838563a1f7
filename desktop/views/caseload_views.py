"""Over the caseload: the filter box, the saved views with their counts, and why nobody is shown.

Refuses to find anybody: each part says what is wanted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from desktop.presenters.list_memory import OWN
from desktop.presenters.saved_views import VIEWS
from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.fields import as_bare_line
from desktop.views.kit.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from desktop.presenters.list_memory import ListMemory


class FilterBox(QLineEdit):
    """Down leaves it for the table."""

    down_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        as_bare_line(self, "Filter this list", "Filter: name, village, stage...")
        self.setMinimumWidth(340)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down is no key of a line of text."""
        if event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)

    def take_out(self) -> None:
        """Empty it as a person would, and stay there."""
        self.clear()
        self.textEdited.emit("")
        self.setFocus()


class ViewsBar(QWidget):
    """One button a view: the five that are always there, then one's own."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.toggles: dict[str, QPushButton] = {}  # by code of the view
        self._row = Flow()
        self.setLayout(self._row)
        for code, words in VIEWS:
            self._add(code, words)

    def show_own(self, memory: ListMemory) -> None:
        """Exactly these of one's own."""
        codes = [OWN + own.name for own in memory.views]
        for code in [c for c in self.toggles if c.startswith(OWN) and c not in codes]:
            gone = self.toggles.pop(code)
            self._row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for code in codes:
            if code not in self.toggles:
                self._add(code, code.removeprefix(OWN))

    def show_counts(self, counts: dict[str, int], chosen: str) -> None:
        """How many each holds, and which one is in use."""
        usual = dict(VIEWS)
        for code, made in self.toggles.items():
            words = usual.get(code) or code.removeprefix(OWN)
            made.setText(f"{words} {counts.get(code, 0):,}".replace("&", "&&"))
            made.setAccessibleName(f"Show {words.lower()}: {counts.get(code, 0)}")
            show_chosen(made, code == chosen)

    def _add(self, code: str, words: str) -> None:
        self.toggles[code] = button(words, partial(self.chosen.emit, code), role="toggle")
        self._row.addWidget(self.toggles[code])


class NobodyHere(EmptyState):
    """Why nobody is shown, and the one next step."""

    filter_unwanted = Signal()
    all_wanted = Signal()
    first_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("No enterprises yet.", "Add the first one", self._step, parent=parent)
        self._next = self.first_wanted
        self.hide()

    def explain(self, ids: Sequence[str], words: str, everybody: int) -> None:
        """For the rows that were found by these words, out of everybody there is."""
        if words:
            self.say(f"No enterprise here matches “{words}”.", "Take the filter out")
            self._next = self.filter_unwanted
        elif everybody:
            self.say("Nobody is in this view just now.", "Show all")
            self._next = self.all_wanted
        else:
            self.say("No enterprises yet.", "Add the first one")
            self._next = self.first_wanted
        self.setVisible(not ids)

    def _step(self) -> None:
        self._next.emit()
