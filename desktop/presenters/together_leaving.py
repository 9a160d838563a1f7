"""The way back from a shared screen: the PIN, or the passphrase. And how the coach is reached.

Holds the whole records for three questions only: is this the PIN, is this the passphrase, what is
the coach's card. Refuses to say which digit was wrong, and to hurry after wrong tries.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.presenters.saving import unread, words_for

if TYPE_CHECKING:
    from desktop.context import Context, Tells
    from storage.vault import Vault

CARD = "coachs-card"
ONLY_LOOKING = "You can only look at these records now. Update Hedgerow to sit together."
WRONG = "That did not open it. Nothing is lost. Try again, or use your passphrase."


class PinView(Protocol):
    """What the presenter asks of the page with the PIN."""

    def say_problem(self, words: str) -> None:
        """Not this time; what to do."""
        ...


class LeavingPresenter:
    """Asks the records whether somebody may leave."""

    def __init__(self, context: Context, view: PinView, leave: Callable[[], None]) -> None:
        self._context, self._view, self._leave = context, view, leave

    def try_pin(self, pin: str) -> None:
        """Leave when it is the PIN."""
        self._ask(lambda vault: vault.leaving_pin.proves(pin))

    def try_passphrase(self, passphrase: str) -> None:
        """Leave when it is the passphrase of these records."""
        self._ask(lambda vault: vault.leaving_pin.proves_passphrase(passphrase))

    def _ask(self, work: Callable[[Vault], bool]) -> None:
        self._context.with_vault(
            work, owner=self._view, on_done=self._answered, on_failed=self._failed
        )

    def _answered(self, right: bool) -> None:  # noqa: FBT001 -- what came of the try
        if right:
            self._leave()
        else:
            self._view.say_problem(WRONG)

    def _failed(self, error: Exception) -> None:
        self._view.say_problem(words_for(error))


class ChoosesPin(Protocol):
    """A page or a card where the PIN is chosen."""

    def show_pin_state(self, *, is_set: bool, passphrase: bool) -> None:
        """Whether there is one, and whether a passphrase leads back as well."""
        ...

    def pin_failed(self, words: str) -> None:
        """It was not set."""
        ...


class PinChooser:
    """Sets, changes and takes away the PIN."""

    def __init__(self, context: Context, view: ChoosesPin) -> None:
        self._context, self._view = context, view

    def load(self) -> None:
        """Say whether there is one."""
        self._context.with_vault(
            _state,
            owner=self._view,
            on_done=self._shown,
            on_failed=unread(self._context, self._view.pin_failed, self.load),
        )

    def choose(self, pin: str, again: str) -> None:
        """Set or change it; both must be the same."""
        if pin.strip() != again.strip():
            self._view.pin_failed("The two are not the same. Type the PIN again in both.")
            return
        self._do(partial(_choose, pin))

    def take_away(self) -> None:
        """Only the passphrase leads back from now on."""
        self._do(_take_away)

    def _do(self, work: Callable[[Vault], tuple[bool, bool]]) -> None:
        self._context.with_vault(
            work, owner=self._view, on_done=self._shown, on_failed=self._failed
        )

    def _shown(self, state: tuple[bool, bool]) -> None:
        self._view.show_pin_state(is_set=state[0], passphrase=state[1])

    def _failed(self, error: Exception) -> None:
        self._view.pin_failed(words_for(error))


def _state(vault: Vault) -> tuple[bool, bool]:
    return vault.leaving_pin.is_set, "passphrase" in vault.access.ways()


def _choose(pin: str, vault: Vault) -> tuple[bool, bool]:
    vault.leaving_pin.choose(pin)
    return _state(vault)


def _take_away(vault: Vault) -> tuple[bool, bool]:
    vault.leaving_pin.take_away()
    return _state(vault)


def share(context: Context, enterprise_id: str) -> None:
    """Open the shared window; without a PIN first the page where one is set."""
    if context.session.read_only:
        context.tell.note(ONLY_LOOKING)
        return

    def known(state: tuple[bool, bool]) -> None:
        if state[0] and context.together is not None:
            context.together(enterprise_id)
        else:
            context.open_route("share_screen", id=enterprise_id)

    context.with_vault(_state, owner=context.goes, on_done=known)


class Card:
    """How the coach is reached, kept on this laptop beside the records."""

    def __init__(self, context: Context, owner: object, tell: Tells) -> None:
        """`tell`: how the window in front speaks; the coach's own is covered."""
        self._context, self._owner, self._tell = context, owner, tell
        self._again: Callable[[], None] | None = None  # what "Try again" was given

    def read(self, show: Callable[[str], None]) -> None:
        """Give it back; "" when nobody wrote it yet."""

        def look(vault: Vault) -> str:
            return self._context.unkept.read(vault.drafts, CARD)

        self._context.with_vault(look, owner=self._owner, on_done=show)

    def keep(self, text: str) -> None:
        """Remember it. What the disk does not take is said, and asked about before it goes."""
        self._context.with_vault(
            self._context.unkept.keeper(CARD, text, self._owner),
            owner=self._owner,
            on_done=self._kept,
            on_failed=partial(self._not_kept, text),
        )

    def _kept(self, _result: object) -> None:
        again, self._again = self._again, None
        if again is not None:
            self._tell.solved(again)

    def _not_kept(self, text: str, error: Exception) -> None:
        self._kept(None)
        self._again = partial(self.keep, text)
        self._tell.failed(error, again=self._again)
