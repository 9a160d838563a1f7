"""First run, a question a page: practice or join, code, passphrase, sheet, two words, council.

Every page has one primary button, and Back where going back is safe. Refuses to keep the sheet:
it is shown, printed or copied out by hand, and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from desktop.presenters.first_run import Step
from desktop.views.first_run_pages import (
    CodePage,
    CouncilPage,
    DownloadPage,
    Page,
    PassphrasePage,
    SheetPage,
    TypeBackPage,
    WelcomePage,
)
from desktop.views.kit.layout import column

if TYPE_CHECKING:
    from desktop.presenters.first_run import FirstRunPresenter


class FirstRun(QWidget):
    """The stack of pages, and the presenter's view of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.welcome = WelcomePage()
        self.code = CodePage()
        self.passphrase = PassphrasePage()
        self.sheet = SheetPage()
        self.type_back = TypeBackPage()
        self.council = CouncilPage()
        self.download = DownloadPage()
        self._pages: dict[Step, Page] = {
            Step.WELCOME: self.welcome,
            Step.CODE: self.code,
            Step.PASSPHRASE: self.passphrase,
            Step.SHEET: self.sheet,
            Step.TYPE_BACK: self.type_back,
            Step.COUNCIL: self.council,
            Step.DOWNLOAD: self.download,
        }
        self._stack = QStackedWidget()
        for page in self._pages.values():
            self._stack.addWidget(page)
        self.setLayout(column(self._stack))
        self.setFocusProxy(self.welcome.join)  # shown first: Enter joins
        self.step = Step.WELCOME

    def use(self, presenter: FirstRunPresenter) -> None:
        """Join the pages' intents to the presenter."""
        for page in self._pages.values():
            page.use(presenter)

    def show_step(self, step: Step) -> None:
        """Turn to a page."""
        self.step = step
        page = self._pages[step]
        self._stack.setCurrentWidget(page)
        page.arrive()

    def show_problem(self, words: str) -> None:
        """On the page in front."""
        for page in self._pages.values():
            page.problem.say("")
        page = self._pages[self.step]
        page.problem.say(words)
        if words and not isinstance(page.focusWidget(), QLineEdit):
            page.arrive()  # where it is mended

    def show_busy(self, words: str) -> None:
        """On the page in front."""
        self._pages[self.step].show_busy(words)

    def show_address(self, address: str) -> None:
        """Fill in where the register was."""
        self.code.address.set_value(address)

    def show_offer(self, passphrase: str) -> None:
        """Fill in an offered passphrase."""
        self.passphrase.show_offer(passphrase)

    def show_sheet(self, words: tuple[str, ...], why: str = "") -> None:
        """The recovery words."""
        self.sheet.show_words(words, why)

    def show_council_key(self, typed: str, words: tuple[str, ...]) -> None:
        """The council's key and its words."""
        self.council.key.show_key(typed, words)

    def ask_words(self, first: int, second: int) -> None:
        """Which two words to type back."""
        self.type_back.ask(first, second)
