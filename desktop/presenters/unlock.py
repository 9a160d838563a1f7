"""Opening the vault: one field, plain words for what can go wrong, and the ways round.

The ways round: the recovery sheet, this computer's log-in when it was switched on, the last good
copy when the file is damaged, looking only when a newer version made the records. Refuses to say
anything about who the records are of, and to keep a typed secret. Knows no Qt.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.operations import vault as vaults
from desktop.operations.long_work import Progress, WorkStopped, in_units
from desktop.presenters.one_work import STOPPING
from desktop.presenters.unlock_way import Way
from desktop.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.context import RunsJobs, Session
    from desktop.operations.long_work import Tell
    from desktop.operations.vault import Secret
    from forms.values import Clock
    from storage.restore import PutBack

PUT_BACK = "Put it back"
ONLY_HEADER = (
    "A small file that opens your records is missing or damaged. The records are whole, and the "
    "file can be put back from a copy. Nothing has been deleted."
)
LOOK = "Look at my records"
STOPPED = "Stopped before the end. Your records are as they were, and nothing was deleted."
NO_COPY = (
    "Part of the records file is damaged. Nothing has been deleted. "
    "There is no good copy on this laptop to put back. What was sent is with the council. "
    "Ask the person who looks after Hedgerow."
)


class UnlockView(Protocol):
    """The unlock page, as the presenter sees it."""

    def show_busy(self, words: str) -> None:
        """The key is being worked out; the fields rest."""
        ...

    def show_step(self, words: str) -> None:
        """What is done meanwhile, said again at each step."""
        ...

    def show_work(self, words: str, done: int, of: int) -> None:
        """The same of what a person may stop, with its units."""
        ...

    def show_stopped(self, words: str) -> None:
        """A person stopped it: say so. What was offered still is."""
        ...

    def show_problem(self, words: str, details: str = "") -> None:
        """What happened, what is safe, what to do. What was typed stays."""
        ...

    def show_ways(self, *, recovery: bool) -> None:
        """Show the passphrase field or the recovery sheet field."""
        ...

    def show_log_in(self) -> None:
        """Offer the log-in of this computer: it opens the records too."""
        ...

    def show_offer(self, words: str, press: str) -> None:
        """What can be done about it, and the button that does it; "" takes it away."""
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
        self._told = Progress()  # of what is under way
        self._may_stop = False
        self._typed_way = Way.PASSPHRASE  # what the field of the page is for
        self._tried = Way.PASSPHRASE  # the way of the last try
        self._mending = False
        self._offered: Callable[[Path, Secret, Clock], Session] | None = None

    def look_at_ways(self) -> None:
        """Whether this computer's log-in opens too; asked once opening is warmed up."""
        folder = self._folder
        self._jobs.run(
            lambda: vaults.opens_with_log_in(folder),
            owner=self._view,
            on_done=partial(_ways_seen, self._view),
            on_failed=self._failed,
        )

    def mend_first(self) -> None:
        """The records were found damaged while open: the copy comes before opening."""
        self._mending = True

    def open_by(self, typed: str) -> None:
        """Try what was typed, once at a time."""
        if self._may_try(self._typed_way, typed):
            self._tried = self._typed_way
            self._try(self._tried.secret(typed))

    def open_by_log_in(self) -> None:
        """Let this computer's log-in open. It may ask the person something of its own."""
        if not self._busy:
            self._tried = Way.LOG_IN
            self._try(self._tried.secret(""))

    def take_offer(self, typed: str) -> None:
        """Put the copy back, or look without changing: what the page offers now."""
        work, way = self._offered, self._tried
        if way is not Way.LOG_IN:
            way = self._typed_way  # the page may show the other field since
        if work is None or not self._may_try(way, typed):
            return
        folder, clock, secret = self._folder, self._clock, way.secret(typed)
        if work is vaults.put_back:
            tell = self._begin("Putting it back...", may_stop=True)
            work = partial(vaults.put_back, tell=tell)
        else:
            self._begin("Opening your records...")
        self._jobs.run(
            partial(work, folder, secret, clock),
            owner=self._view,
            on_done=self._opened,
            on_failed=self._failed,
        )

    def leave_offer(self) -> None:
        """Not now: the records stay as they are."""
        self._mending = False
        self._offer("", "", None)

    def use_recovery(self) -> None:
        """The passphrase is forgotten: the recovery sheet opens too."""
        self._typed_way = Way.SHEET
        self._view.show_ways(recovery=True)

    def use_passphrase(self) -> None:
        """Back to the passphrase."""
        self._typed_way = Way.PASSPHRASE
        self._view.show_ways(recovery=False)

    def _may_try(self, way: Way, typed: str) -> bool:
        if self._busy:
            return False
        missing = way.missing(typed)
        if missing:
            self._view.show_problem(missing)
        return not missing

    def _try(self, secret: Secret) -> None:
        self._offer("", "", None)
        if self._mending:
            self._look_for_copy(secret)
            return
        self._begin("Opening your records...")
        folder, clock, tell = self._folder, self._clock, self._told.heard
        self._jobs.run(
            lambda: vaults.open_by(folder, secret, clock, tell),
            owner=self._view,
            on_done=self._opened,
            on_failed=partial(self._not_opened, secret),
        )

    def look(self) -> bool:
        """Say what is done before the records open; False when that is over."""
        told = self._told
        if self._busy and self._may_stop:
            if told.stop_wanted:
                self._view.show_work(STOPPING, 0, 0)
            elif told.words:
                self._view.show_work(in_units(told.words, told.done, told.of), told.done, told.of)
        elif self._busy and told.words:
            self._view.show_step(making_ready(told))
        return self._busy

    def stop(self) -> None:
        """Go no further with the copy; all is as it was then, or it was back just before."""
        if self._busy and self._may_stop:
            self._told.stop()
            self.look()

    def _begin(self, words: str, *, may_stop: bool = False) -> Tell:
        self._busy, self._may_stop = True, may_stop
        self._told = Progress()
        self._view.show_busy(words)
        if may_stop:
            self._view.show_work(words, 0, 0)
        return self._told.step

    def _look_for_copy(self, secret: Secret) -> None:
        tell = self._begin("Looking for your last good copy...", may_stop=True)
        folder, clock = self._folder, self._clock
        self._jobs.run(
            lambda: vaults.what_can_be_put_back(folder, secret, clock, tell),
            owner=self._view,
            on_done=self._copy_found,
            on_failed=self._failed,
        )

    def _opened(self, session: Session) -> None:
        self._busy = False
        self._view.forget_typed()
        self._on_open(session)

    def _not_opened(self, secret: Secret, error: Exception) -> None:
        from storage.errors import (  # loaded by now: the job used it
            VaultDamaged,
            VaultMissing,
            VaultReadOnly,
            VaultTooNew,
        )

        if isinstance(error, VaultDamaged | VaultMissing):
            self._look_for_copy(secret)
        elif isinstance(error, VaultTooNew | VaultReadOnly):
            self._busy = False
            self._offer(str(error), LOOK, vaults.open_to_look)
        else:
            self._failed(error)

    def _copy_found(self, found: PutBack) -> None:
        self._busy = False
        self._offer(_copy_words(found, self._clock), PUT_BACK, vaults.put_back)

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if isinstance(error, WorkStopped):
            self._view.show_stopped(STOPPED)
            return
        from storage.errors import VaultMissing

        if isinstance(error, VaultMissing):  # neither records that open nor a good copy
            self._mending = False
            self._offer("", "", None)
            self._view.show_problem(NO_COPY)
            return
        trouble = in_words(error)
        self._view.show_problem(trouble.words, trouble.details if trouble.ours else "")

    def _offer(
        self, words: str, press: str, work: Callable[[Path, Secret, Clock], Session] | None
    ) -> None:
        self._offered = work
        self._view.show_offer(words, press)


def _ways_seen(view: UnlockView, log_in: bool) -> None:  # noqa: FBT001 -- what the job found
    if log_in:
        view.show_log_in()


def making_ready(told: Progress) -> str:
    """What stands on the page while the records of an older version are made ready; "" else."""
    if not told.words:
        return ""
    return (
        "Hedgerow is making your records ready for this version. This is done once. "
        f"{told.done} of {told.of}: {told.words}..."
    )


def putting_back(told: Progress) -> str:
    """What stands on the page while a copy is put back; "" before its first step."""
    return in_units(told.words, told.done, told.of)


def _copy_words(found: PutBack, clock: Clock) -> str:
    if found.taken_at is None:
        return ONLY_HEADER
    from desktop.presenters.chip import day_words  # time zones load after the first paint

    when = day_words(found.taken_at, clock.now())
    later = found.later_changes
    changes = {
        0: "no later change can be read",
        1: "1 later change can be put back",
    }.get(later, f"{later:,} later changes can be put back")
    return (
        "Part of the records file is damaged. "
        f"Your last good copy is from {when} and {changes}. Nothing has been deleted."
    )
