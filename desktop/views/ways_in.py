"""Ways into my records: passphrase, recovery sheet, the council, a new key for everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.presenters.ways_in import WaysInPresenter
from desktop.views.council_key import CouncilKey
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.fields import SecretField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.kit.sheet import SheetWords

if TYPE_CHECKING:
    from pathlib import Path

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
        self.old = SecretField("The passphrase you use now")
        self.new = SecretField("New passphrase", "Three or more words, or 15 letters.")
        self.again = SecretField("The new one again")
        self.sheet = SheetWords()
        self._passphrase = Card("Passphrase")
        self._passphrase.add(
            self.old,
            self.new,
            quiet("Offer me three random words", self._offer),
            self.again,
            row(primary("Change my passphrase", self._change), None),
        )
        self._make_sheet = button("Make a new recovery sheet", self._new_sheet)
        self._with_sheet = flowing(
            button("Print it", self.sheet.print_out),
            button("Copy the words", self.sheet.copy),
            button("I have it on paper", self.forget),
        )
        self.sheet.hide()
        self._with_sheet.hide()
        self._recovery = Card("Recovery sheet")
        self._recovery.add(
            paragraph("Lost the sheet, or somebody has seen it? Make a new one."),
            muted("The old sheet opens nothing from that moment on.", wrap=True),
            row(self._make_sheet, None),
            self.sheet,
            self._with_sheet,
        )
        self.key_old = SecretField("The passphrase you use now")
        self.key_new = SecretField("Passphrase from now on", "It may be the same one.")
        self.key_again = SecretField("The same again")
        self._key = Card("A new key for everything")
        self._key.add(
            paragraph(
                "Was this laptop, or a copy of its files, in somebody else's hands together with "
                "your passphrase or your recovery sheet? Then lock everything anew."
            ),
            muted(
                "Records, files and copies are written again and checked before anything changes. "
                "The records close meanwhile. You get a new recovery sheet.",
                wrap=True,
            ),
            self.key_old,
            self.key_new,
            self.key_again,
            row(button("Lock everything with a new key", self._new_key), None),
        )
        self.council_key = CouncilKey()
        self._council_on = paragraph(
            "Two named people of the council, together and with a sheet of words each, can open "
            "these records too."
        )
        self._council_off = paragraph(
            "You may let two named people of the council open these records together, for the "
            "day that you cannot. One of them alone cannot."
        )
        self._let_out = button("End the council's way in", self._out)
        self._council = Card("The council")
        self._council.add(
            self._council_on,
            self._council_off,
            self.council_key,
            row(self._let_out, None),
        )
        self.council_key.looked.connect(self._look_at_key)
        self.council_key.file_chosen.connect(self._take_key)
        self.council_key.agreed.connect(self._in)
        self.show_council(has_way=False)
        self._practice = paragraph("Practice records open without a passphrase.")
        self._lay_out()

    def use(self, presenter: WaysInPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter
        self._passphrase.setHidden(presenter.practice)
        self._recovery.setHidden(presenter.practice)
        self._key.setHidden(presenter.practice)
        self._council.setHidden(presenter.practice)
        presenter.look()
        self._practice.setHidden(not presenter.practice)

    def title(self) -> str:
        """What Back calls it."""
        return "Ways into my records"

    def arrive(self) -> None:
        """Start at the first field."""
        if not self._passphrase.isHidden():
            self.old.edit.setFocus()

    def flush(self) -> None:
        """Leaving or locking: nothing secret stays on the page."""
        self.forget()

    def forget(self) -> None:
        """Empty the fields and put the sheet away."""
        for field in (self.old, self.new, self.again, self.key_old, self.key_new, self.key_again):
            field.forget()
        self.sheet.take_off_clipboard()
        self.sheet.show_words(())
        self.sheet.hide()
        self._with_sheet.hide()
        self._make_sheet.show()

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
        self.sheet.show_words(words)
        self.sheet.show()
        self._with_sheet.show()
        self._make_sheet.hide()

    def show_council(self, *, has_way: bool) -> None:
        """Whether the council opens these records too."""
        self._council_on.setVisible(has_way)
        self._let_out.setVisible(has_way)
        for part in (self._council_off, self.council_key):
            part.setHidden(has_way)
        self.council_key.forget()

    def show_council_key(self, typed: str, words: tuple[str, ...]) -> None:
        """Ask whether the words are those of the letter."""
        self.council_key.show_key(typed, words)

    def show_offer(self, passphrase: str) -> None:
        """An offered passphrase, shown so that it can be written down."""
        for field in (self.new, self.again):
            field.set_value(passphrase)
            field.show_box.setChecked(True)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setLayout(
            column(
                title("Ways into my records"),
                self.problem,
                self.done,
                self._practice,
                self._passphrase,
                self._recovery,
                self._council,
                self._key,
                None,
                margin=2,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Ways into my records"))

    def _offer(self) -> None:
        if self._presenter is not None:
            self._presenter.offer()

    def _change(self) -> None:
        if self._presenter is not None:
            self._presenter.change_passphrase(
                self.old.value(), self.new.value(), self.again.value()
            )

    def _look_at_key(self, typed: str) -> None:
        if self._presenter is not None:
            self._presenter.look_at_council_key(typed)

    def _take_key(self, file: Path) -> None:
        if self._presenter is not None:
            self._presenter.take_council_key(file)

    def _in(self, typed: str) -> None:
        if self._presenter is not None:
            self._presenter.let_council_in(typed)

    def _out(self) -> None:
        if self._presenter is not None:
            self._presenter.let_council_out()

    def _new_key(self) -> None:
        if self._presenter is not None:
            self._presenter.new_key(
                self.key_old.value(), self.key_new.value(), self.key_again.value()
            )

    def _new_sheet(self) -> None:
        if self._presenter is not None:
            self._presenter.new_sheet()
