"""A list on a page that may be long: the first lines, and a button for more of them.

What somebody opened stays open when the list is shown again. Refuses to make a line before it is
in sight, and to leave one out without saying how many there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.views.kit.buttons import quiet
from desktop.views.kit.layout import clear, column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.views.kit.layout import Part

MORE = 25  # lines a press of the button adds


class Few(QWidget):
    """`first` lines, then as many as are asked for; `name` is what the list is of, for the button.

    A line is made by a call, when it is shown.
    """

    def __init__(self, name: str, first: int = 10, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._shown = first
        self._lines: tuple[Callable[[], Sequence[Part]], ...] = ()
        self._made = 0
        self._column = column(gap=1)
        self._more = quiet("", self._more_pressed)
        self._more.hide()
        self.setLayout(column(self._column, self._more, gap=1))

    @property
    def shown(self) -> int:
        """How many lines it shows at most: for the list that takes its place."""
        return self._shown

    def show_lines(self, lines: Sequence[Callable[[], Sequence[Part]]]) -> None:
        """These, and no others; as many as were in sight before."""
        clear(self._column)
        self._lines, self._made = tuple(lines), 0
        self._make()

    def show_all(self) -> None:
        """The whole list: for the printer, the clipboard and a file."""
        self._shown = max(self._shown, len(self._lines))
        self._make()

    def _make(self) -> None:
        for line in self._lines[self._made : self._shown]:
            held = QWidget()
            held.setLayout(column(*line(), gap=1))
            self._column.addWidget(held)
            held.show()  # at once: a printer does not wait for the next turn of the window
        self._made = min(self._shown, len(self._lines))
        left = len(self._lines) - self._made
        words = f"Show {min(MORE, left):,} more" + (f" of {left:,}" if left > MORE else "")
        self._more.setText(words)
        self._more.setAccessibleName(f"{words}: {self._name}")
        self._more.setVisible(bool(left))

    def _more_pressed(self) -> None:
        self._shown += MORE
        self._make()
