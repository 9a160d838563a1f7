"""Impact: tiles with what was counted as at a day, the line against the target, all figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from desktop.models.rows import Column
from desktop.presenters.impact import ImpactPresenter
from desktop.presenters.words import typed_day
from desktop.views.charts.target_line import TargetLine
from desktop.views.form_pages.fields import TextField
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.labels import label, muted, small, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.impact import ImpactPicture, Tile

TILES_A_ROW = 4


def make(context: Context, route: Route) -> Screen:
    """The screen for a route; `on` is the day, today when it is missing."""
    return ImpactScreen(context, route.get("on"))


class TileCard(QFrame):
    """One number as a card that opens its rows: press, Enter or Space."""

    pressed = Signal(str)

    def __init__(self, tile: Tile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = tile.id
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{tile.title}: {tile.shown}. Open the records behind it")
        shown = label(tile.shown, "section", wrap=True)
        layout = column(muted(tile.title, wrap=True), shown, gap=0)
        if not tile.collected:
            layout.addWidget(small("Nothing has been recorded for it.", wrap=True))
        layout.setContentsMargins(12, 8, 12, 8)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space opens."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._id)
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press opens."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self.pressed.emit(self._id)


class ImpactScreen(SeenPart, Screen):
    """How are we doing against the target, and is that number right?"""

    def __init__(self, context: Context, on: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = TextField("As at", placeholder="DD/MM/YYYY")
        self._day.setMaximumWidth(150)
        self._as_at = muted("Working the figures out...", wrap=True)
        self._problem = Bar("warn-bar", Look.WARN)
        self._tiles = QGridLayout()
        self._tiles.setSpacing(8)
        self._chart = TargetLine("Active enterprises against the target")
        self._as_table = button("Show as a table", self._table_pressed, role="toggle")
        self._chart_table = RowsTable(
            "Active enterprises by month",
            (
                Column("Month's end", lambda r: str(r[0])),
                Column("Active", lambda r: str(r[1]), right=True),
                Column("Target", lambda r: str(r[2]), right=True),
            ),
        )
        self._all = RowsTable(
            "All figures",
            (
                Column("Figure", lambda t: f"{t.id}  {t.title}"),
                Column("Value", lambda t: str(t.shown), right=True),
            ),
        )
        self._build()
        self._presenter = ImpactPresenter(context, self, on)
        self._day.set_text(typed_day(self._presenter.as_of))
        self._day.committed.connect(self._presenter.set_day)
        self._all.opened.connect(self._open_row)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Impact"

    def _build(self) -> None:
        head = row(title("Impact"), None, self._day, gap=2)
        chart = Card()
        bar = row(label("Active enterprises and the target", "strong"), None, self._as_table)
        chart.add(bar)
        chart.add(self._chart, self._chart_table)
        self._chart_table.setMinimumHeight(180)
        self._chart_table.hide()
        self._all.setMinimumHeight(320)
        inner = QWidget()
        inner.setLayout(
            column(
                self._as_at,
                self._tiles,
                chart,
                label("All 42 figures", "section"),
                muted("Press Enter on a figure to see the records behind it.", wrap=True),
                self._all,
                gap=1,
            )
        )
        inner.layout().setContentsMargins(0, 0, 10, 0)  # type: ignore[union-attr]
        self.setLayout(column(head, self._problem, scrolling(inner, "Impact"), margin=2, gap=1))

    def show_impact(self, picture: ImpactPicture) -> None:
        """Show the tiles, the line and the list."""
        self._problem.say("")
        self._day.show_nothing()
        self._as_at.setText(picture.as_at)
        clear(self._tiles)
        across = TILES_A_ROW // 2 if text_is_large() else TILES_A_ROW
        for number, tile in enumerate(picture.tiles):
            card = TileCard(tile)
            card.pressed.connect(self._presenter.open)
            self._tiles.addWidget(card, number // across, number % across)
        for place in range(across):
            self._tiles.setColumnStretch(place, 1)
        self._chart.show_line(picture.line, picture.target)
        self._chart_table.show_rows(self._chart.table_rows())
        self._all.show_rows(picture.all)

    def show_problem(self, words: str) -> None:
        """Say what is wrong; the figures on the screen stay."""
        self._problem.say(words)

    def keep_state(self) -> dict[str, Any]:
        """The day."""
        return {"on": self._presenter.as_of.isoformat()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The day as it was."""
        on = str(state.get("on", ""))
        if on and on != self._presenter.as_of.isoformat():
            year, month, day = on.split("-")
            self._day.set_text(f"{day}/{month}/{year}")
            self._presenter.set_day(self._day.text)

    def _table_pressed(self) -> None:
        table = self._as_table.isChecked()
        self._chart.setVisible(not table)
        self._chart_table.setVisible(table)

    def _open_row(self, tile: Tile) -> None:
        self._presenter.open(tile.id)
