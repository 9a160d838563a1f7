"""The checklist tab: rows at left, the chosen item in full at right. Each edit saves itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.models.rows import Column
from desktop.presenters.checklist import ChecklistPresenter
from desktop.presenters.checklist_picture import SHOWN
from desktop.views.checklist.item import ItemPane
from desktop.views.form_pages.halves import halves
from desktop.views.form_pages.one_of import OneOf
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.labels import muted, strong
from desktop.views.kit.layout import column, row, scrolling

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.presenters.checklist_picture import ChecklistPicture, Row

NOT_HERE = "The item you looked for does not apply here."
_NOTHING = {
    "open": "Nothing left to do here.",
    "all": "Nothing applies yet. Answer the questions on the overview first.",
    "done": "Nothing is done yet.",
    "questions": "Every question is answered.",
}


class ChecklistPanel(SeenPart):
    """What is done, what is next, what is it for?"""

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = "open"
        self._row: Row | None = None  # the chosen item, as it stands on disk
        self._who = ""
        self._titles: dict[str, str] = {}  # by code
        self._wanted = ""  # an item to go to, once it is read
        self._progress = strong("")
        self._bar = QProgressBar()
        self._count = muted("")
        self._filters = {code: button(words, role="toggle") for code, words in SHOWN}
        self._group = OneOf(self)
        self._table = RowsTable(
            "Checklist",
            (
                Column("Item", lambda r: str(r.title)),
                Column("State", lambda r: str(r.state_words), lambda r: str(r.look)),
                Column(
                    "Runs out on", lambda r: str(r.runs_out), by=lambda r: r.ends_by, as_said=True
                ),
            ),
        )
        self._item = ItemPane()
        self._build()
        self._presenter = ChecklistPresenter(context, self, enterprise_id)
        self._item.connect_to(self._presenter)
        self._table.chosen.connect(self._chosen)
        self._item.print_wanted.connect(self._print_pressed)
        self._context = context
        self._presenter.load()

    def _build(self) -> None:
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Checklist progress")
        self._bar.setFixedWidth(120)
        self._bar.setProperty("role", "thin")
        filters = row(gap=1)
        for code, each in self._filters.items():
            self._group.add(each)
            show_chosen(each, code == self._shown)
            each.clicked.connect(partial(self._filter, code))
            filters.addWidget(each)
        filters.addStretch(1)
        head = row(self._progress, self._bar, None, self._count, gap=1)
        left = QWidget()
        left.setLayout(column(head, filters, self._table, gap=1))
        left.layout().setContentsMargins(0, 0, 6, 0)  # type: ignore[union-attr]
        split = halves(
            left,
            scrolling(self._item, "The chosen item"),
            (520, 360),
            "Items beside the chosen item",
        )
        self.setLayout(column(split))

    def begin_at(self, code: str) -> None:
        """Show one item, in the list that it is in."""
        self._wanted = code
        self._presenter.show(self._shown)  # at once when it is read already

    def keep_state(self) -> dict[str, Any]:
        """The filter; the window keeps which item is chosen."""
        return {"shown": self._shown}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The filter as it was."""
        code = str(state.get("shown", ""))
        if code in self._filters:
            self._group.choose(self._filters[code])
            self._filter(code)

    def show_checklist(self, picture: ChecklistPicture, rows: tuple[Row, ...]) -> None:
        """Show these rows of the picture."""
        self._who = picture.who
        self._titles = {each.id: each.title for each in picture.rows}
        self._progress.setText(f"{picture.progress} done")
        self._bar.setRange(0, max(picture.total, 1))
        self._bar.setValue(picture.done)
        self._bar.setAccessibleDescription(f"{picture.progress} must-items done")
        self._count.setText(_shown_words(rows) or _NOTHING[self._shown])
        self._item.offer_papers(picture.papers)
        self._item.allow_check(allowed=picture.may_check)
        self._table.show_rows(rows)
        if self._table.current is None and rows and not self._item.code:
            self._table.choose(rows[0].id)
        if self._wanted:
            self._go_to_wanted(picture)

    def _go_to_wanted(self, picture: ChecklistPicture) -> None:
        code, self._wanted = self._wanted, ""
        row = next((each for each in picture.rows if each.id == code), None)
        if row is None:
            self._count.setText(NOT_HERE)
            return
        section = "questions" if row.section == "questions" else "all"
        self.show_section(section)
        self._presenter.show(section)
        self._table.choose(code)

    def show_section(self, section: str) -> None:
        """The filter that holds now."""
        self._shown = section
        self._group.choose(self._filters[section])

    def show_item(self, row: Row) -> None:
        """Show one item in full."""
        self._row = row
        self._item.show_row(row)

    def restore(self, field: str, text: str) -> None:
        """Give half-typed text back to a field of the item."""
        self._item.restore(field, text)

    def ask_reason(self, state: str) -> None:
        """A reason is needed before the state can be set."""
        self._item.ask_reason(state)

    def field_saved(self, key: str, words: str) -> None:
        """A field is on disk; `key` names its item too, which may not be here any more."""
        code, _, field = key.rpartition("/")
        if code in ("", self._item.code):
            self._item.field_saved(field, words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        code, _, field = key.rpartition("/")
        if code in ("", self._item.code):
            self._item.field_failed(field, words)
        else:
            title = self._titles.get(code, "An item of the checklist")
            self._context.tell.problem(f"{title}: {words}")

    def _print_pressed(self) -> None:
        if self._row is not None:
            from desktop.presenters.item_paper import item_parts  # only when asked for
            from desktop.views.printing.window import print_parts

            parts = item_parts(self._row, who=self._who, today=self._context.today)
            print_parts(self._context, self, "Checklist item", parts)

    def _chosen(self, row: Row) -> None:
        self._presenter.choose(row.id)

    def _filter(self, code: str, _checked: object = None) -> None:
        self._shown = code
        self._presenter.show(code)


def _shown_words(rows: tuple[Row, ...]) -> str:
    """How many, and why they are more than the count of what has to be done; "" for none."""
    advised = sum(1 for each in rows if not each.must)
    beside = f", {advised} of them advised" if advised else ""
    return f"{len(rows)} shown{beside}" if rows else ""
