"""The caseload on screen (W2): filter box, saved views with counts, table, preview at the right.

Space previews without leaving the page, Enter opens, typing in the table jumps to a name.
Refuses to load more lines than are painted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QWidget

from desktop.models.caseload import CaseloadModel
from desktop.presenters.caseload import CaseloadPresenter
from desktop.presenters.list_memory import OWN, ListMemory
from desktop.presenters.saved_views import ORDERS
from desktop.views.caseload_preview import Preview
from desktop.views.caseload_table import CaseloadTable
from desktop.views.caseload_tools import CaseloadTools
from desktop.views.caseload_views import FilterBox, NobodyHere, ViewsBar
from desktop.views.kit.bars import Busy
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.visit_sheets import WORDS, ask_for_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.caseload_lines import Line


def make(context: Context, route: Route) -> CaseloadScreen:
    """The factory named in `screens.py`; `view` opens a saved view."""
    screen = CaseloadScreen()
    screen.use(CaseloadPresenter(screen, context, route.get("view", "all")))

    def sheets() -> None:
        chosen = screen.model.id_at(screen.table.currentIndex().row())
        ask_for_sheets(context, screen, screen.model.ids, ticked=(chosen,) if chosen else ())

    screen.sheets.clicked.connect(sheets)
    return screen


class CaseloadScreen(Screen):
    """Filter, views, table, preview."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: CaseloadPresenter | None = None
        self.filter_box = FilterBox()
        self.views = ViewsBar()
        self.model = CaseloadModel(self)
        self.table = CaseloadTable(self.model)
        self.preview = Preview()
        self.tools = CaseloadTools()
        self.sheets = button(WORDS)
        self.nobody = NobodyHere()
        self._hidden: set[int] = set()
        self._everybody = 0  # how many there are without any filter
        self._busy = Busy()
        self._busy.hide()
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.preview_pressed.connect(self._preview_pressed)
        self.table.escaped.connect(self.preview.fold)
        self.table.orders_wanted.connect(self.tools.list_orders)
        self.preview.opened.connect(self._on_preview)
        self.preview.closed.connect(self.table.setFocus)
        self.filter_box.textChanged.connect(self.tools.suggest)
        self.filter_box.down_pressed.connect(self.table.begin)
        self.nobody.filter_unwanted.connect(self.filter_box.take_out)
        self.tools.named.connect(self.table.setFocus)

    def use(self, presenter: CaseloadPresenter) -> None:
        """Give the screen its presenter."""
        self._presenter = presenter
        self.filter_box.textEdited.connect(presenter.filter)
        self.views.chosen.connect(presenter.choose)
        self.nobody.all_wanted.connect(partial(presenter.choose, "all"))
        self.nobody.first_wanted.connect(presenter.new_enterprise)
        self.model.page_wanted.connect(presenter.want_page)
        self.table.opened.connect(presenter.open)
        self.table.sort_pressed.connect(presenter.views.sort_by)
        self.preview.open_wanted.connect(presenter.open)
        self.tools.named.connect(presenter.keep_view)
        self.tools.forget_wanted.connect(presenter.views.forget)
        self.tools.column_toggled.connect(presenter.views.toggle_column)
        self.tools.order_chosen.connect(presenter.views.sort_by)
        self.tools.copy_wanted.connect(partial(presenter.take_along, as_file=False))
        self.tools.file_wanted.connect(partial(presenter.take_along, as_file=True))
        self._busy.stopped.connect(presenter.whole.stop)

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
        missing, turn = self.model.missing, self.model.turn

        def came() -> None:
            if self.isVisible():
                changed = self.model.turn != turn
                (partial(self.when_whole, then) if changed else then)()

        if missing and self._presenter is not None:
            self._presenter.whole.read(missing, came)
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
            "view": presenter.views.chosen if presenter else "all",
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
        self.left_out = self._presenter.left_out if self._presenter is not None else ""
        self.nobody.explain(ids, self.filter_box.text().strip(), self._everybody)
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
        self.views.show_own(memory)
        self._hidden = {n for n, name in enumerate(ORDERS) if name in memory.hidden and n}
        self._on_preview(not self.preview.isHidden())
        self.table.show_order(order)
        self.tools.show_memory(self._hidden, ORDERS.index(order.removeprefix("-")))

    def show_views(self, counts: dict[str, int], chosen: str) -> None:
        """Counts beside the views."""
        self._everybody = counts.get("all", 0)
        self.tools.offer_to_forget(own=chosen.startswith(OWN))
        self.views.show_counts(counts, chosen)

    # -- inside ------------------------------------------------------------------------------

    def _on_preview(self, shown: bool) -> None:  # noqa: FBT001 -- a Qt slot
        """What the preview says need not be in the table too."""
        self.table.hide_columns(self._hidden, beside_preview=shown)

    def _preview_pressed(self, at: int) -> None:
        self.preview.toggle(self.model.line_at(at))

    def _lay_out(self) -> None:
        middle = row(self.table, self.preview, gap=1)
        middle.setStretchFactor(self.table, 1)
        outer = column(
            flowing(
                title("Caseload"),
                self.filter_box,
                primary("New enquiry", self._new),
                self.sheets,
                gap=2,
            ),
            self.views,
            self._busy,
            self.nobody,
            middle,
            self.tools,
            margin=2,
        )
        outer.setStretchFactor(middle, 1)
        page = QWidget()
        page.setLayout(outer)
        self.setLayout(column(scrolling(page, "The whole caseload page"), gap=0))

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, now: QModelIndex, before: QModelIndex) -> None:
        del before
        self.preview.show_line(self.model.line_at(now.row()))

    def _new(self) -> None:
        if self._presenter is not None:
            self._presenter.new_enterprise()
