"""The program's three states, and how it moves between them: first run, locked, open.

    first run ──▶ open ◀──▶ locked
Locking drops the screens, their models, the session and the key. Refuses to hold anything
about a person while locked that can be read: the vault itself remembers where to come back to, and
what a full disk did not take is sealed under its key (desktop/leaving.py).
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop import pauses
from desktop.ahead import Ahead
from desktop.jobs import Jobs, Lane
from desktop.leaving import Leaving, said_after_a_lock
from desktop.operations import vault as vaults
from desktop.operations.long_work import Progress
from desktop.presenters.unlock import UnlockPresenter, making_ready, putting_back
from desktop.rests import Rests
from desktop.trouble import Trouble, in_words, keep_report
from desktop.views.unlock import UnlockPage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.context import Session
    from desktop.open_desk import OpenDesk
    from desktop.presenters.invitation import Invitation
    from desktop.settings import Settings
    from desktop.views.main_window_frame import Frame
    from forms.values import Clock


def warm() -> None:
    """Load what opening and the first screens need, in a lane, while the passphrase is typed."""
    vaults.warm()
    for module in ("desktop.open_desk", "desktop.views.today", "desktop.views.caseload"):
        import_module(module)
    pauses.shorten()


THEN_THE_CODE = "Type your passphrase. Then you type the council's new code."


class Program(QObject):
    """Owns the state; everything it needs is handed in by `bootstrap`."""

    opened = Signal()
    locked = Signal()

    def __init__(
        self, frame: Frame, jobs: Jobs, settings: Settings, folder: Path, clock: Clock
    ) -> None:
        super().__init__(frame)
        self.frame, self.jobs, self.settings = frame, jobs, settings
        self.folder, self.clock = folder, clock
        self.practice_folder = folder.with_name(f"{folder.name}-practice")
        self.desk: OpenDesk | None = None
        self._joins_again = False  # once the passphrase is typed
        self._is_warm = False
        self._ahead = Ahead(jobs, self.complain, self)
        self._rests = Rests(frame, jobs)
        self.locked.connect(self._rests.locked)
        frame.closing.connect(self.close)
        self.leaving = Leaving(self)
        frame.may_close = self.leaving.may_close

    def start(self, *, practice: bool = False) -> None:
        """Show the page to begin with."""
        if practice:
            self.practice_folder = self.folder
            self.open_practice()
        elif vaults.exists(self.folder):
            self.show_unlock()
        else:
            self.show_first_run()

    def after_first_paint(self) -> None:
        """Warm up what opening needs while somebody is reading or typing."""
        self.jobs.run(warm, owner=self, on_done=self._warmed, on_failed=self.complain)

    def show_unlock(self, safety: str = "", *, mend: bool = False) -> None:
        """Ask for the passphrase; `safety` says how safe the work is, and names nobody."""
        page = UnlockPage(safety)
        presenter = UnlockPresenter(page, self.jobs, self.folder, self.clock, self.open)
        page.use(presenter)
        self.frame.show_page(page)
        self.leaving.say_held()
        if mend:
            presenter.mend_first()
        if self._is_warm:
            page.look_at_ways()

    def show_first_run(self, made: vaults.Made | None = None, again: Session | None = None) -> None:
        """Practice or join; with `made`, go on where joining stopped, or join `again`."""
        from desktop.presenters.first_run import FirstRunPresenter
        from desktop.views.first_run import FirstRun

        page = FirstRun()
        presenter = FirstRunPresenter(
            page,
            self.jobs,
            self.folder,
            self.clock,
            join=self._join,
            on_practice=self.open_practice,
            on_open=self.open,
            note=partial(_noted, self),
        )
        page.use(presenter)
        self.frame.show_page(page)
        if made is not None:
            presenter.resume(made, again)

    @Slot()
    def open_practice(self) -> None:
        """The practice vault, made and filled when it is not there yet."""
        from desktop.views.waiting import Waiting

        told = Progress()
        self.frame.show_page(
            Waiting("Setting out the practice records...", partial(making_ready, told))
        )
        folder, clock = self.practice_folder, self.clock
        self.jobs.run(
            lambda: vaults.open_practice(folder, clock, told.heard),
            owner=self,
            on_done=self.open,
            on_failed=self._practice_failed,
        )

    def open(self, session: Session) -> None:
        """The vault is open: show the records."""
        if not (session.practice or session.read_only or session.register_name):
            self.show_first_run(vaults.Made(session.vault, ()))
            return
        if self._joins_again and not (session.practice or session.read_only):
            self._joins_again = False
            self.show_first_run(vaults.Made(session.vault, ()), session)
            return
        from desktop.open_desk import OpenDesk

        self.desk = OpenDesk(self, session)
        self.frame.show_page(self.desk.view)
        self.desk.begin()
        self.opened.emit()

    @Slot()
    def lock(self, *, join: bool = False) -> None:
        """Flush what is half typed, drop everything, ask for the passphrase again.

        With `join` ask for the council's new code as soon as the records are open.
        """
        if self.desk is None:
            return
        desk = self._put_away(self.desk)
        if desk.practice:
            QTimer.singleShot(0, self.open_practice)
        else:
            self.show_unlock(THEN_THE_CODE if join else desk.exchanger.chip.words)
        self._joins_again = join
        self.locked.emit()

    @Slot()
    def mend(self) -> None:
        """The records were found damaged: close them, and put the last good copy back."""
        if self.desk is None:
            return
        desk = self._put_away(self.desk)
        if desk.practice:
            QTimer.singleShot(0, self._put_practice_back)
        else:
            self.show_unlock(
                "Type your passphrase. You then see which copy can be put back.", mend=True
            )
        self.locked.emit()

    def re_key(self, old: str, new: str) -> None:
        """Close the records, lock everything with a new key, show the new sheet, ask to open."""
        if self.desk is None:
            return
        from desktop.views.waiting import Waiting

        self._put_away(self.desk)
        self.frame.show_page(
            Waiting("Locking everything with a new key. This can take a minute...")
        )
        folder, clock = self.folder, self.clock
        self.jobs.run(
            lambda: vaults.re_key(folder, old, new, clock),
            owner=self,
            on_done=self._re_keyed,
            on_failed=self._not_re_keyed,
        )
        self.locked.emit()

    def _re_keyed(self, done: vaults.NewKey) -> None:
        from desktop.views.new_key import NewKeyPage

        page = NewKeyPage(done)
        page.written.connect(self.show_unlock)  # the new passphrase is typed once, to be sure of it
        self.frame.show_page(page)

    def _not_re_keyed(self, error: Exception) -> None:
        """Nothing was changed: the old passphrase opens, and the page says why."""
        self.show_unlock()
        self.complain(error)

    @Slot()
    def close(self) -> None:
        """The window goes: nothing half typed is lost, both lanes stop."""
        if self.desk is not None:
            desk, self.desk = self.desk, None
            desk.end()
        self.jobs.close()

    def complain(self, error: Exception) -> None:
        """A mistake outside any screen: say it where the person is looking, keep a report."""
        if self.desk is not None:
            self.desk.tell_of(error)
            self.desk.keep_what_is_typed()
            return
        trouble = _noted(self, error)
        page = self.frame.centralWidget()
        show = getattr(page, "show_problem", None)
        if show is not None:
            show(said_after_a_lock(page, error) or trouble.words)

    def _join(
        self,
        made: vaults.Made,
        invitation: Invitation,
        *,
        owner: object,
        on_done: Callable[[Session], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        passes, clock = self._pass_on, self.clock
        self.jobs.run(
            lambda: vaults.join(made.vault, invitation.address, invitation.code, passes, clock),
            owner=owner,
            on_done=on_done,
            on_failed=on_failed,
            lane=Lane.NETWORK,
        )

    def _pass_on(self, work: Callable[[], Any]) -> Any:
        return self.jobs.through(Lane.VAULT, work)

    def _put_away(self, desk: OpenDesk) -> OpenDesk:
        self.desk = None
        desk.end()
        return desk

    def _put_practice_back(self) -> None:
        from desktop.views.waiting import Waiting

        told = Progress()
        self.frame.show_page(
            Waiting("Putting the last good copy back...", partial(putting_back, told))
        )
        folder, clock = self.practice_folder, self.clock
        self.jobs.run(
            lambda: vaults.put_practice_back(folder, clock, told.heard),
            owner=self,
            on_done=self.open,
            on_failed=self._practice_failed,
        )

    def _practice_failed(self, error: Exception) -> None:
        self.show_first_run()
        self.complain(error)

    def _warmed(self, nothing: None) -> None:
        """Opening will be quick now, and the other ways in can be looked at."""
        del nothing
        self._is_warm = True
        page = self.frame.centralWidget()
        if isinstance(page, UnlockPage):
            page.look_at_ways()
        self._ahead.begin()


def _noted(program: Program, error: Exception) -> Trouble:
    """Keep a report when the mistake is ours. Returns the words for it."""
    trouble = in_words(error)
    if trouble.ours:
        keep_report(program.folder / "troubles", error, program.clock.now(), "0.1.0")
    return trouble
