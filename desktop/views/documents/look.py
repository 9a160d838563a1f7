"""A look at one file beside the list: a page of a PDF, a picture, the start of a text.

Refuses to open anything outside: what cannot be shown here says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, small, strong
from desktop.views.kit.layout import column, scrolling

if TYPE_CHECKING:
    from desktop.operations.preview import Preview
    from desktop.presenters.documents import Document

NARROWEST = 120
BESIDE = 32  # pixels for the scroll bar and the margins


class LookPane(QWidget):
    """Says `turned` with the page that is wanted."""

    turned = Signal(int)
    away = Signal(str)  # the file is the wrong one

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = strong("")
        self._name.setWordWrap(True)
        self._picture = QLabel()
        self._words = label("Choose a file to look at it here.", "muted", wrap=True)
        self._about = muted("", wrap=True)
        self._coming = small("", wrap=True)
        self._page = muted("")
        self._back = button("Page before", self._page_back, icon="back")
        self._next = button("Next page", self._page_next, icon="forward")
        self._away = quiet("Take this file away", self._away_pressed)
        self._of = ""  # id of the file
        self._at, self._pages = 0, 0  # the page, from 0, and how many there are
        self._image = QImage()
        self._picture.setTextFormat(Qt.TextFormat.PlainText)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        inner = QWidget()
        inner.setLayout(column(self._words, self._picture, None))
        pages = flowing(self._back, self._next, self._page, self._away)
        body = column(
            self._name,
            self._about,
            self._coming,
            pages,
            scrolling(inner, "A look at the file"),
            gap=1,
        )
        body.setContentsMargins(8, 0, 0, 0)
        self.setLayout(body)
        for each in (self._back, self._next, self._page, self._coming, self._away):
            each.hide()

    @property
    def image(self) -> QImage:
        """What is shown now; null when it is words."""
        return self._image

    @property
    def words(self) -> str:
        """What is said instead of a picture, or ''."""
        return "" if self._words.isHidden() else self._words.text()

    def say_about(self, document: Document) -> None:
        """Its name and what is known of it; of the file before nothing stays."""
        if document.id != self._of:
            self._of, self._at = document.id, 0
            self.say_coming("")
            self._show_nothing()
            self._words.hide()
            self._show_pages(0)
        self._name.setText(document.name)
        self._away.show()
        self._away.setAccessibleName(f"Take this file away: {document.name}")
        given = f"given by {document.given_by}" if document.given_by else ""
        parts = (document.kind, document.size, f"added {document.added}", given)
        self._about.setText(", ".join(part for part in parts if part))

    @property
    def coming(self) -> str:
        """What is said of a file that is not all here, or ''."""
        return "" if self._coming.isHidden() else self._coming.text()

    def say_coming(self, words: str) -> None:
        """What stands for the file now, and whether the whole one comes; "" when it is here."""
        if words and words != self._coming.text():
            announce(self, words)
        self._coming.setText(words)
        self._coming.setVisible(bool(words))

    def show_preview(self, seen: Preview, image: QImage) -> None:
        """Show a look at the chosen file."""
        self._image, self._at = image, seen.page
        self._name.setText(seen.name)
        self._words.setText(seen.words or seen.text)
        self._words.setVisible(bool(seen.words or seen.text))
        if seen.picture and image.isNull():
            self._words.setText(
                "This picture cannot be shown: the file is damaged or far too large. It is kept."
            )
            self._words.show()
        self._picture.setAccessibleName(f"Page {seen.page + 1} of {seen.name}")
        self._fit()
        self._show_pages(seen.pages)

    def show_no_preview(self, words: str) -> None:
        """Say why there is nothing to see. The other pages of the same file stay in reach."""
        self._show_nothing()
        self._show_pages(self._pages)
        self._words.setText(words)
        self._words.show()

    def show_gone(self) -> None:
        """The file was taken away."""
        self._of = ""
        self._show_nothing()
        self._show_pages(0)
        self._name.setText("")
        self._about.setText("")
        self.say_coming("")
        self._away.hide()
        self._words.setText("Taken away. Undo brings it back.")
        self._words.show()

    def _away_pressed(self) -> None:
        self.away.emit(self._of)

    def _show_nothing(self) -> None:
        self._image = QImage()
        self._picture.clear()
        self._picture.setAccessibleName("")

    def _show_pages(self, pages: int) -> None:
        self._pages = pages
        many = pages > 1
        self._page.setText(f"Page {self._at + 1} of {pages}" if many else "")
        self._page.setVisible(many)
        self._back.setVisible(many)
        self._next.setVisible(many)
        self._back.setEnabled(self._at > 0)
        self._next.setEnabled(self._at + 1 < pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if self._image.isNull():
            self._picture.clear()
            return
        scale = self.devicePixelRatioF()
        wide = max(NARROWEST, min(self._image.width(), self.width() - BESIDE))
        made = QPixmap.fromImage(self._image).scaledToWidth(
            round(wide * scale), Qt.TransformationMode.SmoothTransformation
        )
        made.setDevicePixelRatio(scale)
        self._picture.setPixmap(made)

    def _page_back(self) -> None:
        self._turn(-1)

    def _page_next(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), max(self._pages - 1, 0))
        self.turned.emit(self._at)
