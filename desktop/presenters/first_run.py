"""First run: practice, or join my council; passphrase; sheet; the council's key; download; Today.

Each step can be left and come back to; nothing is made on disk before the passphrase is chosen.
Refuses to go on until two words of the recovery sheet were typed back.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.operations import vault as vaults
from desktop.presenters import council_key
from desktop.presenters.invitation import Invitation, not_joined, problem_of, whole_address
from desktop.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.context import RunsJobs, Session
    from forms.values import Clock


COPIED = (
    "This computer keeps programs' data on a network drive, or in a folder that another program "
    "copies to the internet. Records can be damaged there, so none were made. Ask who looks after "
    "this laptop to keep this folder on its own disk: {folder}"
)
ANOTHER_SHEET = (
    "This laptop had not finished joining, so here is a new sheet. "
    "Tear an earlier one up: it opens nothing any more."
)
# How the work of a page is done once more: each page names what is there to press.
_CONTINUE = "press Continue"
_SAME = "press “They are the same” again"
_REOPEN = "close this window and open it again"


class Step(StrEnum):
    """The pages of first run."""

    WELCOME = "welcome"
    CODE = "code"
    PASSPHRASE = "passphrase"  # noqa: S105 -- the name of a page
    SHEET = "sheet"
    TYPE_BACK = "type_back"
    COUNCIL = "council"
    DOWNLOAD = "download"


class FirstRunView(Protocol):
    """The pages, as the presenter sees them."""

    def show_step(self, step: Step) -> None:
        """Turn to a page."""
        ...

    def show_problem(self, words: str) -> None:
        """Something to mend on this page; "" takes it away."""
        ...

    def show_busy(self, words: str) -> None:
        """Something is being made; "" when it is done."""
        ...

    def show_address(self, address: str) -> None:
        """Where the register was, for whom it knows already."""
        ...

    def show_offer(self, passphrase: str) -> None:
        """Fill the passphrase field with an offered one, shown."""
        ...

    def show_sheet(self, words: tuple[str, ...], why: str = "") -> None:
        """The recovery words, numbered; `why` there is another sheet than an earlier one."""
        ...

    def show_council_key(self, typed: str, words: tuple[str, ...]) -> None:
        """The council's key and its words, to be compared with the letter."""
        ...

    def ask_words(self, first: int, second: int) -> None:
        """Ask for the words with these numbers (counted from 1)."""
        ...


class JoinsCouncil(Protocol):
    """Enrols a fresh vault; the network lane does it."""

    def __call__(
        self,
        made: vaults.Made,
        invitation: Invitation,
        *,
        owner: object,
        on_done: Callable[[Session], None],
        on_failed: Callable[[Exception], None],
    ) -> None:
        """Join, then call one of the two."""
        ...


