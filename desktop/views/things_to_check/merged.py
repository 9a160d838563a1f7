"""Under a thing to check: what else was merged without asking; See folds the fields out.

Each line says what it was, what it is and who wrote it; "Put it back" writes what stood before.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.presenters.merged import line
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.labels import label, small
from desktop.views.kit.layout import clear, column, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

    from desktop.presenters.merged import Merged


class MergedBeside(QWidget):
    """One line, and the fields under it when they are asked for."""

    put_back_wanted = Signal(object)  # Merged

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._says = label("", wrap=True)
        self._see = quiet("See", self._turn)
        self._fields = column(gap=1)
        self._folded = QWidget()
        self._folded.setLayout(self._fields)
        self._folded.hide()
        head = row(self._says, self._see, gap=1)
        head.setStretch(0, 1)
        self.setLayout(column(head, self._folded, gap=1))
        self.hide()

    def show_merged(self, merged: tuple[Merged, ...]) -> None:
        """These; nothing is said where there are none."""
        clear(self._fields)
        for each in merged:
            self._fields.addLayout(self._line(each))
        self._says.setText(line(merged))
        if not merged:
            self._fold(shown=False)
        self.setVisible(bool(merged))

    def _line(self, each: Merged) -> QLayout:
        words = f"{each.what[:1].upper()}{each.what[1:]}: {each.was or 'nothing'} is now "
        said = column(
            label(f"{words}{each.now or 'nothing'}", wrap=True), small(each.who, wrap=True), gap=0
        )
        back = button(
            "Put it back",
            partial(self.put_back_wanted.emit, each),
            name=f"Put {each.what} back to {each.was or 'nothing'}",
        )
        if not each.may_put_back:  # shown before it has a parent it would be a window
            back.hide()
        beside = row(gap=1)
        beside.addLayout(said, 1)
        beside.addWidget(back)
        return beside

    def _turn(self) -> None:
        self._fold(shown=self._folded.isHidden())

    def _fold(self, *, shown: bool) -> None:
        self._folded.setVisible(shown)
        self._see.setText("Fold away" if shown else "See")
        self._see.setAccessibleName(
            "Fold away what was merged" if shown else "See what was merged without asking"
        )
