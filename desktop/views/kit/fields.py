"""Named fields: words above, hint below, the problem in words beside the thing to mend.

A field never clears itself and has no Save button: it says `committed` after a pause in typing
and when it is left. Refuses placeholder-only naming.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.views.kit.labels import label, name_for, restyle

if TYPE_CHECKING:
    from collections.abc import Iterable

PAUSE_MS = 800


class Field(QWidget):
    """Words, a control, a hint and a place for a problem."""

    def __init__(
        self, words: str, control: QWidget, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._control = control
        self._label = label(words)
        name_for(self._label, control, words)
        self._hint = label(hint, "muted", wrap=True)
        if not hint:
            self._hint.hide()
        self._problem = label("", "problem", wrap=True)
        self._problem.hide()
        control.setAccessibleName(words)
        control.setAccessibleDescription(hint)
        self.setFocusProxy(control)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for part in (self._label, self._hint, self._problem, control):
            layout.addWidget(part)

    @property
    def words(self) -> str:
        """What the field is called."""
        return self._label.text()

    def set_words(self, words: str) -> None:
        """Call the field something else."""
        self._label.setText(words)
        self._control.setAccessibleName(words)

    def head_as(self, role: str) -> None:
        """Have its words stand as another role of the style sheet: the one question of a page."""
        self._label.setProperty("role", role)
        restyle(self._label)

    @property
    def control(self) -> QWidget:
        """The thing typed into."""
        return self._control

    def set_problem(self, words: str) -> None:
        """Say what is wrong and how to mend it; "" takes it away. What was typed stays."""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        self._control.setProperty("problem", "true" if words else "false")
        self._control.setAccessibleDescription(words or self._hint.text())
        restyle(self._control)

    @property
    def problem(self) -> str:
        """The problem shown now."""
        return self._problem.text()


class LineField(Field):
    """One line of text. Enter says `entered`; a pause or leaving says `committed`."""

    committed = Signal(str)
    typed = Signal(str)
    entered = Signal()

    def __init__(
        self, words: str, value: str = "", hint: str = "", parent: QWidget | None = None
    ) -> None:
        self.edit = QLineEdit()
        super().__init__(words, self.edit, hint, parent)
        self.edit.setText(value)
        self._kept = value
        self._pause = _pause(self)
        self._pause.timeout.connect(self.commit)
        self.edit.textEdited.connect(self._on_edited)
        self.edit.editingFinished.connect(self.commit)
        self.edit.returnPressed.connect(self.entered)

    def value(self) -> str:
        """What is typed now."""
        return self.edit.text()

    def set_value(self, value: str) -> None:
        """Show a value that came from the vault; not an edit."""
        self._kept = value
        if self.edit.text() != value:
            self.edit.setText(value)

    @Slot()
    def commit(self) -> None:
        """Say `committed` now if the text differs from what was kept (lock and close call this)."""
        self._pause.stop()
        if self.edit.text() != self._kept:
            self._kept = self.edit.text()
            self.committed.emit(self._kept)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        self._pause.start()
        self.typed.emit(text)


class TextField(Field):
    """Several lines of text, committed like a line."""

    committed = Signal(str)
    typed = Signal(str)

    def __init__(
        self,
        words: str,
        value: str = "",
        hint: str = "",
        lines: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        self.edit = QPlainTextEdit()
        super().__init__(words, self.edit, hint, parent)
        self.edit.setTabChangesFocus(True)
        self.edit.setPlainText(value)
        self.edit.setMinimumHeight(self.edit.fontMetrics().lineSpacing() * lines + 16)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._kept = value
        self._setting = False
        self._pause = _pause(self)
        self._pause.timeout.connect(self.commit)
        self.edit.textChanged.connect(self._on_changed)
        self.edit.installEventFilter(self)

    def value(self) -> str:
        """What is typed now."""
        return self.edit.toPlainText()

    def set_value(self, value: str) -> None:
        """Show a value that came from the vault; not an edit."""
        self._kept = value
        if self.value() != value:
            self._setting = True
            self.edit.setPlainText(value)
            self._setting = False

    @Slot()
    def commit(self) -> None:
        """Say `committed` now if the text differs from what was kept."""
        self._pause.stop()
        if self.value() != self._kept:
            self._kept = self.value()
            self.committed.emit(self._kept)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leaving the box commits it."""
        if watched is self.edit and event.type() == QEvent.Type.FocusOut:
            self.commit()
        return super().eventFilter(watched, event)

    @Slot()
    def _on_changed(self) -> None:
        if not self._setting:
            self._pause.start()
            self.typed.emit(self.value())


