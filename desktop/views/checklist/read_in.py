"""Where an item was read: each page by its name, its address and the day, with a way to open it.

The address stands in words too, for a laptop without a line. Refuses to open anything but https.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLayoutItem, QWidget

from desktop.presenters.checklist_picture import ReadIn
from desktop.views.kit.buttons import button
from desktop.views.kit.labels import overline, small
from desktop.views.kit.layout import column, row


class ReadInPages(QWidget):
    """The sources of the item that is shown; away when it has none."""

    def __init__(self) -> None:
        super().__init__()
        self._sources: tuple[ReadIn, ...] = ()
        self._lines = column(gap=0)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._lines)
        self.hide()

    def show_sources(self, sources: tuple[ReadIn, ...]) -> None:
        """Show these; what stands there already is left alone."""
        if sources == self._sources:
            return
        self._sources = sources
        self.hide()  # what is added to a page that is shown appears one piece after another
        while (item := self._lines.takeAt(0)) is not None:
            _away(item)
        if sources:
            self._lines.addWidget(overline("Where this was read"))
        for source in sources:
            self._lines.addWidget(small(source.line, wrap=True))
            if source.page.startswith("https://"):
                words = "Open this site" if source.site_only else "Open this page"
                opening = button(words, partial(_open, source.page))
                opening.setAccessibleName(f"{words}: {source.name}")
                opening.setToolTip("Opens in the web browser of this laptop.")
                self._lines.addLayout(row(opening, None))
        self.setVisible(bool(sources))


def _open(page: str) -> None:
    QDesktopServices.openUrl(QUrl(page))


def _away(item: QLayoutItem) -> None:
    widget, inner = item.widget(), item.layout()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
    while inner is not None and (part := inner.takeAt(0)) is not None:
        _away(part)
