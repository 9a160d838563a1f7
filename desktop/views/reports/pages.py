"""The pages of a report as pictures: one at a time, larger on demand, words for a screen reader.

Refuses to keep a picture on disk: they come through a pipe and live in memory while they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from desktop.actions import Action
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button
from desktop.views.kit.decoding import picture
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label
from desktop.views.kit.layout import column

if TYPE_CHECKING:
    from typing import Any

_STEPS = {
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Left: -1,
}
MOST_WORDS = 4000


class PageView(QWidget):
    """Shows pages as they come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: tuple[Any, ...] = ()
        self._at = 0
        self._image: QImage | None = None
        self._large = False
        self._words = label("", "muted", wrap=True)
        self._picture = QLabel()
        self._picture.setProperty("textFormat", 0)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = QScrollArea()
        self._area.setProperty("role", "plain")
        self._area.setWidget(self._picture)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setAccessibleName("A page of the report")
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.installEventFilter(self)
        self._back = button("Page before", self.go_back)
        self._next = button("Next page", self.go_on)
        self._larger = button("Larger", self._turn_size, role="toggle")
        self._bar = flowing(self._back, self._next, self._larger)
        page = column(self._bar, self._words, self._area, gap=1)
        page.setStretch(2, 1)
        self.setLayout(page)
        for part in (self._bar, self._area, self._words):
            part.hide()

    def actions(self) -> list[Action]:  # type: ignore[override]  # ours, not Qt's
        """What can be done with the pages."""
        return [
            Action("reports.next_page", "Next page of the report", self.go_on),
            Action("reports.page_before", "Page before in the report", self.go_back),
        ]

    def say(self, words: str) -> None:
        """Why there is no page yet."""
        self._pages, self._image = (), None
        self._picture.clear()
        for part in (self._bar, self._area):
            part.hide()
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.setVisible(bool(words))

    def show_pages(self, pages: tuple[Any, ...], *, whole: bool) -> None:
        """These pages have come so far."""
        grown = len(pages) != len(self._pages)
        first = not self._pages
        self._pages = pages
        for part in (self, self._bar, self._area):
            part.show()
        if first:
            self._at = min(self._at, pages[-1].of - 1)
        if self._at < len(pages) and (self._image is None or first):
            self._show()
        if grown or whole:
            self._tell(whole=whole)

    def go_on(self) -> None:
        """The next page, when it is there."""
        self._go(1)

    def go_back(self) -> None:
        """The page before."""
        self._go(-1)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Page and arrow keys turn pages."""
        if watched is self._area and isinstance(event, QKeyEvent):
            step = _STEPS.get(Qt.Key(event.key()))
            if event.type() == QEvent.Type.KeyPress and step is not None:
                self._go(step)
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page fits the room again."""
        super().resizeEvent(event)
        self._fit()

    def _go(self, step: int) -> None:
        at = self._at + step
        if 0 <= at < len(self._pages):
            self._at = at
            self._show()
            self._tell(whole=len(self._pages) == self._pages[0].of)
            announce(self._area, self._words.text())

    def _show(self) -> None:
        page = self._pages[self._at]
        self._image = picture(page.png)
        self._picture.setAccessibleName(f"Page {page.number} of {page.of}")
        self._picture.setAccessibleDescription(page.words[:MOST_WORDS])
        self._area.verticalScrollBar().setValue(0)
        self._fit()

    def _tell(self, *, whole: bool) -> None:
        of = self._pages[0].of
        said = f"Page {self._at + 1} of {of}"
        self._words.setText(said if whole else f"{said}, {len(self._pages)} drawn so far")
        self._words.show()
        self._back.setEnabled(self._at > 0)
        self._next.setEnabled(self._at + 1 < len(self._pages))

    def _turn_size(self) -> None:
        self._large = self._larger.isChecked()
        self._fit()

    def _fit(self) -> None:
        if self._image is None or self._image.isNull():
            return
        room = self._area.viewport().size()
        ratio = self.devicePixelRatioF()
        wide = room.width() - 4
        if not self._large:
            wide = min(wide, int((room.height() - 4) * self._image.width() / self._image.height()))
        shown = self._image.scaledToWidth(
            max(int(wide * ratio), 40), Qt.TransformationMode.SmoothTransformation
        )
        picture = QPixmap.fromImage(shown)
        picture.setDevicePixelRatio(ratio)
        self._picture.setPixmap(picture)
