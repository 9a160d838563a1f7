"""The enterprise record: who this is above, six tabs below, each built when first opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from desktop.actions import Action
from desktop.presenters.enterprise import TABS, EnterprisePresenter
from desktop.presenters.words import counted
from desktop.views.enterprise.tabs import MAKERS, begin_at
from desktop.views.form_pages.fields import flush_fields
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.one_of import OneOf
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, quiet
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.fold import Fold
from desktop.views.kit.labels import label, muted, rule, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.list_place import give_state_back, state_kept
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.visit_sheets import ask_for_sheets

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.enterprise import Frame


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id`, `tab` if it shall open on one, `item` of the checklist."""
    item = route.get("item")
    tab = route.get("tab") or ("checklist" if item else "")
    return EnterpriseScreen(context, route.get("id"), tab, item=item)


LEAST_LINES = 12  # of a tab


class EnterpriseScreen(Screen, SeenPart):
    """One enterprise."""

    def __init__(
        self,
        context: Context,
        enterprise_id: str,
        tab: str = "",
        parent: QWidget | None = None,
        *,
        item: str = "",
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._enterprise_id = enterprise_id
        self._name = title("")
        self._trading = label("", "section")
        self._place = muted("")
        self._stage = StatusChip("", Look.INFO)
        self._progress = StatusChip("", Look.DOING)
        self._consent = muted("")
        self._access = StatusChip("", Look.INFO)
        self._hold = Bar("warn-bar", Look.STOP)
        self._check = button("", role="quiet")
        self._tabs: dict[str, QPushButton] = {}
        self._group = OneOf(self)
        self._stack = QStackedWidget()
        self._panels: dict[str, QWidget] = {}
        self._tab = ""
        self._item = item  # of the checklist, to begin with
        self._asked = tab  # by the route; "" leaves it to how the record was left
        self._kept: dict[str, Any] = {}  # how tabs looked that are not opened yet
        self._build()
        self._presenter = EnterprisePresenter(context, self, enterprise_id)
        self._presenter.load()
        self.open_tab(tab)

    def title(self) -> str:
        """No personal data in titles."""
        return "Enterprise"

    def about(self) -> str:
        """The name over the record."""
        return self._name.text()

    def actions_here(self) -> list[Action]:
        """What can be done with this record, for Ctrl+K and the shortcut sheet."""
        tabs = [
            Action(f"enterprise.{code}", f"{words} of this record", partial(self.open_tab, code))
            for code, words in TABS
        ]
        return [
            Action(
                "enterprise.together",
                "Share the screen with this person",
                self._presenter.share_screen,
                "Ctrl+T",
            ),
            Action("enterprise.move", "Move the stage of this record", self._move_pressed),
            Action("enterprise.note", "Note on this record", self._presenter.quick_note),
            Action("enterprise.guide", "Legal-entity guide for this record", self._presenter.guide),
            Action(
                "enterprise.privacy",
                "Consent and own copy of this record",
                partial(self._open, "privacy_person"),
            ),
            Action("enterprise.sheet", "Visit sheet for this record", self._sheet),
            Action(
                "enterprise.offer",
                "Offer this record to another coach",
                partial(self._open, "handovers"),
            ),
            *tabs,
        ]

    def _sheet(self) -> None:
        ask_for_sheets(self._context, self, (self._enterprise_id,))

    def _open(self, name: str) -> None:
        self._context.open_route(name, id=self._enterprise_id)

    def _build(self) -> None:
        move = button("Move the stage", self._move_pressed)
        share = button("Together", self._share_pressed, shortcut="Ctrl+T")
        privacy = quiet("Consent and own copy", partial(self._open, "privacy_person"))
        offer = quiet("Offer to another coach", partial(self._open, "handovers"))
        head, about = _heads(
            (self._name, self._trading),
            (move, share),
            (self._stage, self._progress),
            (self._place, self._consent, privacy, offer),
            self._check,
        )
        tabs: list[QPushButton] = []
        for code, words in TABS:
            each = button(words, role="tab")
            each.clicked.connect(partial(self._tab_pressed, code))
            self._group.add(each)
            self._tabs[code] = each
            tabs.append(each)
        about_it = (move, share, self._stage, self._progress, privacy, offer, self._access)
        self._about_it: tuple[QWidget, ...] = (*about_it, *head.findChildren(Fold))
        self._check.hide()
        self._check.clicked.connect(self._check_pressed)
        self._access.setContentsMargins(12, 0, 0, 0)
        bar = flowing(*tabs, self._access, gap=0)
        page = QWidget()
        ruled = column(bar, rule(), gap=0)
        body = column(head, about, self._hold, ruled, self._stack, margin=2, gap=1)
        body.setStretchFactor(self._stack, 1)
        body.addStretch(0)  # takes the room when there is no record to show
        page.setLayout(body)
        # Large text leaves too little height for the tab under the name: then the page scrolls.
        self._stack.setMinimumHeight(self.fontMetrics().height() * LEAST_LINES)
        self._area = scrolling(page, "This record")
        self._bar = bar
        self.setLayout(column(self._area, gap=0))
        self._stack.setContentsMargins(0, 0, 0, 0)

    def open_tab(self, tab: str) -> None:
        """Show a tab, building it the first time."""
        tab = tab if tab in MAKERS else "overview"
        if tab not in self._panels:
            panel = MAKERS[tab](self._context, self._enterprise_id, self.open_tab, self._item)
            self._panels[tab] = panel
            self._stack.addWidget(panel)
            give_state_back(panel, self._kept.pop(tab, None))
        self._tab = tab
        self._group.choose(self._tabs[tab])
        self._stack.setCurrentWidget(self._panels[tab])

    def ask_again(self) -> None:
        """The item of the checklist, or the tab, that the route names."""
        if self._asked:
            self.open_tab(self._asked)
        if self._item:
            begin_at(self._panels["checklist"], self._item)

    def show_frame(self, frame: Frame) -> None:
        """Show who this is."""
        who = frame.identity
        self._show_parts(shown=True)
        self._name.setText(who.title)
        self._trading.setText(f"“{who.trading_name}”" if who.trading_name else "")
        self._trading.setVisible(bool(who.trading_name) and who.trading_name != who.title)
        self._place.setText(who.place or "Place not known")
        self._stage.show_state(frame.stage, Look.INFO)
        self._progress.show_state(f"{frame.progress} done", Look.DOING)
        self._consent.setText(who.consent)
        self._access.setVisible(bool(who.access_needs))
        self._access.show_state(who.access_needs, Look.INFO)
        self._hold.say(frame.hold)
        words = counted(frame.to_check, "thing to check", "things to check")
        self._check.setText(words)
        self._check.setAccessibleName(f"{words}: two people wrote different things")
        self._check.setVisible(bool(frame.to_check))

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        self._name.setText("This record")
        self._hold.say(words)
        self._show_parts(shown=False)

    def _show_parts(self, *, shown: bool) -> None:
        for part in (*self._about_it, *self._tabs.values(), self._stack):
            part.setVisible(shown)

    def arrive(self) -> None:
        """Start at the open tab."""
        self._tabs[self._tab].setFocus()

    def keep_state(self) -> dict[str, Any]:
        """The open tab, and how each opened tab looks."""
        kept = self._kept | {name: state_kept(panel) for name, panel in self._panels.items()}
        kept = {name: state for name, state in kept.items() if state}
        return {"tab": self._tab, "tabs": kept} if kept else {"tab": self._tab}

    def restore_state(self, state: dict[str, Any]) -> None:
        """The tab as it was; another one that is opened later, too."""
        self._kept = dict(state.get("tabs") or {})
        self.open_tab(str(state.get("tab", "overview")))
        for name, panel in self._panels.items():
            give_state_back(panel, self._kept.pop(name, None))

    def flush(self) -> None:
        """Leave the field that is being typed in, so that it commits."""
        flush_fields(self)

    def _tab_pressed(self, code: str, _checked: object = None) -> None:
        self.open_tab(code)
        self._area.verticalScrollBar().setValue(self._bar.y())  # the tab before the name over it

    def _check_pressed(self, _checked: object = None) -> None:
        self._presenter.open_things()

    def _share_pressed(self) -> None:
        self._presenter.share_screen()

    def _move_pressed(self) -> None:
        self._presenter.move_stage()


def _heads(
    who: tuple[QWidget, QWidget],
    acts: tuple[QWidget, QWidget],
    state: tuple[QWidget, QWidget],
    rest: tuple[QWidget, ...],
    check: QWidget,
) -> tuple[QWidget, QWidget]:
    """The two lines over the record; large text folds what is not needed at every look."""
    if not text_is_large():
        head = QWidget()
        head.setLayout(row(flowing(*who, gap=2), *acts))
        return head, flowing(*state, *rest, check, gap=2)
    move, share = acts
    folded = flowing(move, *rest, gap=2)
    more = Fold("about this record", folded)
    return flowing(*who, share, more, *state, check, gap=2), folded
