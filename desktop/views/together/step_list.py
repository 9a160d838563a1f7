"""The list at the left: every step with its state in words and shape, and where we are.

One Tab stop; arrows move, Enter opens. Refuses to show a step that is not this person's.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from desktop.presenters.together_picture import Step, TogetherPicture
from desktop.views.kit.buttons import quiet
from desktop.views.kit.labels import label, muted
from desktop.views.kit.layout import column
from desktop.views.kit.shapes import Look, draw
from desktop.views.together.style import TARGET

KEY = Qt.ItemDataRole.UserRole
GUIDE, FORM = "guide", "form"
BESIDE, ABOVE = 34, 16  # pixels that border and gaps take of a row
_SHORT = 6  # others below this many are shown at once


class _Steps(QListWidget):
    """A list that says when it has another width."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words break anew."""
        super().resizeEvent(event)
        self.resized.emit()


class StepList(QFrame):
    """Whose list it is, how far it is, and the steps."""

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "list")
        self._whose = label("", "section", wrap=True)
        self._progress = muted("", wrap=True)
        self._list = _Steps()
        self._list.resized.connect(self._fit)
        self._list.setWordWrap(True)
        self._list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._list.itemClicked.connect(self._open)
        self._list.itemActivated.connect(self._open)
        self._more = quiet("Show more steps", self._more_pressed)
        self._all = False
        self._picture: TogetherPicture | None = None
        self._at = ""
        body = column(self._whose, self._progress, self._list, self._more, gap=1)
        body.setContentsMargins(14, 20, 10, 12)
        body.setStretchFactor(self._list, 1)
        self.setLayout(body)

    def show_picture(self, picture: TogetherPicture, at: str) -> None:
        """Show the steps, and where we are."""
        self._picture = picture
        if self._at not in (GUIDE, FORM):
            self._at = at
        self._whose.setText(f"{picture.whose} list")
        self._progress.setText(picture.progress)
        self._list.setAccessibleName(f"{picture.whose} list, {picture.progress}")
        self._fill()

    def mark(self, key: str) -> None:
        """Where we are: a step, the guide or the form."""
        if key != self._at:
            self._at = key
            self._fill()

    def focus_list(self) -> None:
        """Put the focus in the list."""
        self._list.setFocus()

    def _fill(self) -> None:
        if self._picture is None:
            return
        had_focus = self._list.hasFocus()
        self._list.clear()
        for step in self._shown(self._picture):
            self._add(step.key, step.title, step.state_words, Look(step.look))
        self._add(GUIDE, "Kind of business", "A guide in questions", Look.INFO)
        self._add(FORM, "How are things going?", "A short form", Look.INFO)
        self._fit()
        self._more.setVisible(not self._all and len(self._picture.others) >= _SHORT)
        if had_focus:
            self._list.setFocus()

    def _shown(self, picture: TogetherPicture) -> list[Step]:
        others = picture.others
        if not self._all and len(others) >= _SHORT:
            others = tuple(step for step in others if step.key == self._at or step.value)
        return [*picture.questions, *picture.musts, *others]

    def _add(self, key: str, title: str, state: str, look: Look) -> None:
        here = key == self._at
        said = f"{state}, you are here" if here else state
        item = QListWidgetItem(self._icon(look), f"{title}\n{said}")
        item.setData(KEY, key)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}: {said}")
        self._list.addItem(item)
        if here:
            self._list.setCurrentItem(item)
            self._list.scrollToItem(item)

    def _fit(self) -> None:
        """Every row as high as its words: the style's border is not in Qt's own reckoning."""
        metrics = self._list.fontMetrics()
        room = self._list.viewport().width() - self._list.iconSize().width() - BESIDE
        if room < metrics.averageCharWidth() * 4:
            return
        flags = int(Qt.TextFlag.TextWordWrap)
        for number in range(self._list.count()):
            item = self._list.item(number)
            words = metrics.boundingRect(QRect(0, 0, room, 10_000), flags, item.text())
            item.setSizeHint(QSize(0, max(TARGET, words.height() + ABOVE)))
        here = self._list.currentItem()
        if here is not None:
            self._list.scrollToItem(here)

    def _icon(self, look: Look) -> QIcon:
        side = max(20, self._list.fontMetrics().height())
        self._list.setIconSize(QSize(side, side))
        ratio = self.devicePixelRatioF()
        picture = QPixmap(int(side * ratio), int(side * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw(painter, QRectF(0, 0, side, side), look)
        painter.end()
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)  # else Qt greys the shape of the chosen row
        return icon

    def _open(self, item: QListWidgetItem) -> None:
        self.picked.emit(str(item.data(KEY)))

    def _more_pressed(self) -> None:
        self._all = True
        self._fill()
        self._list.setFocus()
