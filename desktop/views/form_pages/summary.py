"""What has to be put right before a form is finished: one line each, and the way to its question.

The same words as at the question. A line goes when its question is put right, and the whole when
all are. Refuses to keep the focus once a line was pressed: that is in the field then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from desktop.presenters.words import counted
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import quiet
from desktop.views.kit.labels import strong
from desktop.views.kit.layout import column, panel

if TYPE_CHECKING:
    from desktop.presenters.form_drawn import Asked, FormPage, Problem


BESIDE = 60  # pixels of margins, borders and the scroll bar


class Summary(QScrollArea):
    """The lines, in the order of the questions."""

    wanted = Signal(object)  # Problem

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: dict[str, QPushButton] = {}  # by ref
        self._column = column(gap=0)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetMinimumSize)
        self._head = strong("")
        self._column.addWidget(self._head)
        inner = panel(self._column, "problem-bar")
        self.setProperty("role", "plain")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("What has to be put right")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setWidget(inner)
        self.hide()

    @property
    def lines(self) -> list[str]:
        """The words of every line that is left."""
        return [each.accessibleName() for each in self._lines.values() if not each.isHidden()]

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show these, and take the focus to the first."""
        for line in self._lines.values():
            line.hide()
            line.deleteLater()
        self._lines = {}
        for problem in problems:
            line = quiet(problem.words, partial(self.wanted.emit, problem))
            line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._column.addWidget(line)
            self._lines[problem.ref] = line
        self._break_lines()
        self._count()
        self.show()
        self.verticalScrollBar().setValue(0)
        announce(self, self._head.text())
        first = next(iter(self._lines.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_left(self, pages: Iterable[FormPage]) -> None:
        """Take out what was put right; say a line anew when its question says other words."""
        if self.isHidden():
            return
        wrong = {ref: words for page in pages if page.relevant for ref, words in _wrong(page.asked)}
        for ref, line in self._lines.items():
            line.setVisible(ref in wrong)
            if ref in wrong:
                line.setAccessibleName(wrong[ref])
        self._break_lines()
        self._count()
        self.setVisible(bool(self.lines))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Long lines break anew."""
        super().resizeEvent(event)
        self._break_lines()

    def changeEvent(self, event: QEvent) -> None:
        """So they do for larger letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._break_lines()

    def _break_lines(self) -> None:
        """A button does not break its words itself: they would be cut at large text."""
        for line in self._lines.values():
            room = self.viewport().width() - BESIDE
            broken = "\n".join(_broken(line.accessibleName(), room, line.fontMetrics()))
            line.setText(broken.replace("&", "&&"))

    def _count(self) -> None:
        self._head.setText(f"{counted(len(self.lines), 'thing')} to put right first")


def _broken(words: str, room: int, metrics: QFontMetrics) -> list[str]:
    """The words in lines that fit; a word that is longer than a line has one of its own."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1:] = [longer]
    return lines


def _wrong(asked: Iterable[Asked]) -> Iterator[tuple[str, str]]:
    for each in asked:
        if each.relevant and each.problem:
            yield each.ref, each.problem
        if each.relevant:
            yield from _wrong(each.inside)
