"""Ways into my records: passphrase, recovery sheet, the council, a new key for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.presenters.ways_in import WaysInPresenter
from desktop.views.kit.bars import Bar
from desktop.views.kit.labels import paragraph, title
from desktop.views.kit.layout import column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.ways.cards import NewKeyCard, PassphraseCard, SheetCard
from desktop.views.ways.council_card import CouncilCard

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route


def make(context: Context, route: Route) -> WaysIn:
    """The factory named in `screens.py`."""
    del route
    screen = WaysIn()
    screen.use(WaysInPresenter(screen, context))
    return screen


class WaysIn(Screen):
    """Four cards: passphrase, recovery sheet, the council, a new key."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: WaysInPresenter | None = None
        self.problem = Bar("problem-bar", Look.STOP)
        self.done = Bar("info-bar", Look.DONE)
        self.passphrase = PassphraseCard()
        self.recovery = SheetCard()
        self.council = CouncilCard()
        self.new_key = NewKeyCard()
        self._cards = (self.passphrase, self.recovery, self.council, self.new_key)
        self._practice = paragraph("Practice records open without a passphrase.")
        self.recovery.put_away.connect(self.forget)
        page = QWidget()
        bars = (self.problem, self.done, self._practice)
        heading = title("Passphrase and recovery sheet")
        page.setLayout(column(heading, *bars, *self._cards, None, margin=2))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Passphrase and recovery sheet"))

    def use(self, presenter: WaysInPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter
        self.passphrase.wanted.connect(presenter.change_passphrase)
        self.passphrase.offer_wanted.connect(presenter.offer)
        self.recovery.wanted.connect(presenter.new_sheet)
        self.new_key.wanted.connect(presenter.new_key)
        self.council.key.looked.connect(presenter.look_at_council_key)
        self.council.key.file_chosen.connect(presenter.take_council_key)
        self.council.key.agreed.connect(presenter.let_council_in)
        self.council.ended.connect(presenter.let_council_out)
        for card in self._cards:
            card.setHidden(presenter.practice)
        presenter.look()
        self._practice.setHidden(not presenter.practice)

    def title(self) -> str:
        """What Back calls it."""
        return "Passphrase and recovery sheet"

    def arrive(self) -> None:
        """Start at the first field."""
        if not self.passphrase.isHidden():
            self.passphrase.old.edit.setFocus()

    def flush(self) -> None:
        """Leaving or locking: nothing secret stays on the page."""
        self.forget()

    def forget(self) -> None:
        """Empty the fields and put the sheet away."""
        for card in (self.passphrase, self.recovery, self.new_key):
            card.forget()

    def show_problem(self, words: str) -> None:
        """Something to mend; what was typed stays."""
        self.done.say("")
        self.problem.say(words)

    def show_changed(self, words: str) -> None:
        """It is done."""
        self.forget()
        self.problem.say("")
        self.done.say(words)

    def show_sheet(self, words: tuple[str, ...]) -> None:
        """The new words."""
        self.problem.say("")
        self.recovery.show_sheet(words)

    def show_council(self, *, has_way: bool) -> None:
        """Whether the council opens these records too."""
        self.council.show_way(has_way=has_way)

    def show_council_key(self, typed: str, words: tuple[str, ...]) -> None:
        """Ask whether the words are those of the letter."""
        self.council.key.show_key(typed, words)

    def show_offer(self, passphrase: str) -> None:
        """An offered passphrase, shown so that it can be written down."""
        self.passphrase.show_offer(passphrase)
