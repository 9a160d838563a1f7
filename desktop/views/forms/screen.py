"""Forms of the programme: every version, and the way a workbook becomes the next one.

Shows all problems at once, then what changed, then what it would do to each draft. Publishes
nothing that was not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.presenters.form_publishing import PublishingPresenter
from desktop.views.form_pages.fields import TickField
from desktop.views.forms.per_enterprise import PerEnterpriseTable
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.file_place import ask_for_file
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.form_publishing import FormCardLine, Shown

Chooser = Callable[[QWidget], Path | None]
DRAFTS_STAY = (
    "Drafts stay on the version they were begun on. Each is moved on its own page, when somebody "
    "wants to. An enterprise without a draft begins on the new version."
)
CHECKLIST_STAYS = (
    "This is a look, and nothing is changed. The checklist itself changes with the programme's "
    "pack; what was ticked stays in every record."
)
IN_SIGHT = 10  # lines of a list; a longer one scrolls by itself
I_KNOW = "I know that these answers stay in old records only"


def make(context: Context, _route: Route) -> Screen:
    """The screen for a route."""
    return FormsScreen(context)


def choose_workbook(parent: QWidget) -> Path | None:
    """Ask the person for a workbook."""
    kinds = "Workbooks and checklists (*.xlsx *.md *.csv *.toml)"
    return ask_for_file(parent, "Choose a workbook", kinds)


class FormsScreen(Screen):
    """Which forms are in use? What would this workbook change?"""

    def __init__(
        self,
        context: Context,
        parent: QWidget | None = None,
        *,
        choose: Chooser = choose_workbook,
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._pick = primary("Check a workbook or checklist", self._pick_pressed)
        self._only_lead = muted("A project lead publishes forms.", wrap=True)
        self._looking = muted("Looking which forms there are...", wrap=True)
        self._busy = Bar("info-bar", Look.INFO)
        self._refusal = Bar("problem-bar", Look.STOP)
        self._found = QVBoxLayout()
        self._forms = QVBoxLayout()
        self._forms.setSpacing(12)
        self._tick: TickField | None = None
        self._build()
        self._presenter = PublishingPresenter(context, self)
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Forms"

    def arrive(self) -> None:
        """Read again what may have changed."""
        self._presenter.load()
        if self._pick.isVisible():
            self._pick.setFocus()

    def _build(self) -> None:
        page = QWidget()
        page.setLayout(
            column(
                flowing(title("Forms"), self._pick, gap=2),
                self._only_lead,
                self._busy,
                self._refusal,
                self._looking,
                self._found,
                self._forms,
                None,
                margin=2,
                gap=1,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Forms"))

    def show_forms(self, forms: tuple[FormCardLine, ...], *, may_publish: bool) -> None:
        """Every form and version."""
        self._pick.setVisible(may_publish)
        self._only_lead.setVisible(not may_publish)
        self._looking.hide()
        clear(self._forms)
        for form in forms:
            card = Card(form.title)
            for line in form.versions:
                parts: list[QWidget | None] = [muted(line.words)]
                if line.can_withdraw:
                    words = f"Withdraw version {line.version} of {form.title}"
                    press = partial(self._presenter.withdraw, line.form_id, line.version)
                    parts.append(quiet("Offer it no more", press, name=words))
                card.add(row(*parts, None))
            self._forms.addWidget(card)

    def show_unread(self, words: str) -> None:
        """Nobody could look."""
        self._looking.setText(words)
        self._looking.show()

    def show_busy(self, words: str) -> None:
        """A workbook is being read."""
        self._busy.say(words)
        self._pick.setEnabled(not words)
        self._refusal.say("")

    def show_refusal(self, words: str) -> None:
        """It was not done."""
        self._refusal.say(words)

    def show_workbook(self, shown: Shown | None) -> None:
        """What was found in the workbook."""
        clear(self._found)
        self._tick = None
        if shown is None:
            return
        card = Card(shown.heading)
        for words in shown.problems:
            card.add(paragraph(words))
        _list(card, "What changed", shown.changes)
        _list(card, "Answers given before stay in old records only", shown.losses)
        if shown.summed_up:
            head = CHECKLIST_STAYS if shown.is_checklist else DRAFTS_STAY
            card.add(strong(shown.summed_up))
            card.add(muted(head, wrap=True))
        if shown.per_enterprise:
            card.add(self._table_of(shown))
        if shown.is_checklist:
            card.add(row(button("Close", partial(self.show_workbook, None)), None))
        if shown.can_publish:
            if shown.losses:
                self._tick = TickField(I_KNOW)
                card.add(self._tick)
            go = primary("Publish this version", self._publish_pressed)
            leave = button("Leave it", partial(self.show_workbook, None))
            card.add(row(go, leave, None))
        self._found.addWidget(card)

    def _table_of(self, shown: Shown) -> PerEnterpriseTable:
        made = PerEnterpriseTable(shown.per_enterprise, "What it means for each enterprise")
        made.table.opened.connect(
            lambda row: self._presenter.open_row(row.id, is_checklist=shown.is_checklist)
        )
        return made

    def _pick_pressed(self) -> None:
        path = self._choose(self)
        if path is not None:
            self._presenter.check(path)

    def _publish_pressed(self) -> None:
        ticked = self._tick is not None and self._tick.value
        self._presenter.publish(ticked=ticked)


def _list(card: Card, head: str, lines: tuple[str, ...]) -> None:
    if not lines:
        return
    card.add(strong(head))
    if len(lines) <= IN_SIGHT:
        card.add(*map(paragraph, lines))
        return
    inside = QWidget()
    inside.setLayout(column(*map(paragraph, lines), None, gap=0))
    scrolled = scrolling(inside, head)
    scrolled.setFixedHeight(scrolled.fontMetrics().lineSpacing() * IN_SIGHT)
    card.add(scrolled)
