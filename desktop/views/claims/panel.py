"""Claims as a list with filters by state: one enterprise's tab, or the whole programme's screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.models.rows import Column
from desktop.models.sorting import Rank
from desktop.models.tips import plain_tip
from desktop.presenters.claims import GROUPS, ClaimsPresenter
from desktop.presenters.words import counted
from desktop.views.form_pages.fields import say_status
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.one_of import OneOf
from desktop.views.form_pages.seen import SeenPart
from desktop.views.form_pages.table import RowsTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, show_chosen
from desktop.views.kit.cards import EmptyState
from desktop.views.kit.fields import bare_line
from desktop.views.kit.flow import Flow, flowing
from desktop.views.kit.labels import hint, label, muted, small, title
from desktop.views.kit.layout import column
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.kit.take_along import copy_list_button

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.claims import ClaimRow


NONE_STRETCHES = -1
TRAIL = 3  # steps shown in the strip; the claim itself shows all


def make(context: Context, _route: Route) -> Screen:
    """The screen with every claim on this laptop."""
    return ClaimsScreen(context)


class ClaimsPanel(SeenPart):
    """What can I claim? Where is it now? Who has it?"""

    def __init__(
        self, context: Context, enterprise_id: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._filters: dict[str, QPushButton] = {}
        self._group = OneOf(self)
        columns, stretch = _columns(of_one=bool(enterprise_id))
        self._table = RowsTable("Claims", columns, stretch=stretch)
        self._context = context
        self._of_one = bool(enterprise_id)
        self._find = bare_line("Filter claims: name, cost, state", "Filter: name, cost, state")
        self._none = EmptyState(
            "No claims yet. A claim is begun from the record of its enterprise.",
            "Go to the caseload",
            self._to_caseload,
        )
        self._strip = AuditStrip()
        self._fund = muted("", wrap=True)
        self._empty = muted("", wrap=True)
        self._status = small("", wrap=True)
        self._why = Bar("warn-bar", Look.WARN)
        self._begin = button("Begin a claim")
        self._build()
        self._begin.setVisible(bool(enterprise_id))
        self._presenter = ClaimsPresenter(context, self, enterprise_id)
        self._begin.clicked.connect(self._begin_pressed)
        self._table.opened.connect(self._opened)
        self._table.chosen.connect(self._chosen)
        self._presenter.load()

    def _build(self) -> None:
        filters = Flow()
        for code, words in GROUPS:
            each = button(words, role="toggle")
            show_chosen(each, code == "all")
            each.clicked.connect(partial(self._filter, code))
            self._group.add(each)
            self._filters[code] = each
            filters.addWidget(each)
        filters.addWidget(self._find)
        filters.addWidget(self._begin)
        self._find.setMinimumWidth(self.fontMetrics().averageCharWidth() * 26)
        self._find.textChanged.connect(self._typed)
        for part in (self._fund, self._status, self._none, self._empty, self._find):
            part.hide()  # until somebody has looked
        bar = QWidget()
        bar.setLayout(filters)
        self.setLayout(
            column(
                self._fund,
                bar,
                self._none,
                self._empty,
                self._status,
                self._why,
                self._table,
                self._strip,
                gap=1,
            )
        )
        self.layout().setStretch(6, 1)  # type: ignore[union-attr]
        self.layout().addStretch(0)  # type: ignore[union-attr]  # takes the room of a hidden list

    def load(self) -> None:
        """Read again."""
        self._presenter.load()

    def keep_state(self) -> dict[str, Any]:
        """The filter."""
        return {"group": self._presenter.group, "typed": self._find.text()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The filter as it was."""
        code = str(state.get("group", "all"))
        if code in self._filters:
            self._group.choose(self._filters[code])
            self._presenter.show(code)
        self._find.setText(str(state.get("typed", "")))

    def show_claims(self, rows: tuple[ClaimRow, ...], counts: dict[str, int]) -> None:
        """Show these rows; the filters carry their counts."""
        self._table.show_rows(rows)
        for code, words in GROUPS:
            self._filters[code].setText(f"{words} {counts[code]}" if counts[code] else words)
            self._filters[code].setAccessibleName(f"{words}: {counts[code]}")
            chosen = code == self._presenter.group  # what filters stays in sight
            # on a record without claims there is nothing to filter
            in_use = (chosen or code == "all") and (bool(counts["all"]) or not self._of_one)
            self._filters[code].setVisible(bool(counts[code]) or in_use)
        nothing_at_all = not counts["all"]
        self._none.setVisible(nothing_at_all and not self._of_one)
        said = "No claims here yet." if nothing_at_all else "No claim matches. Take the filter out."
        self._empty.setText("" if rows else said)
        self._empty.setVisible(not rows and (self._of_one or not nothing_at_all))
        self._table.setVisible(not nothing_at_all)
        self._find.setVisible(counts["all"] > 1 or bool(self._find.text()))
        self._show_about(self._table.current)

    def show_fund(self, words: str) -> None:
        """How the fund of the day stands."""
        self._fund.setText(words)
        self._fund.setVisible(bool(words))

    def field_saved(self, _key: str, words: str) -> None:
        """A claim was begun."""
        say_status(self._status, words)

    def field_failed(self, _key: str, words: str) -> None:
        """It was not."""
        say_status(self._status, words, "problem")

    def _filter(self, code: str, _checked: object = None) -> None:
        self._presenter.show(code)

    def _chosen(self, claim: ClaimRow) -> None:
        self._show_about(claim)

    def _show_about(self, claim: ClaimRow | None) -> None:
        why = f"{claim.state}: {claim.why}" if claim is not None and claim.why else ""
        if why != self._why.words:
            self._why.say(why)
        self._strip.show_claim(claim)

    def _typed(self, text: str) -> None:
        self._presenter.find(text)

    def _to_caseload(self) -> None:
        self._context.open_route("caseload")

    def begin(self) -> None:
        """Put the focus where work starts."""
        self._filters[self._presenter.group].setFocus()

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self._find.setFocus()

    def _opened(self, claim: ClaimRow) -> None:
        self._presenter.open(claim.id)

    def _begin_pressed(self, _checked: object = None) -> None:
        self._presenter.begin()


