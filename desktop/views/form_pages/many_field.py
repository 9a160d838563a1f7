"""Any of many: a list of ticks that a line of typing narrows, and what is chosen above it.

The line, the list and what is chosen are reached by Tab; Space ticks, Delete takes out. A tick
that the line hides stays ticked. Refuses to lose sight of what was chosen: it is always counted.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtCore import QPersistentModelIndex as KeptIndex
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.presenters import choice_words
from desktop.presenters.words import counted
from desktop.views.form_pages.fields import Field
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import small
from desktop.views.kit.layout import clear, column

SHOWN = 7  # rows in sight
AnyIndex = QModelIndex | KeptIndex
_ROLE = Qt.ItemDataRole
_TICKED = int(Qt.CheckState.Checked.value)


class _Ticks(QAbstractListModel):
    """The choices in sight, each with its tick."""

    ticked = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._choices: tuple[tuple[str, str], ...] = ()
        self._rows: list[int] = []
        self.chosen: frozenset[str] = frozenset()

    def show(self, choices: tuple[tuple[str, str], ...], rows: list[int]) -> None:
        """Show these rows of these choices."""
        self.beginResetModel()
        self._choices, self._rows = choices, rows
        self.endResetModel()

    def mark(self, chosen: frozenset[str]) -> None:
        """Tick these."""
        self.chosen = chosen
        if self._rows:
            ends = self.index(0, 0), self.index(len(self._rows) - 1, 0)
            self.dataChanged.emit(*ends, [int(_ROLE.CheckStateRole)])

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        """How many are in sight."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = 0) -> object:
        """The words and the tick."""
        if not index.isValid():
            return None
        code, said = self._choices[self._rows[index.row()]]
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return said
        if role == _ROLE.CheckStateRole:
            return Qt.CheckState.Checked if code in self.chosen else Qt.CheckState.Unchecked
        return None

    def setData(self, index: AnyIndex, value: object, role: int = 0) -> bool:
        """A tick was set or taken out."""
        if role != _ROLE.CheckStateRole or not index.isValid():
            return False
        code = self._choices[self._rows[index.row()]][0]
        state = value.value if isinstance(value, Qt.CheckState) else value
        self.ticked.emit(code, state == _TICKED)
        return True

    def flags(self, _index: AnyIndex) -> Qt.ItemFlag:
        """Can be ticked."""
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable


class _Rows(QStyledItemDelegate):
    """Rows as high as the line above them: at the table they are touched."""

    def __init__(self, like: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._like = like

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Never lower than the line."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height(), self._like.sizeHint().height()))

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: AnyIndex,
    ) -> bool:
        """A press anywhere on the row ticks it: the small box alone is too small a target."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            ticked = index.data(_ROLE.CheckStateRole) == Qt.CheckState.Checked
            state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
            return model.setData(index, state, _ROLE.CheckStateRole)
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            return False
        return super().editorEvent(event, model, option, index)


class TickList(QListView):
    """The ticks; as high as seven rows at any text size."""

    def __init__(self, like: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._like = like
        self.setItemDelegate(_Rows(like, self))
        self.setUniformItemSizes(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Seven rows, or as many as there are."""
        rows = min(SHOWN, max(2, self.model().rowCount() if self.model() is not None else 2))
        return QSize(260, rows * self._like.sizeHint().height() + 8)

    def minimumSizeHint(self) -> QSize:
        """Three rows."""
        return QSize(160, 3 * self._like.sizeHint().height() + 8)


