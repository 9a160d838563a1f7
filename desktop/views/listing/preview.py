"""What the public sees of a listing, or would see: from the directory's own rule, nothing added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.labels import label, muted, section, small
from desktop.views.kit.layout import column, row
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.presenters.listing_picture import Preview


class PublicPreview(QWidget):
    """A card like the directory's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = muted("", wrap=True)
        self._card = Card()
        self.setLayout(column(section("What the public sees"), self._heading, self._card, gap=1))

    def show_preview(self, preview: Preview) -> None:
        """Show it."""
        self._heading.setText(preview.heading)
        self._card.clear()
        self._card.setVisible(bool(preview.lines))
        for asked, said in preview.lines:
            if asked == "Trading name":
                self._card.add(label(said, "section", wrap=True))
            else:
                self._card.add(column(small(asked), label(said, wrap=True), gap=0))
        for tick in preview.ticks:
            self._card.add(row(StatusChip(tick, Look.DONE), None))
        if preview.footer:
            self._card.add(small(preview.footer, wrap=True))
