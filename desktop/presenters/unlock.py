"""Opening the vault: one field, plain words for what can go wrong, a way by the recovery sheet.

Refuses to say anything about who the records are of. Knows no Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.operations import vault as vaults
from desktop.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.context import RunsJobs, Session
    from forms.values import Clock


class UnlockView(Protocol):
    """The unlock page, as the presenter sees it."""

    def show_busy(self, words: str) -> None:
        """The key is being worked out; the fields rest."""
        ...

    def show_problem(self, words: str, details: str = "") -> None:
        """What happened, what is safe, what to do. What was typed stays."""
        ...

    def show_ways(self, *, recovery: bool) -> None:
        """Show the passphrase field or the recovery sheet field."""
        ...

    def forget_typed(self) -> None:
        """Empty the fields: the vault is open."""
        ...


class UnlockPresenter:
    """From what was typed to an open session."""

    def __init__(
        self,
        view: UnlockView,
        jobs: RunsJobs,
        folder: Path,
        clock: Clock,
        on_open: Callable[[Session], None],
    ) -> None:
        self._view, self._jobs, self._folder, self._clock = view, jobs, folder, clock
        self._on_open = on_open
        self._busy = False
        self._recovery = False

    def open_by(self, typed: str) -> None:
        """Try what was typed, once at a time."""
        if self._busy:
            return
        if not typed.strip():
            self._view.show_problem(
                "Type the words of your recovery sheet."
                if self._recovery
                else "Type your passphrase."
            )
            return
        self._busy = True
        self._view.show_busy("Opening your records...")
        work = vaults.open_with_recovery if self._recovery else vaults.open_with_passphrase
        folder, clock = self._folder, self._clock
        self._jobs.run(
            lambda: work(folder, typed, clock),
            owner=self._view,
            on_done=self._opened,
            on_failed=self._failed,
        )

    def use_recovery(self) -> None:
        """The passphrase is forgotten: the recovery sheet opens too."""
        self._recovery = True
        self._view.show_ways(recovery=True)

    def use_passphrase(self) -> None:
        """Back to the passphrase."""
        self._recovery = False
        self._view.show_ways(recovery=False)

    def _opened(self, session: Session) -> None:
        self._busy = False
        self._view.forget_typed()
        self._on_open(session)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        trouble = in_words(error)
        self._view.show_problem(trouble.words, trouble.details if trouble.ours else "")
