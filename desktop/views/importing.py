"""Bringing enquiries in: choose a file, see what happens to each row, add all, undo all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.models.rows import Column
from desktop.presenters.importing import COLUMNS, ImportPresenter
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, title
from desktop.views.kit.layout import column
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.importing import ImportPicture

Chooser = Callable[[QWidget], Path | None]


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return ImportScreen(context)


def choose_file(parent: QWidget) -> Path | None:
    """Ask for the file."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    start = QStandardPaths.writableLocation(place)
    chosen, _ = QFileDialog.getOpenFileName(
        parent, "Which file?", start, "Tables (*.csv *.tsv *.txt *.xlsx)"
    )
    return Path(chosen) if chosen else None


class ImportScreen(Screen):
    """What would come in, and is it right?"""

    def __init__(
        self, context: Context, parent: QWidget | None = None, *, choose: Chooser = choose_file
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._presenter = ImportPresenter(context, self)
        self._problem = Bar("warn-bar", Look.WARN)
        self._done = Bar("info-bar", Look.DONE)
        self._says = label("", "strong", wrap=True)
        self._columns = muted("", wrap=True)
        self._pick = button("Choose a file", self._pick_pressed)
        self._add = primary("Add them all", self._presenter.add)
        self._undo = button("Undo this import", self._presenter.undo)
        self._table = RowsTable(
            "Rows of the file",
            (
                Column("Row", lambda r: str(r.number), right=True),
                Column("Who", lambda r: str(r.who)),
                Column("What happens", lambda r: str(r.happens), lambda r: str(r.look)),
            ),
            stretch=1,
        )
        for part in (self._says, self._columns, self._add, self._undo, self._table):
            part.hide()
        page = column(
            title("Bring enquiries in"),
            paragraph("A list from a spreadsheet: nothing is added before you have seen each row."),
            muted(f"The first row names the columns: {COLUMNS}. Name is needed.", wrap=True),
            flowing(self._pick, self._add, self._undo),
            self._problem,
            self._done,
            self._says,
            self._columns,
            self._table,
            None,
            margin=2,
            gap=1,
        )
        page.setStretch(8, 3)
        self.setLayout(page)

    def title(self) -> str:
        """The screen's name."""
        return "Bring enquiries in"

    def arrive(self) -> None:
        """Begin with the file."""
        self._pick.setFocus()

    def show_wait(self, words: str) -> None:
        """The file is being read."""
        self._problem.say("")
        self._done.say("")
        for part in (self._add, self._undo, self._table, self._columns):
            part.hide()
        self._say(words)

    def show_plan(self, picture: ImportPicture) -> None:
        """What would happen."""
        self._say(f"{picture.file}: {picture.says}")
        self._columns.setText(picture.columns)
        self._columns.show()
        self._table.show_rows(picture.rows)
        self._table.setVisible(bool(picture.rows))
        self._add.setVisible(picture.count > 0)
        self._add.setText("Add it" if picture.count == 1 else f"Add all {picture.count}")
        self._add.setAccessibleName(self._add.text())

    def show_added(self, words: str, *, may_undo: bool) -> None:
        """It is done; stays until the next."""
        for part in (self._add, self._table, self._columns, self._says):
            part.hide()
        self._problem.say("")
        self._done.say(words)
        self._undo.setVisible(may_undo)

    def show_problem(self, words: str) -> None:
        """Why it is not."""
        for part in (self._add, self._table, self._columns, self._says):
            part.hide()
        self._problem.say(words)

    def show_not_added(self, words: str) -> None:
        """Why nothing was added."""
        self._problem.say(words)

    def _say(self, words: str) -> None:
        self._says.setText(words)
        self._says.show()

    def _pick_pressed(self) -> None:
        path = self._choose(self)
        if path is not None:
            self._presenter.read(path)
