"""The ways into the records: change the passphrase, a new recovery sheet, a new key for everything.

Refuses to change anything without the old passphrase, and to keep a typed secret after use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.operations import vault as vaults
from desktop.presenters import council_key
from desktop.presenters.first_run import passphrase_problem
from desktop.presenters.saving import unread
from desktop.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.context import Context
    from storage.vault import Vault


class WaysInView(Protocol):
    """The page, as the presenter sees it."""

    def show_problem(self, words: str) -> None:
        """Something to mend; what was typed stays."""
        ...

    def show_changed(self, words: str) -> None:
        """It is done; the fields are emptied."""
        ...

    def show_sheet(self, words: tuple[str, ...]) -> None:
        """The new words, until the page is left."""
        ...

    def show_council(self, *, has_way: bool) -> None:
        """Whether the council opens these records too."""
        ...

    def show_council_key(self, typed: str, words: tuple[str, ...]) -> None:
        """The council's key and its words, to be compared with the letter."""
        ...

    def show_offer(self, passphrase: str) -> None:
        """Fill in an offered passphrase, shown."""
        ...


class WaysInPresenter:
    """Changes one way at a time."""

    def __init__(self, view: WaysInView, context: Context) -> None:
        self._view, self._context = view, context

    @property
    def practice(self) -> bool:
        """Practice records open without a passphrase: there is nothing to change."""
        return self._context.session.practice

    def look(self) -> None:
        """Which ways there are."""
        if not self.practice:
            self._context.with_vault(
                lambda vault: vault.access.ways(),
                owner=self._view,
                on_done=self._ways,
                on_failed=unread(self._context, self._view.show_problem, self.look),
            )

    def look_at_council_key(self, typed: str) -> None:
        """Show the words of a typed key."""
        council_key.look_at(self._view, typed)

    def take_council_key(self, file: Path) -> None:
        """The same for a key in a file."""
        council_key.look_into(self._view, file)

    def let_council_in(self, typed: str) -> None:
        """By the public key on the council's letter."""
        self._council(lambda vault: vaults.let_council_in(vault, typed))

    def let_council_out(self) -> None:
        """Passphrase and sheet are both there, so nobody is locked out by it."""
        self._council(vaults.let_council_out)

    def _council(self, work: Callable[[Vault], tuple[str, ...]]) -> None:
        self._view.show_problem("")
        self._context.with_vault(work, owner=self._view, on_done=self._ways, on_failed=self._failed)

    def _ways(self, ways: tuple[str, ...]) -> None:
        self._view.show_problem("")
        self._view.show_council(has_way="escrow" in ways)

    def offer(self) -> None:
        """Three random words and a number."""
        self._view.show_offer(vaults.three_words())

    def change_passphrase(self, old: str, new: str, again: str) -> None:
        """Against the old one; the recovery sheet stays as it is."""
        problem = "" if old.strip() else "Type the passphrase you use now."
        problem = problem or passphrase_problem(new, again)
        self._view.show_problem(problem)
        if not problem:
            self._context.with_vault(
                lambda vault: vault.access.change_passphrase(old, new),
                owner=self._view,
                on_done=self._changed,
                on_failed=self._failed,
            )

    def new_key(self, old: str, new: str, again: str) -> None:
        """Everything under a new key: the passphrase is proven before the records are closed."""
        problem = "" if old.strip() else "Type the passphrase you use now."
        problem = problem or passphrase_problem(new, again)
        self._view.show_problem(problem)
        if not problem:
            self._context.with_vault(
                lambda vault: vaults.prove(vault, old),
                owner=self._view,
                on_done=lambda _: self._lock_anew(old, new),
                on_failed=self._failed,
            )

    def _lock_anew(self, old: str, new: str) -> None:
        if self._context.re_key is not None:
            self._context.re_key(old, new)

    def new_sheet(self) -> None:
        """New words; the old sheet opens nothing any more."""
        self._context.with_vault(
            vaults.with_new_sheet, owner=self._view, on_done=self._made, on_failed=self._failed
        )

    def _changed(self, nothing: None) -> None:
        del nothing
        self._view.show_changed("Your passphrase is changed. Use the new one from now on.")

    def _made(self, made: vaults.Made) -> None:
        self._view.show_sheet(made.sheet)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(in_words(error).words)