def _columns(*, of_one: bool) -> tuple[tuple[Column, ...], int]:
    """The columns, and which one takes what is left of the width."""
    who = () if of_one else (Column("For", lambda r: str(r.who)),)
    what = Column("What", lambda r: str(r.what))
    amount = Column("Amount", lambda r: str(r.amount), right=True, by=lambda r: r.pence)
    state = Column(
        "State", lambda r: str(r.state), lambda r: str(r.look), by=lambda r: Rank(r.step)
    )
    rest = (
        Column("Missing", lambda r: str(r.missing_words), by=_lacking),
        Column("Where it is", lambda r: str(r.waiting or r.with_whom)),
        Column("Since", lambda r: str(r.moved), by=lambda r: r.moved_on),
    )
    if text_is_large():  # what a claim is known by stands in sight, the rest is scrolled to
        return (*who, state, amount, *rest, what), NONE_STRETCHES
    return (*who, what, amount, state, *rest), len(who)


def _lacking(claim: ClaimRow) -> int | None:
    return len(claim.missing) if claim.missing_words else None  # only a draft can lack anything


class AuditStrip(QFrame):
    """Of the chosen claim: what is missing, and who did what when."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._missing = label("", wrap=True)
        self._trail = muted("", wrap=True)
        body = column(self._missing, self._trail, gap=0)
        body.setContentsMargins(12, 6, 12, 6)
        self.setLayout(body)
        self.hide()

    def show_claim(self, claim: ClaimRow | None) -> None:
        """Show one, or nothing."""
        self.setVisible(claim is not None)
        if claim is None:
            return
        first, *more = claim.missing or ("",)
        rest = f" And {counted(len(more), 'more thing', 'more things')}." if more else ""
        self._missing.setText(f"Missing: {first}{rest}" if first else "")
        tip = "\n".join(claim.missing)
        self._missing.setToolTip(plain_tip(tip))
        self._missing.setAccessibleDescription(tip)
        self._missing.setVisible(bool(first))
        shown = claim.trail[:TRAIL]
        earlier = len(claim.trail) - len(shown)
        steps = [*shown, counted(earlier, "earlier step", "earlier steps")] if earlier else shown
        self._trail.setText("Who did what: " + " · ".join(steps) if steps else "Nothing done yet.")


class ClaimsScreen(Screen):
    """Every claim on this laptop."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panel = ClaimsPanel(context)
        about = hint("Press Enter on a claim to open it. Begin one from its enterprise.")
        head = flowing(title("Claims"), copy_list_button(context), gap=2)
        self.setLayout(column(head, about, self._panel, margin=2, gap=1))
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]

    def title(self) -> str:
        """The screen's name."""
        return "Claims"

    def arrive(self) -> None:
        """Read again; begin with the filters."""
        self._panel.load()
        self._panel.begin()

    def focus_filter(self) -> None:
        """Ctrl+F."""
        self._panel.focus_filter()

    def keep_state(self) -> dict[str, Any]:
        """The filter."""
        return self._panel.keep_state()

    def restore_state(self, state: dict[str, Any]) -> None:
        """The filter as it was."""
        self._panel.restore_state(state)
