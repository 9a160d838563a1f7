"""The documents tab: what we hold, add a file, look at it here. Nothing opens outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from desktop.models.rows import Column
from desktop.presenters.documents import FILE_ENDINGS, DocumentsPresenter
from desktop.presenters.words import counted
from desktop.views.form_pages.fields import TextField, say_status
from desktop.views.form_pages.halves import halves
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.buttons import button
from desktop.views.kit.labels import label, muted, small, strong
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.preview import Preview
    from desktop.presenters.documents import Document

Chooser = Callable[[QWidget], Path | None]


def choose_file(parent: QWidget) -> Path | None:
    """Ask the person for a file to add."""
    kinds = " ".join(f"*{ending}" for ending in FILE_ENDINGS)
    name, _ = QFileDialog.getOpenFileName(
        parent, "Add a file", "", f"Files that are kept ({kinds})"
    )
    return Path(name) if name else None


LEAST_LINES = 8  # of the table: with large text the page scrolls instead


class DocumentsPanel(SeenPart):
    """The files of one enterprise with a look at the chosen one."""

    def __init__(
        self,
        context: Context,
        enterprise_id: str,
        parent: QWidget | None = None,
        *,
        choose: Chooser = choose_file,
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._table = RowsTable(
            "Documents, newest first",
            (
                Column("Name", lambda d: d.name),
                Column("Proves", lambda d: d.proves or "Nothing yet"),
                Column("In date", lambda d: d.in_date, _look),
                Column("Size", lambda d: d.size, right=True),
                Column("Added", lambda d: d.added),
            ),
        )
        self._caption = TextField("What is it?")
        self._giver = TextField("Who gave it?")
        self._add = button("Add a file", self._add_pressed)
        self._status = small("", wrap=True)
        self._count = muted("")
        self._name = strong("")
        self._picture = QLabel()
        self._words = label("Choose a file to look at it here.", "muted", wrap=True)
        self._page = muted("")
        self._back = button("Page before", self._page_back)
        self._next = button("Next page", self._page_next)
        self._seen: Preview | None = None
        self._image = QImage()
        self._build()
        self._presenter = DocumentsPresenter(context, self, enterprise_id)
        self._table.chosen.connect(self._chosen)
        self._presenter.load()

    def _build(self) -> None:
        self._picture.setTextFormat(Qt.TextFormat.PlainText)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        bar = row(self._caption, self._giver, gap=1)
        bar.addWidget(self._add, 0, Qt.AlignmentFlag.AlignBottom)
        left = QWidget()
        body = column(bar, self._status, self._count, self._table, gap=1)
        body.setStretchFactor(self._table, 1)
        left.setLayout(body)
        self._table.setMinimumHeight(self.fontMetrics().height() * LEAST_LINES)
        left.layout().setContentsMargins(0, 0, 8, 0)  # type: ignore[union-attr]
        inner = QWidget()
        inner.setLayout(column(self._words, self._picture, None))
        look = QWidget()
        pages = row(self._back, self._next, self._page, None)
        look.setLayout(column(self._name, pages, scrolling(inner, "A look at the file"), gap=1))
        look.layout().setContentsMargins(8, 0, 0, 0)  # type: ignore[union-attr]
        split = halves(scrolling(left, "Files"), look, (540, 360), "Files beside a look at one")
        self.setLayout(column(split))
        self._status.hide()
        for each in (self._back, self._next):
            each.hide()

    def show_documents(self, rows: tuple[Document, ...]) -> None:
        """Show these rows."""
        self._table.show_rows(rows)
        none = "No files yet. Add a certificate, a letter or a photo of one."
        self._count.setText(counted(len(rows), "file") if rows else none)

    def show_preview(self, seen: Preview) -> None:
        """Show a look at the chosen file."""
        self._seen = seen
        self._name.setText(seen.name)
        self._words.setText(seen.words or seen.text)
        self._words.setVisible(bool(seen.words or seen.text))
        self._image = _image(seen)
        if seen.picture and self._image.isNull():
            self._words.setText("This picture cannot be shown: the file is damaged. It is kept.")
            self._words.show()
        self._picture.setAccessibleName(f"Page {seen.page + 1} of {seen.name}")
        self._fit()
        many = seen.pages > 1
        self._page.setText(f"Page {seen.page + 1} of {seen.pages}" if many else "")
        self._back.setVisible(many)
        self._next.setVisible(many)
        self._back.setEnabled(seen.page > 0)
        self._next.setEnabled(seen.page + 1 < seen.pages)

    def show_no_preview(self, words: str) -> None:
        """Say why there is nothing to see."""
        self._image = QImage()
        self._picture.clear()
        self._words.setText(words)
        self._words.show()

    def field_saved(self, _key: str, words: str) -> None:
        """The file is in the vault."""
        for field in (self._caption, self._giver):
            field.empty()
        self._say(f"File added. {words}", "small")

    def field_failed(self, _key: str, words: str) -> None:
        """It was not added; what was typed stays."""
        self._say(words, "problem")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _say(self, words: str, role: str) -> None:
        say_status(self._status, words, role)

    def _fit(self) -> None:
        if self._image.isNull():
            self._picture.clear()
            return
        wide = max(120, min(self._image.width(), self.width() * 2 // 5 - 40))
        self._picture.setPixmap(
            QPixmap.fromImage(self._image).scaledToWidth(
                wide, Qt.TransformationMode.SmoothTransformation
            )
        )

    def _add_pressed(self) -> None:
        path = self._choose(self)
        if path is not None:
            self._presenter.add(path, self._caption.text, self._giver.text)

    def _chosen(self, document: Document) -> None:
        self._presenter.look(document.id)

    def _page_back(self) -> None:
        self._turn(-1)

    def _page_next(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        if self._seen is not None and self._table.current is not None:
            self._presenter.look(self._table.current.id, self._seen.page + by)


def _look(document: Document) -> str:
    if document.late:
        return Look.WARN
    return Look.DONE if document.in_date else ""


def _image(seen: Preview) -> QImage:
    if seen.pixels:
        made = QImage(seen.pixels, seen.width, seen.height, seen.stride, QImage.Format.Format_RGB32)
        return made.copy()
    return QImage.fromData(seen.picture) if seen.picture else QImage()
