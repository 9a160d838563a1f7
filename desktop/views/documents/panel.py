"""The documents tab: what we hold, add files, look at one here. Nothing opens outside.

Files come by the button, by dragging them here, or by paste; small pictures of them are made in
memory and never written.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.models.rows import Column
from desktop.presenters.documents import KIND_GROUPS, SORTS, TAKEN, DocumentsPresenter
from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.words import counted
from desktop.views.documents.adding import ADD, AddingPane, Chooser, choose_file
from desktop.views.documents.bringing import TakesFiles
from desktop.views.documents.look import LookPane
from desktop.views.documents.pictures import SIDE, as_png, decoded
from desktop.views.documents.small_pictures import MOST_SMALL, SmallPictures
from desktop.views.form_pages.fields import ChoiceField
from desktop.views.form_pages.halves import halves, text_is_large
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit import list_orders
from desktop.views.kit.labels import muted
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.preview import Preview
    from desktop.presenters.documents import Document

LEAST_LINES = 8  # of the table: with large text the page scrolls instead
_NONE = "No files yet. Add a certificate, a letter or a photo of one. You can drag it here."


class DocumentsPanel(TakesFiles, SeenPart):
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
        self.small = SmallPictures()
        self.adding = AddingPane(choose)
        self._table = RowsTable(
            "Documents",
            self._columns(),
            picture_side=SIDE,
        )
        self._kind = ChoiceField("Show", KIND_GROUPS, nothing="")
        self._sort = ChoiceField("Order", SORTS, nothing="")
        self._count = muted("", wrap=True)
        self.look = LookPane()
        self._build()
        half = HalfTyped(context, self, f"documents/{enterprise_id}")
        self._about = KeptFields(half, ADD, self.adding.fields)
        self._presenter = DocumentsPresenter(context, self, enterprise_id, decoded)
        self._table.chosen.connect(self._chosen)
        self.look.turned.connect(self._turned)
        self.look.away.connect(self._presenter.take_away)
        self.adding.file_chosen.connect(self._add_these)
        self.adding.paste_wanted.connect(self._paste_pressed)
        self.files_came.connect(self._add_these)
        self.picture_came.connect(self._add_picture)
        self._kind.committed.connect(self._arrange)
        self._sort.committed.connect(partial(self._arrange, by_box=True))
        self._about.give_back()
        self._presenter.load()

    def _build(self) -> None:
        lists = row(self._kind, self._sort, gap=1)
        for each in (self._kind, self._sort):
            each.heading.hide()  # "Every kind" and "Newest first" say by themselves what they are
        left = QWidget()
        body = column(self.let_go, self.adding, lists, self._count, self._table, gap=1)
        body.setStretchFactor(self._table, 1)
        body.setContentsMargins(0, 0, 8, 0)
        left.setLayout(body)
        self._table.setMinimumHeight(self.fontMetrics().height() * LEAST_LINES)
        split = halves(
            scrolling(left, "Files"), self.look, (540, 360), "Files beside a look at one"
        )
        self.setLayout(column(split))

    def keep_state(self) -> dict[str, Any]:
        """What is shown and in which order; the window keeps which file is chosen."""
        return {"kind": self._kind.value, "sort": self._sort.value}

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was left."""
        self._kind.set_value(str(state.get("kind", "all")))
        self._sort.set_value(str(state.get("sort", "newest")))
        self._arrange()

    def show_documents(self, rows: tuple[Document, ...], of: int) -> None:
        """Show these rows, out of so many."""
        self._table.show_rows(rows)
        self._count.setText(_count_words(len(rows), of))
        self._presenter.small.want([each.id for each in rows[:MOST_SMALL]], SIDE * 2)

    def show_preview(self, seen: Preview, image: QImage) -> None:
        """Show a look at the chosen file."""
        self.look.show_preview(seen, image)

    def show_no_preview(self, words: str) -> None:
        """Say why there is nothing to see."""
        self.look.show_no_preview(words)

    def show_gone(self) -> None:
        """The chosen file was taken away."""
        self.look.show_gone()

    def show_fetching(self, words: str) -> None:
        """Say what stands for the file now, and whether the whole one comes."""
        self.look.say_coming(words)

    def show_small(self, document_id: str, image: QImage) -> None:
        """Show a small picture beside a file's name."""
        if self.small.put(document_id, image):
            self._table.pictures_came()

    def field_saved(self, key: str, words: str) -> None:
        """The file is in the vault, or was taken out of the record."""
        if key == TAKEN:
            return
        self.adding.is_added(key, words)
        _settle(self._about, self.adding)

    def field_failed(self, key: str, words: str) -> None:
        """It was not added, or not taken away; what was typed stays."""
        if key == TAKEN:
            self.look.say_coming(words)
            return
        self.adding.is_refused(key, words)
        _settle(self._about, self.adding)

    def _columns(self) -> tuple[Column, ...]:
        """Fewer for large text: until when it holds is said with what it proves."""
        name = Column("Name", lambda d: d.name, picture=self._picture_of)
        proves = Column("Proves", lambda d: d.proves or "Nothing yet")
        if text_is_large():
            return (name, Column("Proves", _proves_until, _look))
        return (
            name,
            proves,
            Column("In date", lambda d: d.in_date, _look, by=lambda d: d.ends_on),
            Column("Size", lambda d: d.size, right=True, by=lambda d: d.bytes),
        )

    def _picture_of(self, document: Document) -> QPixmap:
        return self.small.of(document.id, document.group, self.devicePixelRatioF())

    def _arrange(self, _value: object = None, *, by_box: bool = False) -> None:
        if by_box:  # from now on the box speaks for the list, and no heading
            self._table.sort_by(None)
            list_orders.remember(self._table, None)
        self._presenter.arrange(self._kind.value or "all", self._sort.value or "newest")

    def _add_these(self, paths: list[Path]) -> None:
        self.adding.begin(len(paths))
        self._presenter.add(paths, **self._about.take(), drops=(self._about.name,))

    def _paste_pressed(self) -> None:
        if self.can_paste():
            self.paste()
        else:
            self.adding.say_nothing_to_paste()

    def _add_picture(self, image: QImage) -> None:
        self.adding.begin(1)
        about, drops = self._about.take(), (self._about.name,)
        self._presenter.add_picture(partial(as_png, image.copy()), **about, drops=drops)

    def _chosen(self, document: Document) -> None:
        self.look.say_about(document)
        self._presenter.look(document.id)

    def _turned(self, page: int) -> None:
        if self._table.current is not None:
            self._presenter.look(self._table.current.id, page)


def _settle(about: KeptFields, adding: AddingPane) -> None:
    """What was typed is of all that came together: it goes with the last, or stays."""
    if adding.is_all_added:
        about.was_taken()
    elif adding.is_part_added:
        about.stays()


def _count_words(shown: int, of: int) -> str:
    if not of:
        return _NONE
    if not shown:
        return f"None of this kind. There {'is' if of == 1 else 'are'} {counted(of, 'file')}."
    return counted(of, "file") if shown == of else f"{shown} of {counted(of, 'file')}"


def _look(document: Document) -> str:
    if document.late:
        return Look.WARN
    return Look.DONE if document.in_date else ""


def _proves_until(document: Document) -> str:
    return ". ".join(each for each in (document.proves or "Nothing yet", document.in_date) if each)
