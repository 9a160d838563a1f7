"""How the pages of the shared window lead to one another, and the presenters behind them.

Each press goes to one place. Refuses to decide what is asked: the presenters do.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.presenters.together_pages import FilesPresenter, SheetPresenter
from desktop.presenters.together_promises import HOME
from desktop.presenters.together_signing import SignPresenter
from desktop.views.together.camera import camera_folders
from desktop.views.together.form_page import FormAtTable
from desktop.views.together.guide_page import GuidePage
from desktop.views.together.standing import Standing
from desktop.views.together.step_list import FORM, GUIDE

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.operations.new_files import NewFile
    from desktop.presenters.together_pages import CoachsCard
    from desktop.views.together.pad import Strokes
    from desktop.views.together.window import TogetherWindow

CHECK_IN = "outcome_questionnaire"
SIGN, SHEET = "sign", "sheet"


class Ways(QObject):
    """Joins the pages of one window."""

    def __init__(
        self, window: TogetherWindow, context: Context, enterprise_id: str, card: CoachsCard
    ) -> None:
        super().__init__(window)
        self._window, self._context, self._enterprise_id = window, context, enterprise_id
        self.standing = Standing(window.table)
        for page, name in ((window.home, HOME), (window.sign, SIGN), (window.sheet, SHEET)):
            self.standing.name(page, name)
        self._guide: GuidePage | None = None
        self._form: FormAtTable | None = None
        self._files = FilesPresenter(window.table, window.files, camera_folders)
        self._sign = SignPresenter(window.table, window.sign)
        self._sheet = SheetPresenter(window.table, window.sheet, card)
        self._join_up()

    def put_form_down(self) -> None:
        """The record gets the answers so far."""
        if self._form is not None:
            self._form.put_down()

    def _join_up(self) -> None:
        window = self._window
        go, strip, step = window.presenter, window.strip, window.step
        self._window.list.picked.connect(self.picked)
        self._window.turn.ready.connect(self._ready)
        self._window.turn.not_now.connect(self._window.ask_to_leave)
        step.answered.connect(go.answer)
        step.fact_given.connect(go.answer_fact)
        step.go_on.connect(go.go_on)
        step.not_sure.connect(go.promises.not_sure)
        step.home_wanted.connect(self._home_wanted)
        step.file_wanted.connect(self.files_wanted)
        step.paper_wanted.connect(self._paper_wanted)
        step.taken_back.connect(go.promises.take_back)
        self._window.home.chosen.connect(go.promises.take_home)
        self._window.home.half.connect(go.promises.keep_half)
        self._window.home.back.connect(self._not_at_home)
        self._window.files.look_again.connect(self._files.look)
        self._window.files.taken.connect(self._take_file)
        self._window.files.away.connect(self._take_away)
        self._window.files.again.connect(self._files.put_back)
        self._window.files.again.connect(self._window.presenter.load)
        self._window.files.back.connect(self._to_step)
        self._window.end.sign_wanted.connect(self.sign_wanted)
        self._window.end.sheet_wanted.connect(self.to_sheet)
        self._window.sign.sheet_wanted.connect(self.to_sheet)
        self._window.sign.signed.connect(self._signed)
        self._window.sign.half.connect(self._sign.keep_half)
        self._window.sheet.large.connect(self._sheet.use_large)
        self._window.sheet.small_paper.connect(self._sheet.use_small_paper)
        self._window.sheet.reach.connect(self._sheet.set_reach)
        self._window.sheet.later.connect(self._sheet.send_later)
        self._window.paused.go_on.connect(self._window.go_on)
        self._window.pin.back.connect(self._window.go_on)
        strip.back.connect(self.back)
        strip.skip.connect(go.skip)
        strip.home.connect(self._home_wanted)
        strip.sign.connect(self.sign_wanted)
        strip.sheet.connect(self.to_sheet)
        strip.finish.connect(self._window.ask_to_leave)

    def _ready(self) -> None:
        self._window.table.go_on()
        page = self.standing.stood()
        again = {SIGN: self.sign_wanted, SHEET: self.to_sheet}.get(page)
        if page == HOME and self._window.presenter.promises.ask_again():
            return
        if again is not None:
            again()
        elif page in (GUIDE, FORM):
            self.picked(page)
        else:
            self._to_step()

    def _not_at_home(self) -> None:
        self._window.presenter.promises.put_away()
        self._to_step()

    def _to_step(self) -> None:
        self._window.open(
            self._window.step if self._window.step.step is not None else self._window.end
        )

    def back(self) -> None:
        """One step back, or to the step."""
        if self._window.front is self._window.step:
            self._window.presenter.back()
        else:
            self._to_step()

    def picked(self, key: str) -> None:
        """A line of the list was pressed."""
        if key == GUIDE:
            self._window.open(self._make_guide())
            self._window.list.mark(GUIDE)
        elif key == FORM:
            self._window.open(self._make_form())
            self._window.list.mark(FORM)
        else:
            self._window.presenter.open(key)
            self._window.open(self._window.step)

    def _home_wanted(self, bring: bool = False) -> None:  # noqa: FBT001, FBT002 -- a Qt slot
        self._window.presenter.promises.ask(bring=bring)

    def files_wanted(self) -> None:
        """The page where a file is added."""
        if self._window.step.step is not None:
            self._window.files.ask(self._window.step.step.title)
            self._files.look()
            self._window.open(self._window.files)

    def _paper_wanted(self, paper_id: str) -> None:
        self.files_wanted()
        self._files.see(paper_id)

    def _take_file(self, file: NewFile) -> None:
        if self._window.step.step is not None:
            self._files.take(self._window.step.step, file)
            self._window.presenter.load()

    def _take_away(self, paper_id: str) -> None:
        if self._window.step.step is not None:
            self._files.take_away(self._window.step.step, paper_id)
            self._window.presenter.load()

    def sign_wanted(self) -> None:
        """The page where one signs."""
        self._window.sign.flush()  # under the words that stand there now
        self._sign.show()
        self._window.open(self._window.sign)

    def _signed(self, name: str, agreed: bool, strokes: Strokes) -> None:  # noqa: FBT001
        self._sign.sign(name, agreed=agreed, strokes=strokes)
        self._window.presenter.load()  # after the write: the lane does one thing after the other

    def to_sheet(self) -> None:
        """The page to take home."""
        self._sheet.show()
        self._window.open(self._window.sheet)

    def _make_guide(self) -> GuidePage:
        if self._guide is None:
            at = self.standing.take_question()
            self._guide = GuidePage(self._context, self._enterprise_id, at)
            self._guide.stands_at.connect(partial(self.standing.note_question, GUIDE))
            self.standing.name(self._guide, GUIDE)
            self._guide.kept.connect(self._chose)
        return self._guide

    def _make_form(self) -> FormAtTable:
        if self._form is None:
            at = self.standing.take_question()
            self._form = FormAtTable(self._context, CHECK_IN, self._enterprise_id, at)
            self._form.stands_at.connect(partial(self.standing.note_question, FORM))
            self.standing.name(self._form, FORM)
            self._form.finished.connect(self._filled_in)
        return self._form

    def _chose(self, kind: str) -> None:
        self._window.table.note("guide", f"We chose a kind of business: {kind}" if kind else "")

    def _filled_in(self, title: str) -> None:
        self._window.table.note("form", f"We filled in a form: {title}")
