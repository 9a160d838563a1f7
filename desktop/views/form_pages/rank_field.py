"""Things put in order: a list whose rows are moved by buttons or Alt+Up and Alt+Down, no dragging.

Says that nothing is answered until somebody moved a row or said that the order is right.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QSizePolicy, QWidget

from desktop.views.form_pages.fields import Field
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small
from desktop.views.kit.layout import column

NOT_YET = "Not in order yet. Move a row, or press “This order is right”."


class _Order(QListWidget):
    """As high as its rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabKeyNavigation(False)
        self.setDragDropMode(QAbstractItemView.DragDropMode.NoDragDrop)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """All rows, up to ten."""
        rows = min(10, max(2, self.count()))
        high = max(self.sizeHintForRow(0), self.fontMetrics().height() + 14)
        return QSize(260, rows * high + 10)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return QSize(160, self.sizeHint().height())


class RankField(Field):
    """An order of all choices; each move commits it."""

    def __init__(
        self,
        words: str,
        choices: tuple[tuple[str, str], ...],
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, hint, parent)
        self._choices: tuple[tuple[str, str], ...] = ()
        self._order: tuple[str, ...] = ()
        self._answered = False
        self.list = _Order()
        self.list.installEventFilter(self)
        self._told = small(NOT_YET, wrap=True)
        self._up = button("Move up", self._up_pressed, name=f"Move up: {words}", shortcut="Alt+Up")
        self._down = button(
            "Move down", self._down_pressed, name=f"Move down: {words}", shortcut="Alt+Down"
        )
        self._right = button("This order is right", self._commit)
        box = QWidget()
        moves = flowing(self._up, self._down, self._right)
        box.setLayout(column(self.list, self._told, moves))
        self.place_group(box)
        self.break_lines()
        self.list.setAccessibleName(words)
        self.setFocusProxy(self.list)
        self.head_for(self.list)
        self.set_choices(choices)

    @property
    def values(self) -> tuple[str, ...]:
        """The codes in the order in which they stand."""
        return self._order

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Put these in order."""
        if choices != self._choices:
            self._choices = choices
            self.set_values(self._order if self._answered else ())

    def set_values(self, codes: tuple[str, ...]) -> None:
        """Show what is on disk; what it does not name goes to the end."""
        labels = dict(self._choices)
        known = tuple(code for code in codes if code in labels)
        self._answered = bool(known)
        self._order = (*known, *(code for code in labels if code not in known))
        self._draw(max(0, self.list.currentRow()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt+Up and Alt+Down move the row."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
                self._move(steps[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)

    def _draw(self, at: int) -> None:
        labels = dict(self._choices)
        self.list.clear()
        for place, code in enumerate(self._order, 1):
            self.list.addItem(f"{place}. {labels[code]}")
        self.list.setCurrentRow(min(at, self.list.count() - 1))
        self.list.updateGeometry()
        self._told.setVisible(not self._answered)
        self._right.setVisible(not self._answered)

    def _move(self, by: int) -> None:
        at = self.list.currentRow()
        to = at + by
        if not (0 <= at < len(self._order) and 0 <= to < len(self._order)):
            return
        order = list(self._order)
        order[at], order[to] = order[to], order[at]
        self._order = tuple(order)
        self._draw(to)
        announce(self.list, self.list.item(to).text())
        self._commit()

    def _commit(self) -> None:
        self._answered = True
        self._draw(self.list.currentRow())
        self.committed.emit(self._order)

    def _up_pressed(self) -> None:
        self._move(-1)

    def _down_pressed(self) -> None:
        self._move(1)