class ManyField(Field):
    """Any of many choices; each tick commits the whole answer."""

    def __init__(
        self,
        words: str,
        choices: tuple[tuple[str, str], ...],
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, hint, parent)
        self._choices: tuple[tuple[str, str], ...] = ()
        self._folded: tuple[str, ...] = ()
        self._count = small("", wrap=True)
        self._chips = QWidget()
        self._chips.setLayout(QVBoxLayout())
        self.filter = QLineEdit()
        self.filter.setMaximumWidth(480)
        self.filter.setPlaceholderText("Type a part of it to find it")
        self.list = TickList(self.filter)
        self._model = _Ticks(self)
        self.list.setModel(self._model)
        self._lay_out()
        self.set_choices(choices)

    def _lay_out(self) -> None:
        inside = self._chips.layout()
        if inside is not None:
            inside.setContentsMargins(0, 0, 0, 0)
        box = QWidget()
        box.setLayout(column(self._count, self._chips, self.filter, self.list))
        self.place_group(box)
        self.break_lines()
        self.setFocusProxy(self.filter)
        self._name()
        self.filter.textChanged.connect(self._narrow)
        self.filter.installEventFilter(self)
        self._model.ticked.connect(self._ticked)
        self.head_for(self.filter)

    def _name(self) -> None:
        self.filter.setAccessibleName(f"Find a choice: {self.words}")
        self.list.setAccessibleName(self.words)

    def rename(self, words: str) -> None:
        """The line and the list carry the question's name."""
        super().rename(words)
        self._name()

    @property
    def values(self) -> tuple[str, ...]:
        """The codes that are ticked, in the form's order."""
        return tuple(code for code, _ in self._choices if code in self._model.chosen)

    @property
    def offered(self) -> list[str]:
        """The choices in sight, by their words."""
        return [str(self._model.index(n, 0).data()) for n in range(self._model.rowCount())]

    @property
    def said(self) -> str:
        """How many are chosen, in words."""
        return self._count.text()

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer these; ticks of those that stay are kept."""
        if choices == self._choices:
            return
        self._choices = choices
        self._folded = tuple(choice_words.folded(said) for _, said in choices)
        self._narrow(self.filter.text())
        self.set_values(self.values)

    def set_values(self, codes: tuple[str, ...]) -> None:
        """Show what is on disk."""
        chosen = frozenset(codes)
        if chosen == self._model.chosen and self._count.text():
            return
        self._model.mark(chosen)
        self._count_anew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the line, Down goes into the list; on what is chosen, Delete takes it out."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.filter and event.key() == Qt.Key.Key_Down and self.offered:
                self.list.setFocus()
                if not self.list.currentIndex().isValid():
                    self.list.setCurrentIndex(self._model.index(0, 0))
                return True
            chip = isinstance(watched, QPushButton)
            if chip and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self._ticked(str(watched.property("code")), on=False)
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, text: str) -> None:
        rows = choice_words.found(text, self._folded)
        self._model.show(self._choices, rows)
        self.list.updateGeometry()
        if text.strip():
            announce(self.filter, f"{len(rows):,} found" if rows else "None found")
        self._count_anew()

    def _count_anew(self) -> None:
        chosen = [(code, said) for code, said in self._choices if code in self._model.chosen]
        words = f"{len(chosen):,} chosen" if chosen else "None chosen yet"
        typed = self.filter.text().strip()
        if typed:
            hits = self._model.rowCount()
            shown = f"{counted(hits, 'choice')} with “{typed[:40]}”" if hits else ""
            words = f"{words}. {shown or f'There is no such choice as “{typed[:40]}”'}."
        self._count.setText(words)
        inside = self._chips.layout()
        if inside is None:
            return
        clear(inside)
        if chosen:
            inside.addWidget(flowing(*(self._chip(code, said) for code, said in chosen)))
        self._chips.setVisible(bool(chosen))

    def _chip(self, code: str, said: str) -> QPushButton:
        press = partial(self._ticked, code, on=False)
        made = button(f"{said}: take out", press, name=f"Take out {said}: {self.words}")
        made.setProperty("code", code)
        made.installEventFilter(self)
        return made

    def _ticked(self, code: str, on: bool) -> None:  # noqa: FBT001 -- a Qt slot
        had_focus = any(each.hasFocus() for each in self._chips.findChildren(QPushButton))
        chosen = self._model.chosen
        self._model.mark(chosen | {code} if on else chosen - {code})
        self._count_anew()
        if had_focus:
            self._focus_after()
        announce(self.list, self.said)
        self.committed.emit(self.values)

    def _focus_after(self) -> None:
        left = self._chips.findChildren(QPushButton)
        (left[0] if left else self.filter).setFocus()
