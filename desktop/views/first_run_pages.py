"""The pages of first run. Each says what happens next and why, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.presenters.first_run import Step
from desktop.views.council_key import CouncilKey
from desktop.views.form_pages.pages import begin
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.fields import LineField, SecretField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, strong, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.shapes import Look
from desktop.views.kit.sheet import SheetWords

if TYPE_CHECKING:
    from desktop.presenters.first_run import FirstRunPresenter

WIDTH = 560


class Page(QWidget):
    """A card in the middle with a heading, a problem bar, and buttons at its foot."""

    def __init__(self, heading: str, *, step: Step) -> None:
        super().__init__()
        self.presenter: FirstRunPresenter | None = None
        self.step = step
        self.problem = Bar("problem-bar", Look.STOP)
        self.card = Card()
        self.card.setMinimumWidth(WIDTH)
        self.card.setMaximumWidth(WIDTH + 160)
        self.card.add(title(heading), self.problem)
        self._busy = muted("", wrap=True)
        self._busy.hide()
        inner = QWidget()
        inner.setLayout(column(None, row(None, self.card, None), None, margin=2))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inner, heading))

    def use(self, presenter: FirstRunPresenter) -> None:
        """Where intents go."""
        self.presenter = presenter

    def arrive(self) -> None:
        """Focus where work starts."""
        begin(self)

    def show_busy(self, words: str) -> None:
        """Something is being made; the card rests meanwhile."""
        self._busy.setText(words)
        self._busy.setVisible(bool(words))
        self.card.setEnabled(not words)

    def finish(self, *buttons: QPushButton) -> None:
        """Put the buttons at the foot."""
        self.card.add(self._busy, flowing(*buttons))

    def back_button(self) -> QPushButton:
        """Back to the page before; what was typed stays."""
        return button("Back", self._back)

    def _back(self) -> None:
        if self.presenter is not None:
            self.presenter.back(self.step)


class WelcomePage(Page):
    """Practice, or the real thing."""

    def __init__(self) -> None:
        super().__init__("Welcome to Hedgerow", step=Step.WELCOME)
        self.card.add(
            paragraph(
                "Keep your enterprises, visits, checklists and claims on this laptop. "
                "It works all day without a signal."
            ),
            1,
        )
        self.join = primary("Join my council", self._join)
        self.practice = button("Try with practice data", self._practice)
        self.card.add(
            strong("For your own work"),
            muted(
                "You need the code that your council gave you. It takes about five minutes.",
                wrap=True,
            ),
            row(self.join, None),
            1,
            strong("Try it first"),
            muted("With made-up people. Nothing is sent to anyone.", wrap=True),
        )
        self.finish(self.practice)

    def arrive(self) -> None:
        """Joining is the main way."""
        self.join.setFocus()

    def _join(self) -> None:
        if self.presenter is not None:
            self.presenter.start_joining()

    def _practice(self) -> None:
        if self.presenter is not None:
            self.presenter.try_practice()


class CodePage(Page):
    """Where the register is, and the code for this laptop."""

    def __init__(self) -> None:
        super().__init__("Join my council", step=Step.CODE)
        self.address = LineField("Address of the register", hint="On the letter with your code.")
        self.code = LineField("Code for this laptop", hint="It works once. Capitals do not matter.")
        self.card.add(self.address, self.code)
        self.finish(primary("Continue", self._go), self.back_button())
        self.address.entered.connect(self.code.edit.setFocus)
        self.code.entered.connect(self._go)

    def arrive(self) -> None:
        """Start at the first empty field."""
        (self.code if self.address.value() else self.address).edit.setFocus()

    @Slot()
    def _go(self) -> None:
        if self.presenter is not None:
            self.presenter.give_code(self.address.value(), self.code.value())


class PassphrasePage(Page):
    """Choose what opens the records."""

    def __init__(self) -> None:
        super().__init__("Choose a passphrase", step=Step.PASSPHRASE)
        self.first = SecretField(
            "Passphrase", "Three or more words, or 15 letters. You can paste it."
        )
        self.again = SecretField("The same again")
        self.again.shown_with(self.first)
        self.card.add(
            paragraph(
                "It opens your records on this laptop. Nobody at the council knows it, "
                "and nobody can look it up for you."
            ),
            self.first,
            quiet("Offer me three random words", self._offer),
            self.again,
        )
        self.finish(primary("Continue", self._go), self.back_button())
        self.first.entered.connect(self.again.edit.setFocus)
        self.again.entered.connect(self._go)

    def arrive(self) -> None:
        """Start typing."""
        self.first.edit.setFocus()

    def show_offer(self, passphrase: str) -> None:
        """Show the offered one, so that it can be written down."""
        for field in (self.first, self.again):
            field.set_value(passphrase)
            field.show_box.setChecked(True)

    def _offer(self) -> None:
        if self.presenter is not None:
            self.presenter.offer_passphrase()

    @Slot()
    def _go(self) -> None:
        if self.presenter is not None:
            self.presenter.give_passphrase(self.first.value(), self.again.value())


class SheetPage(Page):
    """The recovery sheet: shown once."""

    def __init__(self) -> None:
        super().__init__("Your recovery sheet", step=Step.SHEET)
        self.sheet = SheetWords()
        self._why = Bar("info-bar", Look.INFO)
        self.card.add(
            self._why,
            paragraph(
                "If you forget your passphrase, these words open your records. "
                "Print them or write them down, and keep them at home, away from this laptop."
            ),
            1,
            self.sheet,
            1,
        )
        self._print = button("Print it", self.sheet.print_out)
        self.finish(
            primary("I have it on paper", self._go),
            self._print,
            button("Copy the words", self.sheet.copy),
        )

    def arrive(self) -> None:
        """Paper first."""
        self._print.setFocus()

    def show_words(self, words: tuple[str, ...], why: str = "") -> None:
        """Number and show the words; `why` this is not the earlier sheet."""
        self.sheet.show_words(words)
        self._why.say(why)

    def _go(self) -> None:
        self.sheet.take_off_clipboard()
        if self.presenter is not None:
            self.presenter.sheet_written()


class TypeBackPage(Page):
    """Two words of the sheet, to know that it can be read."""

    def __init__(self) -> None:
        super().__init__("Check your sheet", step=Step.TYPE_BACK)
        self.first = LineField("First word")
        self.second = LineField("Second word")
        self.card.add(paragraph("Type these two words from your sheet."), self.first, self.second)
        self.finish(primary("Continue", self._go), self.back_button())
        self.first.entered.connect(self.second.edit.setFocus)
        self.second.entered.connect(self._go)

    def ask(self, first: int, second: int) -> None:
        """Name the two words by their numbers."""
        self.first.set_words(f"Word number {first}")
        self.second.set_words(f"Word number {second}")
        self.first.set_value("")
        self.second.set_value("")

    def arrive(self) -> None:
        """Start typing."""
        self.first.edit.setFocus()

    @Slot()
    def _go(self) -> None:
        if self.presenter is not None:
            self.presenter.type_back(self.first.value(), self.second.value())


class CouncilPage(Page):
    """Whether the council can open the records on the day that the person cannot."""

    def __init__(self) -> None:
        super().__init__("Your council's key", step=Step.COUNCIL)
        self.key = CouncilKey()
        self.skip = button("Go on without it", self._skip)
        self.card.add(
            paragraph(
                "If you are ill or gone, two named people of your council can open these records "
                "together. One of them alone cannot. For this the council's letter has a key."
            ),
            self.key,
            muted(
                "No key in the letter? Go on without it: your passphrase and your sheet open the "
                "records. You can do this later in Settings.",
                wrap=True,
            ),
        )
        self.finish(self.skip, self.back_button())

    def use(self, presenter: FirstRunPresenter) -> None:
        """Where intents go."""
        super().use(presenter)
        self.key.looked.connect(presenter.look_at_council_key)
        self.key.file_chosen.connect(presenter.take_council_key)
        self.key.agreed.connect(presenter.let_council_in)

    def arrive(self) -> None:
        """Start typing."""
        self.key.field.edit.setFocus()

    def _skip(self) -> None:
        if self.presenter is not None:
            self.presenter.go_on()


class DownloadPage(Page):
    """The first download; safe to close, it goes on next time."""

    def __init__(self) -> None:
        super().__init__("Getting your records", step=Step.DOWNLOAD)
        self.card.add(
            paragraph(
                "This can take a few minutes. You can close the laptop: it goes on where it was."
            ),
            self._busy,
        )

    def show_busy(self, words: str) -> None:
        """Name the step; nothing here is pressed."""
        self._busy.setText(words)
        self._busy.setVisible(bool(words))