class SecretField(Field):
    """A passphrase: can be shown, pasted and filled by a password manager (WCAG 3.3.8)."""

    entered = Signal()
    typed = Signal(str)

    def __init__(self, words: str, hint: str = "", parent: QWidget | None = None) -> None:
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(words, self.edit, hint, parent)
        self.show_box = QCheckBox("Show it")
        self.show_box.setAccessibleName(f"Show: {words}")
        self.show_box.toggled.connect(self._on_show)
        self.edit.returnPressed.connect(self.entered)
        self.edit.textEdited.connect(self.typed)
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self.show_box)

    def value(self) -> str:
        """What is typed now."""
        return self.edit.text()

    def set_value(self, value: str) -> None:
        """Fill it, e.g. with three random words."""
        self.edit.setText(value)
        self.typed.emit(value)

    def shown_with(self, other: SecretField) -> None:
        """Typed twice, looked at together: the box of the other one shows both."""
        self.show_box.hide()
        other.show_box.setText("Show both")
        other.show_box.setAccessibleName(f"Show both: {other.words}")
        other.show_box.toggled.connect(self.show_box.setChecked)

    def forget(self) -> None:
        """Empty it: after use, and when the laptop locks."""
        self.edit.clear()
        self.show_box.setChecked(False)

    @Slot(bool)
    def _on_show(self, shown: bool) -> None:  # noqa: FBT001 -- a Qt slot
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)


class ChoiceField(Field):
    """One of a few coded choices, shown by their words."""

    chosen = Signal(str)

    def __init__(
        self,
        words: str,
        choices: Iterable[tuple[str, str]],
        value: str = "",
        hint: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self.box = QComboBox()
        super().__init__(words, self.box, hint, parent)
        for code, shown in choices:
            self.box.addItem(shown, code)
        self.set_value(value)
        self.box.activated.connect(self._on_activated)

    def value(self) -> str:
        """The code chosen now."""
        return str(self.box.currentData() or "")

    def set_value(self, code: str) -> None:
        """Show a choice; not an edit. An unknown code shows nothing chosen."""
        self.box.setCurrentIndex(self.box.findData(code))

    @Slot(int)
    def _on_activated(self, index: int) -> None:
        del index
        self.chosen.emit(self.value())


def bare_line(name: str, hint: str = "") -> QLineEdit:
    """A line without words above it (filter, find box); `name` is what a screen reader says."""
    edit = QLineEdit()
    as_bare_line(edit, name, hint)
    return edit


def as_bare_line(edit: QLineEdit, name: str, hint: str = "") -> None:
    """The same for a line of a kind of its own."""
    edit.setAccessibleName(name)
    edit.setPlaceholderText(hint)
    edit.setClearButtonEnabled(False)
    edit.setProperty("searches", True)


def value_label(words: str, value: str) -> QWidget:
    """Words and a value beside each other, read-only."""
    from PySide6.QtCore import Qt  # the namespace is slow to load: not before the first paint

    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    layout.addWidget(label(words, "small"))
    shown: QLabel = label(value, wrap=True)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout.addWidget(shown)
    return holder


def _pause(owner: QObject) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(PAUSE_MS)
    return timer
