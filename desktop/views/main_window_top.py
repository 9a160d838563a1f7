"""The top bar: Back and Forward with the places they lead to, the Ctrl+K box, the chip, Lock.

A press steps once. The menu of Back or Forward (a right click, the menu key, or Ctrl+H for
Back) lists where one can go, nearest first. Refuses to keep the history: it is told.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QWidget

from desktop.models.tips import plain_tip
from desktop.views.kit.buttons import button
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.layout import row
from desktop.views.kit.shapes import Look
from desktop.views.main_window_find import FindBox

if TYPE_CHECKING:
    from collections.abc import Sequence

GAPS = 72  # margins and spaces of the bar, in pixels
LISTED = 15  # places in a menu


class TopBar(QFrame):
    """What is over every screen."""

    steps = Signal(int)  # -1 back, 1 forward, -3 three places back
    lock_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "topbar")
        self.find_box = FindBox()
        self.chip = StatusChip("Saved on this laptop", Look.LAPTOP)
        self.back = button("Back", partial(self.steps.emit, -1), shortcut="Alt+Left")
        self.forward = button("Forward", partial(self.steps.emit, 1), shortcut="Alt+Right")
        self._lock = button("Lock", self.lock_wanted.emit, shortcut="Ctrl+L", name="Lock now")
        self._menu: QMenu | None = None
        self._behind: Sequence[str] = ()
        self._ahead: Sequence[str] = ()
        for made, way in ((self.back, -1), (self.forward, 1)):
            made.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            made.customContextMenuRequested.connect(partial(self._list, way))
        bar = row(self.back, self.forward, self.find_box, None, self.chip, self._lock, gap=1)
        bar.setContentsMargins(8, 6, 8, 6)
        bar.setStretchFactor(self.find_box, 2)
        self.setLayout(bar)
        self.show_places((), ())

    def show_places(self, behind: Sequence[str], ahead: Sequence[str]) -> None:
        """Where Back and Forward lead, nearest first."""
        self._behind, self._ahead = behind, ahead
        for made, words, keys, places in (
            (self.back, "Back", "Alt+Left", behind),
            (self.forward, "Forward", "Alt+Right", ahead),
        ):
            made.setEnabled(bool(places))
            to = f" to {places[0]}" if places else ""
            tip = f"{words}{to} ({keys}). Right click lists the places."
            made.setToolTip(plain_tip(tip))
            made.setAccessibleDescription(tip)

    def show_chip(self, words: str, look: Look) -> None:
        """Say how safe the work is."""
        self.chip.show_state(words, look)
        self.chip.setToolTip(plain_tip(words))
        self._fit_chip()

    @Slot()
    def list_places(self) -> None:
        """Ctrl+H: the places behind, or those ahead when there are none."""
        self._list(-1 if self._behind else 1, QPoint())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chip gets what the box and the buttons leave."""
        super().resizeEvent(event)
        self._fit_chip()

    def _fit_chip(self) -> None:
        made: tuple[QPushButton, ...] = (self.back, self.forward, self._lock)
        taken = sum(each.sizeHint().width() for each in made)
        self.chip.fit(self.width() - taken - self.find_box.minimumWidth() - GAPS)

    def _list(self, way: int, _where: QPoint) -> None:
        places = self._behind if way < 0 else self._ahead
        if not places:
            return
        if self._menu is not None:
            self._menu.deleteLater()
        self._menu = QMenu(self)
        self._menu.setAccessibleName("Places behind" if way < 0 else "Places ahead")
        for number, words in enumerate(places[:LISTED], start=1):
            entry = self._menu.addAction(words.replace("&", "&&"))
            entry.triggered.connect(partial(self._go, way * number))
        beside = self.back if way < 0 else self.forward
        self._menu.popup(beside.mapToGlobal(QPoint(0, beside.height())))
        self._menu.setActiveAction(self._menu.actions()[0])

    def _go(self, by: int, _checked: object = None) -> None:
        self.steps.emit(by)
