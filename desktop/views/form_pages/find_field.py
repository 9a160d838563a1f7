"""One of many: type a part of it, or open the list. Every key works; nothing typed is lost.

Finds inside words, whatever the case. Text that is no choice stays, and is told as it was typed;
the answer stays as it was. Chooses nothing that was not said in full or shown as the only one.
"""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtCore import QStringListModel as Labels
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.presenters import choice_words
from desktop.views.form_pages.fields import DRAFT_EVERY_MS, Field
from desktop.views.kit.bars import announce

SHOWN = 9  # rows of the list without scrolling
_OPENERS = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_F4})
AnyIndex = QModelIndex | QPersistentModelIndex


class _Rows(QStyledItemDelegate):
    """Rows as high as the field: at the table they are touched."""

    def __init__(self, like: QWidget) -> None:
        super().__init__(like)
        self._like = like

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        """Never lower than the field."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width(), max(hint.height(), self._like.height()))


class FindBox(QComboBox):
    """The line to type in, and the list of what has these words."""

    left = Signal()
    entered = Signal()
    edited = Signal(str)
    picked = Signal(int)  # place among the choices

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(480)
        self._labels: tuple[str, ...] = ()
        self._folded: tuple[str, ...] = ()
        self._shown: list[int] = []
        self._model = Labels(self)
        self._list = QCompleter(self._model, self)
        self._list.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._list.setMaxVisibleItems(SHOWN)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt's own would finish words by itself
        self._list.setWidget(self)
        self._popup: QListView | None = None
        self._list.activated[QModelIndex].connect(self._taken)  # type: ignore[index]
        self.line.textEdited.connect(self._edited)

    @property
    def line(self) -> QLineEdit:
        """Where the words are typed."""
        line = self.lineEdit()
        assert line is not None  # noqa: S101 -- an editable box has one
        return line

    @property
    def labels(self) -> tuple[str, ...]:
        """Every choice, in the form's order."""
        return self._labels

    @property
    def known(self) -> tuple[str, ...]:
        """The choices as they are compared."""
        return self._folded

    @property
    def offered(self) -> list[str]:
        """What the list shows now."""
        return self._model.stringList()

    @property
    def is_open(self) -> bool:
        """Whether the list is open."""
        return self._popup is not None and self._popup.isVisible()

    @property
    def _is_marked(self) -> bool:
        """Whether a row of the list is chosen; its first row is current and unmarked at first."""
        return self._popup is not None and self._popup.selectionModel().hasSelection()

    def close_list(self) -> None:
        """Close the list; what was typed stays."""
        if self._popup is not None:
            self._popup.hide()

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """Offer these."""
        self._labels = labels
        self._folded = tuple(map(choice_words.folded, labels))

    def showPopup(self) -> None:
        """The whole list, at the choice that stands there."""
        chosen = choice_words.folded(self.line.text())
        self._offer(list(range(len(self._labels))))
        if chosen in self._folded:
            index = self._model.index(self._folded.index(chosen), 0)
            self._made_popup().setCurrentIndex(index)
            self._made_popup().scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down, Up and F4 open the list; Enter takes what stands there."""
        if event.key() in _OPENERS:
            self.showPopup()
            return
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        unmarked = enter and self.is_open and not self._is_marked
        if unmarked:
            self.close_list()  # nothing in it was chosen: what is typed counts, as with Tab
        super().keyPressEvent(event)
        if enter:
            self.entered.emit()
        if unmarked:
            event.accept()  # else the list takes its first row

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The arrow opens the whole list."""
        if self.is_open:
            self.close_list()
        else:
            self.showPopup()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page scrolls, the answer stays."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """What stands there is marked, so that typing begins anew."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.line.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Left for another field; the list itself does not count."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.close_list()  # Qt closes it only after this, and an open list waits for a choice
            self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        """The list is as large as the field, also in a window with its own size of type."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._popup is not None:
            self._popup.setFont(self.font())

    def _edited(self, text: str) -> None:
        self.edited.emit(text)
        hits = choice_words.found(text, self._folded)
        if hits and text.strip():
            self._offer(hits)
        else:
            self._shown = []
            self.close_list()
        announce(self, f"{len(hits):,} found" if hits else "None found")

    def _offer(self, places: list[int]) -> None:
        self._shown = places
        self._model.setStringList([self._labels[place] for place in places])
        popup, sheet = self._made_popup(), self.window().styleSheet()
        popup.setFont(self.font())
        if popup.styleSheet() != sheet:
            popup.setStyleSheet(sheet)  # Qt gives it no parent to have it from
        if places:
            self._list.complete()

    def _made_popup(self) -> QListView:
        """The list, made when it is first opened: pages are long."""
        if self._popup is None:
            self._popup = QListView()
            self._popup.setUniformItemSizes(True)
            self._popup.setAccessibleName("Choices")
            self._list.setPopup(self._popup)
            self._popup.setItemDelegate(_Rows(self))
        return self._popup

    def _taken(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._shown):
            self.picked.emit(self._shown[index.row()])


class FindField(Field):
    """One of many, found by typing. `committed` carries a code, `refused` what was typed."""

    refused = Signal(str, str)  # what was typed, why it is no choice

    def __init__(
        self,
        words: str,
        choices: tuple[tuple[str, str], ...],
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, hint, parent)
        self.editor = FindBox()
        self._choices: tuple[tuple[str, str], ...] = ()
        self._saved = ""
        self._shown = ""  # what stands there when nobody typed
        self.editor.line.setPlaceholderText("Type a part of it, or press Down for the list")
        self.editor.picked.connect(self._picked)
        self.editor.left.connect(self.commit)
        self.editor.entered.connect(self.commit)
        self.editor.edited.connect(self._edited)
        self._draft = QTimer(self)
        self._draft.setSingleShot(True)
        self._draft.setInterval(DRAFT_EVERY_MS)
        self._draft.timeout.connect(self._keep_draft)
        self.place(self.editor)
        self.editor.line.setAccessibleName(words)
        self.set_choices(choices)

    @property
    def value(self) -> str:
        """The code that is kept."""
        return self._saved

    @property
    def text(self) -> str:
        """What stands in the line."""
        return self.editor.line.text()

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed that is neither a choice nor told yet."""
        return self.text != self._shown

    def rename(self, words: str) -> None:
        """The line is named like the question."""
        super().rename(words)
        self.editor.line.setAccessibleName(words)

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer these."""
        if choices == self._choices:
            return
        self._choices = choices
        self.editor.set_labels(tuple(said for _, said in choices))
        if not self.is_dirty:
            self.set_value(self._saved)

    def set_value(self, value: str) -> None:
        """Show the choice that is on disk, by its code."""
        if self.is_dirty and self.editor.hasFocus():
            return
        labels = dict(self._choices)
        if value in labels or not value:
            self._saved = value
        self._show(labels.get(value, value))

    def show_refused(self, typed: str) -> None:
        """Show what was typed and is no choice: as words, also when a choice has them as code."""
        if not (self.is_dirty and self.editor.hasFocus()):
            self._show(typed)

    def commit(self) -> None:
        """Take what stands there: a choice, nothing, or words that are none."""
        if not self.is_dirty or self.editor.is_open:
            return
        self._draft.stop()
        if not self.text.strip():
            self._take("")
            return
        place = choice_words.meant(self.text, self.editor.known)
        if place is not None:
            self._picked(place)
            return
        self._shown = self.text
        self.refused.emit(self.text, choice_words.refusal(self.text, self.editor.known))

    def flush(self) -> None:
        """Take what stands there, as if the field was left; also while the list is open."""
        self.editor.close_list()
        self.commit()

    def _keep_draft(self) -> None:
        if self.is_dirty:
            self.typed.emit(self.text)

    def _edited(self, _text: str) -> None:
        if not self._draft.isActive():
            self._draft.start()

    def _picked(self, place: int) -> None:
        code, said = self._choices[place]
        self._show(said)
        self._take(code)

    def _take(self, code: str) -> None:
        self._show(dict(self._choices).get(code, ""))
        self._saved = code
        self.committed.emit(code)

    def _show(self, text: str) -> None:
        self._shown = text
        if self.text != text:
            self.editor.line.setText(text)
            self.editor.line.setCursorPosition(0)
