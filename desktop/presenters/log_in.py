"""Opening with this computer's log-in: a convenience somebody switches on, never the only way.

Switching runs in the network lane, because a key store may ask the person something of its own;
saving never waits for it. Refuses to offer it for practice records, which need no secret.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import vault as vaults
from desktop.presenters.saving import unread
from desktop.trouble import in_words

if TYPE_CHECKING:
    from desktop.context import Context
    from storage.vault import Vault

WORKING = "This computer's key store may ask you something. Saving goes on meanwhile."


class LogInView(Protocol):
    """The card in Settings, as the presenter sees it."""

    def show_log_in(self, *, on: bool) -> None:
        """Whether it is switched on."""
        ...

    def show_log_in_busy(self, words: str) -> None:
        """It is being switched; the button rests."""
        ...

    def show_log_in_problem(self, words: str) -> None:
        """It could not be switched, or looked at; what still opens the records."""
        ...


class LogInPresenter:
    """Switches it on and off."""

    def __init__(self, view: LogInView, context: Context) -> None:
        self._view, self._context = view, context
        self._on = False
        self._amiss = ""  # why it could not be switched: stands until it is tried again

    @property
    def is_offered(self) -> bool:
        """Practice records open without a secret; records to look at are not changed."""
        session = self._context.session
        return not (session.practice or session.read_only)

    def load(self) -> None:
        """See whether it is on."""
        if self.is_offered:
            self._context.with_vault(
                _is_on,
                owner=self._view,
                on_done=self._seen,
                on_failed=unread(self._context, self._view.show_log_in_problem, self.load),
            )

    def switch(self) -> None:
        """The other way round."""
        self._amiss = ""
        self._view.show_log_in_busy(WORKING)
        jobs: Any = self._context.jobs  # the network lane is known to the real Jobs alone
        vault, pass_on = self._context.session.vault, partial(jobs.through, "vault")
        work = vaults.end_log_in if self._on else vaults.begin_log_in
        jobs.run(
            lambda: work(vault, pass_on),
            owner=self._view,
            on_done=self._switched,
            on_failed=self._failed,
            lane="network",
        )

    def _switched(self, nothing: None) -> None:
        del nothing
        self._context.tell.say(
            "This computer's log-in does not open your records any more"
            if self._on
            else "This computer's log-in opens your records too"
        )
        self.load()

    def _seen(self, on: bool) -> None:  # noqa: FBT001 -- what the vault said
        self._on = on
        self._view.show_log_in(on=on)
        if self._amiss:
            self._view.show_log_in_problem(self._amiss)

    def _failed(self, error: Exception) -> None:
        trouble = in_words(error)
        if trouble.ours:
            self._context.tell.failed(error)
        self._amiss = trouble.words
        self.load()


def _is_on(vault: Vault) -> bool:
    return "keyring" in vault.access.ways()
