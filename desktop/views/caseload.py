"""The caseload on screen (W2): filter box, saved views with counts, table, preview at the right.

Space previews without leaving the page, Enter opens, typing in the table jumps to a name.
Refuses to load more lines than are painted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QWidget,
)

from desktop.models.caseload import COLUMNS, DONE_COLUMN, CaseloadModel
from desktop.presenters.caseload import ORDERS, VIEWS, CaseloadPresenter, Line
from desktop.presenters.list_memory import OWN, ListMemory
from desktop.views.caseload_cells import ProgressCell
from desktop.views.caseload_preview import Preview
from desktop.views.kit.bars import say_count
from desktop.views.kit.buttons import button, primary, show_chosen
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.fields import bare_line
from desktop.views.kit.flow import Flow, flowing
from desktop.views.kit.labels import muted, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.naming import NameIt
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.context import Context
    from desktop.navigation import Route

SHARES = (23, 12, 13, 14, 18, 13, 12)  # of the table's width, column by column
TOLD_BY_PREVIEW = (4, 5, 6)
LEAST_ROWS = 7  # of the table, its heading among them
LEAST_LETTERS = 96  # narrower than this, the table scrolls sideways instead of squeezing


def make(context: Context, route: Route) -> CaseloadScreen:
    """The factory named in `screens.py`; `view` opens a saved view."""
    screen = CaseloadScreen()
    screen.use(CaseloadPresenter(screen, context, route.get("view", "all")))
    return screen


class CaseloadScreen(Screen):
    """Filter, views, table, preview."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: CaseloadPresenter | None = None
        self.filter_box = bare_line("Filter this list", "Filter: name, village, stage...")
        self.model = CaseloadModel(self)
        self.table = self._make_table()
        self.preview = Preview()
        self._views: dict[str, QPushButton] = {}
        self._count = muted()
        self._hidden: set[int] = set()
        self._plus = button("+ Keep this view", self._on_plus)
        self._forget = button("Forget this view", self._on_forget)
        self._columns = button("Columns", self._on_columns)
        self._order = button("Sort", self._on_order)
        self._naming = NameIt("Name of this view")
        self._naming.named.connect(self._on_named)
        self._empty = EmptyState("No enterprises yet.", "Add the first one", self._new)
        self._empty.hide()
        self._lay_out()
        self.filter_box.textEdited.connect(self._on_filter)
        self.model.page_wanted.connect(self._on_page_wanted)
        self.preview.open_wanted.connect(self._on_open)
        self.preview.opened.connect(self._on_preview)
        self.preview.closed.connect(self.table.setFocus)

    def use(self, presenter: CaseloadPresenter) -> None:
        """Give the screen its presenter."""
        self._presenter = presenter

    def title(self) -> str:
        """What Back calls it."""
        return "Caseload"

    def arrive(self) -> None:
        """Read again, ready to type."""
        if self._presenter is not None:
            self._presenter.load()
        self.filter_box.setFocus()

    def keys_here(self) -> tuple[tuple[str, str], ...]:
        """Keys inside the table."""
        return (
            ("Enter", "Open the enterprise"),
            ("Space", "Show or hide the preview"),
            ("Escape", "Hide the preview"),
            ("Letters", "Jump to a name"),
        )

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self.filter_box.setFocus()
        self.filter_box.selectAll()

    def keep_state(self) -> dict[str, Any]:
        """Filter, view, row and scroll."""
        presenter = self._presenter
        return {
            "words": self.filter_box.text(),
            "view": presenter.chosen if presenter else "all",
            "row": self.table.currentIndex().row(),
        }

    def restore_state(self, state: dict[str, Any]) -> None:
        """As it was left."""
        self.filter_box.setText(str(state.get("words", "")))
        if self._presenter is not None:
            self._presenter.choose(str(state.get("view", "all")))
            self._presenter.filter(self.filter_box.text())

    # -- what the presenter shows ------------------------------------------------------------

    def show_found(self, ids: Sequence[str], lines: Sequence[Line], words: str) -> None:
        """Show these rows; keep the chosen one when it is still there."""
        before = self.model.id_at(self.table.currentIndex().row())
        self.model.show_ids(ids, lines)
        at = self.model.row_of(before) if before else -1
        if at >= 0:
            self.table.setCurrentIndex(self.model.index(at, 0))
        say_count(self._count, words)
        nobody = not ids and not self.filter_box.text()
        self._empty.setVisible(nobody)
        self.table.setVisible(not nobody)
        self.preview.show_line(self.model.line_at(self.table.currentIndex().row()))

    def put_lines(self, lines: Sequence[Line]) -> None:
        """A page came."""
        self.model.put_lines(lines)

    def put_words(self, words: str) -> None:
        """The words of an own view."""
        self.filter_box.setText(words)

    def show_memory(self, memory: ListMemory, order: str) -> None:
        """Own views as buttons, columns as they were left, the order over its column."""
        codes = [OWN + own.name for own in memory.views]
        for code in [c for c in self._views if c.startswith(OWN) and c not in codes]:
            gone = self._views.pop(code)
            self._view_row.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for code in codes:
            if code not in self._views:
                made = button(code.removeprefix(OWN), partial(self._on_view, code), role="toggle")
                self._views[code] = made
                self._view_row.addWidget(made)
        self._hidden = {n for n, name in enumerate(ORDERS) if name in memory.hidden and n}
        self._on_preview(not self.preview.isHidden())
        way = Qt.SortOrder.DescendingOrder if order.startswith("-") else Qt.SortOrder.AscendingOrder
        column_now = ORDERS.index(order.removeprefix("-"))
        self.table.horizontalHeader().setSortIndicator(column_now, way)

    def show_views(self, counts: dict[str, int], chosen: str) -> None:
        """Counts beside the views."""
        own = [(c, c.removeprefix(OWN)) for c in self._views if c.startswith(OWN)]
        self._forget.setVisible(chosen.startswith(OWN))
        for code, words in (*VIEWS, *own):
            made = self._views[code]
            made.setText(f"{words} {counts.get(code, 0):,}")
            made.setAccessibleName(f"Show {words.lower()}: {counts.get(code, 0)}")
            show_chosen(made, code == chosen)

    # -- inside ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter opens and Space previews, from the table; Down leaves the filter box."""
        if watched is self.table.viewport() and event.type() == QEvent.Type.Resize:
            self._fit_columns()
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if isinstance(event, QKeyEvent) and is_key and watched is not self.table.viewport():
            on_key = self._on_key if watched is self.table else self._on_filter_key
            if on_key(event):
                return True
        return super().eventFilter(watched, event)

    def _on_filter_key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Down:
            return False
        self.table.setFocus()
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        return True

    def _fit_columns(self) -> None:
        shown = [at for at in range(len(SHARES)) if not self.table.isColumnHidden(at)]
        shares = sum(SHARES[at] for at in shown)
        letters = LEAST_LETTERS * shares // sum(SHARES)
        least = letters * self.table.fontMetrics().averageCharWidth()
        whole = max(least, self.table.viewport().width())
        for at in shown:
            self.table.setColumnWidth(at, whole * SHARES[at] // shares)

    def _on_preview(self, shown: bool) -> None:  # noqa: FBT001 -- a Qt slot
        """What the preview says need not be in the table too."""
        for at in range(1, len(SHARES)):
            told = shown and at in TOLD_BY_PREVIEW
            self.table.setColumnHidden(at, told or at in self._hidden)
        self._fit_columns()

    def _on_key(self, event: QKeyEvent) -> bool:
        row_now = self.table.currentIndex().row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_open(self.model.id_at(row_now))
            return True
        if event.key() == Qt.Key.Key_Space:
            self.preview.toggle(self.model.line_at(row_now))
            return True
        if event.key() == Qt.Key.Key_Escape and not self.preview.isHidden():
            self.preview.fold()
            return True
        return False

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName("Caseload. Enter opens, Space shows a preview")
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        table.setItemDelegateForColumn(DONE_COLUMN, ProgressCell(table))
        rows = table.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(table.fontMetrics().height() + 16)
        across = table.horizontalHeader()
        across.setHighlightSections(False)
        across.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        across.setMinimumSectionSize(48)
        across.setSectionsClickable(True)
        across.setSortIndicatorShown(True)
        across.sectionClicked.connect(self._on_sort)
        table.installEventFilter(self)
        table.viewport().installEventFilter(self)
        table.doubleClicked.connect(self._on_double_click)
        table.selectionModel().currentRowChanged.connect(self._on_row)
        return table

    def _lay_out(self) -> None:
        toggles = []
        for code, words in VIEWS:
            made = button(words, partial(self._on_view, code), role="toggle")
            self._views[code] = made
            toggles.append(made)
        self._view_row = Flow(*toggles)
        views = QWidget()
        views.setLayout(self._view_row)
        tools = (self._plus, self._forget, self._columns, self._order)
        foot = flowing(self._count, *tools, self._naming, gap=1)
        self._forget.hide()
        self._naming.hide()
        self.filter_box.installEventFilter(self)
        self.filter_box.setMinimumWidth(340)
        middle = row(self.table, self.preview, gap=1)
        middle.setStretchFactor(self.table, 1)
        # Large text leaves room for a line or two: then the page scrolls and the table keeps six.
        self.table.setMinimumHeight(self.table.verticalHeader().defaultSectionSize() * LEAST_ROWS)
        outer = column(
            flowing(
                title("Caseload"), self.filter_box, primary("New enterprise", self._new), gap=2
            ),
            views,
            self._empty,
            middle,
            foot,
            margin=2,
        )
        outer.setStretchFactor(middle, 1)
        page = QWidget()
        page.setLayout(outer)
        self.setLayout(column(scrolling(page, "The whole caseload page"), gap=0))

    @Slot(int)
    def _on_sort(self, column_pressed: int) -> None:
        if self._presenter is not None:
            self._presenter.sort_by(column_pressed)

    @Slot()
    def _on_plus(self) -> None:
        self._naming.ask(self.filter_box.text())

    @Slot(str)
    def _on_named(self, name: str) -> None:
        if self._presenter is not None:
            self._presenter.keep_view(name)
        self.table.setFocus()

    def _on_forget(self) -> None:
        if self._presenter is not None:
            self._presenter.forget_view()

    def _on_columns(self) -> None:
        menu = QMenu("Columns to show", self)
        for at, words in enumerate(COLUMNS[1:], start=1):
            each = menu.addAction(words)
            each.setCheckable(True)
            each.setChecked(at not in self._hidden)
            each.triggered.connect(partial(self._on_column, at))
        self._pop_up(menu, self._columns)

    def _on_column(self, at: int, _checked: object = None) -> None:
        if self._presenter is not None:
            self._presenter.toggle_column(at)

    def _on_order(self) -> None:
        menu = QMenu("Sort by", self)
        now = self.table.horizontalHeader().sortIndicatorSection()
        for at, words in enumerate(COLUMNS):
            each = menu.addAction(words)
            each.setCheckable(True)
            each.setChecked(at == now)
            each.triggered.connect(partial(self._on_order_chosen, at))
        self._pop_up(menu, self._order)

    def _on_order_chosen(self, at: int, _checked: object = None) -> None:
        self._on_sort(at)

    def _pop_up(self, menu: QMenu, under: QPushButton) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def _on_filter(self, words: str) -> None:
        if self._presenter is not None:
            self._presenter.filter(words)

    def _on_view(self, code: str) -> None:
        if self._presenter is not None:
            self._presenter.choose(code)

    @Slot(object)
    def _on_page_wanted(self, ids: tuple[str, ...]) -> None:
        if self._presenter is not None:
            self._presenter.want_page(ids)

    @Slot(str)
    def _on_open(self, enterprise_id: str) -> None:
        if self._presenter is not None:
            self._presenter.open(enterprise_id)

    @Slot(QModelIndex)
    def _on_double_click(self, index: QModelIndex) -> None:
        self._on_open(self.model.id_at(index.row()))

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, now: QModelIndex, before: QModelIndex) -> None:
        del before
        self.preview.show_line(self.model.line_at(now.row()))

    def _new(self) -> None:
        if self._presenter is not None:
            self._presenter.new_enterprise()