class FirstRunPresenter:
    """Leads through the pages."""

    def __init__(
        self,
        view: FirstRunView,
        jobs: RunsJobs,
        folder: Path,
        clock: Clock,
        *,
        join: JoinsCouncil,
        on_practice: Callable[[], None],
        on_open: Callable[[Session], None],
        note: Callable[[Exception], object],
    ) -> None:
        """`note` keeps a report of what is a mistake of ours, and of nothing else."""
        self._view, self._jobs, self._folder, self._clock = view, jobs, folder, clock
        self._join, self._on_practice, self._on_open = join, on_practice, on_open
        self._note = note
        self._invitation = Invitation("", "")
        self._made: vaults.Made | None = None
        self._asked = (0, 0)
        self._why = ""  # there is another sheet
        self._again: Session | None = None  # joined before, and to be opened as it is by Back

    def resume(self, made: vaults.Made, again: Session | None = None) -> None:
        """The vault was made earlier and joining did not finish: a new sheet, then the code.

        The first sheet may never have been written down; it opens nothing any more. `again`: it had
        joined, and the council gave a new code; its records and its sheet stay as they are.
        """
        if again is not None:
            self._made, self._again = made, again
            self._view.show_address(again.register_url)
            self._view.show_step(Step.CODE)
            return
        vault, self._why = made.vault, ANOTHER_SHEET
        self._view.show_step(Step.DOWNLOAD)
        self._view.show_busy("Making a new recovery sheet...")
        self._jobs.run(
            lambda: vaults.with_new_sheet(vault),
            owner=self._view,
            on_done=self._vault_made,
            on_failed=partial(self._failed, _REOPEN),
        )

    def try_practice(self) -> None:
        """Made-up people, a vault of their own, nothing sent."""
        self._on_practice()

    def start_joining(self) -> None:
        """To the page for address and code."""
        self._view.show_problem("")
        self._view.show_step(Step.CODE)

    def back(self, step: Step) -> None:
        """One page back; what was typed stays there. From joining again, to the records."""
        if self._again is not None and step is Step.CODE:
            self._on_open(self._again)
            return
        self._view.show_problem("")
        before = {
            Step.CODE: Step.WELCOME,
            Step.PASSPHRASE: Step.CODE,
            Step.TYPE_BACK: Step.SHEET,
            Step.COUNCIL: Step.SHEET,
        }
        self._view.show_step(before.get(step, step))

    def give_code(self, address: str, code: str) -> None:
        """Take address and code as typed; they are tried when the vault is there to keep them."""
        problem = problem_of(address, code)
        self._view.show_problem(problem)
        if not problem:
            self._invitation = Invitation(whole_address(address), code.strip())
            if self._made is not None:
                self._join_now(self._made)
            else:
                self._view.show_step(Step.PASSPHRASE)

    def offer_passphrase(self) -> None:
        """Three random words and a number."""
        self._view.show_problem("")
        self._view.show_offer(vaults.three_words())

    def give_passphrase(self, passphrase: str, again: str) -> None:
        """Make the vault with this passphrase."""
        problem = passphrase_problem(passphrase, again)
        self._view.show_problem(problem)
        if problem:
            return
        self._view.show_busy("Making your encrypted records...")
        folder, clock = self._folder, self._clock
        self._jobs.run(
            lambda: vaults.create(folder, passphrase, clock),
            owner=self._view,
            on_done=self._vault_made,
            on_failed=partial(self._failed, _CONTINUE),
        )

    def sheet_written(self) -> None:
        """The sheet was printed or copied out: ask for two of its words."""
        if self._made is None:
            return
        places = sorted(secrets.SystemRandom().sample(range(len(self._made.sheet)), 2))
        self._asked = (places[0], places[1])
        self._view.show_problem("")
        self._view.ask_words(places[0] + 1, places[1] + 1)
        self._view.show_step(Step.TYPE_BACK)

    def type_back(self, first: str, second: str) -> None:
        """Two words of the sheet, to be sure that it can be read."""
        if self._made is None:
            return
        sheet = self._made.sheet
        right = [sheet[place] for place in self._asked]
        if [first.strip().casefold(), second.strip().casefold()] != right:
            self._view.show_problem(
                "Those are not the two words. Look at the numbers on your sheet and try again."
            )
            return
        self._view.show_problem("")
        if self._made.has_council:
            self.go_on()
        else:
            self._view.show_step(Step.COUNCIL)

    def look_at_council_key(self, typed: str) -> None:
        """Show the words of the council's public key."""
        council_key.look_at(self._view, typed)

    def take_council_key(self, file: Path) -> None:
        """The same for a key in a file."""
        council_key.look_into(self._view, file)

    def let_council_in(self, typed: str) -> None:
        """Two people of the council open these records too, from before the first record."""
        if self._made is None:
            return
        vault = self._made.vault
        self._view.show_problem("")
        self._view.show_busy("Making the council's way in...")
        self._jobs.run(
            lambda: vaults.let_council_in(vault, typed),
            owner=self._view,
            on_done=self._council_is_in,
            on_failed=partial(self._failed, _SAME),
        )

    def go_on(self) -> None:
        """To joining, or to the code when joining was cut short before."""
        if self._made is None:
            return
        self._view.show_problem("")
        if self._invitation.code:
            self._join_now(self._made)
        else:
            self._view.show_step(Step.CODE)

    def _council_is_in(self, _ways: tuple[str, ...]) -> None:
        self._view.show_busy("")
        if self._made is not None:
            self._made = replace(self._made, has_council=True)
        self.go_on()

    def _vault_made(self, made: vaults.Made) -> None:
        self._made = made
        self._view.show_busy("")
        self._view.show_sheet(made.sheet, self._why)
        self._view.show_step(Step.SHEET)

    def _join_now(self, made: vaults.Made) -> None:
        self._view.show_problem("")
        self._view.show_step(Step.DOWNLOAD)
        self._view.show_busy("Joining your council's register...")
        self._join(
            made,
            self._invitation,
            owner=self._view,
            on_done=self._joined,
            on_failed=self._failed_to_join,
        )

    def _joined(self, session: Session) -> None:
        self._view.show_busy("")
        self._on_open(session)

    def _failed(self, again: str, error: Exception) -> None:
        self._note(error)
        self._view.show_busy("")
        self._view.show_problem(_not_made(error, self._folder, again))

    def _failed_to_join(self, error: Exception) -> None:
        self._note(error)
        self._view.show_busy("")
        self._view.show_step(Step.CODE)
        self._view.show_problem(not_joined(error))


def _not_made(error: Exception, folder: Path, again: str) -> str:
    """As the fault says it; `again`: what on this page does the same once more."""
    if type(error).__name__ == "VaultPlaceRefused":
        return COPIED.format(folder=folder)
    said = in_words(error).words.replace("press Try again", again)
    first = again[:1].upper() + again[1:]
    return said.replace("Try again", first).replace("Try once more", first)


def passphrase_problem(passphrase: str, again: str) -> str:
    """What is to mend, or "". Length is what counts; no rules about signs and numbers."""
    from storage.passphrases import weakness

    if weak := weakness(passphrase):
        return weak
    if passphrase != again:
        return "The two are not the same. Press Show both and look."
    return ""
