"""The Ctrl+K box: people first, then screens and actions, as you type.

A list opens under the box; Down goes into it, Enter opens, Escape closes. Refuses to open
anything by itself: nothing happens until Enter or a click.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.alive import is_alive
from desktop.views.kit.bars import announce

if TYPE_CHECKING:
    from desktop.presenters.find import Offer

from desktop.views.kit.offer_cells import BESIDE, OfferCell

_KEY = Qt.ItemDataRole.UserRole


class FindBox(QLineEdit):
    """Where one types what to find or do."""

    typed = Signal(str)
    picked = Signal(str)  # key of an offer
    began = Signal()  # entered with nothing typed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Find or do anything")
        self.setPlaceholderText("Find or do anything (Ctrl+K)")
        self.setMinimumWidth(220)
        self._list = QListWidget()
        self._list.setAccessibleName("What was found")
        self._list.setItemDelegate(OfferCell(self._list))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.itemActivated.connect(self._on_activated)
        self._list.itemClicked.connect(self._on_activated)
        self._list.installEventFilter(self)
        self._popup: QFrame | None = None
        self._before: QWidget | None = None  # had the focus when Ctrl+K was pressed
        self.textEdited.connect(self.typed)

    def begin(self) -> None:
        """Ctrl+K: start afresh."""
        before = self.window().focusWidget()
        if before not in (self, self._list):
            self._before = before
        self.setFocus()
        self.selectAll()
        if not self.text():
            self.began.emit()

    def put(self, words: str) -> None:
        """Have these words typed."""
        self.setText(words)
        self.setFocus()

    def show_offers(self, offers: list[Offer]) -> None:
        """Show what was found; an empty list with text typed says so."""
        self._list.clear()
        for offer in offers:
            item = QListWidgetItem(offer.words)
            item.setData(_KEY, offer.key)
            item.setData(BESIDE, offer.beside)
            spoken = f"{offer.words}, {offer.beside}" if offer.beside else offer.words
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)
            if not offer.key:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        if not offers:
            self.close_list()
            return
        self._open_list(len(offers))
        found = [offer for offer in offers if offer.key]
        first = f": {found[0].words}" if found else ""
        announce(self, f"{len(found)} found{first}" if found else offers[0].words)

    @Slot()
    def close_list(self) -> None:
        """Fold the list away."""
        if self._popup is not None:
            self._popup.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down and Enter go to the list, Escape closes it."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            nothing = not self.text() and not self._is_open()
            self.clear()
            self.close_list()
            if nothing:
                self._give_back()
        elif key == Qt.Key.Key_Down and self._is_open():
            self._list.setFocus()
            self._list.setCurrentRow(0)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._is_open():
            self._on_activated(self._list.item(0))
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape in the list comes back to the box; leaving both folds it away."""
        if watched is self._list and isinstance(event, QKeyEvent):
            at_top = event.key() == Qt.Key.Key_Up and self._list.currentRow() == 0
            if event.type() == QEvent.Type.KeyPress and (
                event.key() == Qt.Key.Key_Escape or at_top
            ):
                self.setFocus()
                if not at_top:
                    self.close_list()
                return True
        if watched is self._list and event.type() == QEvent.Type.FocusOut and not self.hasFocus():
            self.close_list()
        return super().eventFilter(watched, event)

    def _give_back(self) -> None:
        """Nothing was wanted: the focus is where it was before Ctrl+K."""
        before, self._before = self._before, None
        if before is not None and is_alive(before) and before.isVisible():
            before.setFocus()

    def _is_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible() and self._list.count() > 0

    def _open_list(self, count: int) -> None:
        if self._popup is None:
            self._popup = QFrame(self.window())
            self._popup.setProperty("role", "card")
            layout = QVBoxLayout(self._popup)
            layout.setContentsMargins(4, 4, 4, 4)
            layout.addWidget(self._list)
        row_height = self._list.sizeHintForRow(0) + 2
        self._popup.resize(max(self.width(), 560), min(count, 9) * row_height + 20)
        self._popup.move(self.mapTo(self.window(), QPoint(0, self.height() + 2)))
        self._popup.show()
        self._popup.raise_()

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem | None) -> None:
        key = str(item.data(_KEY) or "") if item is not None else ""
        if not key:
            return
        self.clear()
        self.close_list()
        self.picked.emit(key)
