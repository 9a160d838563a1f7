"""Everything that lives while a vault is open: main view, context, exchange, idle watch.

Made by `Program.open`, ended by `Program.lock`; after `end` nothing here refers to a record.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QDialog

from desktop.actions import Action
from desktop.away import AwayWatch
from desktop.clipboard import OurClipboard
from desktop.context import Context
from desktop.desk_keys import DeskKeys
from desktop.desk_upkeep import Upkeep
from desktop.exchanger import Exchanger
from desktop.lock import Due, IdleWatch
from desktop.operations import vault as vaults
from desktop.presenters.find import FindPresenter
from desktop.presenters.form_arrivals import FormArrivals
from desktop.presenters.known import Known
from desktop.presenters.pack_arrivals import PackArrivals
from desktop.presenters.together_back import back_to, tell_of_earlier
from desktop.unkept import Unkept
from desktop.views.documents.pictures import small_copy
from desktop.views.kit.bars import announce
from desktop.views.main_window import MainView
from desktop.views.main_window_tells import WindowTells
from desktop.views.not_kept import page_of

if TYPE_CHECKING:
    from desktop.context import Session
    from desktop.navigation import Route
    from desktop.operations.figures_process import FiguresProcess
    from desktop.presenters.chip import Chip
    from desktop.program import Program
    from desktop.together_desk import TogetherDesk

_TOLD = frozenset({"done", "stop"})  # a round went well, or a person is needed; the rest is quiet
SETTLE_MS = 2_000  # on a screen this long: worth remembering


class OpenDesk(QObject):
    """The open vault on screen."""

    def __init__(self, program: Program, session: Session) -> None:
        super().__init__(program)
        self._program = program
        self._session = session
        self.view = MainView(practice=session.practice, looking=session.read_only)
        self._tells = WindowTells(
            self.view, program.folder / "troubles", program.clock, program.complain
        )
        self.context = Context(
            clock=program.clock,
            jobs=program.jobs,
            tell=self._tells,
            goes=self.view,
            settings=program.settings,
            session=session,
            small_copy=small_copy,
            unkept=Unkept(page_of),
        )
        self.context.known = Known(self.context)  # hears of a change before any screen
        self.exchanger = Exchanger(self.context, program.jobs, self)
        self.context.rounds = self.exchanger
        self.context.mend = program.mend
        self.context.join_again = partial(program.lock, join=True)
        self.context.re_key = program.re_key
        self.context.beside = partial(_figures_beside, session)
        self.context.together = self.start_together
        self.together: TogetherDesk | None = None
        self.context.actions = self.view.actions_now
        self._forms = FormArrivals(self.context, self)
        self._packs = PackArrivals(self.context, self)
        self._find = FindPresenter(
            self.view.find_box,
            self.context,
            self.view.actions_now,
            lambda: self.view.enterprise_in_front,
        )
        self._idle = IdleWatch(program.clock, program.settings.number("lock_minutes"))
        self.away = AwayWatch(self)
        self.clipboard = OurClipboard(self)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._upkeep = Upkeep(self.view, self.context, self)
        self._keeping = False
        self._join_up()

    @property
    def practice(self) -> bool:
        """Whether these are practice records."""
        return self._session.practice

    @property
    def route(self) -> Route | None:
        """Where the person is."""
        place = self.view.history.current
        return place.route if place is not None else None

    def begin(self) -> None:
        """Show the first screen; start the clocks."""
        self._program.leaving.give_back(self.context)  # before any page asks what was half typed
        shared = back_to(self.context)
        if shared:
            self.start_together(shared)  # before the caseload: the screen may still be turned
        self.view.begin(self.context)
        self.exchanger.start()
        self._second.start()
        self._upkeep.begin()
        if not self._session.read_only:
            self._forms.look()
            tell_of_earlier(self.context, self)
        self._packs.look()
        if self._session.greeting:
            self.context.tell.say(self._session.greeting)

    def keep_what_is_typed(self) -> None:
        """After a mistake of ours: commit what is half typed, once; it may be what went wrong."""
        if not self._keeping:
            self._keeping = True
            try:
                self.view.flush()
                if self.together is not None:
                    self.together.window.flush()
            finally:
                self._keeping = False

    def tell_of(self, error: Exception) -> None:
        """A mistake outside any page, in words, in the window somebody looks at; with a report."""
        if self.together is not None:
            self.together.failed(error)
        else:
            self.context.tell.failed(error)

    def end(self) -> None:
        """Flush, stop, and close the vault after the last write is on disk."""
        for each in self._program.frame.findChildren(QDialog):
            each.reject()  # what is open over the records goes with them
        self._second.stop()
        self._settle.stop()
        self._upkeep.end()
        self.exchanger.stop()
        unkept = self.context.unkept
        unkept.is_leaving = True  # no page says any more how it went
        self._program.settings.forget(self._setting_changed)
        if self.together is not None:
            self.view.hide()  # what comes forward now is the lock, never the caseload
            self.together.tick(self._idle.quiet_seconds)  # a night with the lid closed is no visit
            self.together.end()
        self.view.flush()
        self.clipboard.clear()
        self._keep_place()
        self._tells.close()
        session = self._session
        self._program.jobs.run(
            lambda: vaults.close(session, unkept),
            owner=self._program,
            on_done=self._program.leaving.hold,
            on_failed=self._program.complain,
        )
        self.deleteLater()

    @Slot()
    def _keep_place(self) -> None:
        place = self.view.place()
        self.context.with_vault(
            lambda vault: vaults.keep_place(vault, place), owner=self, on_done=self._closed
        )

    def _closed(self, nothing: None) -> None:
        """The key is gone."""

    def _join_up(self) -> None:
        view, program = self.view, self._program
        view.find_box.typed.connect(self._find.typed)
        view.find_box.began.connect(self._find.began)
        view.find_box.picked.connect(self._find.picked)
        view.lock_wanted.connect(program.lock)
        self.away.left.connect(program.lock)
        view.screen_changed.connect(self._settle.start)
        self._settle.timeout.connect(self._keep_place)
        self.exchanger.chip_changed.connect(self._show_chip)
        program.frame.used.connect(self._used)
        program.settings.listen(self._setting_changed)
        self._second.timeout.connect(self._tick)
        DeskKeys(view, self.context, self)
        view.add_window_action(
            Action("send_now", "Send and fetch now", self.exchanger.run_now, "F5")
        )

    @Slot(object)
    def _show_chip(self, chip: Chip) -> None:
        if chip.look in _TOLD and chip.words != self.view.chip.words:
            announce(self.view.chip, chip.words)
        self.view.show_chip(chip.words, chip.look)

    @Slot()
    def _used(self) -> None:
        if self.together is not None:
            self.together.tick(self._idle.quiet_seconds)  # a key may come first after a sleep
        if self._idle.due() is Due.LOCK:  # overdue: nobody was here, so no key puts it off
            QTimer.singleShot(0, self, self._tick)  # when the key has reached its field
            return
        self._idle.active()
        self._warn("")

    def start_together(self, enterprise_id: str) -> None:
        """Share the screen with one person: a window of its own, about nobody else."""
        if self.together is None and not self._session.read_only:
            from desktop.together_desk import TogetherDesk

            self.view.flush()
            self.clipboard.clear()  # words of somebody else could be pasted at the table
            self.together = TogetherDesk(
                self._program.frame, self.context, enterprise_id, parent=self
            )
            self.together.ended.connect(self._together_ended)
            self.together.window.lock_wanted.connect(self._program.lock)
            self.together.start()

    @Slot()
    def _together_ended(self) -> None:
        self.together = None

    def _warn(self, words: str) -> None:
        self.view.warn(words)
        if self.together is not None:
            self.together.warn(words)

    @Slot()
    def _tick(self) -> None:
        due = self._idle.due()
        if self.together is not None:
            self.together.tick(self._idle.quiet_seconds)
        if self.context.figures is not None:
            self.context.figures.tick(idle=self._program.jobs.is_idle)
        self.exchanger.age()
        if due is Due.LOCK:
            self._program.lock()
        elif due is Due.WARN:
            self._warn(
                f"Nothing was typed for a while. The records lock in {self._idle.seconds_left} "
                "seconds. Press any key to go on. What you typed is kept."
            )

    def _setting_changed(self, key: str) -> None:
        if key == "lock_minutes":
            self._idle.set_minutes(self._program.settings.number(key))


def _figures_beside(session: Session) -> FiguresProcess:
    """The process that works figures out over these records; it starts with the first question."""
    from desktop.operations.figures_process import FiguresProcess, opening  # not to open with

    vault, pack = session.vault, session.pack
    return FiguresProcess(lambda: opening(vault.beside(), pack, practice=session.practice))
