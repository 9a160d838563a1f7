"""Fields that save themselves: a label, an editor, and one line that says what is on disk.

A field emits `committed` when it is left with another text than was saved, and `typed` at most
every two seconds for the draft. Refuses to clear itself on a problem.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.views.form_pages.asked_for import AskedFor
from desktop.views.form_pages.calm_combo import CalmCombo
from desktop.views.kit.bars import announce
from desktop.views.kit.labels import label, name_for, restyle, small
from desktop.views.kit.layout import UNDER_LABEL

DRAFT_EVERY_MS = 2000
COMMIT_AFTER_MS = 800


def say_status(status: QLabel, words: str, role: str = "small") -> None:
    """Have a status line say this, quietly or as a problem, and tell a screen reader."""
    status.setText(words)
    status.setProperty("role", role)
    restyle(status)
    status.setVisible(bool(words))
    if words:
        announce(status, words, urgent=role == "problem")


class LongText(QPlainTextEdit):
    """Several lines; Tab leaves it, and leaving it commits."""

    left = Signal()

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As high as its lines, at any text size."""
        return QSize(220, self.fontMetrics().lineSpacing() * self._lines + 20)

    def minimumSizeHint(self) -> QSize:
        """Never lower than its lines."""
        return QSize(80, self.sizeHint().height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the field was left."""
        super().focusOutEvent(event)
        self.left.emit()


class OneLine(QLineEdit):
    """Wide enough for what it suggests, at any text size."""

    def sizeHint(self) -> QSize:
        """Qt's own, or what the suggestion takes with its frame."""
        hint = super().sizeHint()
        wanted = self.fontMetrics().horizontalAdvance(self.placeholderText()) + 24
        return QSize(max(hint.width(), wanted), hint.height())


class Field(QWidget):
    """What all fields share: the label above, the status line below."""

    committed = Signal(object)
    typed = Signal(str)

    def __init__(self, words: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(UNDER_LABEL)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.heading: QLabel = label(words, wrap=True)
        self._hint = hint
        self._holder: QWidget | None = None
        self._has_buddy = False  # then `&` is doubled in it (see `name_for`)
        self._status: QLabel | None = None  # made when there is something to say: pages are long

    @property
    def words(self) -> str:
        """The question, as assistive software names it."""
        return self._words

    def rename(self, words: str) -> None:
        """Ask it in other words: the language changed, or an answer it quotes did."""
        if words != self._words:
            self._words = words
            self.heading.setText(words.replace("&", "&&") if self._has_buddy else words)
            for named in (self.focusProxy(), self._holder):
                if named is not None:
                    named.setAccessibleName(words)

    def keep_off_paper(self) -> None:
        """It stands ready for something new: on paper what it begins with would read as a fact."""
        first = self.first()
        if first is not None:
            first.setProperty("on_screen_only", True)

    def first(self) -> QWidget | None:
        """The control that takes the focus."""
        return self.focusProxy()

    def take_focus(self) -> None:
        """Put the focus where the answer is given."""
        first = self.first()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self, editor: QWidget) -> None:
        """Put the editor between heading and status line, and tie its names."""
        self.head_for(editor)
        editor.setAccessibleName(self._words)
        if self._hint:
            editor.setAccessibleDescription(self._hint)
        self._put_in(editor)
        self.setFocusProxy(editor)

    def head_for(self, editor: QWidget) -> None:
        """The heading is the editor's."""
        name_for(self.heading, editor, self._words)
        self._has_buddy = True

    def place_group(self, box: QWidget) -> None:
        """Put a group of ticks or radio buttons in; each of them carries its own name."""
        self._holder = box
        box.setAccessibleName(self._words)
        if self._hint:
            box.setAccessibleDescription(self._hint)
        self._put_in(box)

    def break_lines(self) -> None:
        """What stands in it may need more lines where it is narrow: be as high as that takes."""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _put_in(self, editor: QWidget) -> None:
        self.column.addWidget(self.heading)
        if self._hint:
            hint = small(self._hint, wrap=True)
            hint.setProperty("on_screen_only", True)  # paper has nothing to type into
            self.column.addWidget(hint)
        self.column.addWidget(editor)

    def show_saved(self, words: str) -> None:
        """It is on disk."""
        self._say(words, "small")

    def show_problem(self, words: str) -> None:
        """It is not; what to do."""
        self._say(words, "problem")

    def flush(self) -> None:
        """Commit what is half typed, as if the field was left. Most fields hold nothing back."""

    def show_nothing(self) -> None:
        """No word under the field, and no mark of a problem at it."""
        if self._status is not None and not self._status.isHidden():
            self._say("", "small")

    @property
    def status(self) -> str:
        """What stands under the field."""
        said = self._status
        return said.text() if said is not None and not said.isHidden() else ""

    @property
    def has_problem(self) -> bool:
        """Whether a problem stands under the field."""
        said = self._status
        return bool(self.status) and said is not None and said.property("role") == "problem"

    def _say(self, words: str, role: str) -> None:
        if self._status is None:
            self._status = small("", wrap=True)
            self.column.addWidget(self._status)
        say_status(self._status, words, role)
        editor = self.focusProxy()
        if editor is not None:
            editor.setProperty("problem", role == "problem")
            restyle(editor)
        for told in (editor, self._holder):
            if told is not None:
                told.setAccessibleDescription(f"{self._hint} {words}".strip())


class TextField(Field):
    """A line or several lines of text, a number, an amount or a day: all typed as text."""

    def __init__(
        self,
        words: str,
        hint: str = "",
        *,
        lines: int = 1,
        placeholder: str = "",
        pauses: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`pauses`: commit after a pause in typing too, and keep problems until it is left."""
        super().__init__(words, hint, parent)
        self._saved = ""
        self._asked = AskedFor()  # what is being saved
        self._drafted = ""  # the draft of it that may be on disk
        self._by_pause = False
        self._press: str | None = None  # the button that saves it, where leaving does not
        self._taken: str | None = None  # what that button was pressed for
        self.editor: QLineEdit | LongText
        if lines == 1:
            line = OneLine()
            line.editingFinished.connect(self._left)
            line.textEdited.connect(self._edited)
            self.editor = line
        else:
            text = LongText(lines)
            text.left.connect(self._left)
            text.textChanged.connect(self._edited)
            self.editor = text
        self.editor.setPlaceholderText(placeholder)
        self.place(self.editor)
        self._draft = _timer(self, DRAFT_EVERY_MS, self._keep_draft)
        self._pause = _timer(self, COMMIT_AFTER_MS, self._paused) if pauses else None
        self._quiet = False

    @property
    def text(self) -> str:
        """What stands in the field now."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text()
        return self.editor.toPlainText()

    def set_text(self, text: str) -> None:
        """Show what is on disk; a field somebody is typing in is left alone."""
        if self.editor.hasFocus() and text.strip() == self.text.strip():
            self._saved = self.text  # a space that is just being typed is not taken away
            return
        if self.is_dirty and self.editor.hasFocus():
            return
        self._saved = text
        if text != self.text:
            self._put(text)

    def empty(self) -> None:
        """What stood here was taken: start afresh, with nothing to save."""
        self._stop()
        self._saved = self._drafted = ""
        self._asked, self._taken = AskedFor(), None
        self._put("")

    def saved_by(self, press: str) -> None:
        """Leaving it saves nothing, the button with these words does: until then it is half typed.

        "" where one of several buttons does.
        """
        self._press = press

    def take(self) -> str:
        """Its button was pressed: the text, and from now on what comes is typed since.

        It is kept until it is written, also where pressing did not leave the field.
        """
        self._stop()
        self._keep_draft()
        self._taken = self.text
        return self._taken

    def was_taken(self, taken: str | None = None) -> None:
        """What the button was pressed for is on disk: only what was typed since stays.

        `taken`: what it was pressed for, where that was in a field that stood here before.
        """
        taken = self._taken if taken is None else taken
        if taken is None:
            return
        rest = self.text.removeprefix(taken).lstrip() if self.text != taken else ""
        self.empty()
        if rest:
            self._put(rest)
            _to_end(self.editor)  # whoever is typing goes on behind it
            self._keep_draft()

    def restore(self, text: str) -> None:
        """Give back half-typed text; it counts as not yet saved."""
        self._put(text)
        self._drafted = text
        _to_end(self.editor)
        save = "Leave the field to save it."
        if self._press is not None:
            save = f"Press “{self._press}” to save it." if self._press else "It is not saved yet."
        self._say(f"This was not finished last time. {save}", "small")

    @property
    def is_dirty(self) -> bool:
        """Whether it holds text that is not saved."""
        return self.text != self._saved

    def show_saved(self, words: str) -> None:
        """The text that was committed is on disk; what was typed since is not yet."""
        saved, self._drafted = self._asked.was_saved(), ""
        if saved is None and self._press is not None:
            saved = self.text
        if self.is_dirty and saved is not None:
            self._saved = saved
        if not (self.is_dirty and self.has_problem):  # that is of what was typed since
            super().show_saved(words)
        self._keep_draft()  # the saved text's draft is gone: what came since has its own at once

    def show_problem(self, words: str) -> None:
        """It is not; what to do. Nobody is told in the middle of typing."""
        self._asked.was_refused()
        if not (self._by_pause and self.editor.hasFocus()):
            super().show_problem(words)

    def commit(self) -> None:
        """Commit what stands there, as if the field was left."""
        self._left()

    def flush(self) -> None:
        """Keep the text as a draft and commit it; what was taken out again is no draft.

        What a button saves is kept once more, for the disk may have refused it before.
        """
        if self._press is not None and self.is_dirty and self.text:
            self._drafted = ""
        self._keep_draft()
        if self.is_dirty:
            self.commit()

    def _put(self, text: str) -> None:
        self._quiet = True
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(text)
            if not self.editor.hasFocus():
                self.editor.setCursorPosition(0)  # long text is read from its beginning
        else:
            self.editor.setPlainText(text)
        self._quiet = False

    def _edited(self) -> None:
        if self._quiet:
            return
        if not self._draft.isActive():
            self._draft.start()
        if self._pause is not None:
            self._pause.start()

    def _keep_draft(self) -> None:
        if self.is_dirty and self.text:
            if self.text != self._drafted:
                self._drafted = self.text
                self.typed.emit(self.text)
        elif self._drafted:
            self._drafted = ""
            self.typed.emit("")  # taken out, or put back as it was: nothing is half typed

    def _paused(self) -> None:
        self._by_pause = True
        self._commit()

    def _left(self) -> None:
        self._by_pause = False
        self._stop()
        if self._press is not None or not self.is_dirty:
            self._keep_draft()
        self._commit()

    def _commit(self) -> None:
        on_its_way = self._pause is not None and self._asked.is_last(self.text)
        if self.is_dirty and not on_its_way:
            self._asked.ask(self.text, self.committed.emit, saves=self._press is None)

    def _stop(self) -> None:
        self._draft.stop()
        if self._pause is not None:
            self._pause.stop()


def _to_end(editor: QLineEdit | LongText) -> None:
    if isinstance(editor, QLineEdit):
        editor.end(False)
    else:
        editor.moveCursor(QTextCursor.MoveOperation.End)


class ChoiceField(Field):
    """One of several, in a drop-down list; the first row is 'not chosen yet'."""

    def __init__(
        self,
        words: str,
        choices: tuple[tuple[str, str], ...],
        hint: str = "",
        *,
        nothing: str = "Not chosen yet",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, hint, parent)
        self.editor = CalmCombo()
        self._nothing = nothing
        self._choices: tuple[tuple[str, str], ...] | None = None
        self.set_choices(choices)
        self.editor.settled.connect(self._picked)
        self.place(self.editor)

    @property
    def value(self) -> str:
        """The code chosen, or nothing."""
        return str(self.editor.currentData() or "")

    def set_choices(self, choices: tuple[tuple[str, str], ...]) -> None:
        """Offer these."""
        if choices == self._choices:
            return
        chosen = self.value
        self._choices = choices
        self.editor.clear()
        if self._nothing:
            self.editor.addItem(self._nothing, "")
        for code, words_for_it in choices:
            self.editor.addItem(words_for_it, code)
        if self.editor.findData(chosen) >= 0:
            self.set_value(chosen)

    def set_value(self, code: str) -> None:
        """Show what is on disk; a code this list does not know is shown as it is.

        A list somebody is going through with the arrow keys is left alone.
        """
        if self.editor.is_under_way:
            return
        index = self.editor.findData(code)
        if index < 0:
            self.editor.addItem(code, code)
            index = self.editor.count() - 1
        self.editor.setCurrentIndex(index)

    def flush(self) -> None:
        """Commit the choice the arrow keys came to."""
        self.editor.settle()

    def _picked(self) -> None:
        self.committed.emit(self.value)


class TickField(Field):
    """One thing that holds or does not."""

    def __init__(self, words: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, hint, parent)
        self.editor = QCheckBox(words.replace("&", "&&"))
        self.editor.clicked.connect(self._clicked)
        self.place(self.editor)
        self.heading.setVisible(False)

    @property
    def value(self) -> bool:
        """Whether it is ticked."""
        return self.editor.isChecked()

    def set_value(self, value: object) -> None:
        """Show what is on disk."""
        self.editor.setChecked(bool(value))

    def _clicked(self, checked: bool) -> None:  # noqa: FBT001 -- a Qt slot
        self.committed.emit(checked)


def flush_fields(screen: QWidget) -> None:
    """Commit whatever is half typed on a screen, and keep it as a draft where it is not a field."""
    for field in screen.findChildren(Field):
        field.flush()


def _timer(owner: QObject, ms: int, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(ms)
    timer.timeout.connect(slot)
    return timer
