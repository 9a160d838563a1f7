"""The caseload on screen (W2): filter box, saved views with counts, table, preview at the right.

Space previews without leaving the page, Enter opens, typing in the table jumps to a name.
Refuses to load more lines than are painted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.models.caseload import CaseloadModel
from desktop.presenters.caseload import ORDERS, VIEWS, CaseloadPresenter, Line
from desktop.presenters.list_memory import OWN, ListMemory
from desktop.views.caseload_preview import Preview
from desktop.views.caseload_table import CaseloadTable
from desktop.views.caseload_tools import CaseloadTools
from desktop.views.kit.bars import Busy
from desktop.views.kit.buttons import button, primary, show_chosen
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.fields import bare_line
from desktop.views.kit.flow import Flow, flowing
from desktop.views.kit.labels import title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.context import Context
    from desktop.navigation import Route


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
        self.table = CaseloadTable(self.model)
        self.preview = Preview()
        self.tools = CaseloadTools()
        self._views: dict[str, QPushButton] = {}
        self._hidden: set[int] = set()
        self._empty = EmptyState("No enterprises yet.", "Add the first one", self._next_step)
        self._empty.hide()
        self._counts: dict[str, int] = {}
        self._busy = Busy()
        self._busy.hide()
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.preview_pressed.connect(self._preview_pressed)
        self.table.escaped.connect(self.preview.fold)
        self.preview.opened.connect(self._on_preview)
        self.preview.closed.connect(self.table.setFocus)
        self.filter_box.textChanged.connect(self.tools.suggest)
        self.tools.named.connect(self.table.setFocus)

    def use(self, presenter: CaseloadPresenter) -> None:
        """Give the screen its presenter."""
        self._presenter = presenter
        self.filter_box.textEdited.connect(presenter.filter)
        self.model.page_wanted.connect(presenter.want_page)
        self.table.opened.connect(presenter.open)
        self.table.sort_pressed.connect(presenter.sort_by)
        self.preview.open_wanted.connect(presenter.open)
        self.tools.named.connect(presenter.keep_view)
        self.tools.forget_wanted.connect(presenter.forget_view)
        self.tools.column_toggled.connect(presenter.toggle_column)
        self.tools.order_chosen.connect(presenter.sort_by)
        self.tools.copy_wanted.connect(partial(presenter.take_along, as_file=False))
        self.tools.file_wanted.connect(partial(presenter.take_along, as_file=True))
        self._busy.stopped.connect(presenter.stop_reading)

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

    def when_whole(self, then: Callable[[], None]) -> None:
        """Read the rows that nobody has scrolled to, then go on; again if the list changed.

        Whoever has gone to another screen wants it no more: nothing of the list may come up, or
        reach the clipboard, beside what is in front now.
        """
        missing = self.model.missing

        def came() -> None:
            if self.isVisible():
                changed = set(self.model.missing) - set(missing)
                (partial(self.when_whole, then) if changed else then)()

        if missing and self._presenter is not None:
            self._presenter.have_all(missing, came)
        else:
            then()

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far the reading of every row is."""
        self._busy.setVisible(bool(words))
        self._busy.show_step(words, done, of)

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
        self.tools.say(words)
        self._empty.say(*self._why_empty())
        self._empty.setVisible(not ids)
        self.table.setVisible(bool(ids))
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
        self.table.show_order(order)
        self.tools.show_memory(self._hidden, ORDERS.index(order.removeprefix("-")))

    def show_views(self, counts: dict[str, int], chosen: str) -> None:
        """Counts beside the views."""
        own = [(c, c.removeprefix(OWN)) for c in self._views if c.startswith(OWN)]
        self._counts = counts
        self.tools.offer_to_forget(own=chosen.startswith(OWN))
        for code, words in (*VIEWS, *own):
            made = self._views[code]
            made.setText(f"{words} {counts.get(code, 0):,}")
            made.setAccessibleName(f"Show {words.lower()}: {counts.get(code, 0)}")
            show_chosen(made, code == chosen)

    # -- inside ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down leaves the filter box for the table."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down:
            self.table.setFocus()
            if not self.table.currentIndex().isValid():
                self.table.setCurrentIndex(self.model.index(0, 0))
            return True
        return super().eventFilter(watched, event)

    def _on_preview(self, shown: bool) -> None:  # noqa: FBT001 -- a Qt slot
        """What the preview says need not be in the table too."""
        self.table.hide_columns(self._hidden, beside_preview=shown)

    def _preview_pressed(self, at: int) -> None:
        self.preview.toggle(self.model.line_at(at))

    def _lay_out(self) -> None:
        toggles = []
        for code, words in VIEWS:
            made = button(words, partial(self._on_view, code), role="toggle")
            self._views[code] = made
            toggles.append(made)
        self._view_row = Flow(*toggles)
        views = QWidget()
        views.setLayout(self._view_row)
        self.filter_box.installEventFilter(self)
        self.filter_box.setMinimumWidth(340)
        middle = row(self.table, self.preview, gap=1)
        middle.setStretchFactor(self.table, 1)
        outer = column(
            flowing(
                title("Caseload"), self.filter_box, primary("New enterprise", self._new), gap=2
            ),
            views,
            self._busy,
            self._empty,
            middle,
            self.tools,
            margin=2,
        )
        outer.setStretchFactor(middle, 1)
        page = QWidget()
        page.setLayout(outer)
        self.setLayout(column(scrolling(page, "The whole caseload page"), gap=0))

    def _on_view(self, code: str) -> None:
        if self._presenter is not None:
            self._presenter.choose(code)

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, now: QModelIndex, before: QModelIndex) -> None:
        del before
        self.preview.show_line(self.model.line_at(now.row()))

    def _why_empty(self) -> tuple[str, str]:
        """Why nobody is shown, and the words of the one next step."""
        words = self.filter_box.text().strip()
        if words:
            return f"No enterprise here matches “{words}”.", "Take the filter out"
        if self._counts.get("all"):
            return "Nobody is in this view just now.", "Show all"
        return "No enterprises yet.", "Add the first one"

    def _next_step(self) -> None:
        if self.filter_box.text():
            self.filter_box.clear()
            self.filter_box.textEdited.emit("")
            self.filter_box.setFocus()
        elif self._counts.get("all"):
            self._on_view("all")
        else:
            self._new()

    def _new(self) -> None:
        if self._presenter is not None:
            self._presenter.new_enterprise()
