"""The window for two people at one screen: full screen, its own, and about one person only.

The title names nobody. Works on a context narrowed to one enterprise; there is no rail, no search,
no list of people, no message from elsewhere. Refuses to close without the PIN, except when the
computer itself is shut down: everything is on disk by then.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QWidget

from desktop.presenters.together import AtTable, TogetherPresenter
from desktop.views.form_pages.fields import flush_fields
from desktop.views.kit.bars import announce
from desktop.views.together.files_page import FilesPage
from desktop.views.together.home_page import HomePage
from desktop.views.together.page import Page
from desktop.views.together.pin_page import PausedPage, PinPage
from desktop.views.together.room import Room
from desktop.views.together.sheet_page import Print, SheetPage, on_paper
from desktop.views.together.sign_page import SignPage
from desktop.views.together.small_pages import EndPage, TurnPage
from desktop.views.together.step_page import StepPage
from desktop.views.together.style import together_sheet
from desktop.views.together.ways import Ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.presenters.together_pages import CoachsCard
    from desktop.presenters.together_picture import Step, TogetherPicture
    from desktop.presenters.together_promises import Half


class TogetherWindow(Room):
    """One person's steps, one at a time."""

    leaving = Signal()  # the page with the PIN is open
    lock_wanted = Signal()

    def __init__(
        self,
        context: Context,
        enterprise_id: str,
        card: CoachsCard,
        printing: Print = on_paper,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.may_close = False
        self.table = AtTable(context, enterprise_id, self)
        self.presenter = TogetherPresenter(self.table, self)
        self.turn, self.step, self.end = TurnPage(), StepPage(), EndPage()
        self.home = HomePage(lambda: self.table.today)
        self.files, self.sign = FilesPage(), SignPage()
        self.sheet, self.pin, self.paused = SheetPage(printing), PinPage(), PausedPage()
        self.apart = (self.turn, self.paused, self.pin)
        self._before: Page = self.turn
        self.ways = Ways(self, context, enterprise_id, card)
        self._add_keys()
        self.setStyleSheet(together_sheet())
        self.open(self.turn)
        self.presenter.begin()

    # -- what the presenter shows ------------------------------------------------------------

    def show_picture(self, picture: TogetherPicture, at: str) -> None:
        """The list at the left."""
        self.list.show_picture(picture, at)
        self.turn.show_name(picture.whose)
        self.strip.show_name(picture.first_name)

    def show_step(self, step: Step) -> None:
        """One question. While another page is open it waits behind it."""
        moved = self.step.step is None or self.step.step.key != step.key
        self.step.show_step(step, self.table.first_name)
        if moved and not self.stands_apart:
            self.open(self.step)

    def show_end(self) -> None:
        """No step is left."""
        if not self.stands_apart:
            self.open(self.end)

    def show_home(
        self, text: str, days: tuple[tuple[str, str], ...], half: Half, *, again: bool
    ) -> None:
        """By when?"""
        self.home.ask(text, self.table.first_name, days, half, again=again)
        self.open(self.home)

    def say_saved(self, words: str) -> None:
        """On disk."""
        if self.front is self.step:
            self.step.tell(words)
        else:
            announce(self, words)

    def say_problem(self, words: str) -> None:
        """What to put right, where the person is looking."""
        page = self.front
        if page is self.home:
            self.home.say_problem(words)
        elif page is self.step:
            self.step.tell(words, "problem")
        else:
            self.problem.show_problem(words)

    # -- from outside ------------------------------------------------------------------------

    def pause(self, seconds_ago: int = 0) -> None:
        """Nobody typed for a while: nothing of anybody is on the screen, and the clock stands.

        `seconds_ago`: since when it should have stood, after a sleep that nobody told us of.
        """
        if self.table.sitting.is_running:  # also behind the page with the PIN
            self.table.rest(seconds_ago)
        if not self.stands_apart and self.front is not None:
            self._before = self.front
            self.open(self.paused)

    def flush(self) -> None:
        """Commit what is half typed."""
        flush_fields(self)
        self.sign.flush()
        self.ways.put_form_down()
        for page in (self.step, self.sheet):
            for field in page.findChildren(QWidget):
                commit = getattr(field, "commit", None)
                if callable(commit):
                    commit()

    def ask_to_leave(self) -> None:
        """Open the page with the PIN."""
        if self.front is not None and self.front is not self.pin:
            self._before = self.front
        self.pin.forget()
        self.open(self.pin)
        self.leaving.emit()

    def go_on(self) -> None:
        """After a pause, or with the PIN not given: where the person was."""
        self.pin.forget()
        page = self.step if self._before in (self.paused, self.pin) else self._before
        if page is not self.turn:  # there the clock waits for "We are ready"
            self.table.go_on()
        self.open(page)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is leaving: it needs the PIN."""
        if self.may_close or _is_shutting_down():
            super().closeEvent(event)
            return
        event.ignore()
        self.ask_to_leave()

    # -- inside ------------------------------------------------------------------------------

    def open(self, page: Page) -> None:
        """Put a page in front; the strip offers what makes sense there."""
        super().open(page)
        asked = self.step.step if page is self.step else None
        if asked is not None:
            self.list.mark(asked.key)
        self.strip.allow(step=page is self.step, item=asked is not None and asked.is_item)
        if not self.stands_apart:
            self.ways.standing.note_page(page)

    def reopen(self, page: Page) -> None:
        """With room for both the list is no page any more."""
        self.open(self.step if page is self.list_page else page)

    def _add_keys(self) -> None:
        self._add_key("Back", "Alt+Left", partial(self._unless_apart, self.ways.back))
        self._add_key(
            "Print today's page", "Ctrl+P", partial(self._unless_apart, self.ways.to_sheet)
        )
        self._add_key("Lock now", "Ctrl+L", self._lock)

    def _add_key(self, words: str, keys: str, run: Callable[[], None]) -> None:
        action = QAction(words, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: run())
        self.addAction(action)

    def _unless_apart(self, run: Callable[[], None]) -> None:
        if not self.stands_apart:
            run()

    def _lock(self) -> None:
        self.lock_wanted.emit()


def _is_shutting_down() -> bool:
    app = QGuiApplication.instance()
    return isinstance(app, QGuiApplication) and app.isSavingSession()
