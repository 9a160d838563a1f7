"""Pages of which one is in sight, as high as that one is: a stack inside a page that scrolls.

Speaks as a QStackedWidget does, which is as high as its highest page and would leave blank paper
under a short one. Refuses to scroll by itself.
"""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.kit.layout import column


class OneInSight(QWidget):
    """A stack whose hidden pages take no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages: list[QWidget] = []
        self._at = -1
        self._column: QVBoxLayout = column()
        self.setLayout(self._column)

    def count(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def widget(self, number: int) -> QWidget | None:
        """One of the pages."""
        return self._pages[number] if 0 <= number < len(self._pages) else None

    def currentIndex(self) -> int:
        """Which one is in sight; -1 when there is none."""
        return self._at

    def currentWidget(self) -> QWidget | None:
        """The one in sight."""
        return self.widget(self._at)

    def addWidget(self, page: QWidget) -> int:
        """One more page at the end; the first one is in sight at once."""
        self._pages.append(page)
        page.hide()
        self._column.addWidget(page)
        if self._at < 0:
            self.setCurrentIndex(0)
        return len(self._pages) - 1

    def removeWidget(self, page: QWidget) -> None:
        """Take a page out; whoever asked for it deletes it."""
        self._pages.remove(page)
        self._column.removeWidget(page)
        page.hide()
        self._at = -1
        if self._pages:
            self.setCurrentIndex(0)

    def setCurrentIndex(self, number: int) -> None:
        """Show this page and hide the one that was in sight."""
        if not 0 <= number < len(self._pages):
            return
        self._at = number
        for place, page in enumerate(self._pages):
            page.setVisible(place == number)
