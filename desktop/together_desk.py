"""Everything that lives while two people share the screen; the coach's own window is covered.

Made by the open desk for one enterprise. The window gets a context of its own whose vault is
`storage.one_case.OneCase`; only the way out, its two questions and the visit it leaves, touches the
whole records. Refuses to bring the coach's window forward while it lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from desktop.context import Context, Session
from desktop.operations import vault as vaults
from desktop.presenters.saving import words_for
from desktop.presenters.together_leaving import Card, LeavingPresenter
from desktop.presenters.together_promises import HOME
from desktop.presenters.together_signing import SIGNING
from desktop.presenters.together_visit import tell_visit
from desktop.trouble import in_words
from desktop.views.kit.bars import announce
from desktop.views.together.sheet_page import Print, on_paper
from desktop.views.together.window import TogetherWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from desktop.views.main_window_frame import Frame
    from storage.vault import Vault

PAUSE_SECONDS = 120


class QuietTells:
    """How pages speak while somebody else looks at the screen: in the window, never over it."""

    def __init__(self, tell_of_desk: Callable[[Exception], None]) -> None:
        self._failed = tell_of_desk
        self.window: TogetherWindow | None = None

    def say(self, words: str) -> None:
        """For screen readers; nothing pops up."""
        if self.window is not None:
            announce(self.window, words)

    def note(self, words: str) -> None:
        """As above."""
        self.say(words)

    def problem(
        self, words: str, *, details: str = "", again: Callable[[], None] | None = None
    ) -> None:
        """What happened, what is safe, what to do."""
        if self.window is not None:
            self.window.problem.show_problem(words, details=details, again=again)

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        """Answers are changed by answering again."""
        del undo
        self.say(words)

    def offer_redo(self, words: str, redo: Callable[[], None]) -> None:
        """As above."""
        del redo
        self.say(words)

    def failed(self, error: Exception, *, again: Callable[[], None] | None = None) -> None:
        """The desk writes the report of a mistake of ours; the words are said here."""
        trouble = in_words(error)
        if trouble.ours:
            self._failed(error)
        self.problem(trouble.words if again is not None else words_for(error), again=again)

    def solved(self, again: Callable[[], None]) -> None:
        """Take the bar away if it still speaks of this."""
        if self.window is not None:
            self.window.problem.solved(again)

    def saved(self, at: datetime) -> None:
        """The page says so itself."""


class NowhereElse:
    """There is no other screen to go to."""

    def open_route(self, name: str, **params: str) -> None:
        """Stay."""

    def back(self) -> None:
        """Stay."""


class TogetherDesk(QObject):
    """One sitting with one person."""

    ended = Signal()

    def __init__(
        self,
        frame: Frame,
        context: Context,
        enterprise_id: str,
        *,
        printing: Print = on_paper,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._frame, self._context, self._enterprise_id = frame, context, enterprise_id
        self._tells = QuietTells(context.tell.failed)
        self.narrow = self._narrowed()
        self.window = TogetherWindow(
            self.narrow, enterprise_id, Card(context, self, self._tells), printing=printing
        )
        self._tells.window = self.window
        self._leaving = LeavingPresenter(context, self.window.pin, self._leave)
        self.window.pin.pin_given.connect(self._leaving.try_pin)
        self.window.pin.passphrase_given.connect(self._leaving.try_passphrase)
        self.window.leaving.connect(self._ask_ways)

    def start(self) -> None:
        """Cover the coach's window. Until it is left, opening the records leads back here."""
        self._remember(self._enterprise_id)
        self.window.setGeometry(self._frame.screen().geometry())  # the screen they sit at
        self.window.showFullScreen()
        self.window.activateWindow()
        self._frame.cover_with(self.window)

    def tick(self, quiet_seconds: int) -> None:
        """Once a second: pause when nobody types."""
        if quiet_seconds >= PAUSE_SECONDS:
            self.window.pause(quiet_seconds - PAUSE_SECONDS)

    def failed(self, error: Exception) -> None:
        """A mistake outside any page: the words are said at the table."""
        self._tells.failed(error)

    def warn(self, words: str) -> None:
        """The lock is near."""
        self.window.warn(words)

    def end(self) -> None:
        """Keep what is half typed, and give the coach's window back."""
        self.window.table.rest()
        self.window.flush()
        self._close()

    def _close(self) -> None:
        self.narrow.broadcast.forget(self.window)
        self._frame.uncover()
        self.window.may_close = True
        self.window.close()
        self.window.deleteLater()
        self.ended.emit()
        self.deleteLater()

    def _leave(self) -> None:
        table = self.window.table
        table.rest()
        self.window.flush()  # before it is told: it may do something more
        if table.sitting.is_worth_telling(self._context.clock.now()):
            tell_visit(self._context, self._enterprise_id, table.sitting, owner=self._frame)
        else:
            table.sitting.leave()
            table.keep_sitting()
            for key in (SIGNING, HOME):
                table.drop_draft(key)
            self._remember("")
        self._close()

    def _remember(self, enterprise_id: str) -> None:
        day = self.window.table.today if enterprise_id else None
        self._context.with_vault(
            lambda vault: vaults.note_shared(vault, day, enterprise_id),
            owner=self._frame,
            on_done=_written,
        )

    def _ask_ways(self) -> None:
        self._context.with_vault(_ways, owner=self.window, on_done=self._show_ways)

    def _show_ways(self, ways: tuple[bool, bool]) -> None:
        self.window.pin.ask(has_pin=ways[0], has_passphrase=ways[1])

    def _narrowed(self) -> Context:
        whole = self._context.session
        # the one place where the narrowed vault stands in for the whole one: screens that are
        # shared with the coach's window ask only for what both have
        vault = cast("Vault", whole.vault.one_case(self._enterprise_id))
        session = Session(vault=vault, actor=whole.actor, pack=whole.pack, practice=whole.practice)
        return Context(
            clock=self._context.clock,
            jobs=self._context.jobs,
            tell=self._tells,
            goes=NowhereElse(),
            settings=self._context.settings,
            session=session,
            broadcast=self._context.broadcast,
            small_copy=self._context.small_copy,
            unkept=self._context.unkept,
        )


def _ways(vault: Vault) -> tuple[bool, bool]:
    return vault.leaving_pin.is_set, "passphrase" in vault.access.ways()


def _written(_result: object) -> None:
    """It is on disk."""
