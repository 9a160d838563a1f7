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
from desktop.presenters.together_pages import FilesPresenter, SheetPresenter, SignPresenter
from desktop.views.form_pages.fields import flush_fields
from desktop.views.kit.bars import announce
from desktop.views.together.camera import camera_folders
from desktop.views.together.files_page import FilesPage
from desktop.views.together.form_page import FormAtTable
from desktop.views.together.guide_page import GuidePage
from desktop.views.together.pad import Strokes
from desktop.views.together.page import Page
from desktop.views.together.pin_page import PausedPage, PinPage
from desktop.views.together.room import Room
from desktop.views.together.sheet_page import Print, SheetPage, on_paper
from desktop.views.together.sign_page import SignPage
from desktop.views.together.small_pages import EndPage, HomePage, TurnPage
from desktop.views.together.step_list import FORM, GUIDE
from desktop.views.together.step_page import StepPage
from desktop.views.together.style import together_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.context import Context
    from desktop.operations.new_files import NewFile
    from desktop.presenters.together_pages import CoachsCard
    from desktop.presenters.together_picture import Step, TogetherPicture

CHECK_IN = "outcome_questionnaire"


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
        self._context, self._enterprise_id = context, enterprise_id
        self.may_close = False
        self.table = AtTable(context, enterprise_id, self)
        self.presenter = TogetherPresenter(self.table, self)
        self.turn, self.step, self.home, self.end = TurnPage(), StepPage(), HomePage(), EndPage()
        self.files, self.sign = FilesPage(), SignPage()
        self.sheet, self.pin, self.paused = SheetPage(printing), PinPage(), PausedPage()
        self.apart = (self.turn, self.paused, self.pin)
        self._guide: GuidePage | None = None
        self._form: FormAtTable | None = None
        self._files = FilesPresenter(self.table, self.files, camera_folders)
        self._sign = SignPresenter(self.table, self.sign)
        self._sheet = SheetPresenter(self.table, self.sheet, card)
        self._before: Page = self.turn
        self._join_up()
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

    def show_home(self, step: Step, text: str, days: tuple[tuple[str, str], ...]) -> None:
        """By when?"""
        del step
        self.home.ask(text, self.table.first_name, days)
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

    def pause(self) -> None:
        """Nobody typed for a while: nothing of anybody is on the screen."""
        if not self.stands_apart and self.front is not None:
            self._before = self.front
            self.open(self.paused)

    def flush(self) -> None:
        """Commit what is half typed."""
        flush_fields(self)
        if self._form is not None:
            self._form.put_down()
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
        self.strip.allow(step=page is self.step, item=asked is not None and asked.is_item)

    def reopen(self, page: Page) -> None:
        """With room for both the list is no page any more."""
        self.open(self.step if page is self.list_page else page)

    def _join_up(self) -> None:
        go, strip, step = self.presenter, self.strip, self.step
        self.list.picked.connect(self._picked)
        self.turn.ready.connect(self._ready)
        step.answered.connect(go.answer)
        step.fact_given.connect(go.answer_fact)
        step.go_on.connect(go.go_on)
        step.not_sure.connect(go.not_sure)
        step.home_wanted.connect(self._home_wanted)
        step.file_wanted.connect(self._files_wanted)
        step.paper_wanted.connect(self._paper_wanted)
        self.home.chosen.connect(go.take_home)
        self.home.back.connect(self._to_step)
        self.files.look_again.connect(self._files.look)
        self.files.taken.connect(self._take_file)
        self.files.back.connect(self._to_step)
        self.end.sign_wanted.connect(self._sign_wanted)
        self.end.sheet_wanted.connect(self._to_sheet)
        self.sign.sheet_wanted.connect(self._to_sheet)
        self.sign.signed.connect(self._signed)
        self.sheet.large.connect(self._sheet.use_large)
        self.sheet.reach.connect(self._sheet.set_reach)
        self.sheet.later.connect(self._sheet.send_later)
        self.paused.go_on.connect(self._go_on)
        self.pin.back.connect(self._go_on)
        strip.back.connect(self._back)
        strip.skip.connect(go.skip)
        strip.home.connect(self._home_pressed)
        strip.sign.connect(self._sign_wanted)
        strip.sheet.connect(self._to_sheet)
        strip.finish.connect(self.ask_to_leave)

    def _add_keys(self) -> None:
        self._add_key("Back", "Alt+Left", partial(self._unless_apart, self._back))
        self._add_key("Print today's page", "Ctrl+P", partial(self._unless_apart, self._to_sheet))
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

    def _ready(self) -> None:
        self.open(self.step if self.step.step is not None else self.end)

    def _go_on(self) -> None:
        self.pin.forget()
        before = self._before
        self.open(self.step if before in (self.paused, self.pin) else before)

    def _to_step(self) -> None:
        self.open(self.step if self.step.step is not None else self.end)

    def _back(self) -> None:
        if self.front is self.step:
            self.presenter.back()
        else:
            self._to_step()

    def _picked(self, key: str) -> None:
        if key == GUIDE:
            self.open(self._make_guide())
        elif key == FORM:
            self.open(self._make_form())
        else:
            self.presenter.open(key)
            self.open(self.step)

    def _home_pressed(self) -> None:
        self.presenter.ask_home()

    def _home_wanted(self, bring: bool) -> None:  # noqa: FBT001 -- a Qt slot
        self.presenter.ask_home(bring=bring)

    def _files_wanted(self) -> None:
        if self.step.step is not None:
            self.files.ask(self.step.step.title)
            self._files.look()
            self.open(self.files)

    def _paper_wanted(self, paper_id: str) -> None:
        self._files_wanted()
        self._files.see(paper_id)

    def _take_file(self, file: NewFile) -> None:
        if self.step.step is not None:
            self._files.take(self.step.step, file)
            self.presenter.load()

    def _sign_wanted(self) -> None:
        self._sign.show()
        self.open(self.sign)

    def _signed(self, name: str, agreed: bool, strokes: Strokes) -> None:  # noqa: FBT001
        self._sign.sign(name, agreed=agreed, strokes=strokes)
        self.presenter.load()  # after the write: the lane does one thing after the other

    def _to_sheet(self) -> None:
        self._sheet.show()
        self.open(self.sheet)

    def _make_guide(self) -> GuidePage:
        if self._guide is None:
            self._guide = GuidePage(self._context, self._enterprise_id)
        return self._guide

    def _make_form(self) -> FormAtTable:
        if self._form is None:
            self._form = FormAtTable(self._context, CHECK_IN, self._enterprise_id)
        return self._form


def _is_shutting_down() -> bool:
    app = QGuiApplication.instance()
    return isinstance(app, QGuiApplication) and app.isSavingSession()
